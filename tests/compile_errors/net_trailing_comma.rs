//! `net!` with a comma at the end.
// error: expected `inputs => outputs`, then for each further layer `=> outputs` or

#[allow(unused_imports)]
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce,];

fn main() {
    let _ = Detector::new(1);
}
