//! The generator is PCG-XSH-RR 64/32: the numbers of `rand_pcg`, one by one and through
//! `rand_core`.

use rand_core::Rng;
use rand_pcg::Pcg32;
use stackprop::Random;

/// The stream of `rand_pcg`'s default.
const STREAM: u64 = 0xa02_bdbf_7bb3_c0a7;

/// Small ones, large ones, and some with bits in many places.
const SEEDS: [u64; 8] = [
    0,
    1,
    7,
    2026,
    1 << 63,
    u64::MAX,
    0x0123_4567_89ab_cdef,
    0xcafe_f00d_d15e_a5e5,
];

const DRAWS: usize = 10_000;

/// Both generators from each seed.
fn pairs() -> impl Iterator<Item = (u64, Random, Pcg32)> {
    SEEDS
        .map(|seed| (seed, Random::new(seed), Pcg32::new(seed, STREAM)))
        .into_iter()
}

#[test]
fn bits_are_those_of_rand_pcg() {
    for (seed, mut ours, mut theirs) in pairs() {
        for draw in 0..DRAWS {
            assert_eq!(ours.bits(), theirs.next_u32(), "{draw} of seed {seed}");
        }
    }
}

#[test]
fn words_are_those_of_rand_pcg() {
    for (seed, mut ours, mut theirs) in pairs() {
        for draw in 0..DRAWS {
            assert_eq!(ours.next_u32(), theirs.next_u32(), "{draw} of seed {seed}");
            assert_eq!(ours.next_u64(), theirs.next_u64(), "{draw} of seed {seed}");
        }
    }
}

/// Of any number of bytes, also where a word is not used up.
#[test]
fn bytes_are_those_of_rand_pcg() {
    for (seed, mut ours, mut theirs) in pairs() {
        for draw in 0..DRAWS {
            let (mut a, mut b) = ([0; 19], [0; 19]);
            let length = draw % 20;
            ours.fill_bytes(&mut a[..length]);
            theirs.fill_bytes(&mut b[..length]);
            assert_eq!(a, b, "{draw} of seed {seed}");
        }
    }
}

/// Made at compile time it is the same generator, and a clone goes on from where it is.
#[test]
fn constants_and_clones() {
    const START: Random = Random::new(7);
    const FIRST: u32 = {
        let mut random = START;
        random.bits()
    };
    let (mut ours, mut theirs) = (START, Pcg32::new(7, STREAM));
    assert_eq!(FIRST, theirs.next_u32());
    assert_eq!(ours.bits(), FIRST);
    let mut clone = ours.clone();
    assert_eq!(clone, ours);
    let next = theirs.next_u32();
    assert_eq!((clone.bits(), ours.bits()), (next, next));
    assert_eq!(size_of::<Random>(), 8);
}

/// Fisher and Yates' shuffle on the numbers of `rand_pcg`, each by the high half of its product.
#[test]
fn a_shuffle_is_that_of_fisher_and_yates() {
    for (seed, mut ours, mut theirs) in pairs() {
        let (mut shuffled, mut expected): (Vec<u64>, Vec<u64>) = (0..1000).map(|n| (n, n)).unzip();
        ours.shuffle(&mut shuffled);
        for last in (1..expected.len()).rev() {
            let place = (u64::from(theirs.next_u32()) * (last as u64 + 1)) >> 32;
            expected.swap(last, place as usize);
        }
        assert_eq!(shuffled, expected, "seed {seed}");
    }
}
