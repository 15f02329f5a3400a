//! Every byte that training takes, known when it is compiled.
//!
//! ```text
//! cargo run --example memory
//! ```
//!
//! For the notebook's networks and 16-32-16-4, with each optimiser: parameters, gradient, optimiser state, the
//! activations of one sample with their gradients, and the total with all settings. A plain forward pass needs
//! the parameters, which may stay in flash, and half the activations. The figures are those of the machine that
//! runs this; on a 32-bit chip pointers and counters are smaller. How much stack a step takes there in fact is
//! known from the image: the README's table has it.

use stackprop::notebook::{Net, NetBook};
use stackprop::optim::{Amsgrad, Momentum, Optimizer};
use stackprop::{
    Adam, AdamW, Head, Layer, Relu, RmsProp, Sgd, SigmoidBce, Trainer, TrainerOf, memory, net,
};

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

// A budget is a compile error where it is broken: `needs 19,088 bytes, budget 10,000` with Adam.
const _: () = memory::within(<TrainerOf<Mlp16, Sgd>>::BYTES, 10_000);

/// The bytes of one trainer.
trait Bytes {
    const BYTES: [usize; 5];
}

impl<L: Layer<I, O>, H: Head<O>, Opt: Optimizer, const I: usize, const O: usize> Bytes
    for Trainer<L, H, Opt, I, O>
{
    const BYTES: [usize; 5] = [
        Self::PARAMETER_BYTES,
        Self::GRADIENT_BYTES,
        Self::STATE_BYTES,
        Self::ACTIVATION_BYTES,
        Self::BYTES,
    ];
}

fn line<T: Bytes>(net: &str, optimizer: &str) {
    let [parameters, gradient, state, activations, total] = T::BYTES;
    println!(
        "{net:<8} {optimizer:<18} {parameters:>10} {gradient:>9} {state:>7} {activations:>12} {total:>7}"
    );
}

/// The lines of one network.
macro_rules! lines {
    ($name:literal, $net:ty) => {
        line::<TrainerOf<$net, Sgd>>($name, "Sgd");
        line::<TrainerOf<$net, Sgd<Momentum>>>($name, "Sgd, momentum");
        line::<TrainerOf<$net, RmsProp>>($name, "RmsProp");
        line::<TrainerOf<$net, Adam>>($name, "Adam");
        line::<TrainerOf<$net, AdamW>>($name, "AdamW");
        line::<TrainerOf<$net, Adam<Amsgrad>>>($name, "Adam, AMSGrad");
    };
}

fn main() {
    println!(
        "{:<8} {:<18} {:>10} {:>9} {:>7} {:>12} {:>7}",
        "net", "optimiser", "parameters", "gradient", "state", "activations", "total"
    );
    lines!("linear", Net);
    lines!("book", NetBook);
    lines!("mlp16", Mlp16);
}
