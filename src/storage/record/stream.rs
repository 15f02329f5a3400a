//! What goes along with a stream: scaling, random numbers, scores, buffers.

use super::contents::Contents;
use super::error::Error;
use super::number::AnyF32;
use super::part::{Part, Sink, Source};
use crate::error::Setting;
use crate::kernels::exact_sum::ExactSum;
use crate::model::random::Random;
use crate::stream::losses::Losses;
use crate::stream::mean::Mean;
use crate::stream::metrics::{BinaryConfusionMatrix, ConfusionMatrix, Regression};
use crate::stream::normalizer::Normalizer;
use crate::stream::replay::Replay;
use crate::stream::samples::Samples;

crate::record!(Random { state });

crate::record!(BinaryConfusionMatrix {
    true_positives,
    false_positives,
    true_negatives,
    false_negatives,
});

crate::record!(ConfusionMatrix<const K: usize> { counts });

crate::record!(Regression {
    count,
    absolute,
    squares,
    mean,
    around,
});

crate::record!(ExactSum { words, up, down });

crate::record!(Mean { sum, count });

/// All of it, also what rounding took from the means and the half-life.
impl<const N: usize> Part for Normalizer<N> {
    const CONTENTS: Contents = Contents::Fields(
        "Normalizer",
        &[
            ("mean", &<[f64; N]>::CONTENTS),
            ("rest", &<[f64; N]>::CONTENTS),
            ("variance", &<[f64; N]>::CONTENTS),
            ("count", &f64::CONTENTS),
            ("forget", &f64::CONTENTS),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.mean.write(sink).map_err(|e| e.of_field("mean"))?;
        self.rest.write(sink).map_err(|e| e.of_field("rest"))?;
        for variance in &self.variance {
            sink.put(not_negative(*variance, Error::Value("variance"))?)?;
        }
        sink.put(not_negative(self.count, Error::Value("count"))?)?;
        sink.put(check_forget(self.forget)?)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        self.mean.read(source).map_err(|e| e.of_field("mean"))?;
        self.rest.read(source).map_err(|e| e.of_field("rest"))?;
        for place in &mut self.variance {
            let variance = not_negative(source.next()?, Error::Value("variance"))?;
            source.keep(place, variance);
        }
        let count = not_negative(source.next()?, Error::Value("count"))?;
        source.keep(&mut self.count, count);
        let forget = check_forget(source.next()?)?;
        source.keep(&mut self.forget, forget);
        Ok(())
    }
}

fn not_negative(number: f64, error: Error) -> Result<f64, Error> {
    if number >= 0.0 && number.is_finite() {
        return Ok(number);
    }
    Err(error)
}

/// The part of its weight that a row loses.
fn check_forget(forget: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&forget) {
        return Ok(forget);
    }
    Err(Error::Setting(Setting::HalfLife))
}

/// How many there are, then `CAP` numbers: these, oldest first, and zeros.
impl<const CAP: usize> Part for Losses<CAP> {
    const CONTENTS: Contents = Contents::Fields(
        "Losses",
        &[
            ("length", &u32::CONTENTS),
            ("losses", &Contents::Array(CAP, &AnyF32::CONTENTS)),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        sink.put(length(self.iter().count())?)?;
        let mut losses = self.iter();
        (0..CAP).try_for_each(|_| sink.put(AnyF32(losses.next().unwrap_or(0.0))))
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        let length = read_length(source, CAP)?;
        if source.keeps() {
            *self = Self::new();
        }
        for _ in 0..length {
            let AnyF32(loss) = source.next()?;
            if source.keeps() {
                self.push(loss);
            }
        }
        read_zeros(source, CAP - length, "losses")
    }
}

/// How many there are, then `CAP` rows, each with its target: these, and zeros.
impl<const I: usize, const O: usize, const CAP: usize> Part for Samples<I, O, CAP> {
    const CONTENTS: Contents = Contents::Fields(
        "Samples",
        &[
            ("length", &u32::CONTENTS),
            (
                "samples",
                &Contents::Array(
                    CAP,
                    &Contents::Fields(
                        "Sample",
                        &[
                            ("row", &<[f32; I]>::CONTENTS),
                            ("target", &<[f32; O]>::CONTENTS),
                        ],
                    ),
                ),
            ),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        sink.put(length(self.rows().len())?)?;
        let (mut rows, mut targets) = (self.rows().iter(), self.targets().iter());
        (0..CAP).try_for_each(|_| {
            let row = rows.next().unwrap_or(&[0.0; I]).write(sink);
            row.map_err(|error| error.of_field("row"))?;
            let target = targets.next().unwrap_or(&[0.0; O]).write(sink);
            target.map_err(|error| error.of_field("target"))
        })
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        let length = read_length(source, CAP)?;
        if source.keeps() {
            self.clear();
        }
        for _ in 0..length {
            let (mut row, mut target) = ([0.0; I], [0.0; O]);
            row.read(source).map_err(|error| error.of_field("row"))?;
            let read = target.read(source);
            read.map_err(|error| error.of_field("target"))?;
            if source.keeps() {
                // There is room for `CAP`.
                self.push(row, target).unwrap_or_default();
            }
        }
        read_zeros(source, (CAP - length) * (I + O), "samples")
    }
}

/// The samples, and how many were seen.
impl<const I: usize, const O: usize, const CAP: usize> Part for Replay<I, O, CAP> {
    const CONTENTS: Contents = Contents::Fields(
        "Replay",
        &[
            ("samples", &<Samples<I, O, CAP>>::CONTENTS),
            ("seen", &u64::CONTENTS),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.samples.write(sink)?;
        sink.put(self.seen)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        self.samples.read(source)?;
        self.seen.read(source)
    }
}

/// A length as it is stored.
fn length(length: usize) -> Result<u32, Error> {
    u32::try_from(length).map_err(|_| Error::Value("length"))
}

/// A length of at most `most`.
fn read_length<S: Source>(source: &mut S, most: usize) -> Result<usize, Error> {
    let length: u32 = source.next()?;
    match usize::try_from(length) {
        Ok(length) if length <= most => Ok(length),
        _ => Err(Error::Value("length")),
    }
}

/// What stands where nothing is kept: a value has one record, and no other.
fn read_zeros<S: Source>(source: &mut S, count: usize, field: &'static str) -> Result<(), Error> {
    for _ in 0..count {
        let AnyF32(zero) = source.next()?;
        if zero.to_bits() != 0 {
            return Err(Error::Value(field));
        }
    }
    Ok(())
}
