//! Blocks of a batch for several workers, and sums that travel between them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nets;
use fastrand::Rng;
use stackprop::batch::{ROWS_PER_BLOCK, blocks, share};
use stackprop::{Error, Relu, Sgd, Sums, Trainer, WeightedCe, net, one_hot};

/// A network whose head weighs samples: the sum of their weights travels too.
type Net = net![3 => 4, Relu => 2, WeightedCe<2>];

/// A trainer at its start.
fn trainer() -> Trainer<Net, Sgd> {
    let mut net = Net::new(1);
    net.head = WeightedCe::new([2.5, 0.3]);
    Trainer::new(net, Sgd::new(0.5))
}

/// Numbers of some sums, and the count of samples.
type Flat = (Vec<f32>, usize);

/// The sums of each block, as numbers.
fn flat_blocks(net: &Net, rows: &[[f32; 3]], targets: &[[f32; 2]]) -> Vec<Flat> {
    let flat = blocks(rows.len()).map(|block| {
        let (mut sums, mut numbers) = (Sums::new(), vec![0.0; Sums::<Net>::NUMBERS]);
        net.accumulate(&rows[block.clone()], &targets[block], &mut sums)
            .unwrap();
        sums.copy_to_slice(&mut numbers).unwrap();
        (numbers, sums.count)
    });
    flat.collect()
}

/// All blocks added as slices: each worker adds some places of them, from the first block on.
fn added_by(workers: usize, all: &[Flat]) -> Flat {
    let (mut total, mut count) = all[0].clone();
    count += all[1..].iter().map(|(_, count)| count).sum::<usize>();
    for worker in 0..workers {
        let places = share(total.len(), worker, workers);
        for (numbers, _) in &all[1..] {
            let part = total[places.clone()].iter_mut();
            part.zip(&numbers[places.clone()])
                .for_each(|(total, number)| *total += number);
        }
    }
    (total, count)
}

/// The loss of a step on sums that came as numbers, and the network after it.
fn stepped(all: &[Flat]) -> (u32, Net) {
    let mut trainer = trainer();
    for (numbers, count) in all {
        let mut sums = Sums::new();
        sums.copy_from_slice(numbers, *count).unwrap();
        trainer.accumulate_sums(&sums).unwrap();
    }
    (trainer.update().unwrap().to_bits(), trainer.network)
}

#[test]
fn sums_from_elsewhere_have_the_bits_of_a_step() {
    let mut rng = Rng::with_seed(13);
    for count in [1, 100, ROWS_PER_BLOCK, 3 * ROWS_PER_BLOCK + 77] {
        let rows = nets::rows(&mut rng, count);
        let targets: Vec<_> = (0..count)
            .map(|_| one_hot(rng.usize(..2)).unwrap())
            .collect();
        let mut whole = trainer();
        let loss = whole.step(&rows, &targets).unwrap().to_bits();
        let mut all = flat_blocks(&trainer().network, &rows, &targets);
        assert_eq!(stepped(&all), (loss, whole.network), "{count} rows");
        for workers in 1..=5 {
            let added = stepped(&[added_by(workers, &all)]);
            assert_eq!(added, (loss, whole.network), "{count} rows, {workers}");
        }
        // The negative control: of more than two blocks in another order, some bit differs.
        all.reverse();
        let differs = stepped(&all) != (loss, whole.network);
        assert_eq!(differs, all.len() > 2, "{count} rows");
    }
}

#[test]
fn blocks_leave_nothing_out() {
    for rows in [0, 1, 4095, 4096, 4097, 100_000, usize::MAX] {
        let blocks = blocks(rows);
        assert_eq!(blocks.len(), rows.div_ceil(ROWS_PER_BLOCK));
        let last = blocks.clone().next_back();
        assert_eq!(last.map_or(0, |last| last.end), rows);
        let mut end = 0;
        for block in blocks.take(30) {
            assert_eq!(block.start, end);
            assert!(block.len() == ROWS_PER_BLOCK || block.end == rows);
            end = block.end;
        }
    }
}

#[test]
fn shares_leave_nothing_out() {
    for (count, workers) in [(0, 3), (2, 7), (16, 4), (17, 4), (usize::MAX, 7)] {
        let mut end = 0;
        for worker in 0..workers {
            let share = share(count, worker, workers);
            assert_eq!(share.start, end);
            assert!((count / workers..=count.div_ceil(workers)).contains(&share.len()));
            end = share.end;
        }
        assert_eq!(end, count);
        assert!(share(count, workers, workers).is_empty());
    }
    assert!(share(9, 0, 0).is_empty());
}

#[test]
fn slices_of_another_length_are_refused() {
    let mut sums = Sums::<Net>::new();
    let expected = Sums::<Net>::NUMBERS;
    assert_eq!(expected, Net::PARAMETERS + 2);
    for found in [0, 1, expected - 1, expected + 1] {
        let error = Err(Error::Numbers { expected, found });
        let mut numbers = vec![3.0; found];
        assert_eq!(sums.copy_to_slice(&mut numbers), error);
        assert!(numbers.iter().all(|&number| number == 3.0));
        assert_eq!(sums.copy_from_slice(&numbers, 1), error);
        assert_eq!(sums.count, 0);
    }
    let error = Error::Numbers { expected, found: 1 };
    let text = format!("1 numbers, but the sums have {expected}");
    assert_eq!(error.to_string(), text);
}

#[test]
fn sums_that_no_step_can_be_taken_with_are_refused() {
    let mut trainer = trainer();
    let mut sums = Sums::<Net>::new();
    assert_eq!(trainer.accumulate_sums(&sums), Err(Error::Empty));
    let mut numbers = vec![1.0; Sums::<Net>::NUMBERS];
    sums.copy_from_slice(&numbers, usize::MAX).unwrap();
    trainer.accumulate_sums(&sums).unwrap();
    let error = Err(Error::TooLong {
        max: 0,
        found: usize::MAX,
    });
    assert_eq!(trainer.accumulate_sums(&sums), error);
    trainer.forget();

    let before = trainer.network;
    *numbers.last_mut().unwrap() = f32::NAN;
    sums.copy_from_slice(&numbers, 1).unwrap();
    trainer.accumulate_sums(&sums).unwrap();
    assert!(matches!(trainer.update(), Err(Error::NotFinite(_))));
    assert_eq!(trainer.network, before);
}
