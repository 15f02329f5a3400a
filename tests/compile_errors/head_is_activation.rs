//! An activation where the head belongs.
// E0277: `Relu` is not a head of width 1

use stackprop::{Relu, net};

type Detector = net![3 => 4, Relu => 1, Relu];

fn main() {
    let _ = Detector::new(1);
}
