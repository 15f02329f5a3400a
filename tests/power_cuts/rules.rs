//! What a store refuses, what it finds in flash that was never its own, and drivers that wait.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use fastrand::Rng;
use libtest_mimic::{Failed, Trial};
use stackprop::flash::{Blocking, Error, Geometry, Store};

use crate::cuts::{Case, record};
use crate::drivers::{Slow, Worn};
use crate::nor::Nor;

const PAGE: usize = 512;
const RECORD: usize = 700;

type Flash = Nor<PAGE, 4>;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("ranges_are_checked", || done(ranges_are_checked)),
        Trial::test("flashes_are_checked", || done(flashes_are_checked)),
        Trial::test("lengths_are_checked", || done(lengths_are_checked)),
        Trial::test("other_bytes_are_no_record", || {
            done(other_bytes_are_no_record)
        }),
        Trial::test("bad_reads_erase_nothing", || done(bad_reads_erase_nothing)),
        Trial::test("a_driver_that_waits", || done(a_driver_that_waits)),
        Trial::test("a_dropped_save", || done(a_dropped_save)),
        Trial::test("worn_flash", || done(worn_flash)),
    ]
}

fn done(test: fn()) -> Result<(), Failed> {
    test();
    Ok(())
}

fn flash() -> Flash {
    Flash::new(8, false)
}

fn ranges_are_checked() {
    let store = |range| Store::new(Blocking(flash()), range, RECORD).map(|_| ());
    assert_eq!(Geometry { page: 512, word: 4 }.pages(RECORD), Some(4));
    assert_eq!(store(0..4096), Ok(()));
    assert_eq!(store(512..512 * 5), Ok(()));
    assert_eq!(
        store(512..512 * 4),
        Err(Error::TooSmall {
            needed: 4,
            given: 3
        })
    );
    for (start, end) in [
        (1, 4096),
        (0, 4095),
        (0, 4608),
        (1024, 512),
        (0, u32::MAX - 511),
    ] {
        assert_eq!(store(start..end), Err(Error::Range), "{start}..{end}");
    }
}

fn flashes_are_checked() {
    let possible = |page, word| Geometry { page, word }.pages(100).is_some();
    assert!(possible(256, 32) && possible(128, 1) && possible(1 << 17, 32));
    for (page, word) in [
        (0, 0),
        (0, 1),
        (256, 0),
        (256, 64),
        (16, 4),
        (250, 4),
        (32, 32),
    ] {
        assert!(!possible(page, word), "{page} {word}");
    }
    assert_eq!(Geometry::NRF52840.pages(0), None);
    assert_eq!(Geometry::NRF52840.saves(0, 8, 1), 0);
    assert_eq!(Geometry::NRF52840.saves(100, 1, 1), 0);
    // The most that addresses of 32 bits reach: 7 records in each half, and what is beyond it.
    let large = Geometry {
        page: 1 << 30,
        word: 4,
    };
    assert_eq!(large.pages(1 << 30), Some(4));
    assert_eq!(large.saves(1 << 28, 4, u32::MAX), 14 * u64::from(u32::MAX));
    assert_eq!(large.saves(1, 5, u32::MAX), 0);
    assert_eq!(large.saves(1, u32::MAX, u32::MAX), 0);
    let store = Store::new(Blocking(flash()), 0..4096, 0).map(|_| ());
    assert_eq!(store, Err(Error::Unsupported));
}

fn lengths_are_checked() {
    let mut nor = flash();
    let mut store = Store::new(Blocking(&mut nor), 0..4096, RECORD).unwrap();
    let wrong = Error::Length {
        expected: RECORD,
        found: 10,
    };
    assert_eq!(store.save_blocking(&[0; 10]), Err(wrong));
    assert_eq!(store.load_blocking(&mut [0; 10]), Err(wrong));
    store.save_blocking(&record(1, RECORD)).unwrap();

    // The next firmware has a larger network.
    let mut store = Store::new(Blocking(&mut nor), 0..4096, 800).unwrap();
    let stored = Error::Length {
        expected: 800,
        found: RECORD,
    };
    let mut bytes = [0; 800];
    assert_eq!(store.load_blocking(&mut bytes), Err(stored));
    assert_eq!(
        stored.to_string(),
        "a record of 700 bytes, where 800 are expected"
    );
    store.save_blocking(&record(2, 800)).unwrap();
    assert_eq!(store.load_blocking(&mut bytes), Ok(true));
    assert_eq!(bytes[..], record(2, 800));
    store.erase_blocking().unwrap();
    assert_eq!(store.load_blocking(&mut bytes), Ok(false));
}

