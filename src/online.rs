//! Training on one sample at a time, without a gradient in memory.
//!
//! ```
//! use stackprop::{Online, Sgd, notebook::{NET, X, Y}};
//!
//! let mut online = Online::new(NET, Sgd::new(0.1));
//! for (x, y) in X.iter().zip(&Y) {
//!     let tested = online.test_then_train(x, y)?; // what the network says before it learns the answer
//!     assert!(tested.loss > 0.0 && tested.y_hat[0] < 1.0);
//! }
//! // 22 parameters and a few settings, nothing else.
//! assert!(size_of_val(&online) <= 22 * 4 + 24);
//! # Ok::<(), stackprop::Error>(())
//! ```

use crate::error::Error;
use crate::guard::{self, Glance, Guard, Trial};
use crate::heads::Head;
use crate::layers::{Hidden, Layer, Pass};
use crate::network::{HiddenOf, Network};
use crate::optim::Optimizer;
use core::fmt::{Debug, Formatter};

/// A network that learns from one sample after another: network, optimiser, optimiser state and guard.
///
/// A step gives the bits of [`Trainer::step`](crate::Trainer::step) on that one row, and refuses the same steps with
/// the same errors. A gradient is used where it is computed, so the memory of training is
/// [`BYTES`](Self::BYTES): with [`Sgd`](crate::Sgd) hardly more than the network. The price is that samples can not
/// be collected for a mini-batch, and that each number of the gradient is computed twice: once to see whether
/// the step may be taken. (Three times with [`Guard::max_norm`].)
#[derive(Clone, Copy)]
pub struct Online<L: Layer<I, O>, H, Opt: Optimizer, const I: usize, const O: usize> {
    /// The network, for inference at any time.
    pub network: Network<L, H, I, O>,
    /// The optimiser; its learning rate may be changed between steps.
    pub optimizer: Opt,
    /// What is refused.
    pub guard: Guard,
    state: L::Of<Opt::State>,
}

/// What a network said of a sample before learning it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested<const O: usize> {
    /// The output.
    pub y_hat: [f32; O],
    /// The loss.
    pub loss: f32,
}

/// One sample on its way through a network, all that backward needs.
struct Sample<'a, H, const I: usize, const O: usize> {
    x: &'a [f32; I],
    hidden: H,
    delta: H,
    logits: [f32; O],
    dlogits: [f32; O],
}

