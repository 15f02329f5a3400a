//! `net!` with a width after the head.
// error: a network ends in a head, after a comma: net![3 => 4, Relu => 1, SigmoidBce]

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 1, SigmoidBce => 2];

fn main() {
    let _ = Detector::new(1);
}
