//! What has to have the same bits everywhere, each case as one number: FNV-1a over the bits of all
//! its values. Shared by the host test `digests` and the firmware, hence `no_std`.

use core::array::from_fn;
use core::hash::Hasher;
use fnv::FnvHasher;
use stackprop::layers::Layer;
use stackprop::notebook::{BOOK_NET, NET, NetBook, X, Y};
use stackprop::optim::OptimizerState;
use stackprop::params::TensorId;
use stackprop::simd::{PARTIAL_SUMS, Vector};
use stackprop::{
    Adam, Error, Grad, Head, Network, Optimizer, Params, Relu, Sgd, SigmoidBce, Zero, math, net,
    weights,
};

/// 16-32-16-4 with ReLU and biases.
type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// Arguments of the kernels.
const ARGUMENTS: u32 = 100_000;

/// The distance of their bits: with it they run through all floats once.
const STRIDE: u32 = u32::MAX / ARGUMENTS;

/// Rows that are multiples of 3/8 from -2.5 to 3.125, in no simple order; a constant, so that they
/// stay in flash.
pub(crate) const ROWS: [[f32; 16]; 64] = {
    let mut rows = [[0.0; 16]; 64];
    let mut n = 0;
    while n < 64 * 16 {
        rows[n / 16][n % 16] = ((7 * (n / 16) + 5 * (n % 16)) % 16) as f32 * 0.375 - 2.5;
        n += 1;
    }
    rows
};

/// Targets of 0 and 1.
const TARGETS: [[f32; 4]; 64] = {
    let mut targets = [[0.0; 4]; 64];
    let mut n = 0;
    while n < 64 * 4 {
        targets[n / 4][n % 4] = ((n / 4 + n % 4) % 2) as f32;
        n += 1;
    }
    targets
};

/// The hash of a case.
pub(crate) struct Digest(FnvHasher);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(FnvHasher::default())
    }

    /// Takes in a number; every NaN counts as one, for its payload is no part of the contract.
    pub(crate) fn add(&mut self, value: f32) {
        let value = if value.is_nan() { f32::NAN } else { value };
        self.0.write(&value.to_bits().to_le_bytes());
    }

    pub(crate) fn add_all(&mut self, values: &[f32]) {
        values.iter().for_each(|value| self.add(*value));
    }

    pub(crate) fn add_grad<P: Params>(&mut self, grad: &Grad<P>) {
        weights::tensors_of::<P, f32>(grad).for_each(|tensor| self.add_all(tensor.values));
    }

    pub(crate) fn add_weights(&mut self, params: &impl Params) {
        weights::tensors(params).for_each(|tensor| self.add_all(tensor.values));
    }

    pub(crate) fn finish(self) -> u64 {
        self.0.finish()
    }
}

