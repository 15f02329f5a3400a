//! A head between two layers, in a network that gives as many numbers as it takes.
// E0277

use stackprop::{Mse, SigmoidBce, net};

type Copier = net![4 => 2, SigmoidBce => 4, Mse];

fn main() {
    let _ = Copier::new(1);
}
