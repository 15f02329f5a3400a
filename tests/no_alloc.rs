//! Nothing is allocated: forward, backward, batches, losses, collecting samples, training in each
//! of its forms, files and records.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/allocations.rs"]
mod allocations;

use allocations::allocations;
use stackprop::bce_loss::{self, Reduction};
use stackprop::safetensors::{Names, SafeTensors};
use stackprop::{
    Adam, ConfusionMatrix, Dataset, EarlyStopping, Groups, Guard, KFold, Normalizer, Online,
    Random, Record, Relu, Replay, Samples, Sgd, SigmoidBce, SoftmaxCe, Sums, Trainer, net,
    notebook, weights,
};
use std::hint::black_box;

/// Everything that the crate does with a network.
macro_rules! everything {
    ($net:ty, $start:expr, $i:literal, $o:literal) => {{
        let net = black_box($start);
        let (rows, targets, mut y_hat) = ([[0.5; $i]; 100], [[1.0; $o]; 100], [[0.0; $o]; 100]);
        let mut grad = <$net>::zero_grad();
        let mut sums = Sums::new();
        let mut samples = Samples::<$i, $o, 4>::new();
        let trace = net.trace(&rows[0]);
        black_box((
            net.forward(&rows[0]),
            net.backward(&rows[0], &trace, &targets[0]),
        ));
        net.forward_batch(&rows, &mut y_hat).unwrap();
        net.gradient_batch(&rows, &targets, &mut grad).unwrap();
        net.accumulate(&rows, &targets, &mut sums).unwrap();
        samples.push(rows[0], targets[0]).unwrap();
        bce_loss::forward(
            y_hat.as_flattened(),
            targets.as_flattened(),
            Reduction::Mean,
        )
        .unwrap();
        black_box((grad, sums, y_hat, samples));
        let mut trainer = Trainer::new(net, Adam::new(0.01));
        trainer.guard = Guard::new().max_norm(0.1);
        trainer.epoch(&rows, &targets, 7).unwrap();
        let mut step = trainer.begin_step(&rows, &targets).unwrap();
        while step.advance(9).unwrap().is_none() {}
        drop(step);
        let mut best = EarlyStopping::new(&net, 1);
        best.observe(1.0, &trainer.network);
        best.restore(&mut trainer.network);
        let mut online = Online::new(net, Sgd::new(0.01).momentum(0.9));
        online.test_then_train(&rows[0], &targets[0]).unwrap();
        let mut kinds = Groups::by_kind(Adam::new(0.01), Adam::new(0.02));
        kinds.freeze(1).unwrap();
        Trainer::new(net, kinds).step(&rows, &targets).unwrap();
        Online::new(net, kinds)
            .step(&rows[0], &targets[0])
            .unwrap();
        let mut replay = Replay::<$i, $o, 4>::new();
        let mut normalizer = Normalizer::new();
        for (row, target) in rows.iter().zip(targets) {
            normalizer.observe(row).unwrap();
            let row = normalizer.scale(row);
            replay.observe(row, target, &mut Random::new(1)).unwrap();
        }
        trainer.start(1, Adam::new(0.01));
        let mut values = [0.0; <$net>::PARAMETERS];
        net.copy_to_slice(&mut values).unwrap();
        trainer.network.copy_from_slice(&values).unwrap();
        trainer.network.visit_mut(|tensor| tensor.values.fill(0.5));
        let sum = |values: &[f32]| values.iter().sum::<f32>();
        black_box(net.tensors().map(|tensor| sum(tensor.values)).sum::<f32>());
        let tensors = weights::tensors_of::<$net, f32>(&grad);
        black_box(tensors.map(|tensor| sum(tensor.values)).sum::<f32>());
        black_box((trainer, online, replay));
    }};
}

/// Each call by itself.
#[test]
fn nothing_allocates() {
    assert_eq!(
        allocations(|| drop(black_box(vec![1]))),
        1,
        "the counter counts"
    );
    assert_eq!(
        allocations(|| everything!(notebook::Net, notebook::NET, 3, 1)),
        0
    );
    assert_eq!(
        allocations(|| everything!(notebook::NetBook, notebook::BOOK_NET, 3, 1)),
        0
    );
    type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
    assert_eq!(allocations(|| everything!(Mlp16, Mlp16::zeros(), 16, 4)), 0);
}

/// An epoch over labels in a random order, and what it comes to.
#[test]
fn data_sets() {
    let rows: [[f32; 2]; 30] = core::array::from_fn(|n| [n as f32 / 30.0, 0.5]);
    let labels: [u8; 30] = core::array::from_fn(|n| [0, 1, 2][n % 3]);
    let mut trainer = Trainer::new(<net![2 => 3, SoftmaxCe]>::new(1), Adam::new(0.01));
    let count = allocations(|| {
        let mut random = Random::new(1);
        let mut order = random.permutation::<30>();
        let mut buffer = order;
        random.shuffle(&mut order);
        let data = Dataset::new(&rows, &labels).unwrap();
        let mut seen = ConfusionMatrix::<3>::new();
        for fold in KFold::new(30, 5).unwrap() {
            let (train, test) = fold.split(&order, &mut buffer).unwrap();
            trainer.epoch_of(data.select(train).unwrap(), 8).unwrap();
            let look = |y_hat: &_, target: &_| seen.observe(y_hat, target);
            let test = data.select(test).unwrap();
            trainer.network.evaluate_with(test, look).unwrap();
        }
        black_box((
            seen.macro_f1(),
            trainer.gradients().map(|t| t.stats()).last(),
        ));
    });
    assert_eq!(count, 0);
}

/// A file of weights is read, a record is written and read, and both are refused.
#[test]
fn files_and_records() {
    type Detector = net![3 => 4, Relu => 1, SigmoidBce];
    type Learner = Trainer<Detector, Adam>;
    let mut trainer = Learner::new(Detector::new(1), Adam::new(0.01));
    let mut bytes = [0; Learner::RECORD_BYTES];
    let file = include_bytes!("data/detector.safetensors");
    let count = allocations(|| {
        let file = SafeTensors::new(black_box(file)).unwrap();
        file.load(&mut trainer.network).unwrap();
        assert!(
            file.names(Names::Listed(&["a"]))
                .load(&mut trainer.network)
                .is_err()
        );
        trainer.to_bytes(1, &mut bytes).unwrap();
        trainer.from_bytes(black_box(&bytes)).unwrap();
        bytes[40] ^= 1;
        assert!(trainer.from_bytes(black_box(&bytes)).is_err());
    });
    assert_eq!(count, 0);
}
