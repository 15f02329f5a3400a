//! A row of the wrong length, to `forward`.
// E0308

use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let detector = Detector::new(1);
    let _ = detector.forward(&[0.5, 1.0]);
}
