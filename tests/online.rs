//! One sample at a time without a gradient in memory: the bits, the refusals and the bytes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{bits, nets};
use fastrand::Rng;
use stackprop::layers::Layer;
use stackprop::notebook::{NET_BOOK, Net, NetBook, X, Y};
use stackprop::optim::Momentum;
use stackprop::{
    Adam, AdamW, Chain, Error, Frozen, Head, LeakyRelu, Linear, Mse, Network, NotFinite, Online,
    OnlineOf, Optimizer, Params, Relu, RmsProp, Sgd, Sigmoid, SigmoidBce, SoftmaxCe, Tanh, Trainer,
    TrainerOf, net,
};

/// Both trainers on the same samples, one by one: the same losses, refusals and parameters.
fn same_steps<L, H, Opt, const I: usize, const O: usize>(
    net: Network<L, H, I, O>,
    optimizer: Opt,
    max_norm: Option<f32>,
) where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    let mut rng = Rng::with_seed(7);
    let (rows, targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    let mut online = Online::new(net, optimizer);
    let mut trainer = Trainer::new(net, optimizer);
    (online.guard.max_norm, trainer.guard.max_norm) = (max_norm, max_norm);
    let weights = |net: &Network<L, H, I, O>| bits::<L>(&net.layers.params());
    for (x, y) in rows.iter().zip(&targets) {
        let y_hat = online.network.forward(x);
        let tested = online.test_then_train(x, y).unwrap();
        assert_eq!(tested.y_hat, y_hat, "from before the step");
        assert_eq!(trainer.step(&[*x], &[*y]), Ok(tested.loss));
        assert_eq!(weights(&online.network), weights(&trainer.network));
    }
    assert_ne!(
        weights(&online.network),
        weights(&net),
        "something was learned"
    );
}

fn same_steps_with_each_optimizer<L, H, const I: usize, const O: usize>(net: Network<L, H, I, O>)
where
    L: Layer<I, O>,
    H: Head<O>,
{
    for max_norm in [None, Some(0.05)] {
        same_steps(net, Sgd::new(0.05), max_norm);
        same_steps(net, Sgd::new(0.05).weight_decay(0.01), max_norm);
        same_steps(net, Sgd::new(0.05).momentum(0.9).nesterov(), max_norm);
        same_steps(net, Adam::new(0.01), max_norm);
        same_steps(net, Adam::new(0.01).amsgrad(), max_norm);
        same_steps(net, AdamW::new(0.01), max_norm);
        same_steps(net, RmsProp::new(0.01), max_norm);
    }
}

/// The bare step of a network is the guarded one with plain gradient descent.
#[test]
fn the_bits_of_a_bare_step() {
    let mut rng = Rng::with_seed(6);
    let mut bare: nets::Mlp16 = nets::random(&mut rng);
    let mut online = Online::new(bare, Sgd::new(0.05));
    let (rows, targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    for (x, y) in rows.iter().zip(&targets) {
        assert_eq!(Ok(bare.sgd_step(x, y, 0.05)), online.step(x, y));
        assert_eq!(bare, online.network);
    }
}

#[test]
fn the_bits_of_a_trainers_step() {
    let mut rng = Rng::with_seed(5);
    same_steps_with_each_optimizer(NET_BOOK);
    same_steps_with_each_optimizer(nets::random::<_, SigmoidBce, 16, 4>(&mut rng) as nets::Mlp16);
    type Leaky = LeakyRelu<1, 100>;
    type Mixed = net![3 => 5, Tanh => 4, Leaky => 3, Sigmoid => 2, SoftmaxCe];
    same_steps_with_each_optimizer::<_, _, 3, 2>(nets::random(&mut rng) as Mixed);
    same_steps_with_each_optimizer::<_, _, 2, 3>(nets::random(&mut rng) as net![2 => 3, Mse]);
}

#[test]
fn the_bits_of_a_trainers_step_with_frozen_layers() {
    static FRONT: Chain<Linear<3, 4>, Relu, 4> = Chain(
        Linear::new([[0.2, -0.1, 0.3]; 4], [0.1, 0.2, 0.3, 0.4]),
        Relu,
    );
    static MIDDLE: Linear<4, 4> = Linear::new([[0.3, 0.1, -0.4, 0.2]; 4], [0.1; 4]);
    let back = Linear::new([[0.5, -0.4, 0.3, -0.2]], [0.1]);
    let first = Linear::new([[0.2, 0.5, -0.3]; 4], [0.1, -0.2, 0.3, -0.4]);
    let in_front = Chain::<_, _, 4>(Frozen(&FRONT), back);
    let in_the_middle = Chain::<_, _, 4>(first, Chain::<_, _, 4>(Frozen(&MIDDLE), back));
    same_steps_with_each_optimizer(Network::<_, _, 3, 1>::new(in_front, SigmoidBce));
    same_steps_with_each_optimizer(Network::<_, _, 3, 1>::new(in_the_middle, SigmoidBce));
}

/// What is refused changes nothing: the next step is the one that would have come without it.
fn refused<Opt: Optimizer>(
    optimizer: Opt,
    spoil: impl Fn(&mut [f32; 3], &mut [f32; 1], &mut Opt),
    error: Error,
) {
    let mut online = Online::new(NET_BOOK, optimizer);
    online.step(&X[0], &Y[0]).unwrap();
    let mut undisturbed = online.clone();
    let (mut x, mut y) = (X[1], Y[1]);
    spoil(&mut x, &mut y, &mut online.optimizer);
    let spoiled = online.optimizer;
    assert_eq!(online.step(&x, &y), Err(error));
    // What the trainer of mini-batches says of it.
    let mut trainer = Trainer::new(NET_BOOK, optimizer);
    trainer.step(&X[..1], &Y[..1]).unwrap();
    trainer.optimizer = spoiled;
    assert_eq!(trainer.step(&[x], &[y]), Err(error));
    online.optimizer.set_lr(undisturbed.optimizer.lr());
    for _ in 0..2 {
        let expected = undisturbed.step(&X[2], &Y[2]);
        assert_eq!(online.step(&X[2], &Y[2]), expected);
    }
    assert_eq!(online.network, undisturbed.network);
}

fn all_refusals<Opt: Optimizer>(optimizer: Opt) {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let (input, target) = (NotFinite::Input, NotFinite::Target);
        refused(optimizer, |x, _, _| x[1] = value, Error::NotFinite(input));
        refused(optimizer, |_, y, _| y[0] = value, Error::NotFinite(target));
    }
    let line = <net![bias = false; 1 => 1, Mse]>::zeros();
    let error = Err(Error::NotFinite(NotFinite::Loss));
    assert_eq!(Online::new(line, optimizer).step(&[1.0], &[1e30]), error);
    assert_eq!(
        Trainer::new(line, optimizer).step(&[[1.0]], &[[1e30]]),
        error
    );
    refused(optimizer, |_, y, _| y[0] = 2.0, Error::Target { index: 0 });
    refused(optimizer, |_, _, o| o.set_lr(1e30), Error::Diverged);
    let step = Error::NotFinite(NotFinite::Step);
    refused(optimizer, |_, _, o| o.set_lr(f32::NAN), step);
}

