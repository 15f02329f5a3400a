//! `net!` with an activation after an arrow.
// E0747

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4 => Relu => 1, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
