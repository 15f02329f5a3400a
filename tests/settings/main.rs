//! Settings that PyTorch's constructors refuse are refused by their name, before anything is
//! learned.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod heads;
mod optimizers;

pub(crate) use common::{NOT_FINITE, refused_in};
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::{Error, Guard, Mse, Online, Optimizer, Setting, Sgd, Trainer, net};

pub(crate) fn refused<Opt: Optimizer>(optimizer: Opt, setting: Setting) {
    refused_in(BOOK_NET, optimizer, (&X, &Y), Guard::new(), setting);
}

/// Learns, also where PyTorch's constructor is content.
pub(crate) fn taken<Opt: Optimizer>(optimizer: Opt) {
    let mut trainer = Trainer::new(BOOK_NET, optimizer);
    assert!(trainer.step(&X, &Y).is_ok());
    assert!(Online::new(BOOK_NET, optimizer).step(&X[0], &Y[0]).is_ok());
}

#[test]
fn limits_of_the_guard() {
    for value in [f32::NAN, f32::NEG_INFINITY, -1.0] {
        let guard = Guard::new().max_norm(value);
        refused_in(BOOK_NET, Sgd::new(0.1), (&X, &Y), guard, Setting::MaxNorm);
        let guard = Guard::new().max_weight(value);
        refused_in(BOOK_NET, Sgd::new(0.1), (&X, &Y), guard, Setting::MaxWeight);
    }
}

/// What a firmware engineer reads in the log.
#[test]
fn the_texts_name_the_setting() {
    for (setting, text) in [
        (
            Setting::Lr,
            "the setting lr has to be finite, and 0 or more",
        ),
        (Setting::Beta2, "the setting beta2 has to be 0 to below 1"),
        (
            Setting::Nesterov,
            "the setting nesterov needs a momentum above 0, and no dampening",
        ),
        (
            Setting::InitialAccumulatorValue,
            "the setting initial_accumulator_value has to be finite, and 0 or more",
        ),
        (
            Setting::OutputWeight,
            "the setting weight has to be finite, and 0 or more",
        ),
        (
            Setting::LabelSmoothing,
            "the setting label_smoothing has to be 0 to 1",
        ),
        (
            Setting::Delta,
            "the setting delta has to be finite, and above 0",
        ),
        (
            Setting::Beta,
            "the setting beta has to be finite, and 0 or more",
        ),
        (
            Setting::Own("l1"),
            "the setting l1 is not one that a step can be taken with",
        ),
    ] {
        assert_eq!(Error::Setting(setting).to_string(), text);
    }
    assert_eq!(Error::from(Setting::Eps), Error::Setting(Setting::Eps));
}

/// An optimiser of one's own refuses its own settings.
#[test]
fn settings_of_ones_own() {
    #[derive(Clone, Copy)]
    struct Sign(f32);

    impl Optimizer for Sign {
        type State = ();
        type Shared = ();
        type Prepared = f32;
        const UNSET: Self = Self(0.0);

        fn check(&self) -> Result<(), Setting> {
            if self.0 > 1.0 {
                return Err(Setting::Own("step"));
            }
            Ok(())
        }

        fn prepare(&self, (): &mut ()) -> f32 {
            self.0
        }

        fn update_parameter(step: &f32, w: f32, g: f32, (): ()) -> (f32, ()) {
            (w - step * g.signum(), ())
        }

        fn lr(&self) -> f32 {
            self.0
        }

        fn set_lr(&mut self, lr: f32) {
            self.0 = lr;
        }
    }

    refused(Sign(2.0), Setting::Own("step"));
    taken(Sign(0.25));
    let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), Sign(2.0));
    assert!(trainer.step(&[[1.0]], &[[1.0]]).is_err());
    trainer.optimizer.set_lr(0.5);
    assert!(trainer.step(&[[1.0]], &[[1.0]]).is_ok());
}
