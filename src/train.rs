//! Training: the file to read first.
//!
//! A [`Trainer`] owns a network, an optimiser with its state, and a gradient: `size_of_val(&trainer)` is what lives from
//! step to step. A step needs stack beyond it: the activations of a tile of samples, and the partial sums of [`batch`], as
//! many gradients as a lane type has lanes, from that many rows on (with one lane from 17). The README has the stack of a Cortex-M4F.
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
//! A network that learns from one sample at a time needs less: see [`Online`], which keeps no gradient.
//!
//! # It cannot silently diverge
//! A step computes what the parameters and the optimiser's state would become, and if anything of it is not
//! finite, the step is refused with an [`Error`] that says what was wrong, and nothing has changed: the last
//! good parameters stay. That is so for NaN in a row, for a loss that overflows, and for a learning rate of 1e30.

use crate::batch;
use crate::error::Error;
use crate::guard::{self, Glance, Guard, Trial};
use crate::heads::Head;
use crate::lane::{NOTHING, Wide};
use crate::layers::Layer;
use crate::network::Network;
use crate::online::Online;
use crate::optim::Optimizer;
use crate::params::{self, Grad};
use core::fmt::{Debug, Formatter};
use core::ops::Range;

/// A network that learns: network, optimiser, optimiser state, gradient and guard. Not `Copy`, for it may be kilobytes, and
/// a copy that learns is not the trainer.
#[derive(Clone)]
pub struct Trainer<L: Layer<I, O>, H, Opt: Optimizer, const I: usize, const O: usize> {
    /// The network, for inference at any time.
    pub network: Network<L, H, I, O>,
    /// The optimiser; its learning rate may be changed between steps.
    pub optimizer: Opt,
    /// What is refused.
    pub guard: Guard,
    state: L::Of<Opt::State>,
    pub(crate) grad: Grad<L>,
    pub(crate) loss: f32,
    count: u32,
}

/// The trainer of a network type: `TrainerOf<Detector, Sgd>`.
pub type TrainerOf<N, Opt> = <N as Trainable>::Trainer<Opt>;

/// The trainer of a network type on one sample at a time: `OnlineOf<Detector, Sgd>`.
pub type OnlineOf<N, Opt> = <N as Trainable>::Online<Opt>;

/// What can be trained: every [`Network`].
pub trait Trainable {
    /// Its trainer with an optimiser.
    type Trainer<Opt: Optimizer>;
    /// Its trainer on one sample at a time.
    type Online<Opt: Optimizer>;
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Trainable for Network<L, H, I, O> {
    type Trainer<Opt: Optimizer> = Trainer<L, H, Opt, I, O>;
    type Online<Opt: Optimizer> = Online<L, H, Opt, I, O>;
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
    /// Bytes of all of it, settings included: the trainer itself and the activations of a sample. What a call has on the
    /// stack besides, saved registers and for longer batches partial sums, depends on the compiler and is not in it.
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
    /// [`Error::Empty`], [`Error::Length`]; [`Error::NotFinite`] with what was not finite, [`Error::Target`] with the index
    /// of a target that the head is not made for, and [`Error::Diverged`] where a parameter would outgrow
    /// [`Guard::max_weight`]. Nothing was learned then.
    #[inline]
    pub fn step(&mut self, rows: &[[f32; I]], targets: &[[f32; O]]) -> Result<f32, Error> {
        batch::check(rows.len(), targets.len())?;
        self.forget();
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
        let mut first = 0;
        for (rows, targets) in rows.chunks(batch).zip(targets.chunks(batch)) {
            let loss = self.step(rows, targets);
            sum += loss.map_err(|error| error.after(first))? * rows.len() as f32;
            first += rows.len();
        }
        Ok(sum / rows.len() as f32)
    }

    /// Adds samples to the gradient of the next [`update`](Self::update): any number of calls, of one sample
    /// or more. Up to 16 samples one by one give the bits of a mini-batch of them.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`] for a row or a target that is not finite, and
    /// [`Error::Target`]. Nothing was added then.
    #[inline]
    pub fn accumulate(&mut self, rows: &[[f32; I]], targets: &[[f32; O]]) -> Result<(), Error> {
        batch::check(rows.len(), targets.len())?;
        guard::samples(&self.network.head, rows, targets)?;
        self.clear();
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
        let count = self.count as usize;
        self.forget();
        let loss = self.mean(count)?;
        let mut optimizer = self.optimizer;
        let step = optimizer.begin();
        let all = 0..L::COUNT;
        if !self
            .look(all.clone(), &step, Glance::new())
            .is_fine(&self.guard)
        {
            self.verdict(&step)?;
        }
        self.optimizer = optimizer;
        self.change(all, &step);
        Ok(loss)
    }

    /// Forgets what was accumulated.
    #[inline]
    pub fn forget(&mut self) {
        self.count = 0;
    }

    /// Forgets what the optimiser remembers, momentum or moments, as a new one would begin. After
    /// [`Error::Diverged`] for instance: a velocity that a huge gradient has left proposes the same step again and again.
    pub fn reset_state(&mut self) {
        self.state = L::fill(Opt::START);
    }

    /// Sums start from nothing if nothing is in them that counts.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        if self.count == 0 {
            (self.loss, self.grad) = (NOTHING, L::fill(NOTHING));
        }
    }

    /// Makes the sums means, clips the gradient, and gives the mean loss.
    #[inline(always)]
    pub(crate) fn mean(&mut self, count: usize) -> Result<f32, Error> {
        let loss = guard::loss(batch::mean::<L>(self.loss, &mut self.grad, count))?;
        if let Some(factor) = self.guard.clip(|| params::norm::<L>(&self.grad))? {
            params::scale::<L>(&mut self.grad, factor);
        }
        Ok(loss)
    }

    /// Looks at what the parameters in `range` would become.
    #[inline(always)]
    pub(crate) fn look(&mut self, range: Range<usize>, step: &Opt::Step, glance: Glance) -> Glance {
        let (layers, grad, state) = (&mut self.network.layers, &self.grad, &mut self.state);
        let mut glance = glance;
        params::update_range(layers, grad, state, range, |w, g, s| {
            glance = glance.look(Opt::update(step, *w, g, *s));
        });
        glance
    }

    /// Changes the parameters in `range`.
    #[inline(always)]
    pub(crate) fn change(&mut self, range: Range<usize>, step: &Opt::Step) {
        let (layers, grad, state) = (&mut self.network.layers, &self.grad, &mut self.state);
        params::update_range(layers, grad, state, range, |w, g, s| {
            (*w, *s) = Opt::update(step, *w, g, *s);
        });
    }

    /// Whether a step that does not look fine at a glance may be taken.
    #[cold]
    #[inline(never)]
    pub(crate) fn verdict(&mut self, step: &Opt::Step) -> Result<(), Error> {
        let (layers, grad, state) = (&mut self.network.layers, &self.grad, &mut self.state);
        let mut trial = Trial::new();
        params::update(layers, grad, state, |w, g, s| {
            trial = trial.look(g, Opt::update(step, *w, g, *s));
        });
        trial.verdict(&self.guard)
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
