//! A tensor of another shape.
// E0080: safetensors: the tensor 0.weight is [4, 3] in the file and [5, 3] in the network
use stackprop::{Relu, SigmoidBce, net, safetensors};

type Detector = net![3 => 5, Relu => 1, SigmoidBce];

safetensors! {
    static DETECTOR: Detector = include_bytes!("../data/detector.safetensors");
}

fn main() {
    let _ = DETECTOR.forward(&[0.5, -1.0, 2.0]);
}
