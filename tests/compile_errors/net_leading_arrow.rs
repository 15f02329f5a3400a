//! `net!` that begins with an arrow.
// error: expected `inputs => outputs`, then for each further layer `=> outputs` or

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![=> 4, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
