//! A network and what it does with one sample.

use crate::kernels::simd::{SUM_START, Vector};
use crate::kernels::zero::Zero;
use crate::model::architecture::Architecture;
use crate::model::heads::Head;
use crate::model::init::Scheme;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::params::{Grad, Params, Tensor, TensorId, TensorMut};
use crate::model::random::Random;
use rand_core::Rng;

pub use super::generic::Model;

/// Layers that end in `O` logits, and the head on them. Plain data: a network can be a `static` in
/// flash, be copied, and be shared between threads. [`net!`](crate::net) writes the type.
///
/// ```
/// use stackprop::{Relu, SigmoidBce, net};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// let detector = Detector::new(7); // random weights from seed 7, as PyTorch's nn.Linear begins
/// let [y_hat] = detector.forward(&[0.5, -1.0, 2.0]);
/// assert!(y_hat > 0.0 && y_hat < 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network<L, H, const I: usize, const O: usize> {
    /// The layers, with the parameters.
    pub layers: L,
    /// The output activation and the loss.
    pub head: H,
}

/// A forward pass with everything on the way. See [`Network::trace`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Trace<A, const O: usize> {
    /// The numbers between the layers, in the nesting of the [`Chain`](crate::layers::Chain).
    pub activations: A,
    /// The output of the last layer.
    pub logits: [f32; O],
    /// The output of the head.
    pub y_hat: [f32; O],
}

/// The gradients of one sample's loss. See [`Network::backward`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Gradients<G, A, const I: usize, const O: usize> {
    /// The loss.
    pub loss: f32,
    /// With respect to the parameters, in the fields of the network's layers.
    pub params: G,
    /// With respect to the numbers of [`Trace::activations`], in the same nesting.
    pub activations: A,
    /// With respect to the logits.
    pub logits: [f32; O],
    /// With respect to the input.
    pub input: [f32; I],
}

/// The numbers between the layers of `L`, for one sample.
pub type ActivationsOf<L, const I: usize, const O: usize> = <L as Layer<I, O>>::Activations<f32>;

// The bounds stand at the functions, not at the block: so a network that does not fit together is
// reported in our words, and not as a function that does not exist.
impl<L, H, const I: usize, const O: usize> Network<L, H, I, O> {
    /// A network with random weights from this seed, as PyTorch's `nn.Linear` begins:
    /// [`Scheme::Default`](crate::init::Scheme). The same seed gives the same bits on every target.
    #[must_use]
    pub fn new(seed: u64) -> Self
    where
        L: Layer<I, O> + Zero,
        H: Head<O>,
    {
        Self::random(Scheme::Default, &mut Random::new(seed))
    }

    /// A network with random weights from `random`, uniform within the bounds of `scheme`.
    ///
    /// ```
    /// use stackprop::{Random, Relu, SigmoidBce, init::Scheme, net};
    ///
    /// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
    /// let net = Detector::random(Scheme::KaimingUniform, &mut Random::new(1));
    /// assert!(net.layers.0.weight[0][0].abs() < 1.414_213_6); // sqrt(6 / 3)
    /// let mut other = Detector::zeros();
    /// other.init(Scheme::KaimingUniform, &mut Random::new(1)); // where it lies
    /// assert_eq!(other, net);
    /// ```
    #[must_use]
    pub fn random(scheme: Scheme, random: &mut impl Rng) -> Self
    where
        L: Layer<I, O> + Zero,
        H: Head<O>,
    {
        let mut network = Self::zeros();
        network.init(scheme, random);
        network
    }

    /// A network of these layers, with their weights, and this head.
    #[must_use]
    pub const fn from_layers(layers: L, head: H) -> Self
    where
        L: Layer<I, O>,
        H: Head<O>,
    {
        Self { layers, head }
    }

    /// A network whose weights are all 0, for weights that come from elsewhere. It does not learn:
    /// with one hidden layer or more, every gradient but that of the last bias is 0. Use
    /// [`new`](Self::new) or [`init`](Self::init) to train.
    #[must_use]
    pub const fn zeros() -> Self
    where
        L: Layer<I, O> + Zero,
        H: Head<O>,
    {
        Self {
            layers: L::ZERO,
            head: H::DEFAULT,
        }
    }

    /// A gradient of this network, all 0: where [`gradient_batch`](Self::gradient_batch) writes.
    #[must_use]
    pub const fn zero_grad() -> Grad<L>
    where
        L: Params,
    {
        <L::Of<f32> as Zero>::ZERO
    }

