//! A network and what it does with one sample.

use crate::heads::Head;
use crate::lane::NOTHING;
use crate::layers::{Hidden, Layer, Pass};
use crate::params::{Grad, Params};

/// Layers that end in `O` logits, and the head on them. Plain data: a network can be a `static` in flash,
/// be copied, and be shared between threads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Network<L, H, const I: usize, const O: usize> {
    /// The layers, with the parameters.
    pub layers: L,
    /// The output activation and the loss.
    pub head: H,
}

/// A forward pass with everything that lies on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trace<H, const O: usize> {
    /// The numbers between the layers, in the nesting of the [`Chain`](crate::layers::Chain).
    pub hidden: H,
    /// What the last layer gives.
    pub logits: [f32; O],
    /// What the head makes of it.
    pub y_hat: [f32; O],
}

/// The gradients of one sample's loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gradients<G, H, const I: usize, const O: usize> {
    /// The loss.
    pub loss: f32,
    /// With respect to the parameters, in the fields of the network's layers.
    pub params: G,
    /// With respect to the numbers of [`Trace::hidden`], in the same nesting.
    pub hidden: H,
    /// With respect to the logits.
    pub logits: [f32; O],
    /// With respect to the input.
    pub input: [f32; I],
}

/// The numbers between the layers of `L`, for one sample.
pub type HiddenOf<L, const I: usize, const O: usize> = <L as Layer<I, O>>::Hidden<f32>;

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// How many parameters the network has.
    pub const PARAMETERS: usize = L::COUNT;

    /// A network of these layers and this head.
    #[must_use]
    pub const fn new(layers: L, head: H) -> Self {
        Self { layers, head }
    }

    /// A network whose parameters are all 0.
    #[must_use]
    pub fn zeros() -> Self
    where
        L: Params<Of<f32> = L>,
        H: Default,
    {
        Self::new(L::fill::<f32>(0.0), H::default())
    }

    /// The logits, before the output activation.
    #[inline]
    #[must_use]
    pub fn logits(&self, x: &[f32; I]) -> [f32; O] {
        let mut logits = [0.0; O];
        self.layers.forward(x, &mut Hidden::zero(), &mut logits);
        logits
    }

    /// y_hat, the output of the network.
    #[inline]
    #[must_use]
    pub fn forward(&self, x: &[f32; I]) -> [f32; O] {
        let mut y_hat = [0.0; O];
        self.head.predict(&self.logits(x), &mut y_hat);
        y_hat
    }

    /// The loss of one sample.
    #[inline]
    #[must_use]
    pub fn loss(&self, x: &[f32; I], target: &[f32; O]) -> f32 {
        self.head.loss(&self.logits(x), target)
    }

    /// Forward, keeping everything on the way.
    #[inline]
    #[must_use]
    pub fn trace(&self, x: &[f32; I]) -> Trace<HiddenOf<L, I, O>, O> {
        let mut trace = Trace {
            hidden: Hidden::zero(),
            logits: [0.0; O],
            y_hat: [0.0; O],
        };
        self.layers.forward(x, &mut trace.hidden, &mut trace.logits);
        self.head.predict(&trace.logits, &mut trace.y_hat);
        trace
    }

    /// Every gradient of the loss of one sample, from its [`trace`](Self::trace).
    #[inline]
    #[must_use]
    pub fn backward(
        &self,
        x: &[f32; I],
        trace: &Trace<HiddenOf<L, I, O>, O>,
        target: &[f32; O],
    ) -> Gradients<Grad<L>, HiddenOf<L, I, O>, I, O> {
        let mut g = Gradients {
            loss: 0.0,
            params: L::fill::<f32>(NOTHING),
            hidden: Hidden::zero(),
            logits: [0.0; O],
            input: [0.0; I],
        };
        g.loss = self.head.loss_grad(&trace.logits, target, &mut g.logits);
        let pass = Pass {
            x,
            hidden: &trace.hidden,
            y: &trace.logits,
        };
        self.layers
            .backward(pass, &g.logits, &mut g.params, &mut g.hidden, &mut g.input);
        g
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// A bare step of gradient descent on one sample, w -= lr dL/dw, and the loss before it: the least time, memory and
    /// code that learning takes, for inputs and rates that are known to be sane.
    ///
    /// Nothing is refused: NaN and infinities get into the parameters. Where [`Online`](crate::Online) with
    /// [`Sgd::new(lr)`](crate::Sgd::new) accepts the step, this has the same bits.
    #[inline]
    pub fn sgd_step(&mut self, x: &[f32; I], target: &[f32; O], lr: f32) -> f32 {
        let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
        let (mut y, mut dy) = ([0.0; O], [0.0; O]);
        self.layers.forward(x, &mut hidden, &mut y);
        let loss = self.head.loss_grad(&y, target, &mut dy);
        let (hidden, y) = (&hidden, &y);
        let pass = Pass { x, hidden, y };
        self.layers.backward_hidden(pass, &dy, &mut delta);
        let mut nothing = L::fill(());
        let step = move |(), w: &mut f32, g: f32, (): &mut ()| *w -= lr * g;
        self.layers
            .descend(pass, &dy, &delta, &mut nothing, (), step);
        loss
    }
}

/// The parameters of the layers, so that `Grad<Detector>` and `Sums<Detector>` go with a network's own type.
impl<L: Params, H: Copy, const I: usize, const O: usize> Params for Network<L, H, I, O> {
    type Of<T: Copy> = L::Of<T>;
    const COUNT: usize = L::COUNT;

    #[inline(always)]
    fn fill<T: Copy>(value: T) -> Self::Of<T> {
        L::fill(value)
    }

    #[inline(always)]
    fn params(&self) -> Self::Of<f32> {
        self.layers.params()
    }

    #[inline(always)]
    fn update<B: Copy, C: Copy>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [f32], &[B], &mut [C]),
    ) {
        self.layers.update(b, c, f);
    }

    #[inline(always)]
    fn zip<A: Copy, B: Copy, C: Copy>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
        L::zip(a, b, c, f);
    }
}
