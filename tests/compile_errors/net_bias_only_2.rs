//! `net!` with `bias = false;` and no list.
// error: expected `inputs => outputs`, then for each further layer `=> outputs` or

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![bias = false;];

fn main() {
    let _ = Detector::new(1);
}