#[test]
fn nothing_that_is_not_finite_is_learned() {
    all_refusals(Sgd::new(0.1));
    all_refusals(Sgd::new(0.1).momentum(0.9));
    all_refusals(Adam::new(0.01));
    all_refusals(RmsProp::new(0.01));
}

/// The largest weight decides, to the bit, and not how many there are.
#[test]
fn a_small_largest_weight() {
    let mut free = Online::new(NET_BOOK, Sgd::new(0.1));
    free.step(&X[0], &Y[0]).unwrap();
    let after = bits::<NetBook>(&free.network.layers.params());
    let after: Vec<f32> = after.into_iter().map(f32::from_bits).collect();
    let largest = after
        .iter()
        .fold(0.0, |largest: f32, w| largest.max(w.abs()));
    assert!(after.iter().map(|w| w * w).sum::<f32>() > 2.0 * largest * largest);
    for (max_weight, result) in [
        (largest, Ok(NET_BOOK.loss(&X[0], &Y[0]))),
        (largest.next_down(), Err(Error::Diverged)),
    ] {
        let mut online = Online::new(NET_BOOK, Sgd::new(0.1));
        let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.1));
        (online.guard.max_weight, trainer.guard.max_weight) = (max_weight, max_weight);
        assert_eq!(online.step(&X[0], &Y[0]), result);
        assert_eq!(trainer.step(&X[..1], &Y[..1]), result);
        assert_eq!(online.network, trainer.network);
    }
}

/// A weight that is not finite already: the other weights stay as they are.
fn learns_nothing(weight: f32, error: Error) {
    let mut net = NET_BOOK;
    net.layers.0.weight[1][2] = weight;
    let (mut online, mut trainer) = (
        Online::new(net, Sgd::new(0.1)),
        Trainer::new(net, Sgd::new(0.1)),
    );
    assert_eq!(online.step(&X[0], &Y[0]), Err(error));
    assert_eq!(trainer.step(&X, &Y), Err(error));
    let all = bits::<NetBook>(&net.layers.params());
    assert_eq!(bits::<NetBook>(&online.network.layers.params()), all);
    assert_eq!(bits::<NetBook>(&trainer.network.layers.params()), all);
}

#[test]
fn a_network_that_is_not_finite_learns_nothing() {
    learns_nothing(f32::NAN, Error::NotFinite(NotFinite::Loss));
    // ReLU makes 0 of both, and the loss is finite: in the next layer, whose gradient is 0 times inf, and in this one.
    learns_nothing(f32::INFINITY, Error::NotFinite(NotFinite::Gradient));
    learns_nothing(f32::NEG_INFINITY, Error::Diverged);
}

#[test]
fn the_gradient_takes_no_memory() {
    type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
    let saved = |online: usize, trainer: usize| trainer - online;
    // A gradient, a loss and a count.
    assert_eq!(
        saved(
            size_of::<OnlineOf<Mlp16, Sgd>>(),
            size_of::<TrainerOf<Mlp16, Sgd>>()
        ),
        4560 + 8
    );
    assert_eq!(<OnlineOf<Net, Sgd>>::BYTES, 88 + 4 + 12 + 56);
    assert_eq!(<OnlineOf<Mlp16, Sgd<Momentum>>>::STATE_BYTES, 4560);
    assert_eq!(<OnlineOf<Mlp16, Sgd>>::PARAMETER_BYTES, 4560);
}
