//! The settings of the optimisers, and what they remember.

use super::contents::Contents;
use super::error::Error;
use super::part::{Part, Sink, Source, checked, contents_of};
use crate::training::optim::{
    Adagrad, Adam, AdamW, Amsgrad, Buffered, Centered, Corrections, GroupBy, Groups, Moments,
    Momentum, NAdam, NAdamShared, NoDecay, NotCentered, Optimizer, Plain, RmsMomentum, RmsProp,
    Sgd, WeightDecay,
};

/// Settings that a step can be taken with.
fn settings<O: Optimizer>(optimizer: &O) -> Result<(), Error> {
    optimizer.check().map_err(Error::Setting)
}

checked!(Sgd<Plain, NoDecay>, "Sgd", { "lr": lr }, settings);

checked!(
    Sgd<Plain, WeightDecay>, "Sgd",
    { "lr": lr, "weight_decay": weight_decay.0 },
    settings
);

checked!(
    Sgd<Momentum, NoDecay>, "Sgd",
    {
        "lr": lr,
        "momentum": momentum.momentum,
        "dampening": momentum.dampening,
        "nesterov": momentum.nesterov,
    },
    settings
);

checked!(
    Sgd<Momentum, WeightDecay>, "Sgd",
    {
        "lr": lr,
        "weight_decay": weight_decay.0,
        "momentum": momentum.momentum,
        "dampening": momentum.dampening,
        "nesterov": momentum.nesterov,
    },
    settings
);

/// These have the same settings, and names of their own.
macro_rules! adam {
    ($($adam:ty, $name:literal;)+) => {$(
        checked!(
            $adam, $name,
            {
                "lr": 0.lr,
                "beta1": 0.beta1,
                "beta2": 0.beta2,
                "eps": 0.eps,
                "weight_decay": 0.weight_decay,
            },
            settings
        );
    )+};
}

adam! {
    Adam<Moments>, "Adam";
    Adam<Amsgrad>, "Amsgrad";
    AdamW<Moments>, "AdamW";
    AdamW<Amsgrad>, "AmsgradW";
}

checked!(
    NAdam, "NAdam",
    {
        "lr": settings.lr,
        "beta1": settings.beta1,
        "beta2": settings.beta2,
        "eps": settings.eps,
        "weight_decay": settings.weight_decay,
        "momentum_decay": momentum_decay,
        "decoupled_weight_decay": decoupled,
    },
    settings
);

/// `RmsProp` with these settings beside those that all have.
macro_rules! rmsprop {
    ($($rmsprop:ty, $name:literal, { $($momentum:tt)* };)+) => {$(
        checked!(
            $rmsprop, $name,
            { "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, $($momentum)* },
            settings
        );
    )+};
}

rmsprop! {
    RmsProp<NotCentered, Plain>, "RmsProp", {};
    RmsProp<Centered, Plain>, "CenteredRmsProp", {};
    RmsProp<NotCentered, RmsMomentum>, "RmsProp", { "momentum": momentum.0 };
    RmsProp<Centered, RmsMomentum>, "CenteredRmsProp", { "momentum": momentum.0 };
}

checked!(
    Adagrad, "Adagrad",
    {
        "lr": lr,
        "lr_decay": lr_decay,
        "weight_decay": weight_decay,
        "initial_accumulator_value": initial_accumulator_value,
        "eps": eps,
    },
    settings
);

/// The settings of each group, and which are frozen. The name of the rule is part of the contents.
impl<Opt: Part, By: GroupBy, const G: usize> Part for Groups<Opt, By, G> {
    const CONTENTS: Contents = Contents::Fields(
        "Groups",
        &[(
            By::NAME,
            &Contents::Fields(
                "",
                &[
                    ("groups", &<[Opt; G]>::CONTENTS),
                    ("frozen", &<[bool; G]>::CONTENTS),
                ],
            ),
        )],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.groups.write(sink)?;
        self.frozen.write(sink)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        self.groups.read(source)?;
        let frozen = self.frozen.read(source);
        frozen.map_err(|error| error.of_field("frozen"))
    }
}

checked!(
    Moments, "Moments",
    { "m": m, "v": v },
    |moments| valid("m", moments.m).and(not_negative("v", moments.v))
);

checked!(
    Amsgrad, "Moments",
    { "m": moments.m, "v": moments.v, "largest": largest },
    |amsgrad| {
        valid("m", amsgrad.moments.m)?;
        not_negative("v", amsgrad.moments.v)?;
        not_negative("largest", amsgrad.largest)
    }
);

checked!(
    Centered, "Centered",
    { "mean": mean, "variance": variance },
    |state| valid("mean", state.mean).and(not_negative("variance", state.variance))
);

checked!(
    Buffered<f32>, "Buffered",
    { "v": averages, "buffer": buffer },
    |state| not_negative("v", state.averages).and(valid("buffer", state.buffer))
);

checked!(
    Buffered<Centered>, "Buffered",
    { "mean": averages.mean, "variance": averages.variance, "buffer": buffer },
    |state| {
        valid("mean", state.averages.mean)?;
        not_negative("variance", state.averages.variance)?;
        valid("buffer", state.buffer)
    }
);

crate::record!(NAdamShared { steps, corrections });

/// How far the means have come, and what rounding took.
impl Part for Corrections {
    const CONTENTS: Contents = Contents::Fields(
        "Corrections",
        &[
            ("m", &f32::CONTENTS),
            ("v", &f32::CONTENTS),
            ("rest", &<[f32; 2]>::CONTENTS),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        check_corrections(self)?;
        [self.m, self.v].write(sink)?;
        self.rest.write(sink)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        let new = Self {
            m: source.next()?,
            v: source.next()?,
            rest: [source.next()?, source.next()?],
        };
        check_corrections(&new)?;
        source.keep(self, new);
        Ok(())
    }
}

fn check_corrections(corrections: &Corrections) -> Result<(), Error> {
    let [m, v] = corrections.rest;
    not_negative("m", corrections.m)?;
    not_negative("v", corrections.v)?;
    valid("rest", m).and(valid("rest", v))
}

/// A finite number.
const fn valid(name: &'static str, number: f32) -> Result<(), Error> {
    if number.is_finite() {
        return Ok(());
    }
    Err(Error::Value(name))
}

/// A mean of squares.
fn not_negative(name: &'static str, number: f32) -> Result<(), Error> {
    if number >= 0.0 {
        return valid(name, number);
    }
    Err(Error::Value(name))
}
