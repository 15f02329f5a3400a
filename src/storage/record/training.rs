//! Networks that learn, what they refuse, sums over samples, and the best weights so far.

use super::contents::Contents;
use super::error::Error;
use super::network::{read_like, write_like};
use super::number::AnyF32;
use super::part::{Part, Sink, Source, contents_of};
use crate::error::Setting;
use crate::model::architecture::Kind;
use crate::model::params::Params;
use crate::training::early_stopping::EarlyStopping;
use crate::training::guard::Guard;
use crate::training::online::Online;
use crate::training::optim::Optimizer;
use crate::training::sums::Sums;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;

/// Network, optimiser, guard, and what the optimiser remembers. A record of a [`Trainer`] can be
/// read into an [`Online`] and the other way.
macro_rules! training {
    ($trainer:ident, |$this:ident| $finished:expr, |$source:ident| { $($forget:tt)* }) => {
        impl<N, Opt> Part for $trainer<N, Opt>
        where
            N: Trainable + Part,
            Opt: Optimizer<State: Part, Shared: Part> + Part,
        {
            const CONTENTS: Contents = Contents::Fields(
                "Training",
                &[
                    ("network", &N::CONTENTS),
                    ("optimizer", &Opt::CONTENTS),
                    ("guard", &Guard::CONTENTS),
                    ("shared", &Opt::Shared::CONTENTS),
                    ("state", &Contents::Array(N::COUNT, &Opt::State::CONTENTS)),
                ],
            );

            fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
                let $this = self;
                $this.guard.check_started().map_err(|_| Error::NotStarted)?;
                if !$finished {
                    return Err(Error::Unfinished);
                }
                $this.network.write(sink)?;
                $this.optimizer.write(sink)?;
                $this.guard.write(sink)?;
                let shared = $this.state.shared.write(sink);
                shared.map_err(|error| error.of_field("shared"))?;
                write_like::<N, Opt::State, S>(&$this.state.params, sink, Error::State)
            }

            fn read<S: Source>(&mut self, $source: &mut S) -> Result<(), Error> {
                let $this = self;
                $this.network.read($source)?;
                $this.optimizer.read($source)?;
                $this.guard.read($source)?;
                let shared = $this.state.shared.read($source);
                shared.map_err(|error| error.of_field("shared"))?;
                read_like::<N, Opt::State, S>(&mut $this.state.params, $source, Error::State)?;
                $($forget)*
                Ok(())
            }
        }
    };
}

training!(Online, |online| true, |source| {});

// The sums of a trainer belong to the weights that it had.
training!(Trainer, |trainer| trainer.sums.count == 0, |source| {
    source.keep(&mut trainer.sums.count, 0);
});

/// `max_norm` and `max_weight`.
impl Part for Guard {
    const CONTENTS: Contents = Contents::Fields(
        "Guard",
        &[
            ("max_norm", &AnyF32::CONTENTS),
            ("max_weight", &AnyF32::CONTENTS),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        check_guard(self)?;
        sink.put(AnyF32(self.max_norm))?;
        sink.put(AnyF32(self.max_weight))
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        let (AnyF32(max_norm), AnyF32(max_weight)) = (source.next()?, source.next()?);
        let guard = Self {
            max_norm,
            max_weight,
        };
        check_guard(&guard)?;
        source.keep(self, guard);
        Ok(())
    }
}

/// A limit may be an infinity. No weight may be 0: that is the guard of a trainer that is unset.
fn check_guard(guard: &Guard) -> Result<(), Error> {
    if guard.max_norm.is_nan() || guard.max_norm < 0.0 {
        return Err(Error::Setting(Setting::MaxNorm));
    }
    if guard.max_weight > 0.0 {
        return Ok(());
    }
    Err(Error::Setting(Setting::MaxWeight))
}

/// Sums over samples, for a place where they are merged. Those that are not finite are refused.
impl<N: Params> Part for Sums<N> {
    const CONTENTS: Contents = Contents::Fields(
        "Sums",
        &[
            ("count", &u64::CONTENTS),
            ("loss", contents_of(|this: &Self| &this.loss)),
            ("weight", contents_of(|this: &Self| &this.weight)),
            (
                "grad",
                &Contents::Weights(N::ARCHITECTURE.fingerprint(&Kind::OWN), N::COUNT),
            ),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        sink.put(self.count as u64)?;
        let loss = self.loss.write(sink);
        loss.map_err(|error| error.of_field("loss"))?;
        let weight = self.weight.write(sink);
        weight.map_err(|error| error.of_field("weight"))?;
        write_like::<N, f32, S>(&self.grad, sink, Error::Tensor)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        let count = usize::try_from(source.next::<u64>()?);
        source.keep(&mut self.count, count.map_err(|_| Error::Value("count"))?);
        let loss = self.loss.read(source);
        loss.map_err(|error| error.of_field("loss"))?;
        let weight = self.weight.read(source);
        weight.map_err(|error| error.of_field("weight"))?;
        read_like::<N, f32, S>(&mut self.grad, source, Error::Tensor)
    }
}

/// The best parameters, their loss, and how long there was none better.
impl<N: Params> Part for EarlyStopping<N> {
    const CONTENTS: Contents = Contents::Fields(
        "EarlyStopping",
        &[
            (
                "params",
                &Contents::Weights(N::ARCHITECTURE.fingerprint(&Kind::OWN), N::COUNT),
            ),
            ("loss", &AnyF32::CONTENTS),
            ("waited", contents_of(|this: &Self| &this.waited)),
            ("patience", contents_of(|this: &Self| &this.patience)),
            ("min_delta", contents_of(|this: &Self| &this.min_delta)),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        write_like::<N, f32, S>(&self.params, sink, Error::Tensor)?;
        sink.put(AnyF32(self.loss))?;
        sink.put(self.waited)?;
        sink.put(self.patience)?;
        sink.put(self.min_delta)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        read_like::<N, f32, S>(&mut self.params, source, Error::Tensor)?;
        let AnyF32(loss) = source.next()?;
        if loss.is_nan() {
            return Err(Error::Value("loss"));
        }
        source.keep(&mut self.loss, loss);
        self.waited.read(source)?;
        self.patience.read(source)?;
        self.min_delta.read(source)
    }
}
