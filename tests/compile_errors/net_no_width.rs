//! `net!` without widths.
// error: expected `inputs => outputs`, then for each further layer `=> outputs` or

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![Relu, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
