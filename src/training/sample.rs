//! One sample on its way through a network and back, and the bare step that is taken on it.

use crate::kernels::soft;
use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::network::{ActivationsOf, Network};
use crate::model::params::{TensorId, Visit};
use crate::training::weighing;
use core::hint::black_box;

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// A bare step of gradient descent on one sample, w -= lr dL/dw, and the loss before it: the
    /// least time, memory and code that learning takes, for inputs and rates that are known to be
    /// sane.
    ///
    /// Nothing is refused: NaN and infinities get into the parameters. Where
    /// [`Online`](crate::Online) with [`Sgd::new(lr)`](crate::Sgd::new) accepts the step, this has
    /// the same bits. A sample that counts 0 changes nothing, and its loss is 0.
    ///
    /// ```
    /// use stackprop::{SigmoidBce, net};
    ///
    /// let mut net = <net![2 => 3 => 1, SigmoidBce]>::new(1);
    /// let before = net.sgd_step(&[0.5, -1.0], &[1.0], 0.1);
    /// assert!(net.loss(&[0.5, -1.0], &[1.0]) < before);
    /// ```
    #[inline]
    pub fn sgd_step(&mut self, x: &[f32; I], target: &[f32; O], lr: f32) -> f32 {
        let step = move |(), w: &mut f32, g: f32, (): &mut ()| *w = soft::sub_product(*w, lr, g);
        if H::WEIGHTED {
            let factor = weighing::factor(&self.head, target).unwrap_or(0.0);
            return with_sample(self, x, target, factor, |layers, sample| {
                sample.fold::<H, _, _, _>(layers, &mut L::fill(()), (), |_| Visit::new(step));
                sample.loss
            });
        }
        // Not by `with_sample`, which takes a third more instructions with AVX2. Guarded by
        // `cargo bench --bench instructions`.
        let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
        let (mut y, mut dy) = ([0.0; O], [0.0; O]);
        self.layers.forward(x, &mut activations, &mut y);
        let (activations, y) = (&activations, &y);
        let pass = Pass { x, activations, y };
        let loss = self.loss_backward(pass, target, &mut dy, None, &mut delta, None);
        let mut nothing = L::fill(());
        self.layers
            .fold_gradient(pass, &dy, &delta, &mut nothing, (), |_| Visit::new(step));
        loss
    }
}

/// One sample after its way through a network and back: all that its gradient is made of.
pub(crate) struct Sample<'a, L: Layer<I, O>, const I: usize, const O: usize> {
    /// The mean loss of a batch of this sample.
    pub(crate) loss: f32,
    /// What makes the gradient that of this mean, where the head weighs samples.
    factor: f32,
    pass: Pass<'a, f32, ActivationsOf<L, I, O>, I, O>,
    dy: &'a [f32; O],
    delta: &'a ActivationsOf<L, I, O>,
}

/// Takes a sample forward, to its loss, and back as far as the deltas; then hands it to `then`,
/// with the layers.
#[inline(always)]
pub(crate) fn with_sample<L: Layer<I, O>, H: Head<O>, R, const I: usize, const O: usize>(
    network: &mut Network<L, H, I, O>,
    x: &[f32; I],
    target: &[f32; O],
    factor: f32,
    then: impl FnOnce(&mut L, Sample<'_, L, I, O>) -> R,
) -> R {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let (mut y, mut dy) = ([0.0; O], [0.0; O]);
    network.layers.forward(x, &mut activations, &mut y);
    let (activations, y) = (&activations, &y);
    let pass = Pass { x, activations, y };
    let loss = network.loss_backward(pass, target, &mut dy, None, &mut delta, None);
    let (dy, delta) = (&dy, &delta);
    let sample = Sample {
        loss: if H::WEIGHTED { loss * factor } else { loss },
        factor,
        pass,
        dy,
        delta,
    };
    then(&mut network.layers, sample)
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Clone for Sample<'_, L, I, O> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Copy for Sample<'_, L, I, O> {}

impl<L: Layer<I, O>, const I: usize, const O: usize> Sample<'_, L, I, O> {
    /// Folds what `f` gives for a tensor over its parameters, each with its gradient and its state.
    #[inline(always)]
    pub(crate) fn fold<H: Head<O>, S: Zero, A: Copy, F>(
        self,
        layers: &mut L,
        state: &mut L::Of<S>,
        start: A,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    {
        let (pass, dy, delta) = (self.pass, self.dy, self.delta);
        if H::WEIGHTED {
            let f = move |id| {
                let Visit { each, learns } = f(id);
                let each = move |acc, w: &mut f32, g, s: &mut S| each(acc, w, g * self.factor, s);
                Visit { each, learns }
            };
            layers.fold_gradient(pass, dy, delta, state, start, f)
        } else {
            layers.fold_gradient(pass, dy, delta, state, start, f)
        }
    }

    /// Calls `f` on each tensor with its parameters, a bound on the size of its gradient, and its
    /// state.
    #[inline(always)]
    pub(crate) fn bound<H: Head<O>, S: Zero>(
        self,
        layers: &mut L,
        state: &mut L::Of<S>,
        mut f: impl FnMut(TensorId, &[f32], f32, &[S]),
    ) {
        let (pass, dy, delta) = (self.pass, self.dy, self.delta);
        if H::WEIGHTED {
            let mut f = |id, w: &[f32], g: f32, s: &[S]| f(id, w, g * self.factor.abs(), s);
            layers.bound_gradient(pass, dy, delta, state, &mut f);
        } else {
            layers.bound_gradient(pass, dy, delta, state, &mut f);
        }
    }

    /// The same sample, opaque to the optimiser, so that the second pass recomputes each gradient
    /// instead of keeping all of them on the stack. Guarded by `cargo chip m4f::stack_bound`.
    #[inline(always)]
    pub(crate) const fn recomputed(mut self) -> Self {
        self.pass.x = black_box(self.pass.x);
        self
    }
}
