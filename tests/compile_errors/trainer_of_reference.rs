//! A network by reference, to `Trainer::new`.
// E0277: `&Network<

use stackprop::{Relu, Sgd, SigmoidBce, Trainer, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let detector = Detector::new(1);
    let _ = Trainer::new(&detector, Sgd::new(0.1));
}
