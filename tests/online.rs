//! One sample at a time without a gradient in memory: the bits, the refusals and the bytes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{nets, weight_bits};
use fastrand::Rng;
use stackprop::layers::Layer;
use stackprop::notebook::{BOOK_NET, Net, NetBook, X, Y};
use stackprop::optim::Momentum;
use stackprop::{
    Adagrad, Adam, AdamW, Chain, Error, Frozen, Guard, Head, LeakyRelu, Linear, Mse, NAdam,
    Network, NotFinite, Online, Optimizer, Relu, RmsProp, Setting, Sgd, Sigmoid, SigmoidBce,
    SoftmaxCe, Tanh, Trainer, net,
};

/// Both trainers on the same samples, one by one: the same losses, refusals and parameters.
fn same_steps<L, H, Opt, const I: usize, const O: usize>(
    net: Network<L, H, I, O>,
    optimizer: Opt,
    guard: Guard,
) where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    let mut rng = Rng::with_seed(7);
    let (rows, mut targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    // The first class, where the head asks for a distribution.
    for y in targets.iter_mut().filter(|y| !net.head.accepts(y)) {
        *y = std::array::from_fn(|o| f32::from(u8::from(o == 0)));
    }
    let mut online = Online::new(net, optimizer);
    let mut trainer = Trainer::new(net, optimizer);
    (online.guard, trainer.guard) = (guard, guard);
    for (x, y) in rows.iter().zip(&targets) {
        let y_hat = online.network.forward(x);
        let tested = online.test_then_train(x, y).unwrap();
        assert_eq!(tested.y_hat, y_hat, "from before the step");
        assert_eq!(trainer.step(&[*x], &[*y]), Ok(tested.loss));
        assert_eq!(weight_bits(&online.network), weight_bits(&trainer.network));
    }
    assert_ne!(
        weight_bits(&online.network),
        weight_bits(&net),
        "something was learned"
    );
}

