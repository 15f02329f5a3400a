//! One row where `step` takes many.
// E0308

use stackprop::{Relu, Sgd, SigmoidBce, Trainer, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fn main() {
    let mut trainer = Trainer::new(Detector::new(1), Sgd::new(0.1));
    let _ = trainer.step(&[0.5, 1.0, 2.0], &[[1.0]]);
}
