//! What the other cases leave out of the pages `guide::contract`: the rest of the functions, every
//! activation, every scheme of initial weights, settings of optimisers, clipping, blocks of rows.

use super::cases::{Digest, ROWS, kernel, steps};
use stackprop::init::Scheme;
use stackprop::simd::Vector;
use stackprop::{
    Adam, Dataset, Elementwise, Elu, Error, Guard, HardTanh, Head, Huber, L1, LeakyRelu, Mse,
    NAdam, Online, Random, Relu, RmsProp, Sgd, Sigmoid, SigmoidBce, SmoothL1, SoftmaxCe, Softplus,
    Standardize, Tanh, Trainer, Weighted, WeightedBce, WeightedCe, math, net,
};

/// Rows of more than one block, in an order of places.
#[expect(clippy::cast_possible_truncation, reason = "below 64")]
const PLACES: [u16; 4500] = {
    let mut places = [0; 4500];
    let mut n = 0;
    while n < 4500 {
        places[n] = (n * n / 7 % 64) as u16;
        n += 1;
    }
    places
};

/// The outputs of `ROWS`, of a class each.
const CLASSES: [[f32; 3]; 64] = {
    let mut targets = [[0.0; 3]; 64];
    let mut n = 0;
    while n < 64 {
        targets[n][n * n / 3 % 3] = 1.0;
        n += 1;
    }
    targets
};