/// Calls `f` with the name and the digest of each case of a 3-4-2-1 network, computed on vectors
/// `V`. They fit a chip with 16 KiB of RAM.
///
/// # Errors
/// Those of the batch functions.
pub(crate) fn small<V: Vector>(f: &mut impl FnMut(&'static str, u64)) -> Result<(), Error> {
    f("linear", notebook::<V, _>(&NET)?);
    f("book", notebook::<V, _>(&BOOK_NET)?);
    f("book_sgd_1000", steps::<V, _>(Sgd::new(0.1), 1000)?);
    f("book_adam_300", steps::<V, _>(Adam::new(0.01), 300)?);
    Ok(())
}

/// The same for the kernels. (Vectors that Helium computes flush subnormal numbers, of which exp
/// gives some and ln takes some.)
pub(crate) fn kernels<V: Vector>(f: &mut impl FnMut(&'static str, u64)) {
    f("exp", kernel::<V>(math::exp));
    f("ln", kernel::<V>(math::ln));
    f("sigmoid", kernel::<V>(math::sigmoid));
    f("softplus", kernel::<V>(math::softplus));
    f("tanh", kernel::<V>(math::tanh));
}

/// The same for 16-32-16-4.
///
/// # Errors
/// Those of the batch functions.
pub(crate) fn large<V: Vector>(f: &mut impl FnMut(&'static str, u64)) -> Result<(), Error> {
    f("mlp16_7", batch::<V>(7)?);
    f("mlp16_8", batch::<V>(8)?);
    f("mlp16_64", batch::<V>(64)?);
    Ok(())
}

/// All that the notebook computes with a network: forward, losses, and every gradient of a sample
/// and of the batch.
fn notebook<V: Vector, L>(net: &Network<L, SigmoidBce, 3, 1>) -> Result<u64, Error>
where
    L: Layer<3, 1>,
{
    let mut digest = Digest::new();
    for (x, y) in X.iter().zip(&Y) {
        let gradients = net.backward(x, &net.trace(x), y);
        digest.add_all(&net.forward(x));
        digest.add_all(&gradients.logits);
        digest.add_all(&gradients.input);
        digest.add(gradients.loss);
        digest.add_grad::<L>(&gradients.params);
    }
    add_batch::<V, _, _, _, _, _>(&mut digest, net, &X, &Y)?;
    Ok(digest.finish())
}

/// Outputs, mean loss and mean gradient of a batch.
fn add_batch<V: Vector, L, H, const I: usize, const O: usize, const N: usize>(
    digest: &mut Digest,
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]; N],
    targets: &[[f32; O]; N],
) -> Result<(), Error>
where
    L: Layer<I, O>,
    H: Head<O>,
{
    let (mut y_hat, mut grad) = ([[0.0; O]; N], Network::<L, H, I, O>::zero_grad());
    net.forward_batch_on::<V>(rows, &mut y_hat)?;
    digest.add_all(y_hat.as_flattened());
    digest.add(net.gradient_batch_on::<V>(rows, targets, &mut grad)?);
    digest.add_grad::<L>(&grad);
    Ok(())
}

/// Losses and final weights of full-batch steps of `NetBook`.
pub(crate) fn steps<V: Vector, Opt: Optimizer>(optimizer: Opt, count: u32) -> Result<u64, Error> {
    let (mut net, mut digest) = (BOOK_NET, Digest::new());
    let mut grad = NetBook::zero_grad();
    let mut state = OptimizerState::<NetBook, Opt>::ZERO;
    for _ in 0..count {
        digest.add(net.gradient_batch_on::<V>(&X, &Y, &mut grad)?);
        let prepared = optimizer.prepare(&mut state.shared);
        let mut each = |_: TensorId, w: &mut [f32], g: &[f32], s: &mut [Opt::State]| {
            for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
                (*w, *s) = Opt::update_parameter(&prepared, *w, *g, *s);
            }
        };
        net.zip_params(&grad, &mut state.params, &mut each);
    }
    digest.add_weights(&net);
    Ok(digest.finish())
}

/// Outputs, loss and gradient of 16-32-16-4 over the first `count` rows.
fn batch<V: Vector>(count: usize) -> Result<u64, Error> {
    let (net, mut digest) = (Mlp16::new(1), Digest::new());
    let (rows, targets) = (ROWS.split_at(count).0, TARGETS.split_at(count).0);
    let (mut y_hat, mut grad) = ([[0.0; 4]; 64], Mlp16::zero_grad());
    net.forward_batch_on::<V>(rows, y_hat.split_at_mut(count).0)?;
    digest.add_all(y_hat.as_flattened());
    digest.add(net.gradient_batch_on::<V>(rows, targets, &mut grad)?);
    digest.add_grad::<Mlp16>(&grad);
    Ok(digest.finish())
}

/// A function over floats of all kinds, on as many of them at a time as `V` has lanes.
#[expect(clippy::cast_possible_truncation, reason = "a lane")]
pub(crate) fn kernel<V: Vector>(f: impl Fn(V) -> V) -> u64 {
    let mut digest = Digest::new();
    for first in (0..ARGUMENTS).step_by(PARTIAL_SUMS) {
        let x: [f32; PARTIAL_SUMS] = from_fn(|l| f32::from_bits((first + l as u32) * STRIDE));
        for group in x.chunks(V::LANES) {
            let y = f(V::from_fn(|l| group.get(l).copied().unwrap_or(0.0)));
            (0..group.len()).for_each(|l| digest.add(y.extract(l)));
        }
    }
    digest.finish()
}
