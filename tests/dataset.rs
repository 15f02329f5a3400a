//! Data sets: an order gives the bits of copies in this order, on every path; what is refused, and
//! what an evaluation says.

#![allow(clippy::cast_possible_truncation, reason = "numbers of rows are small")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nets::Mlp16;
use common::weight_bits;
use fastrand::Rng;
use stackprop::{
    Adam, Dataset, Error, Head, Mean, NotFinite, Random, Relu, Sgd, SigmoidBce, SoftmaxCe, Target,
    Trainable, Trainer, WeightedCe, net, one_hot,
};

type Classes = net![16 => 32, Relu => 16, Relu => 4, SoftmaxCe];

/// Rows with the index of a class each.
fn samples(n: usize) -> (Vec<[f32; 16]>, Vec<u8>) {
    let mut rng = Rng::with_seed(7);
    let row = |rng: &mut Rng| core::array::from_fn(|_| 2.0 * rng.f32() - 1.0);
    (0..n).map(|_| (row(&mut rng), rng.u8(0..4))).unzip()
}

/// A step on a data set gives the loss and the bits of one on copies.
fn is_as_on_copies<N: Trainable, T: Target<N>>(
    network: N,
    data: Dataset<'_, N::Input, T>,
    (rows, targets): (&[N::Input], &[N::Output]),
) {
    let mut plain = Trainer::new(network, Adam::new(0.01));
    let mut other = plain.clone();
    let (n, loss) = (rows.len(), plain.step(rows, targets));
    assert_eq!(other.step_of(data), loss, "{n} rows");
    let bits = [&other, &plain].map(|trainer| weight_bits(&trainer.network));
    assert_eq!(bits[0], bits[1], "{n} rows");
}

/// Steps on every number of rows that the walk treats in its own way: groups, tiles, incomplete
/// ones, more than a block.
#[test]
fn a_step_on_an_order_has_the_bits_of_copies() {
    let (rows, labels) = samples(5000);
    let one_hot: Vec<[f32; 4]> = labels
        .iter()
        .map(|l| one_hot((*l).into()).unwrap())
        .collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    Random::new(5).shuffle(&mut order);
    let lengths = (1..=70).chain([127, 128, 1000, 4095, 4096, 4097, 4999, 5000]);
    for n in lengths {
        let order = &order[..n];
        let copies: Vec<_> = order.iter().map(|at| rows[*at]).collect();
        let targets: Vec<_> = order.iter().map(|at| one_hot[*at]).collect();
        let copies = (&copies[..], &targets[..]);
        let by_class = Dataset::new(&rows, &labels).unwrap();
        is_as_on_copies(Classes::new(1), by_class.select(order).unwrap(), copies);
        let by_row = Dataset::new(&rows, &one_hot).unwrap();
        is_as_on_copies(Classes::new(1), by_row.select(order).unwrap(), copies);
        // A row of zeros in place of a sample would change nothing above, for `SoftmaxCe` has no
        // gradient where the target is 0. `SigmoidBce` has one.
        is_as_on_copies(Mlp16::new(1), by_row.select(order).unwrap(), copies);
    }
}

/// As they lie, and as `u16`.
#[test]
fn an_epoch_on_an_order_has_the_bits_of_copies() {
    let (rows, labels) = samples(100);
    let targets: Vec<[f32; 4]> = labels
        .iter()
        .map(|l| one_hot((*l).into()).unwrap())
        .collect();
    let order = Random::new(5).permutation::<100>();
    let copies: Vec<_> = order.iter().map(|at| rows[usize::from(*at)]).collect();
    let picked: Vec<_> = order.iter().map(|at| targets[usize::from(*at)]).collect();
    let data = Dataset::new(&rows, &labels).unwrap();
    let mut plain = Trainer::new(Classes::new(1), Sgd::new(0.1));
    let mut other = plain.clone();
    assert_eq!(other.epoch_of(data, 16), plain.epoch(&rows, &targets, 16));
    let shuffled = data.select(&order).unwrap();
    assert_eq!(
        other.epoch_of(shuffled, 9),
        plain.epoch(&copies, &picked, 9)
    );
    assert_eq!(
        other.epoch_of(shuffled, 0),
        plain.epoch(&copies, &picked, 0)
    );
    assert_eq!(weight_bits(&other.network), weight_bits(&plain.network));
}

#[test]
fn samples_are_collected() {
    let (rows, labels) = samples(10);
    let data = Dataset::new(&rows, &labels).unwrap();
    let (first, rest) = data.select(&[9u16, 8, 7]).unwrap().split_at(1);
    let mut whole = Trainer::new(Classes::new(1), Sgd::new(0.1));
    let mut parts = whole.clone();
    parts.accumulate_of(first).unwrap();
    parts.accumulate_of(rest).unwrap();
    assert_eq!(
        parts.update(),
        whole.step_of(data.select(&[9u16, 8, 7]).unwrap())
    );
    assert_eq!(weight_bits(&parts.network), weight_bits(&whole.network));
}

