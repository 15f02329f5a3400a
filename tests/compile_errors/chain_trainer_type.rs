//! A trainer's type with a network whose layers do not fit.
// E0277: `Linear<5, 1>` is not a layer that takes 4 numbers and gives 1

use stackprop::{Chain, Linear, Network, Sgd, SigmoidBce, Trainer};

type Wrong = Network<Chain<Linear<3, 4>, Linear<5, 1>, 4>, SigmoidBce, 3, 1>;
static LEARNER: Trainer<Wrong, Sgd> = Trainer::unset();

fn main() {}
