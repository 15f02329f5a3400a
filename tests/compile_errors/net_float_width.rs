//! `net!` with a width that is no whole number.
// E0308

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3.5 => 1, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
