//! A record of something else is refused.

use crate::{Learner, bytes_of, learner, refuses};
use stackprop::optim::{Momentum, WeightDecay};
use stackprop::record::{Error, Part};
use stackprop::{
    Adagrad, Adam, AdamW, NAdam, Network, Normalizer, Online, Random, Record, Relu, RmsProp, Sgd,
    SigmoidBce, SoftmaxCe, Standardize, Tanh, Trainer, WeightedBce, Zero, net, record,
};

type Base = net![2 => 2, Relu => 2, SigmoidBce];

/// A record of `A` is refused by `B` because of the network.
fn other_network<A: Record + Zero, B: Record + Zero>() {
    let error = refuses(&mut { B::ZERO }, &bytes_of(&A::ZERO, 1));
    let (expected, found) = (B::CONTENTS.network(), A::CONTENTS.network());
    assert_eq!(error, Error::OtherNetwork { expected, found });
    assert_ne!(expected, found);
}

#[test]
fn another_network_is_refused() {
    other_network::<Base, net![2 => 3, Relu => 2, SigmoidBce]>();
    other_network::<Base, net![2 => 2, Tanh => 2, SigmoidBce]>();
    other_network::<Base, net![2 => 2, Relu => 2, SoftmaxCe]>();
    other_network::<Base, net![2 => 2, Relu => 2, WeightedBce<2>]>();
    other_network::<Base, net![2 => 2 => 2, SigmoidBce]>();
    other_network::<Base, net![2, Standardize => 2, Relu => 2, SigmoidBce]>();
    other_network::<net![3 => 1, Relu => 2, SigmoidBce], net![3 => 1, Tanh => 2, SigmoidBce]>();
}

/// A record of training by `A` is refused by training by `B`, because of the contents.
macro_rules! other_optimizer {
    ($a:expr, $b:expr) => {
        let (a, mut b) = (
            Online::new(Base::new(1), $a),
            Trainer::new(Base::new(1), $b),
        );
        let error = refuses(&mut b, &bytes_of(&a, 1));
        assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
        let mut a = a;
        let error = refuses(&mut a, &bytes_of(&b, 1));
        assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
    };
}

#[test]
fn another_optimizer_is_refused() {
    let sgd = Sgd::new(0.1);
    other_optimizer!(sgd, sgd.weight_decay(0.1));
    other_optimizer!(sgd, sgd.momentum(0.1));
    other_optimizer!(sgd.momentum(0.1), sgd.weight_decay(0.1).momentum(0.1));
    other_optimizer!(sgd.momentum(0.1), RmsProp::new(0.1));
    other_optimizer!(Adam::new(0.1), Adam::new(0.1).amsgrad());
    other_optimizer!(Adam::new(0.1), AdamW::new(0.1));
    other_optimizer!(Adam::new(0.1), RmsProp::new(0.1));
    other_optimizer!(Adam::new(0.1).amsgrad(), AdamW::new(0.1).amsgrad());
    other_optimizer!(AdamW::new(0.1), AdamW::new(0.1).amsgrad());
    other_optimizer!(Adam::new(0.1), NAdam::new(0.1));
    let rmsprop = RmsProp::new(0.1);
    other_optimizer!(rmsprop, rmsprop.centered());
    other_optimizer!(rmsprop, rmsprop.momentum(0.9));
    other_optimizer!(rmsprop.centered(), rmsprop.centered().momentum(0.9));
    other_optimizer!(rmsprop, Adagrad::new(0.1));
    type Decayed = Sgd<Momentum, WeightDecay>;
    assert_ne!(
        Decayed::CONTENTS.fingerprint(),
        <Sgd<Momentum>>::CONTENTS.fingerprint()
    );
}

/// The settings alone of Adam and of AMSGrad are the same numbers, and those of `RmsProp` too.
#[test]
fn settings_alone_are_told_apart() {
    let error = refuses(&mut Adam::new(0.1).amsgrad(), &bytes_of(&Adam::new(0.1), 1));
    assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
    let rmsprop = RmsProp::new(0.1);
    let error = refuses(&mut rmsprop.centered(), &bytes_of(&rmsprop, 1));
    assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
}

struct Swapped {
    online: Online<crate::Small, Sgd<Momentum>>,
    normalizer: Normalizer<2>,
    random: Random,
    position: u32,
}

mod by_another_order {
    use super::*;
    #[derive(Clone)]
    pub(super) struct Learner {
        pub(super) all: Swapped2,
    }
    pub(super) type Swapped2 = crate::Learner;
    record!(Learner { all });
}

record!(Swapped {
    online,
    normalizer,
    position,
    random
});

#[test]
fn another_order_or_nesting_of_fields_is_refused() {
    let good = bytes_of(&learner(), 1);
    let Learner {
        online,
        normalizer,
        random,
        position,
    } = learner();
    let mut swapped = Swapped {
        online,
        normalizer,
        random,
        position,
    };
    assert_eq!(Swapped::RECORD_BYTES, Learner::RECORD_BYTES);
    let error = refuses(&mut swapped, &good);
    assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
    let mut nested = by_another_order::Learner { all: learner() };
    let error = refuses(&mut nested, &good);
    assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
}

/// The record of a network alone is not that of its training.
#[test]
fn a_network_alone_is_not_its_training() {
    let mut online = Online::new(Base::new(1), Sgd::new(0.1));
    let error = refuses(&mut online, &bytes_of(&Base::new(1), 1));
    assert!(matches!(error, Error::OtherContents { .. }), "{error:?}");
}

/// What a trainer has learned, a learner of single samples goes on with.
#[test]
fn trainer_and_online_have_one_record() {
    let (rows, targets) = ([[0.5, -1.0], [1.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]]);
    let mut trainer = Trainer::new(Base::new(1), Adam::new(0.01));
    trainer.step(&rows, &targets).unwrap();
    let mut online = Online::new(Network::zeros(), Adam::new(0.5));
    assert_eq!(online.from_bytes(&bytes_of(&trainer, 1)), Ok(1));
    for (row, target) in rows.iter().zip(&targets) {
        let expected = trainer.step(&[*row], &[*target]);
        assert_eq!(online.step(row, target), expected);
    }
    assert_eq!(online.network, trainer.network);
    assert_eq!(trainer.from_bytes(&bytes_of(&online, 2)), Ok(2));
}

/// The mean and the scale of a stage travel with the weights.
#[test]
fn a_stage_is_in_the_record() {
    type Scaled = net![2, Standardize => 1, SigmoidBce];
    let mut network = Scaled::new(1);
    network.layers.0 = Standardize::new([20.0, 1013.0], [5.0, 8.0]);
    let mut read = Scaled::new(2);
    assert_eq!(read.from_bytes(&bytes_of(&network, 4)), Ok(4));
    assert_eq!(read, network);
    assert_eq!(Scaled::RECORD_BYTES, 32 + 7 * 4);
    let trainer = Trainer::new(network, Sgd::new(0.1).momentum(0.5));
    let mut later = Trainer::new(Scaled::new(3), Sgd::new(0.2).momentum(0.6));
    assert_eq!(later.from_bytes(&bytes_of(&trainer, 4)), Ok(4));
    assert_eq!(later.network, network);
}
