//! A row as a slice.
// E0308

use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let all = [0.5_f32, 1.0, 2.0, 3.0];
    let _ = Detector::new(1).forward(&all[..3]);
}
