//! What is measured, by time and by instructions: networks, data and kernels.

use fastrand::Rng;
use stackprop::simd::{DefaultVector, Vector};
use stackprop::{Relu, SigmoidBce, math, net};

/// 16-32-16-4 with biases, the large one beside the notebook's two.
pub(crate) type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// The learning rate of all steps: too small for many steps to lead anywhere.
pub(crate) const LR: f32 = 1e-6;

/// As PyTorch would initialise it.
pub(crate) fn mlp16() -> Mlp16 {
    Mlp16::new(1)
}

/// Rows and targets of `count` samples.
pub(crate) fn batch<const I: usize, const O: usize>(
    count: usize,
) -> (Vec<[f32; I]>, Vec<[f32; O]>) {
    let mut rng = Rng::with_seed(1);
    let rows = (0..count)
        .map(|_| std::array::from_fn(|_| rng.f32() * 4.0 - 2.0))
        .collect();
    let targets = (0..count)
        .map(|_| std::array::from_fn(|_| f32::from(rng.bool())))
        .collect();
    (rows, targets)
}

/// A function over an array of lanes.
pub(crate) type Kernel = fn(&[DefaultVector], &mut [DefaultVector]);

/// The elementary functions. `bce` is the loss with its derivative, added up so that both are
/// needed.
pub(crate) const KERNELS: [(&str, Kernel); 6] = [
    ("exp", |x, y| map(x, y, math::exp)),
    ("ln", |x, y| map(x, y, math::ln)),
    ("sigmoid", |x, y| map(x, y, math::sigmoid)),
    ("softplus", |x, y| map(x, y, math::softplus)),
    ("bce", |x, y| map(x, y, bce)),
    ("tanh", |x, y| map(x, y, math::tanh)),
];

fn map(x: &[DefaultVector], y: &mut [DefaultVector], f: impl Fn(DefaultVector) -> DefaultVector) {
    for (x, y) in x.iter().zip(y) {
        *y = f(*x);
    }
}

/// The loss of the logit z and its derivative, where the target is 1.
pub(crate) fn bce<V: Vector>(z: V) -> V {
    let (loss, dz) = math::bce_with_logits_grad(z, V::splat(1.0));
    loss + dz
}

/// `NUMBERS` numbers between 0 and 4, for which every kernel has a value. With their results they
/// fit an L1 cache.
pub(crate) fn numbers() -> Vec<DefaultVector> {
    let mut rng = Rng::with_seed(2);
    (0..NUMBERS / DefaultVector::LANES)
        .map(|_| DefaultVector::from_fn(|_| rng.f32() * 4.0))
        .collect()
}

/// How many numbers a kernel is measured on.
pub(crate) const NUMBERS: usize = 2048;
