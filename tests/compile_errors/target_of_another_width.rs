//! A target with more numbers than the network has outputs.
// E0277: `[f32; 2]` is not a target of this network

use stackprop::{Dataset, Mse, Sgd, Trainer, net};

fn main() {
    let mut trainer = Trainer::new(<net![1 => 1, Mse]>::new(1), Sgd::new(0.1));
    let (rows, targets) = ([[0.5f32]], [[1.0f32, 2.0]]);
    let _ = trainer.step_of(Dataset::new(&rows, &targets).unwrap());
}