    /// Sets the weights where they lie, as [`random`](Self::random) does.
    pub fn init(&mut self, scheme: Scheme, random: &mut impl Rng)
    where
        L: Layer<I, O>,
    {
        self.layers.init(scheme, random);
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// The logits, before the output activation.
    #[inline]
    #[must_use]
    pub fn logits(&self, x: &[f32; I]) -> [f32; O] {
        let mut logits = [0.0; O];
        self.layers
            .forward(x, &mut Activations::zero(), &mut logits);
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
    pub fn trace(&self, x: &[f32; I]) -> Trace<ActivationsOf<L, I, O>, O> {
        let mut trace = Trace {
            activations: Activations::zero(),
            logits: [0.0; O],
            y_hat: [0.0; O],
        };
        self.layers
            .forward(x, &mut trace.activations, &mut trace.logits);
        self.head.predict(&trace.logits, &mut trace.y_hat);
        trace
    }

    /// Every gradient of the loss of one sample, from its [`trace`](Self::trace).
    ///
    /// ```
    /// use stackprop::notebook::{NET, X, Y};
    ///
    /// let trace = NET.trace(&X[0]);
    /// let g = NET.backward(&X[0], &trace, &Y[0]);
    /// assert_eq!(g.logits[0], trace.y_hat[0] - Y[0][0]);
    /// assert_eq!(trace.logits, NET.logits(&X[0]));
    /// ```
    #[inline]
    #[must_use]
    pub fn backward(
        &self,
        x: &[f32; I],
        trace: &Trace<ActivationsOf<L, I, O>, O>,
        target: &[f32; O],
    ) -> Gradients<Grad<L>, ActivationsOf<L, I, O>, I, O> {
        let mut g = Gradients {
            loss: 0.0,
            params: L::fill(SUM_START),
            activations: Activations::zero(),
            logits: [0.0; O],
            input: [0.0; I],
        };
        let pass = Pass {
            x,
            activations: &trace.activations,
            y: &trace.logits,
        };
        let (grad, dx) = (Some(&mut g.params), Some(&mut g.input));
        g.loss = self.loss_backward(pass, target, &mut g.logits, grad, &mut g.activations, dx);
        g
    }

    /// The loss of a forward pass, and its gradients: what every way to learn is made of. See
    /// [`Layer::backward`] for what is overwritten, what is added to and what may be None.
    #[inline(always)]
    pub(crate) fn loss_backward<V: Vector>(
        &self,
        pass: Pass<'_, V, L::Activations<V>, I, O>,
        target: &[V; O],
        dlogits: &mut [V; O],
        grad: Option<&mut L::Of<V::Partial>>,
        delta: &mut L::Activations<V>,
        dx: Option<&mut [V; I]>,
    ) -> V {
        let loss = self.head.loss_grad(pass.y, target, dlogits);
        self.layers.backward(pass, dlogits, grad, delta, dx);
        loss
    }
}

/// All weights 0: [`Network::zeros`].
impl<L: Layer<I, O> + Zero, H: Head<O>, const I: usize, const O: usize> Zero
    for Network<L, H, I, O>
{
    const ZERO: Self = Self::zeros();
}

/// The parameters of the layers, so that `Grad<Detector>` and `Sums<Detector>` go with a network's
/// own type.
impl<L: Params, H: Copy, const I: usize, const O: usize> Params for Network<L, H, I, O> {
    type Of<T: Zero> = L::Of<T>;
    const COUNT: usize = L::COUNT;
    const TENSORS: usize = L::TENSORS;
    const NUMBERS: usize = L::NUMBERS;
    const LAYERS: usize = L::LAYERS;
    const LEARNING: usize = L::LEARNING;
    const ARCHITECTURE: Architecture = L::ARCHITECTURE;

    #[inline(always)]
    fn values(&self) -> Self::Of<f32> {
        self.layers.values()
    }

    #[inline(always)]
    fn fill<T: Zero>(value: T) -> Self::Of<T> {
        L::fill(value)
    }

    #[inline(always)]
    fn zip_params<B: Zero, C: Zero>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(TensorId, &mut [f32], &[B], &mut [C]),
    ) {
        self.layers.zip_params(b, c, f);
    }

    #[inline(always)]
    fn zip_tensors<A: Zero, B: Zero, C: Zero>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
        L::zip_tensors(a, b, c, f);
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_>> {
        self.layers.tensor(index)
    }

    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>> {
        self.layers.tensor_mut(index)
    }

    fn tensor_of<T: Zero>(tensors: &Self::Of<T>, index: usize) -> Option<Tensor<'_, T>> {
        L::tensor_of(tensors, index)
    }
}
