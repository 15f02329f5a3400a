//! Bytes that are no file of weights.
// E0080: safetensors: the file does not begin with a header and its length
use stackprop::{Relu, SigmoidBce, net, safetensors};

safetensors! {
    static DETECTOR: net![3 => 4, Relu => 1, SigmoidBce] = include_bytes!("../data/notebook.json");
}

fn main() {
    let _ = DETECTOR.forward(&[0.5, -1.0, 2.0]);
}
