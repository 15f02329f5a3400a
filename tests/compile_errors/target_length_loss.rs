//! A target of the wrong length, to `loss`.
// E0308

use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let detector = Detector::new(1);
    let _ = detector.loss(&[0.5, 1.0, 2.0], &[1.0, 0.0]);
}
