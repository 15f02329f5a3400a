//! What is measured, by time and by instructions: networks, data and kernels.

use fastrand::Rng;
use stackprop::init::Scheme;
use stackprop::lane::{Lane, Wide};
use stackprop::{Init, Random, Relu, SigmoidBce, math, net};

/// 16-32-16-4 with biases, the large one beside the notebook's two.
pub(crate) type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// The learning rate of all steps: too small for many steps to lead anywhere.
pub(crate) const LR: f32 = 1e-6;

/// As PyTorch would initialise it.
pub(crate) fn mlp16() -> Mlp16 {
    let mut net = Mlp16::zeros();
    net.layers.init(Scheme::Default, &mut Random::new(1));
    net
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
pub(crate) type Kernel = fn(&[Wide], &mut [Wide]);

/// The elementary functions. `bce` is the loss with its derivative, added up so that both are needed.
pub(crate) const KERNELS: [(&str, Kernel); 6] = [
    ("exp", |x, y| map(x, y, math::exp)),
    ("ln", |x, y| map(x, y, math::ln)),
    ("sigmoid", |x, y| map(x, y, math::sigmoid)),
    ("softplus", |x, y| map(x, y, math::softplus)),
    ("bce", |x, y| map(x, y, bce)),
    ("tanh", |x, y| map(x, y, math::tanh)),
];

fn map(x: &[Wide], y: &mut [Wide], f: impl Fn(Wide) -> Wide) {
    for (x, y) in x.iter().zip(y) {
        *y = f(*x);
    }
}

/// The loss of the logit z and its derivative, where the target is 1.
pub(crate) fn bce<V: Lane>(z: V) -> V {
    let (loss, dz) = math::bce_with_logits_grad(z, V::splat(1.0));
    loss + dz
}

/// `NUMBERS` numbers between 0 and 4, for which every kernel has a value. With their results they fit an L1 cache.
pub(crate) fn numbers() -> Vec<Wide> {
    let mut rng = Rng::with_seed(2);
    (0..NUMBERS / Wide::LANES)
        .map(|_| Wide::from_fn(|_| rng.f32() * 4.0))
        .collect()
}

/// How many numbers a kernel is measured on.
pub(crate) const NUMBERS: usize = 2048;