/// Random bytes, zeros, and items of somebody else.
fn other_bytes_are_no_record() {
    let case = Case {
        record_bytes: RECORD,
        spare: 4,
        multiwrite: false,
        saves: 0,
        cut_points: 0,
    };
    let mut flashes = vec![case.flash::<PAGE, 4>(); 42];
    for (seed, nor) in flashes.iter_mut().enumerate() {
        let mut rng = Rng::with_seed(seed as u64);
        match seed {
            0 => nor.fill(|| 0),
            1 => nor.fill(|| 0x55),
            seed if seed < 22 => nor.fill(|| rng.u8(..)),
            // Mostly blank.
            _ => nor.fill(|| if rng.f64() < 0.99 { 0xFF } else { rng.u8(..) }),
        }
    }
    flashes.push(with_a_queue(case.flash()));
    for (index, mut nor) in flashes.into_iter().enumerate() {
        let new = record(1, RECORD);
        let (loaded, saved) = case.session(&mut nor, Some(&new));
        assert_eq!((loaded, saved), (Ok(None), Ok(())), "{index}");
        assert_eq!(case.session(&mut nor, None).0, Ok(Some(new)), "{index}");
    }
}

/// `sequential-storage` was used before, for items of all lengths.
fn with_a_queue(mut nor: Flash) -> Flash {
    use sequential_storage::{cache::Cache, queue::QueueConfig, queue::QueueStorage};
    for half in [0..2048, 2048..4096] {
        let config = QueueConfig::try_new(half).unwrap();
        let mut queue = QueueStorage::new(Blocking(&mut nor), config, Cache::new_uncached());
        for length in [0, 1, 4, 8, 9, 20, 480] {
            block_on(queue.push(&vec![0xFF; length], true)).unwrap();
        }
    }
    nor
}

/// While the supply goes down, a read may give anything.
fn bad_reads_erase_nothing() {
    let mut store = Store::new(Blocking(flash()), 0..4096, RECORD).unwrap();
    store.save_blocking(&record(1, RECORD)).unwrap();
    store.save_blocking(&record(2, RECORD)).unwrap();
    let good = store.into_flash().0;
    for seed in 0..100 {
        let bad = Slow {
            nor: good.clone(),
            waits: 0,
            noise: Some(Rng::with_seed(seed)),
        };
        let mut store = Store::new(bad, 0..4096, RECORD).unwrap();
        let mut bytes = [0; RECORD];
        let _ = store.load_blocking(&mut bytes);
        let after = store.into_flash().nor;
        assert!(after.bytes == good.bytes && after.erases == good.erases);
    }
}

fn a_driver_that_waits() {
    let slow = Slow {
        nor: flash(),
        waits: 3,
        noise: None,
    };
    let mut store = Store::new(slow, 0..4096, RECORD).unwrap();
    let mut bytes = [0; RECORD];
    assert_eq!(store.load_blocking(&mut bytes), Err(Error::Pending));
    assert_eq!(store.save_blocking(&bytes), Err(Error::Pending));
    assert_eq!(store.erase_blocking(), Err(Error::Pending));
    for number in 0..20 {
        block_on(store.save(&record(number, RECORD))).unwrap();
        assert_eq!(block_on(store.load(&mut bytes)), Ok(true));
        assert_eq!(bytes[..], record(number, RECORD));
    }
}

/// A future that is dropped after any number of polls.
fn a_dropped_save() {
    let slow = Slow {
        nor: flash(),
        waits: 1,
        noise: None,
    };
    let mut store = Store::new(slow, 0..4096, RECORD).unwrap();
    let mut bytes = [0; RECORD];
    let mut old = record(0, RECORD);
    block_on(store.save(&old)).unwrap();
    for polls in 0..300 {
        let new = record(polls + 1, RECORD);
        let is_done = {
            let mut save = pin!(store.save(&new));
            (0..polls).any(|_| poll(save.as_mut()).is_ready())
        };
        assert_eq!(block_on(store.load(&mut bytes)), Ok(true));
        assert!(
            bytes[..] == new[..] || !is_done && bytes[..] == old[..],
            "{polls}"
        );
        old = bytes.to_vec();
    }
}

/// Bits that stay 0.
fn worn_flash() {
    let mut nor = flash();
    let mut store = Store::new(Blocking(&mut nor), 0..4096, RECORD).unwrap();
    store.save_blocking(&record(1, RECORD)).unwrap();
    let mut store = Store::new(Worn(nor), 0..4096, RECORD).unwrap();
    let mut bytes = [0; RECORD];
    for _ in 0..3 {
        assert_eq!(store.save_blocking(&record(2, RECORD)), Err(Error::NotKept));
        assert_eq!(store.load_blocking(&mut bytes), Ok(true));
        assert_eq!(bytes[..], record(1, RECORD));
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return output;
        }
    }
}
