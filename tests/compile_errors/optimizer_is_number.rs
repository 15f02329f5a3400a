//! A learning rate where the optimiser belongs.
// E0277: `f32` is not an optimiser

use stackprop::{Relu, SigmoidBce, Trainer, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let _ = Trainer::new(Detector::new(1), 0.1_f32);
}
