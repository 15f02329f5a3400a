//! A file of weights without a tensor of the network.
// E0080: safetensors: the tensor 1.weight is missing in the file
use stackprop::{SigmoidBce, net, safetensors};

type Detector = net![3 => 4 => 1, SigmoidBce];

safetensors! {
    static DETECTOR: Detector = include_bytes!("../data/detector.safetensors");
}

fn main() {
    let _ = DETECTOR.forward(&[0.5, -1.0, 2.0]);
}
