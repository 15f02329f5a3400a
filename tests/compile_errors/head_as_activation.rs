//! A head between two layers.
// E0277

use stackprop::{SigmoidBce, net};

type Detector = net![3 => 4, SigmoidBce => 1, SigmoidBce];

fn main() {
    let _ = Detector::new(1);
}
