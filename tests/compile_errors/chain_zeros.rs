//! A `static` network of layers that do not fit.
// E0277: `Linear<5, 1>` is not a layer that takes 4 numbers and gives 1

use stackprop::{Chain, Linear, Network, SigmoidBce};

type Wrong = Network<Chain<Linear<3, 4>, Linear<5, 1>, 4>, SigmoidBce, 3, 1>;

fn main() {
    let _ = Wrong::zeros();
}