#[test]
fn labels_of_every_type() {
    let rows = [[0.5], [-0.5]];
    let net = <net![1 => 1, SigmoidBce]>::new(1);
    let loss = net
        .evaluate(Dataset::new(&rows, &[[1.0], [0.0]]).unwrap())
        .unwrap();
    assert_eq!(
        net.evaluate(Dataset::new(&rows, &[true, false]).unwrap()),
        Ok(loss)
    );
    assert_eq!(
        net.evaluate(Dataset::new(&rows, &[1u8, 0]).unwrap()),
        Ok(loss)
    );
    assert_eq!(
        net.evaluate(Dataset::new(&rows, &[1u16, 0]).unwrap()),
        Ok(loss)
    );
    assert_eq!(
        net.evaluate(Dataset::new(&rows, &[1u32, 0]).unwrap()),
        Ok(loss)
    );
    assert_eq!(
        net.evaluate(Dataset::new(&rows, &[1usize, 0]).unwrap()),
        Ok(loss)
    );
    let error = net.evaluate(Dataset::new(&rows, &[1u8, 2]).unwrap());
    assert_eq!(error, Err(Error::Target { row: 1 }));
}

/// Nothing is learned, nothing is added, and rows count among all.
#[test]
fn what_is_refused() {
    let (mut rows, mut labels) = samples(40);
    (rows[30][2], labels[20]) = (f32::NAN, 4);
    let data = Dataset::new(&rows, &labels).unwrap();
    let mut trainer = Trainer::new(Classes::new(1), Sgd::new(0.1));
    let input = Err(Error::NotFinite(NotFinite::Input { row: 30, column: 2 }));
    let picked = data.select(&[7u16, 30, 20]).unwrap();
    trainer
        .accumulate_of(data.select(&[1u16]).unwrap())
        .unwrap();
    assert_eq!(trainer.accumulate_of(picked), input.map(|_: f32| ()));
    assert_eq!(
        trainer.update(),
        Trainer::new(Classes::new(1), Sgd::new(0.1)).step_of(data.select(&[1u16]).unwrap())
    );
    let before = trainer.network;
    assert_eq!(trainer.step_of(picked), input);
    assert_eq!(trainer.network, before);
    assert_eq!(trainer.network.evaluate(picked), input);
    let target = Err(Error::Target { row: 20 });
    assert_eq!(
        trainer.step_of(data.select(&[20usize, 30]).unwrap()),
        target
    );
    assert_eq!(trainer.epoch_of(data, 8), target); // in the third mini-batch
    assert_eq!(
        trainer.epoch_of(data.split_at(25).1, 2),
        Err(Error::NotFinite(NotFinite::Input { row: 30, column: 2 }))
    );
    let none = data.split_at(0).0;
    assert_eq!(trainer.step_of(none), Err(Error::Empty));
    assert_eq!(trainer.epoch_of(none, 8), Err(Error::Empty));
    assert_eq!(trainer.network.evaluate(none), Err(Error::Empty));
    assert_eq!(
        data.select(&[0usize, 40]).unwrap_err(),
        Error::NoSuchRow { row: 40, rows: 40 }
    );
}

/// A place counts from the beginning of the part, a row of an error among all rows.
#[test]
fn an_order_of_a_part() {
    let (mut rows, labels) = samples(10);
    let data = Dataset::new(&rows, &labels).unwrap();
    let (first, later) = data.split_at(4);
    let picked = later.select(&[1u16, 0, 5]).unwrap();
    assert!(
        picked
            .iter()
            .eq([5, 4, 9].map(|at| (&rows[at], &labels[at])))
    );
    let (_, last) = picked.split_at(2);
    assert!(last.iter().eq([(&rows[9], &labels[9])]));
    let beyond = Error::NoSuchRow { row: 4, rows: 4 };
    assert_eq!(first.select(&[0usize, 4]).unwrap_err(), beyond);
    assert_eq!(picked.select(&[0u16]).unwrap_err(), Error::HasOrder);
    let (begin, end) = later.split_at(3);
    assert!(begin.iter().chain(end.iter()).eq(later.iter()));
    assert!(later.batches(4).map(|batch| batch.len()).eq([4, 2]));
    rows[8][3] = f32::INFINITY;
    let data = Dataset::new(&rows, &labels).unwrap();
    let (_, later) = data.split_at(4);
    let error = Err(Error::NotFinite(NotFinite::Input { row: 8, column: 3 }));
    assert_eq!(Classes::new(1).evaluate(later), error);
    let picked = later.select(&[4u16]).unwrap();
    assert_eq!(Classes::new(1).evaluate(picked), error);
    let mut trainer = Trainer::new(Classes::new(1), Sgd::new(0.1));
    assert_eq!(trainer.epoch_of(later, 2), error);
    let targets: Vec<[f32; 4]> = labels
        .iter()
        .map(|l| one_hot((*l).into()).unwrap())
        .collect();
    let (_, later) = Dataset::new(&rows, &targets).unwrap().split_at(4);
    assert_eq!(trainer.step_of(later), error);
    assert_eq!(trainer.network.evaluate(later), error);
}

