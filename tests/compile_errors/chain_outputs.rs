//! A network with another number of outputs than its last layer.
// E0277: `Linear<3, 1>` is not a layer that takes 3 numbers and gives 2

use stackprop::{Linear, Network, SigmoidBce};

fn main() {
    let _ = Network::<Linear<3, 1>, SigmoidBce, 3, 2>::new(1);
}
