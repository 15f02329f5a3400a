//! The optimiser before the network.
// E0277: `Sgd` is not a network that can be trained

use stackprop::{Relu, Sgd, SigmoidBce, Trainer, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let _ = Trainer::new(Sgd::new(0.1), Detector::new(1));
}
