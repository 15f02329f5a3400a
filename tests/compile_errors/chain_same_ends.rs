//! Layers that do not fit, in a chain that gives as many numbers as it takes.
// E0277

use stackprop::{Chain, Linear, Mse, Network};

type Wrong = Network<Chain<Linear<4, 2>, Linear<3, 4>, 2>, Mse, 4, 4>;

fn main() {
    let _ = Wrong::new(1);
}