impl<L, H, Opt, const I: usize, const O: usize> Online<L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    /// Bytes of the parameters.
    pub const PARAMETER_BYTES: usize = size_of::<L>();
    /// Bytes of the optimiser's state.
    pub const STATE_BYTES: usize = size_of::<L::Of<Opt::State>>();
    /// Bytes of the activations that a step keeps on the stack, with their gradients.
    pub const ACTIVATION_BYTES: usize = 2 * size_of::<(HiddenOf<L, I, O>, [f32; O])>();
    /// Bytes of all of it, settings included.
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
        }
    }

    /// One step on one sample. Gives the loss before the step.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with what was not finite, and [`Error::Diverged`] where a parameter would outgrow
    /// [`Guard::max_weight`]. Nothing was learned then.
    #[inline]
    pub fn step(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<f32, Error> {
        self.learn(x, target).map(|(loss, _)| loss)
    }

    /// One step on one sample, and what the network said of it before the step: over a stream, an honest test of
    /// each sample, since it has not been learned yet.
    ///
    /// # Errors
    /// As [`step`](Self::step). [`Network::forward`] still gives the output then.
    #[inline]
    pub fn test_then_train(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<Tested<O>, Error> {
        let (loss, logits) = self.learn(x, target)?;
        let mut y_hat = [0.0; O];
        self.network.head.predict(&logits, &mut y_hat);
        Ok(Tested { y_hat, loss })
    }

    /// The loss and the logits before the step.
    #[inline(always)]
    fn learn(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<(f32, [f32; O]), Error> {
        guard::samples(x, target)?;
        let mut sample = Sample {
            x,
            hidden: Hidden::zero(),
            delta: Hidden::zero(),
            logits: [0.0; O],
            dlogits: [0.0; O],
        };
        let loss = guard::loss(self.backward(&mut sample, target))?;
        let guard = self.guard;
        match guard.clip(|| self.norm(&sample)) {
            None => self.apply(&sample, |g| g)?,
            Some(factor) => self.apply_clipped(&sample, factor)?,
        }
        Ok((loss, sample.logits))
    }

    // A function of its own keeps the common path short.
    #[cold]
    #[inline(never)]
    fn apply_clipped(
        &mut self,
        sample: &Sample<'_, HiddenOf<L, I, O>, I, O>,
        factor: f32,
    ) -> Result<(), Error> {
        self.apply(sample, move |g| g * factor)
    }

    /// Steps along the gradient if everything stays finite.
    #[inline(always)]
    fn apply(
        &mut self,
        sample: &Sample<'_, HiddenOf<L, I, O>, I, O>,
        clipped: impl Fn(f32) -> f32 + Copy,
    ) -> Result<(), Error> {
        let mut optimizer = self.optimizer;
        let step = optimizer.begin();
        let glance = self.fold(sample, Glance::new(), move |glance, w, g, s| {
            glance.look(Opt::update(&step, *w, clipped(g), *s))
        });
        if !glance.is_fine(&self.guard) {
            self.verdict(sample, step, clipped)?;
        }
        self.optimizer = optimizer;
        self.fold(sample, (), move |(), w, g, s| {
            (*w, *s) = Opt::update(&step, *w, clipped(g), *s);
        });
        Ok(())
    }

    /// Whether a step that does not look fine at a glance may be taken.
    #[cold]
    #[inline(never)]
    fn verdict(
        &mut self,
        sample: &Sample<'_, HiddenOf<L, I, O>, I, O>,
        step: Opt::Step,
        clipped: impl Fn(f32) -> f32 + Copy,
    ) -> Result<(), Error> {
        let trial = self.fold(sample, Trial::new(), move |trial, w, g, s| {
            trial.look(Opt::update(&step, *w, clipped(g), *s))
        });
        let norm = self.norm(sample);
        trial.verdict(&self.guard, norm)
    }

    /// Forward, the loss, and backward as far as the deltas.
    #[inline(always)]
    fn backward(&self, sample: &mut Sample<'_, HiddenOf<L, I, O>, I, O>, target: &[f32; O]) -> f32 {
        let Network { layers, head } = &self.network;
        layers.forward(sample.x, &mut sample.hidden, &mut sample.logits);
        let loss = head.loss_grad(&sample.logits, target, &mut sample.dlogits);
        let pass = Pass {
            x: sample.x,
            hidden: &sample.hidden,
            y: &sample.logits,
        };
        layers.backward_hidden(pass, &sample.dlogits, &mut sample.delta);
        loss
    }

    /// Folds `f` over the parameters, each with its gradient and its state.
    #[inline(always)]
    fn fold<A: Copy>(
        &mut self,
        sample: &Sample<'_, HiddenOf<L, I, O>, I, O>,
        start: A,
        f: impl Fn(A, &mut f32, f32, &mut Opt::State) -> A + Copy,
    ) -> A {
        let pass = Pass {
            x: sample.x,
            hidden: &sample.hidden,
            y: &sample.logits,
        };
        let (dy, delta) = (&sample.dlogits, &sample.delta);
        let layers = &mut self.network.layers;
        layers.descend(pass, dy, delta, &mut self.state, start, f)
    }

    /// The length of the gradient.
    #[inline(always)]
    fn norm(&mut self, sample: &Sample<'_, HiddenOf<L, I, O>, I, O>) -> f32 {
        libm::sqrtf(self.fold(sample, 0.0, |sum, _, g, _| sum + g * g))
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Debug for Online<L, H, Opt, I, O>
where
    L: Layer<I, O> + Debug,
    H: Debug,
    Opt: Optimizer + Debug,
{
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Online")
            .field("network", &self.network)
            .field("optimizer", &self.optimizer)
            .field("guard", &self.guard)
            .finish_non_exhaustive()
    }
}