/// Calls `f` with the name and the digest of each of the other functions.
pub(crate) fn functions<V: Vector>(f: &mut impl FnMut(&'static str, u64)) {
    f("expm1", kernel::<V>(math::expm1));
    f("ln_1p", kernel::<V>(math::ln_1p));
    let quarter = V::splat(0.25);
    let loss = |z| math::bce_with_logits_grad(z, quarter).0;
    f("bce", kernel::<V>(loss));
    let slope = |z| math::bce_with_logits_grad(z, quarter).1;
    f("bce_grad", kernel::<V>(slope));
}

/// The same for what learns.
///
/// # Errors
/// Those of training.
pub(crate) fn contract<V: Vector>(f: &mut impl FnMut(&'static str, u64)) -> Result<(), Error> {
    f("activations", activations());
    f("losses", losses());
    f("init", init());
    let momentum = Sgd::new(0.1).momentum(0.9).dampening(0.5);
    let decayed = momentum.weight_decay(0.01);
    f("book_momentum_100", steps::<V, _>(decayed, 100)?);
    let nesterov = Sgd::new(0.1).momentum(0.9).nesterov();
    f("book_nesterov_100", steps::<V, _>(nesterov, 100)?);
    let amsgrad = Adam::new(0.01).betas(0.75, 0.5).amsgrad();
    f("book_amsgrad_100", steps::<V, _>(amsgrad, 100)?);
    let plain = RmsProp::new(0.001).weight_decay(0.01);
    f("book_plain_rmsprop_100", steps::<V, _>(plain, 100)?);
    f("clipped", clipped()?);
    f("blocks", blocks()?);
    f("online", online()?);
    Ok(())
}

/// Logits where a formula has a case of its own.
const EDGES: [[f32; 3]; 7] = [
    [0.0, -0.0, -0.5],
    [f32::INFINITY, 1.5, f32::NEG_INFINITY],
    [f32::INFINITY, f32::INFINITY, 1.0],
    [f32::NEG_INFINITY; 3],
    [f32::NAN, 0.0, 1.0],
    [100.0, -100.0, 30.0],
    [3e38, -3e38, 1.0],
];

/// y and dx of each activation, over the numbers of `ROWS` and `EDGES`.
fn activations() -> u64 {
    let mut digest = Digest::new();
    activation(&mut digest, Relu);
    activation(&mut digest, LeakyRelu::<1, 5>);
    activation(&mut digest, HardTanh::new(-0.5, 1.5));
    activation(&mut digest, Sigmoid);
    activation(&mut digest, Tanh);
    activation(&mut digest, Softplus);
    activation(&mut digest, Elu::new(0.75));
    digest.finish()
}

fn activation(digest: &mut Digest, activation: impl Elementwise) {
    for x in ROWS.as_flattened().iter().chain(EDGES.as_flattened()) {
        let y = activation.y(*x);
        digest.add(y);
        digest.add(activation.dx(*x, y, 0.7));
    }
}

/// Outputs, loss and gradient of each head, sample by sample.
fn losses() -> u64 {
    let mut digest = Digest::new();
    let bits = [0.0, 1.0, 0.3];
    each_loss(&mut digest, SigmoidBce, bits);
    let weighted = WeightedBce::new([0.3, 1.7, 7.1]).weight([1.1, 2.3, 0.7]);
    each_loss(&mut digest, weighted, bits);
    each_loss(&mut digest, SoftmaxCe, [0.2, 0.7, 0.1]);
    each_loss(&mut digest, SoftmaxCe, [0.0, 1.0, 0.0]);
    let classes = WeightedCe::new([0.3, 1.7, 3.1]).label_smoothing(0.1);
    each_loss(&mut digest, classes, [0.2, 0.7, 0.1]);
    each_loss(&mut digest, classes, [0.0; 3]);
    let far = [-1.1, 0.45, 2.3];
    each_loss(&mut digest, Mse, far);
    each_loss(&mut digest, Huber { delta: 0.7 }, far);
    each_loss(&mut digest, SmoothL1 { beta: 0.7 }, far);
    each_loss(&mut digest, SmoothL1 { beta: 0.0 }, far);
    each_loss(&mut digest, L1, far);
    each_loss(&mut digest, Weighted::new(L1, 0.3), far);
    digest.finish()
}

fn each_loss(digest: &mut Digest, head: impl Head<3>, target: [f32; 3]) {
    let rows = ROWS.iter().map(|[a, b, c, ..]| [1.1 * a, 0.9 * b, *c]);
    for logits in rows.chain(EDGES) {
        let (mut y_hat, mut dz) = ([0.0; 3], [0.0; 3]);
        head.predict(&logits, &mut y_hat);
        digest.add_all(&y_hat);
        digest.add(head.loss_grad(&logits, &target, &mut dz));
        digest.add_all(&dz);
    }
}

/// Weights of each scheme, from one generator.
fn init() -> u64 {
    let (mut random, mut digest) = (Random::new(7), Digest::new());
    let mut network = <net![5 => 3, Relu => 2, Mse]>::zeros();
    for scheme in [
        Scheme::Default,
        Scheme::KaimingUniform,
        Scheme::XavierUniform,
    ] {
        network.init(scheme, &mut random);
        digest.add_weights(&network);
    }
    digest.finish()
}

/// Steps whose gradient is cut down, also where squares of it, or the factor, leave the floats.
fn clipped() -> Result<u64, Error> {
    let network = <net![16 => 4, Tanh => 3, Weighted<SoftmaxCe>]>::new(1);
    let mut trainer = Trainer::new(network, NAdam::new(0.01).decoupled_weight_decay());
    trainer.optimizer = trainer.optimizer.weight_decay(0.1).momentum_decay(0.7);
    let mut digest = Digest::new();
    for (weight, most) in [
        (1.0, 0.125),
        (1e-30, 1e-33),
        (1e30, 1e-33),
        (1e30, 0.5),
        (0.5, 100.0),
    ] {
        trainer.network.head.weight = weight;
        trainer.guard = Guard::new().max_norm(most);
        for _ in 0..3 {
            digest.add(trainer.step(&ROWS, &CLASSES)?);
            let gradients = trainer.gradients();
            gradients.for_each(|gradient| digest.add_all(gradient.values));
        }
    }
    digest.add_weights(&trainer.network);
    Ok(digest.finish())
}

/// Two calls before a step, one of them of two blocks.
fn blocks() -> Result<u64, Error> {
    let mut trainer = Trainer::new(<net![16 => 1, SigmoidBce]>::new(3), Sgd::new(0.5));
    let targets: [[f32; 1]; 64] = core::array::from_fn(|n| [(n % 3 % 2) as f32]);
    let data = Dataset::new(&ROWS, &targets)?;
    trainer.accumulate_of(data.select(&PLACES)?)?;
    trainer.accumulate_of(data.split_at(7).0)?;
    let mut digest = Digest::new();
    digest.add(trainer.update()?);
    digest.add_weights(&trainer.network);
    Ok(digest.finish())
}

/// One sample at a time, of a head that weighs samples, behind a scaling of the inputs.
fn online() -> Result<u64, Error> {
    let mut network = <net![16, Standardize => 4, Elu => 3, WeightedCe<3>]>::new(1);
    network.layers.0 = Standardize::new([0.3; 16], [1.7; 16]);
    network.head = WeightedCe::new([1.0, 2.0, 0.7]);
    let mut online = Online::new(network, Sgd::new(0.05).momentum(0.5));
    let mut digest = Digest::new();
    for (row, target) in ROWS.iter().zip(&CLASSES) {
        digest.add(online.step(row, target)?);
    }
    digest.add_weights(&online.network);
    Ok(digest.finish())
}