/// Outputs in order, and the exact mean of the losses, whatever the number of rows.
#[test]
fn an_evaluation_is_of_each_sample() {
    let (rows, labels) = samples(200);
    let network = Mlp16::new(3);
    let targets: Vec<[f32; 4]> = labels
        .iter()
        .map(|l| one_hot((*l).into()).unwrap())
        .collect();
    for n in (1..70).chain([200]) {
        let mut mean = Mean::new();
        let mut outputs = Vec::new();
        for (row, target) in rows.iter().zip(&targets).take(n) {
            mean.push(network.loss(row, target));
            outputs.push((network.forward(row), *target));
        }
        let data = Dataset::new(&rows[..n], &targets[..n]).unwrap();
        let mut seen = Vec::new();
        let loss = network.evaluate_with(data, |y_hat, target| seen.push((*y_hat, *target)));
        assert_eq!(loss.ok(), mean.mean());
        assert_eq!(seen, outputs);
    }
}

/// Class weights, ignored labels, a mean over the weights: the bits of rows side by side, and the
/// loss of `nn.CrossEntropyLoss` over the set.
#[test]
fn labels_that_count_more_or_nothing() {
    type Weighted = net![16 => 4, WeightedCe<4>];
    let (rows, mut labels) = samples(5000);
    (0..labels.len()).step_by(7).for_each(|at| labels[at] = 255);
    let mut network = Weighted::new(1);
    network.head = WeightedCe::new([1.0, 0.0, 2.5, 7.0]).ignore_index(255);
    let target = |at: usize| network.head.class_target(labels[at].into()).unwrap();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    Random::new(5).shuffle(&mut order);
    for n in [1, 2, 5, 16, 17, 64, 4096, 4097, 5000] {
        let order = &order[..n];
        let copies: Vec<_> = order.iter().map(|at| rows[*at]).collect();
        let targets: Vec<_> = order.iter().map(|at| target(*at)).collect();
        let mut plain = Trainer::new(network, Sgd::new(0.1));
        let mut other = plain.clone();
        let data = Dataset::new(&rows, &labels).unwrap().select(order).unwrap();
        assert_eq!(
            other.step_of(data),
            plain.step(&copies, &targets),
            "{n} rows"
        );
        assert_eq!(other.network, plain.network, "{n} rows");
    }
    let (mut losses, mut weights, mut count) = (0.0, 0.0, 0);
    for (at, row) in rows.iter().enumerate() {
        losses += f64::from(network.loss(row, &target(at)));
        weights += f64::from(network.head.weight(&target(at)));
        count += usize::from(labels[at] != 255);
    }
    let data = Dataset::new(&rows, &labels).unwrap();
    let mut seen = 0;
    let loss = network.evaluate_with(data, |_, _| seen += 1).unwrap();
    assert!((f64::from(loss) - losses / weights).abs() < 3e-7, "{loss}");
    assert_eq!(seen, count, "ignored samples are not shown");
    let ignored = data.select(&[0usize, 7, 14]).unwrap();
    assert_eq!(network.evaluate(ignored), Err(Error::Empty));
    let mut trainer = Trainer::new(network, Sgd::new(0.1));
    assert_eq!(trainer.step_of(ignored), Err(Error::Empty));
    assert_eq!(trainer.epoch_of(ignored, 2), Err(Error::Empty));
    // An epoch passes over a mini-batch without labels.
    let both = data.select(&[0usize, 7, 1, 2]).unwrap();
    let mut alone = trainer.clone();
    let loss = alone.step_of(data.select(&[1usize, 2]).unwrap());
    assert_eq!(trainer.epoch_of(both, 2), loss);
    assert_eq!(trainer.network, alone.network);
    let (rows, targets) = ([rows[0], rows[1]], [target(0), target(1)]);
    let loss = alone.step(&rows[1..], &targets[1..]);
    assert_eq!(trainer.epoch(&rows, &targets, 1), loss);
    assert_eq!(trainer.network, alone.network);
}
