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
use core::array::from_ref;
use core::fmt::{Debug, Formatter};
use core::hint::black_box;

/// A network that learns from one sample after another: network, optimiser, optimiser state and guard.
///
/// A step gives the bits of [`Trainer::step`](crate::Trainer::step) on that one row, and refuses the same steps with
/// the same errors. A gradient is used where it is computed, so the memory of training is
/// [`BYTES`](Self::BYTES): with [`Sgd`](crate::Sgd) hardly more than the network. The price is that samples can not
/// be collected for a mini-batch, and that each number of the gradient is computed twice: once to see whether
/// the step may be taken. (Three times with [`Guard::max_norm`].)
#[derive(Clone)]
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

/// One sample after its way through a network and back: all that the gradient is made of.
#[derive(Clone, Copy)]
struct Sample<'a, H, const I: usize, const O: usize> {
    loss: f32,
    pass: Pass<'a, f32, H, I, O>,
    dy: &'a [f32; O],
    delta: &'a H,
}

impl<H, const I: usize, const O: usize> Sample<'_, H, I, O> {
    /// The same, of which the compiler does not know that it is: what the trial of a step computed would lie on the
    /// stack until the step, when it is as soon computed again.
    #[inline(always)]
    fn anew(mut self) -> Self {
        self.pass.x = black_box(self.pass.x);
        self
    }
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
    /// Bytes of all of it, settings included, but for what a call has on the stack besides.
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
    /// [`Error::NotFinite`] with what was not finite, [`Error::Target`] if the head is not made for the target, and
    /// [`Error::Diverged`] where a parameter would outgrow [`Guard::max_weight`]. Nothing was learned then.
    #[inline]
    pub fn step(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<f32, Error> {
        if self.guard.max_norm.is_none()
            && let Some(loss) = self.quick(x, target)
        {
            return Ok(loss);
        }
        self.careful(x, target)
    }

    /// One step on one sample, and what the network said of it before the step: over a stream, an honest test of
    /// each sample, since it has not been learned yet.
    ///
    /// # Errors
    /// As [`step`](Self::step). [`Network::forward`] still gives the output then.
    #[inline]
    pub fn test_then_train(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<Tested<O>, Error> {
        let y_hat = self.network.forward(x);
        let loss = self.step(x, target)?;
        Ok(Tested { y_hat, loss })
    }

    /// Forgets what the optimiser remembers, as [`Trainer::reset_state`](crate::Trainer::reset_state) does.
    pub fn reset_state(&mut self) {
        self.state = L::fill(Opt::START);
    }

    /// A step that is fine at a glance, or none, and nothing has changed.
    // A frame of its own, which is given back before `careful` takes another.
    #[inline(never)]
    fn quick(&mut self, x: &[f32; I], target: &[f32; O]) -> Option<f32> {
        guard::samples(&self.network.head, from_ref(x), from_ref(target)).ok()?;
        self.backward(x, target, |this, sample| {
            let loss = guard::loss(sample.loss).ok()?;
            let mut optimizer = this.optimizer;
            let step = optimizer.begin();
            let glance = this.fold(sample, Glance::new(), move |glance, w, g, s| {
                glance.look(Opt::update(&step, *w, g, *s))
            });
            if !glance.is_fine(&this.guard) {
                return None;
            }
            this.optimizer = optimizer;
            this.fold(sample.anew(), (), move |(), w, g, s| {
                (*w, *s) = Opt::update(&step, *w, g, *s);
            });
            Some(loss)
        })
    }

    /// A step from the beginning, with a clipped gradient or a reason why it is refused.
    #[cold]
    #[inline(never)]
    fn careful(&mut self, x: &[f32; I], target: &[f32; O]) -> Result<f32, Error> {
        guard::samples(&self.network.head, from_ref(x), from_ref(target))?;
        self.backward(x, target, |this, sample| {
            let loss = guard::loss(sample.loss)?;
            let guard = this.guard;
            let factor = guard.clip(|| this.norm(sample))?;
            let clipped = move |g: f32| factor.map_or(g, |factor| g * factor);
            let mut optimizer = this.optimizer;
            let step = optimizer.begin();
            let trial = this.fold(sample, Trial::new(), move |trial, w, g, s| {
                trial.look(clipped(g), Opt::update(&step, *w, clipped(g), *s))
            });
            trial.verdict(&guard)?;
            this.optimizer = optimizer;
            this.fold(sample.anew(), (), move |(), w, g, s| {
                (*w, *s) = Opt::update(&step, *w, clipped(g), *s);
            });
            Ok(loss)
        })
    }

    /// Forward, the loss, and backward as far as the deltas; then what `then` makes of it.
    #[inline(always)]
    fn backward<R>(
        &mut self,
        x: &[f32; I],
        target: &[f32; O],
        then: impl FnOnce(&mut Self, Sample<'_, HiddenOf<L, I, O>, I, O>) -> R,
    ) -> R {
        let Network { layers, head } = &self.network;
        let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
        let (mut y, mut dy) = ([0.0; O], [0.0; O]);
        layers.forward(x, &mut hidden, &mut y);
        let loss = head.loss_grad(&y, target, &mut dy);
        let (hidden, y) = (&hidden, &y);
        let pass = Pass { x, hidden, y };
        layers.backward_hidden(pass, &dy, &mut delta);
        let (dy, delta) = (&dy, &delta);
        let sample = Sample {
            loss,
            pass,
            dy,
            delta,
        };
        then(self, sample)
    }

    /// Folds `f` over the parameters, each with its gradient and its state.
    #[inline(always)]
    fn fold<A: Copy>(
        &mut self,
        sample: Sample<'_, HiddenOf<L, I, O>, I, O>,
        start: A,
        f: impl Fn(A, &mut f32, f32, &mut Opt::State) -> A + Copy,
    ) -> A {
        let Sample {
            pass, dy, delta, ..
        } = sample;
        let layers = &mut self.network.layers;
        layers.descend(pass, dy, delta, &mut self.state, start, f)
    }

    /// The length of the gradient.
    #[inline(always)]
    fn norm(&mut self, sample: Sample<'_, HiddenOf<L, I, O>, I, O>) -> f32 {
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
