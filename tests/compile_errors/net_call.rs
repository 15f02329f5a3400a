//! `net!` with an activation that is called.
// E0214

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu() => 1, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
