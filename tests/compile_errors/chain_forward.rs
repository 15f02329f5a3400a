//! `forward` of a network whose layers do not fit.
// E0599

use stackprop::{Chain, Linear, Network, SigmoidBce};

type Wrong = Network<Chain<Linear<3, 4>, Linear<5, 1>, 4>, SigmoidBce, 3, 1>;

fn run(network: &Wrong) {
    let _ = network.forward(&[0.5, 1.0, 2.0]);
}

fn main() {}
