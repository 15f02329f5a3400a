//! Class labels as literals, which are `i32`.
// E0277: `i32` is not a target of this network

use stackprop::{Dataset, Sgd, SoftmaxCe, Trainer, net};

fn main() {
    let mut trainer = Trainer::new(<net![1 => 2, SoftmaxCe]>::new(1), Sgd::new(0.1));
    let _ = trainer.step_of(Dataset::new(&[[0.5], [1.0]], &[0, 1]).unwrap());
}