fn same_steps_with_each_optimizer<L, H, const I: usize, const O: usize>(net: Network<L, H, I, O>)
where
    L: Layer<I, O>,
    H: Head<O>,
{
    for guard in [Guard::new(), Guard::new().max_norm(0.05)] {
        same_steps(net, Sgd::new(0.05), guard);
        same_steps(net, Sgd::new(0.05).weight_decay(0.01), guard);
        same_steps(net, Sgd::new(0.05).momentum(0.9).nesterov(), guard);
        same_steps(net, Adam::new(0.01), guard);
        same_steps(net, Adam::new(0.01).amsgrad(), guard);
        same_steps(net, AdamW::new(0.01), guard);
        same_steps(net, AdamW::new(0.01).amsgrad(), guard);
        same_steps(net, NAdam::new(0.01), guard);
        same_steps(net, RmsProp::new(0.01), guard);
        let rmsprop = RmsProp::new(0.001).centered().momentum(0.9);
        same_steps(net, rmsprop, guard);
        same_steps(net, Adagrad::new(0.01).lr_decay(0.1), guard);
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
    same_steps_with_each_optimizer(BOOK_NET);
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
    same_steps_with_each_optimizer(Network::<_, _, 3, 1>::from_layers(in_front, SigmoidBce));
    same_steps_with_each_optimizer(Network::<_, _, 3, 1>::from_layers(
        in_the_middle,
        SigmoidBce,
    ));
}

/// What is refused changes nothing: the next step is the one that would have come without it.
fn refused<Opt: Optimizer>(
    optimizer: Opt,
    spoil: impl Fn(&mut [f32; 3], &mut [f32; 1], &mut Opt),
    error: Error,
) {
    let mut online = Online::new(BOOK_NET, optimizer);
    online.step(&X[0], &Y[0]).unwrap();
    let mut undisturbed = online.clone();
    let (mut x, mut y) = (X[1], Y[1]);
    spoil(&mut x, &mut y, &mut online.optimizer);
    let spoiled = online.optimizer;
    assert_eq!(online.step(&x, &y), Err(error));
    // What the trainer of mini-batches says of it.
    let mut trainer = Trainer::new(BOOK_NET, optimizer);
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
        let input = NotFinite::Input { row: 0, column: 1 };
        let target = NotFinite::Target { row: 0, column: 0 };
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
    refused(optimizer, |_, y, _| y[0] = 2.0, Error::Target { row: 0 });
    refused(optimizer, |_, _, o| o.set_lr(1e30), Error::Diverged);
    let lr = Error::Setting(Setting::Lr);
    refused(optimizer, |_, _, o| o.set_lr(f32::NAN), lr);
}

#[test]
fn nothing_that_is_not_finite_is_learned() {
    all_refusals(Sgd::new(0.1));
    all_refusals(Sgd::new(0.1).momentum(0.9));
    all_refusals(Adam::new(0.01));
    all_refusals(NAdam::new(0.01));
    all_refusals(RmsProp::new(0.01));
    all_refusals(RmsProp::new(0.01).centered().momentum(0.9));
    all_refusals(Adagrad::new(0.01));
}

/// The largest weight decides, to the bit, and not how many there are.
#[test]
fn a_small_largest_weight() {
    let mut free = Online::new(BOOK_NET, Sgd::new(0.1));
    free.step(&X[0], &Y[0]).unwrap();
    let mut after = [0.0; NetBook::PARAMETERS];
    free.network.copy_to_slice(&mut after).unwrap();
    let largest = after
        .iter()
        .fold(0.0, |largest: f32, w| largest.max(w.abs()));
    assert!(after.iter().map(|w| w * w).sum::<f32>() > 2.0 * largest * largest);
    for (max_weight, result) in [
        (largest, Ok(BOOK_NET.loss(&X[0], &Y[0]))),
        (largest.next_down(), Err(Error::Diverged)),
    ] {
        let mut online = Online::new(BOOK_NET, Sgd::new(0.1));
        let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
        online.guard = Guard::new().max_weight(max_weight);
        trainer.guard = online.guard;
        assert_eq!(online.step(&X[0], &Y[0]), result);
        assert_eq!(trainer.step(&X[..1], &Y[..1]), result);
        assert_eq!(online.network, trainer.network);
    }
}

/// A weight that is not finite already: the other weights stay as they are.
fn learns_nothing(weight: f32, error: Error) {
    let mut net = BOOK_NET;
    net.layers.0.weight[1][2] = weight;
    let (mut online, mut trainer) = (
        Online::new(net, Sgd::new(0.1)),
        Trainer::new(net, Sgd::new(0.1)),
    );
    assert_eq!(online.step(&X[0], &Y[0]), Err(error));
    assert_eq!(trainer.step(&X, &Y), Err(error));
    let all = weight_bits(&net);
    assert_eq!(weight_bits(&online.network), all);
    assert_eq!(weight_bits(&trainer.network), all);
}

#[test]
fn a_network_that_is_not_finite_learns_nothing() {
    learns_nothing(f32::NAN, Error::NotFinite(NotFinite::Loss));
    // ReLU makes 0 of both, and the loss is finite: in the next layer, whose gradient is 0 times
    // inf, and in this one.
    learns_nothing(f32::INFINITY, Error::NotFinite(NotFinite::Gradient));
    learns_nothing(f32::NEG_INFINITY, Error::Diverged);
}

#[test]
fn the_gradient_takes_no_memory() {
    type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
    let saved = |online: usize, trainer: usize| trainer - online;
    // A gradient, a loss and a count: 8 bytes on the chips. Here the count is of 8 bytes, with as
    // many to align it and what is around it.
    let sums = if cfg!(target_pointer_width = "64") {
        4 + 8 + 8
    } else {
        4 + 4
    };
    assert_eq!(
        saved(
            size_of::<Online<Mlp16, Sgd>>(),
            size_of::<Trainer<Mlp16, Sgd>>()
        ),
        4560 + sums
    );
    assert_eq!(<Online<Net, Sgd>>::BYTES, 88 + 4 + 8 + 56);
    assert_eq!(<Online<Mlp16, Sgd<Momentum>>>::STATE_BYTES, 4564);
    assert_eq!(<Online<Mlp16, Sgd>>::PARAMETER_BYTES, 4560);
}
