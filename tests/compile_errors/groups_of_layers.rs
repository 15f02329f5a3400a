//! More groups than the network has layers that learn.
// E0080: by_layer has more groups than layers that learn

use stackprop::{Groups, Relu, Sgd, SigmoidBce, Trainer, net};

fn main() {
    let rates = Groups::by_layer([Sgd::new(0.1), Sgd::new(0.1), Sgd::new(0.1)]);
    let mut trainer = Trainer::new(<net![1 => 2, Relu => 1, SigmoidBce]>::new(1), rates);
    let _ = trainer.step(&[[0.5]], &[[1.0]]);
}
