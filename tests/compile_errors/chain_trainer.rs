//! Training a network whose layers do not fit.
// E0277: `Linear<5, 1>` is not a layer that takes 4 numbers and gives 1

use stackprop::{Chain, Linear, Network, Sgd, SigmoidBce, Trainer};

type Wrong = Network<Chain<Linear<3, 4>, Linear<5, 1>, 4>, SigmoidBce, 3, 1>;

fn train(network: Wrong) {
    let _ = Trainer::new(network, Sgd::new(0.1));
}

fn main() {}
