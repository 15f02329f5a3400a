//! Every byte that training takes, known when it is compiled.
//!
//! ```text
//! cargo run --example memory
//! ```
//!
//! For the notebook's networks and for 16-32-16-4, with each optimiser: the parameters, the
//! gradient, the state of the optimiser, the activations of one sample with their gradients, the
//! settings with counters and padding, and the sum of all. A plain forward pass needs the
//! parameters, which may stay in flash, and half the activations. The figures are those of the
//! machine that runs this; on a 32-bit chip pointers and counters are smaller. The README has the
//! stack that a step takes there, read from the image.

use stackprop::notebook::{Net, NetBook};
use stackprop::optim::{Amsgrad, Centered, Momentum, NotCentered, RmsMomentum};
use stackprop::{
    Adagrad, Adam, AdamW, NAdam, Online, Optimizer, Relu, RmsProp, Sgd, SigmoidBce, Trainable,
    Trainer, memory, net,
};

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

// A budget that is broken is a compile error: `needs 19,096 bytes, budget 10,000` with Adam.
const _: () = memory::assert_within(<Trainer<Mlp16, Sgd>>::BYTES, 10_000);

fn main() {
    println!(
        "net      optimiser          parameters  gradient   state  activations  settings   total"
    );
    network::<Net>("linear");
    network::<NetBook>("book");
    network::<Mlp16>("mlp16");
}

/// The lines of one network.
fn network<N: Trainable>(net: &str) {
    online::<N, Sgd>(net, "Sgd, Online");
    online::<N, Adam>(net, "Adam, Online");
    trainer::<N, Sgd>(net, "Sgd");
    trainer::<N, Sgd<Momentum>>(net, "Sgd, momentum");
    trainer::<N, Adagrad>(net, "Adagrad");
    trainer::<N, RmsProp>(net, "RmsProp");
    trainer::<N, RmsProp<Centered>>(net, "RmsProp, centered");
    trainer::<N, RmsProp<NotCentered, RmsMomentum>>(net, "RmsProp, momentum");
    trainer::<N, RmsProp<Centered, RmsMomentum>>(net, "RmsProp, both");
    trainer::<N, Adam>(net, "Adam");
    trainer::<N, AdamW>(net, "AdamW");
    trainer::<N, NAdam>(net, "NAdam");
    trainer::<N, Adam<Amsgrad>>(net, "Adam, AMSGrad");
    trainer::<N, AdamW<Amsgrad>>(net, "AdamW, AMSGrad");
}

/// `Trainer` learns from mini-batches.
fn trainer<N: Trainable, Opt: Optimizer>(net: &str, optimizer: &str) {
    let parameters = Trainer::<N, Opt>::PARAMETER_BYTES;
    let gradient = Trainer::<N, Opt>::GRADIENT_BYTES;
    let state = Trainer::<N, Opt>::STATE_BYTES;
    let activations = Trainer::<N, Opt>::ACTIVATION_BYTES;
    let total = Trainer::<N, Opt>::BYTES;
    line(
        net,
        optimizer,
        [parameters, gradient, state, activations, total],
    );
}

/// `Online` learns from one sample at a time and keeps no gradient.
fn online<N: Trainable, Opt: Optimizer>(net: &str, optimizer: &str) {
    let parameters = Online::<N, Opt>::PARAMETER_BYTES;
    let state = Online::<N, Opt>::STATE_BYTES;
    let activations = Online::<N, Opt>::ACTIVATION_BYTES;
    let total = Online::<N, Opt>::BYTES;
    line(net, optimizer, [parameters, 0, state, activations, total]);
}

fn line(net: &str, optimizer: &str, bytes: [usize; 5]) {
    let [parameters, gradient, state, activations, total] = bytes;
    let settings = total - (parameters + gradient + state + activations);
    print!("{net:<8} {optimizer:<18} {parameters:>10} {gradient:>9} ");
    println!("{state:>7} {activations:>12} {settings:>9} {total:>7}");
}
