//! Any bytes as a file of weights: what the reader takes the reference implementation takes, too,
//! with the same numbers; what it refuses leaves the network as it was; and nothing panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackprop::safetensors::{Names, SafeTensors};
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = SafeTensors::new(bytes) else {
        return;
    };
    let reference = safetensors::SafeTensors::deserialize(bytes).unwrap();
    let _ = file.names(Names::Sorted).load(&mut Detector::zeros());
    let mut network = Detector::new(1);
    if file.load(&mut network).is_err() {
        assert_eq!(network, Detector::new(1));
        return;
    }
    for tensor in network.tensors() {
        let data = reference.tensor(&tensor.name.to_string()).unwrap();
        let numbers = tensor.values.iter().flat_map(|number| number.to_le_bytes());
        assert!(numbers.eq(data.data().iter().copied()));
        assert!(tensor.values.iter().all(|number| number.is_finite()));
    }
});
