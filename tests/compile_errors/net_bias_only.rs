//! `net!` with `bias = false` and no list.
// error: a network without biases begins with `bias = false;`

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![bias = false];

fn main() {
    let _ = Detector::new(1);
}
