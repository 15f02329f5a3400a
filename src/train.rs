//! Training: the file to read first.
//!
//! A [`Trainer`] owns a network, an optimiser with its state, and a gradient. All its memory is
//! `size_of_val(&trainer)`, and what a step needs beyond it is one tile of samples on the stack.
//!
//! ```
//! use stackprop::{Sgd, Trainer, notebook::{NET_BOOK, X, Y}};
//!
//! let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.1));
//! let before = trainer.step(&X, &Y)?;              // one step on a mini-batch: the loss before it
//! let [y_hat] = trainer.network.forward(&X[0]);    // inference with what was learned
//! for _ in 0..100 {
//!     trainer.epoch(&X, &Y, 2)?;                   // mini-batches of 2 in the given order
//! }
//! assert!(trainer.step(&X, &Y)? < before);
//! # assert!(y_hat > 0.0);
//! # Ok::<(), stackprop::Error>(())
//! ```
//!
//! # It cannot silently diverge
//! A step computes what the parameters and the optimiser's state would become, and if anything of it is not
//! finite, the step is refused with an [`Error`] that says what was wrong, and nothing has changed: the last
//! good parameters stay. That is so for NaN in a row, for a loss that overflows, and for a learning rate of 1e30.

use crate::batch;
use crate::error::{Error, NotFinite};
use crate::heads::Head;
use crate::lane::{NOTHING, Wide};
use crate::layers::Layer;
use crate::network::Network;
use crate::optim::{Finite, Optimizer};
use crate::params::{self, Grad};
use core::fmt::{Debug, Formatter};

/// What a parameter may become without [`Guard::max_weight`] being set: 2^20. A weight that large has left any
/// network whose inputs are normalised, while sums of a few of its products are still far from overflow.
pub const MAX_WEIGHT: f32 = 1_048_576.0;

/// When a step is refused or tamed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Guard {
    /// A gradient longer than this is scaled down to it: `torch.nn.utils.clip_grad_norm_`. None by default.
    pub max_norm: Option<f32>,
    /// A step that makes a parameter larger than this is refused. [`MAX_WEIGHT`] by default.
    pub max_weight: f32,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            max_norm: None,
            max_weight: MAX_WEIGHT,
        }
    }
}

/// A network that learns: network, optimiser, optimiser state, gradient and guard.
#[derive(Clone, Copy)]
pub struct Trainer<L: Layer<I, O>, H, Opt: Optimizer, const I: usize, const O: usize> {
    /// The network, for inference at any time.
    pub network: Network<L, H, I, O>,
    /// The optimiser; its learning rate may be changed between steps.
    pub optimizer: Opt,
    /// What is refused.
    pub guard: Guard,
    state: L::Of<Opt::State>,
    grad: Grad<L>,
    loss: f32,
    count: u32,
}

/// The trainer of a network type: `TrainerOf<Detector, Sgd>`.
pub type TrainerOf<N, Opt> = <N as Trainable>::Trainer<Opt>;

/// What can be trained: every [`Network`].
pub trait Trainable {
    /// Its trainer with an optimiser.
    type Trainer<Opt: Optimizer>;
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Trainable for Network<L, H, I, O> {
    type Trainer<Opt: Optimizer> = Trainer<L, H, Opt, I, O>;
}

impl<L, H, Opt, const I: usize, const O: usize> Trainer<L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    /// Bytes of the parameters.
    pub const PARAMETER_BYTES: usize = size_of::<L>();
    /// Bytes of the gradient.
    pub const GRADIENT_BYTES: usize = size_of::<Grad<L>>();
    /// Bytes of the optimiser's state.
    pub const STATE_BYTES: usize = size_of::<L::Of<Opt::State>>();
    /// Bytes of the activations that one sample's step keeps on the stack, with their gradients.
    pub const ACTIVATION_BYTES: usize = 2 * size_of::<(L::Hidden<f32>, [f32; O])>();
    /// Bytes of all of it, settings included: the trainer itself and the activations of a sample.
    pub const BYTES: usize = size_of::<Self>() + Self::ACTIVATION_BYTES;

    /// Training of `network` from where it is.
    #[inline]
    #[must_use]
    pub fn new(network: Network<L, H, I, O>, optimizer: Opt) -> Self {
        Self {
            network,
            optimizer,
            guard: Guard::default(),
            state: L::fill(Opt::START),
            grad: L::fill(NOTHING),
            loss: NOTHING,
            count: 0,
        }
    }

    /// One step on the mean gradient of a mini-batch. Gives the mean loss before the step. Samples that were
    /// [accumulated](Self::accumulate) before are forgotten.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`]; [`Error::NotFinite`] with what was not finite and [`Error::Diverged`]
    /// where a parameter would outgrow [`Guard::max_weight`]. Nothing was learned then.
    #[inline]
    pub fn step(&mut self, rows: &[[f32; I]], targets: &[[f32; O]]) -> Result<f32, Error> {
        // Every update forgets, so mostly there is nothing left.
        if self.count > 0 {
            self.forget();
        }
        self.accumulate(rows, targets)?;
        self.update()
    }

