//! What cannot be is refused by its name, when it is written and when it is read.

use crate::{bytes_of, learner, other, refuses, reseal};
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::params::Name;
use stackprop::record::Error;
use stackprop::{
    Adagrad, Adam, AdamW, Guard, NAdam, Normalizer, Online, Optimizer, Record, RmsProp, Setting,
    Sgd, SigmoidBce, Trainer, net, record,
};

type Single = net![1 => 1, SigmoidBce];

/// Refuses to write it, and leaves no bytes of a record.
fn not_written<R: Record>(record: &R) -> Error {
    let mut bytes = vec![0xaa; R::RECORD_BYTES];
    let error = record.to_bytes(1, &mut bytes).unwrap_err();
    assert!(bytes.iter().all(|byte| *byte == 0), "{error:?}");
    error
}

const BAD: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

#[test]
fn a_weight_that_is_not_finite_is_named() {
    for bad in BAD {
        let mut learner = learner();
        learner.online.network.layers.1.1.weight[0][1] = bad;
        let field = "weight";
        assert_eq!(
            not_written(&learner),
            Error::Tensor(Name { layer: 2, field })
        );
    }
}

#[test]
fn a_state_that_is_not_finite_is_named() {
    for bad in BAD {
        let mut learner = learner();
        learner.online.state.params.0.bias[1] = bad;
        let field = "bias";
        assert_eq!(
            not_written(&learner),
            Error::State(Name { layer: 0, field })
        );
    }
    let mut adam = Online::new(Single::new(1), Adam::new(0.1));
    adam.state.params.weight[0][0].v = -1.0;
    let (layer, field) = (0, "weight");
    assert_eq!(not_written(&adam), Error::State(Name { layer, field }));
    let mut amsgrad = Online::new(Single::new(1), Adam::new(0.1).amsgrad());
    amsgrad.state.params.weight[0][0].largest = -1.0;
    assert_eq!(not_written(&amsgrad), Error::State(Name { layer, field }));
    let rmsprop = RmsProp::new(0.1);
    let mut centered = Online::new(Single::new(1), rmsprop.centered());
    centered.state.params.weight[0][0].variance = -1.0;
    assert_eq!(not_written(&centered), Error::State(Name { layer, field }));
    let mut buffered = Online::new(Single::new(1), rmsprop.momentum(0.9));
    buffered.state.params.weight[0][0].averages = -1.0;
    assert_eq!(not_written(&buffered), Error::State(Name { layer, field }));
    let mut both = Online::new(Single::new(1), rmsprop.centered().momentum(0.9));
    both.state.params.weight[0][0].buffer = f32::NAN;
    assert_eq!(not_written(&both), Error::State(Name { layer, field }));
}

/// Adam's corrections are none of a tensor.
#[test]
fn a_correction_that_cannot_be_is_named() {
    let mut adam = Online::new(Single::new(1), Adam::new(0.1));
    let good = bytes_of(&adam, 0);
    let shared = 28 + 2 * 4 + 5 * 4 + 2 * 4;
    for (n, name) in ["m", "v", "rest", "rest"].into_iter().enumerate() {
        for bad in if n < 2 {
            [-1.0, f32::NAN]
        } else {
            BAD[..2].try_into().unwrap()
        } {
            let mut bytes = good.clone();
            bytes[shared + 4 * n..][..4].copy_from_slice(&bad.to_le_bytes());
            reseal(&mut bytes);
            assert_eq!(refuses(&mut adam, &bytes), Error::Value(name));
        }
    }
    adam.state.shared.v = -1.0;
    assert_eq!(not_written(&adam), Error::Value("v"));
    let mut nadam = Online::new(Single::new(1), NAdam::new(0.1));
    nadam.state.shared.corrections.m = f32::NAN;
    assert_eq!(not_written(&nadam), Error::Value("m"));
}

/// Each float and each flag of a record in turn, after what the record's layout says.
#[test]
fn what_is_not_finite_in_a_record_is_named() {
    let good = bytes_of(&learner(), 3);
    let tensor = |layer, field| Error::Tensor(Name { layer, field });
    let state = |layer, field| Error::State(Name { layer, field });
    let cases = [
        (28, tensor(0, "weight")),
        (40, tensor(0, "weight")),
        (44, tensor(0, "bias")),
        (52, tensor(2, "weight")),
        (60, tensor(2, "bias")),
        (64, Error::Setting(Setting::Lr)),
        (68, Error::Setting(Setting::Momentum)),
        (72, Error::Setting(Setting::Dampening)),
        (77, Error::Setting(Setting::MaxNorm)),
        (81, Error::Setting(Setting::MaxWeight)),
        (86, state(0, "weight")),
        (102, state(0, "bias")),
        (110, state(2, "weight")),
        (118, state(2, "bias")),
    ];
    for (at, expected) in cases {
        let mut bytes = good.clone();
        bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        reseal(&mut bytes);
        assert_eq!(refuses(&mut other(), &bytes), expected, "{at}");
    }
    // A limit of 0 is that of a trainer that was not started.
    let mut bytes = good.clone();
    bytes[81..85].copy_from_slice(&0f32.to_le_bytes());
    reseal(&mut bytes);
    let not_started = Error::Setting(Setting::MaxWeight);
    assert_eq!(refuses(&mut other(), &bytes), not_started);
    let numbers = ["mean", "rest", "variance"].map(Error::Value);
    let doubles = [122, 130, 138, 146, 154, 162]
        .into_iter()
        .zip(numbers.iter().flat_map(|n| [n; 2]));
    let count = (170, &Error::Value("count"));
    let forget = (178, &Error::Setting(Setting::HalfLife));
    for (at, expected) in doubles.chain([count, forget]) {
        let mut bytes = good.clone();
        bytes[at..at + 8].copy_from_slice(&f64::INFINITY.to_le_bytes());
        reseal(&mut bytes);
        assert_eq!(refuses(&mut other(), &bytes), *expected, "{at}");
    }
}

