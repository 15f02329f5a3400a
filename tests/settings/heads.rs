//! Settings and targets of heads that are refused by their name, before anything is learned; and
//! the targets of classes.

use crate::{NOT_FINITE, refused_in};
use stackprop::{
    Error, Guard, Head, Huber, Online, Setting, Sgd, SigmoidBce, SmoothL1, SoftmaxCe, Trainer,
    Weighted, WeightedBce, WeightedCe, net,
};

/// A weight is blamed, not the target.
#[test]
fn weights_of_samples() {
    type Single = net![1 => 1, Weighted<SigmoidBce>];
    type Rare = net![1 => 1, WeightedBce];
    type Both = net![1 => 1, Weighted<WeightedBce>];
    let data: (&[_], &[_]) = (&[[1.0]], &[[1.0]]);
    for value in NOT_FINITE.into_iter().chain([-0.5]) {
        let (guard, sgd) = (Guard::new(), Sgd::new(0.1));
        let mut single = Single::zeros();
        single.head.weight = value;
        refused_in(single, sgd, data, guard, Setting::Weight);
        let mut rare = Rare::zeros();
        rare.head.pos_weight = [value];
        refused_in(rare, sgd, data, guard, Setting::PosWeight);
        let mut both = Both::zeros();
        both.head.head.pos_weight = [value];
        refused_in(both, sgd, data, guard, Setting::PosWeight);
    }
    let mut free = Single::zeros();
    free.head.allow_negative = true;
    for value in NOT_FINITE {
        free.head.weight = value;
        refused_in(free, Sgd::new(0.1), data, Guard::new(), Setting::Weight);
    }
}

/// A network that ends in this head, and a target of the class 0.
fn refused_head<H: Head<2>>(head: H, setting: Setting) {
    let mut net = <net![1 => 2, H]>::zeros();
    net.head = head;
    let (rows, targets) = ([[1.0]], [[1.0, 0.0]]);
    refused_in(net, Sgd::new(0.1), (&rows, &targets), Guard::new(), setting);
}

fn taken_head<H: Head<2>>(head: H) {
    let mut net = <net![1 => 2, H]>::zeros();
    net.head = head;
    let mut trainer = Trainer::new(net, Sgd::new(0.1));
    assert!(trainer.step(&[[1.0]], &[[1.0, 0.0]]).is_ok());
}

#[test]
fn weights_of_outputs_and_classes() {
    for value in NOT_FINITE.into_iter().chain([-0.5]) {
        // Also the weight of another output than that of the target.
        for weight in [[value, 1.0], [1.0, value]] {
            refused_head(WeightedBce::new(weight), Setting::PosWeight);
            let bce = WeightedBce::default().weight(weight);
            refused_head(bce, Setting::OutputWeight);
            refused_head(WeightedCe::new(weight), Setting::OutputWeight);
            let both = Weighted::new(WeightedCe::new(weight), 1.0);
            refused_head(both, Setting::OutputWeight);
        }
    }
    taken_head(WeightedBce::new([0.0, 9.0]).weight([0.0; 2]));
    taken_head(WeightedCe::new([1.0, 0.0]));
}

#[test]
fn settings_of_losses() {
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        let smooth = WeightedCe::default().label_smoothing(value);
        refused_head(smooth, Setting::LabelSmoothing);
        refused_head(Huber { delta: value }, Setting::Delta);
        refused_head(SmoothL1 { beta: value }, Setting::Beta);
    }
    let smooth = WeightedCe::default().label_smoothing(1.0_f32.next_up());
    refused_head(smooth, Setting::LabelSmoothing);
    refused_head(Huber { delta: 0.0 }, Setting::Delta);
    taken_head(SmoothL1 { beta: 0.0 });
    taken_head(Huber { delta: 1e-45 });
    taken_head(WeightedCe::default().label_smoothing(1.0));
}

/// A negative weight by itself: the step of the weight 1 the other way round.
#[test]
fn negative_weights_are_taken_where_they_are_meant() {
    let mut trainer = Trainer::new(
        <net![2 => 3, Weighted<SoftmaxCe>]>::new(1),
        Sgd::new(0.1).momentum(0.9),
    );
    let (start, x, y) = (trainer.network, [[0.5, -1.0]], [[0.0, 1.0, 0.0]]);
    let mut towards = trainer.clone();
    trainer.network.head.allow_negative = true;
    trainer.network.head.weight = -1.0;
    assert_eq!(trainer.step(&x, &y), towards.step(&x, &y).map(|loss| -loss));
    let moved = |to: f32, from: f32| to - from;
    for o in 0..3 {
        let from = start.layers.bias[o];
        let away = moved(trainer.network.layers.bias[o], from);
        let near = moved(towards.network.layers.bias[o], from);
        assert!((away + near).abs() < 1e-7 && near != 0.0);
    }
}