    /// Steps on mini-batches of `batch` samples in the given order, the last one smaller if they do not divide.
    /// Gives the mean of the losses of all samples, each before its step. A `batch` of 0 counts as 1.
    ///
    /// # Errors
    /// As [`step`](Self::step), from the first mini-batch that is refused; those before it have been learned.
    pub fn epoch(
        &mut self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        batch: usize,
    ) -> Result<f32, Error> {
        batch::check(rows.len(), targets.len())?;
        let (mut sum, batch) = (NOTHING, batch.max(1));
        for (rows, targets) in rows.chunks(batch).zip(targets.chunks(batch)) {
            sum += self.step(rows, targets)? * rows.len() as f32;
        }
        Ok(sum / rows.len() as f32)
    }

    /// Adds samples to the gradient of the next [`update`](Self::update): any number of calls, of one sample
    /// or more. Up to 16 samples one by one give the bits of a mini-batch of them.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], and [`Error::NotFinite`] for a row or a target that is not finite.
    /// Nothing was added then.
    #[inline]
    pub fn accumulate(&mut self, rows: &[[f32; I]], targets: &[[f32; O]]) -> Result<(), Error> {
        batch::check(rows.len(), targets.len())?;
        finite(rows.as_flattened()).ok_or(Error::NotFinite(NotFinite::Input))?;
        finite(targets.as_flattened()).ok_or(Error::NotFinite(NotFinite::Target))?;
        self.network
            .add_blocks::<Wide>(rows, targets, &mut self.loss, &mut self.grad);
        self.count += rows.len() as u32;
        Ok(())
    }

    /// A step on the mean gradient of what was accumulated, which is then forgotten. Gives the mean loss.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    #[inline]
    pub fn update(&mut self) -> Result<f32, Error> {
        if self.count == 0 {
            return Err(Error::Empty);
        }
        let loss = batch::mean::<L>(self.loss, &mut self.grad, self.count as usize);
        let result = self.apply(loss);
        self.forget();
        result
    }

    /// Forgets what was accumulated.
    #[inline]
    pub fn forget(&mut self) {
        self.loss = NOTHING;
        self.grad = L::fill(NOTHING);
        self.count = 0;
    }

    /// Steps along `self.grad` if everything stays finite.
    #[inline(always)]
    fn apply(&mut self, loss: f32) -> Result<f32, Error> {
        if !loss.is_finite() {
            return Err(Error::NotFinite(NotFinite::Loss));
        }
        if let Some(max_norm) = self.guard.max_norm {
            let norm = params::norm::<L>(&self.grad);
            if norm > max_norm {
                params::scale::<L>(&mut self.grad, max_norm / norm);
            }
        }
        let mut optimizer = self.optimizer;
        let step = optimizer.begin();
        self.try_step(&step)?;
        self.optimizer = optimizer;
        let (layers, grad, state) = (&mut self.network.layers, &self.grad, &mut self.state);
        params::update(layers, grad, state, |w, g, s| {
            (*w, *s) = Opt::update(&step, *w, g, *s)
        });
        Ok(loss)
    }

    /// Looks at what a step would do, and changes nothing.
    #[inline(always)]
    fn try_step(&mut self, step: &Opt::Step) -> Result<(), Error> {
        let (mut largest, mut poison) = (0.0, 0.0);
        let (layers, grad, state) = (&mut self.network.layers, &self.grad, &mut self.state);
        params::update(layers, grad, state, |w, g, s| {
            let (w, s) = Opt::update(step, *w, g, *s);
            // 0 times inf or NaN is NaN, and NaN stays NaN.
            poison += w.zero() + s.zero();
            largest = if w.abs() > largest { w.abs() } else { largest };
        });
        if largest > self.guard.max_weight {
            return Err(Error::Diverged);
        }
        if poison == 0.0 {
            return Ok(());
        }
        let gradient = params::norm::<L>(&self.grad).is_finite();
        Err(Error::NotFinite(if gradient {
            NotFinite::Step
        } else {
            NotFinite::Gradient
        }))
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Debug for Trainer<L, H, Opt, I, O>
where
    L: Layer<I, O> + Debug,
    H: Debug,
    Opt: Optimizer + Debug,
{
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self {
            network,
            optimizer,
            guard,
            count,
            ..
        } = self;
        let mut all = f.debug_struct("Trainer");
        all.field("network", network)
            .field("optimizer", optimizer)
            .field("guard", guard);
        all.field("accumulated", count).finish_non_exhaustive()
    }
}

/// Some if all numbers are finite.
#[inline(always)]
fn finite(all: &[f32]) -> Option<()> {
    let poison = all.iter().fold(0.0, |poison, v| poison + v.zero());
    (poison == 0.0).then_some(())
}
