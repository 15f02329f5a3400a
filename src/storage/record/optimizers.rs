//! The settings of the optimisers, and what they remember.

use super::contents::Contents;
use super::error::Error;
use super::part::{Part, Sink, Source, checked, contents_of};
use crate::training::optim::{
    Adam, AdamW, Amsgrad, Corrections, Moments, Momentum, NoDecay, Optimizer, Plain, RmsProp, Sgd,
    WeightDecay,
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

checked!(
    Adam<Moments>, "Adam",
    {
        "lr": 0.lr,
        "beta1": 0.beta1,
        "beta2": 0.beta2,
        "eps": 0.eps,
        "weight_decay": 0.weight_decay,
    },
    settings
);

checked!(
    Adam<Amsgrad>, "Amsgrad",
    {
        "lr": 0.lr,
        "beta1": 0.beta1,
        "beta2": 0.beta2,
        "eps": 0.eps,
        "weight_decay": 0.weight_decay,
    },
    settings
);

checked!(
    AdamW, "AdamW",
    {
        "lr": 0.lr,
        "beta1": 0.beta1,
        "beta2": 0.beta2,
        "eps": 0.eps,
        "weight_decay": 0.weight_decay,
    },
    settings
);

checked!(
    RmsProp, "RmsProp",
    { "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay },
    settings
);

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
