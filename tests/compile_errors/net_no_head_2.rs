//! `net!` of widths only.
// error: a network ends in a head, after a comma: net![3 => 4, Relu => 1, SigmoidBce]

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4 => 1];

fn main() {
    let _ = Detector::new(1);
}
