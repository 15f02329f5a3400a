//! `net!` with `bias = true`.
// error: a network without biases begins with `bias = false;`

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![bias = true; 3 => 1, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
