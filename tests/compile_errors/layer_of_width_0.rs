//! A layer without outputs.
// E0080: a linear layer has at least one input and one output

use stackprop::{Mse, net};

type Empty = net![3 => 0, Mse];

fn main() {
    let _ = Empty::new(1).forward(&[0.5, 1.0, 2.0]);
}
