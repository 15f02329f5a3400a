//! A file with a tensor more than the network.
// E0080: safetensors: the tensor 0.bias of the file is not in the network
use stackprop::{Relu, SigmoidBce, net, safetensors};

type Detector = net![bias = false; 3 => 4, Relu => 1, SigmoidBce];

safetensors! {
    static DETECTOR: Detector = include_bytes!("../data/detector.safetensors");
}

fn main() {
    let _ = DETECTOR.forward(&[0.5, -1.0, 2.0]);
}