/// Class weights of `nn.CrossEntropyLoss` in PyTorch 2.15, z = (1, 2, 0.5), (0, -1, 2), classes 0
/// and 2, weights 1, 1, 3: 0.9869535 with one-hot targets, a mean over the samples; 0.49347675 with
/// class indices, a mean over the sum of the weights.
#[test]
fn class_weights_of_pytorch() {
    let mut net = <net![3 => 3, Weighted<SoftmaxCe>]>::zeros();
    (0..3).for_each(|n| net.layers.weight[n][n] = 1.0);
    let mut trainer = Trainer::new(net, Sgd::new(0.0));
    let samples = [
        ([1.0, 2.0, 0.5], [1.0, 0.0, 0.0], 1.0),
        ([0.0, -1.0, 2.0], [0.0, 0.0, 1.0], 3.0),
    ];
    for (z, y, weight) in samples {
        trainer.network.head.weight = weight;
        trainer.accumulate(&[z], &[y]).unwrap();
    }
    let over_samples = trainer.update().unwrap();
    assert!((over_samples - 0.986_953_5).abs() < 1e-6);
    let over_weights = over_samples * 2.0 / (1.0 + 3.0);
    assert!((over_weights - 0.493_476_75).abs() < 1e-6);
}

/// Targets of a softmax that are no distribution. With weights, zeros are a sample to ignore.
#[test]
fn targets_of_softmax() {
    let head = WeightedCe::<3>::default();
    assert!(head.accepts(&[0.0; 3]) && head.accepts(&[0.5, 0.5, -0.0]));
    for target in [[1.0, 1.0, 0.0], [0.5, 0.0, 0.0], [-1.0, 1.0, 0.0], [1.0; 3]] {
        assert!(!head.accepts(&target));
    }
    let mut trainer = Trainer::new(<net![1 => 3, SoftmaxCe]>::new(1), Sgd::new(0.1));
    let mut online = Online::new(trainer.network, Sgd::new(0.1));
    for target in [
        [0.0; 3],
        [1.0, 1.0, 0.0],
        [0.5, 0.0, 0.0],
        [0.4, 0.4, 0.25],
        [1.0; 3],
    ] {
        let rows = [[1.0]; 2];
        let error = Error::Target { row: 1 };
        let targets = [[1.0, 0.0, 0.0], target];
        assert_eq!(trainer.step(&rows, &targets), Err(error));
        assert_eq!(online.step(&[1.0], &target), Err(Error::Target { row: 0 }));
    }
    for target in [
        [0.0, 1.0, 0.0],
        [0.25, 0.25, 0.5],
        [1.0 / 3.0; 3],
        [0.33; 3],
        [0.1, 0.2, 0.7],
    ] {
        assert!(trainer.step(&[[1.0]], &[target]).is_ok());
        assert!(online.step(&[1.0], &target).is_ok());
    }
}

/// Targets of a sigmoid that are no probabilities.
#[test]
fn targets_of_sigmoid() {
    fn only_probabilities<H: Head<2>>(head: H) {
        for y in [0.0, -0.0, 0.25, 1.0] {
            assert!(head.accepts(&[y, 0.5]) && head.accepts(&[0.5, y]), "{y}");
        }
        for y in [-1e-45, 1.0 + f32::EPSILON, -1.0, 2.0] {
            assert!(!head.accepts(&[y, 0.5]) && !head.accepts(&[0.5, y]), "{y}");
        }
    }
    only_probabilities(SigmoidBce);
    only_probabilities(WeightedBce::<2>::default());
    only_probabilities(Weighted::new(SigmoidBce, 2.0));
}

/// Classes become targets.
#[test]
fn targets_of_classes() {
    let one = |head: &dyn Fn(usize) -> Option<[f32; 1]>| [0, 1, 2].map(head);
    let two = [Some([0.0]), Some([1.0]), None];
    assert_eq!(one(&|class| SigmoidBce.class_target(class)), two);
    assert_eq!(
        one(&|class| WeightedBce::<1>::default().class_target(class)),
        two
    );
    let three = [Some([1.0, 0.0, 0.0]), Some([0.0, 0.0, 1.0]), None];
    assert_eq!([0, 2, 3].map(|class| SoftmaxCe.class_target(class)), three);
    assert_eq!(SoftmaxCe.class_target(usize::MAX), None::<[f32; 3]>);
    let head = WeightedCe::<3>::default();
    assert_eq!([0, 2, 3].map(|class| head.class_target(class)), three);
    let none = Some([0.0; 3]);
    for class in [0, 2, 3, usize::MAX] {
        let head = head.ignore_index(class);
        assert_eq!(head.class_target(class), none);
        assert_eq!(Weighted::new(head, 2.0).class_target(class), none);
        assert_eq!(head.class_target(1), Some([0.0, 1.0, 0.0]));
    }
}
