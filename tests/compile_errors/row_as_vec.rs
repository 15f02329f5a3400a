//! A row as a `Vec`.
// E0308

use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let row: Vec<f32> = vec![0.5, 1.0, 2.0];
    let _ = Detector::new(1).forward(&row);
}