#[test]
fn a_setting_is_named() {
    fn setting<Opt>(optimizer: Opt, expected: Setting)
    where
        Opt: Optimizer<State: record::Part, Shared: record::Part> + record::Part,
    {
        let online = Online::new(Single::new(1), optimizer);
        assert_eq!(not_written(&online), Error::Setting(expected));
        assert_eq!(not_written(&optimizer), Error::Setting(expected));
    }
    setting(Sgd::new(f32::NAN), Setting::Lr);
    setting(Sgd::new(0.1).weight_decay(-1.0), Setting::WeightDecay);
    setting(Sgd::new(0.1).momentum(f32::INFINITY), Setting::Momentum);
    setting(Sgd::new(0.1).momentum(0.0).nesterov(), Setting::Nesterov);
    setting(Adam::new(0.1).betas(1.0, 0.5), Setting::Beta1);
    setting(Adam::new(0.1).betas(0.5, 1.0).amsgrad(), Setting::Beta2);
    setting(AdamW::new(0.1).eps(-1.0), Setting::Eps);
    setting(RmsProp::new(0.1).alpha(2.0), Setting::Alpha);
    setting(RmsProp::new(0.1).centered().alpha(2.0), Setting::Alpha);
    setting(RmsProp::new(0.1).momentum(-1.0), Setting::Momentum);
    setting(NAdam::new(0.1).momentum_decay(-1.0), Setting::MomentumDecay);
    setting(Adagrad::new(0.1).lr_decay(-1.0), Setting::LrDecay);
}

#[test]
fn a_guard_and_a_half_life_are_named() {
    let mut online = Online::new(Single::new(1), Sgd::new(0.1));
    online.guard = Guard::new().max_norm(-1.0);
    assert_eq!(not_written(&online), Error::Setting(Setting::MaxNorm));
    online.guard = Guard::new().max_weight(f32::NAN);
    assert_eq!(not_written(&online), Error::Setting(Setting::MaxWeight));
    let refused = Normalizer::<2>::new().half_life(-1.0);
    assert_eq!(not_written(&refused), Error::Setting(Setting::HalfLife));
    let negative = Normalizer::from_mean_variance([0.0], [-1.0], 1.0);
    assert_eq!(not_written(&negative), Error::Value("variance"));
}

#[test]
fn a_trainer_that_is_unset_is_not_written_but_can_be_read_into() {
    let mut unset = Trainer::<Single, Sgd>::unset();
    assert_eq!(not_written(&unset), Error::NotStarted);
    let trainer = Trainer::new(Single::new(1), Sgd::new(0.1));
    assert_eq!(unset.from_bytes(&bytes_of(&trainer, 5)), Ok(5));
    assert!(unset.step(&[[1.0]], &[[1.0]]).is_ok());
}

/// Samples that were accumulated are not in a record; those of a trainer that is read into belong
/// to other weights.
#[test]
fn accumulated_samples_are_not_lost_silently() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    let bytes = bytes_of(&trainer, 5);
    trainer.accumulate(&X[..2], &Y[..2]).unwrap();
    assert_eq!(not_written(&trainer), Error::Unfinished);
    let mut changed = bytes.clone();
    changed[30] ^= 1;
    assert_eq!(trainer.from_bytes(&changed), Err(Error::Checksum));
    assert_eq!(not_written(&trainer), Error::Unfinished); // still there
    assert_eq!(trainer.from_bytes(&bytes), Ok(5));
    assert_eq!(trainer.update(), Err(stackprop::Error::Empty));
}

#[test]
fn bytes_of_another_length_are_not_written() {
    let expected = Single::RECORD_BYTES;
    for found in [0, 27, expected - 1, expected + 1] {
        let mut bytes = vec![0xaa; found];
        let error = Single::new(1).to_bytes(0, &mut bytes);
        assert_eq!(error, Err(Error::Length { expected, found }));
        assert!(bytes.iter().all(|byte| *byte == 0xaa));
    }
}
