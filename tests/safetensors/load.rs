//! What does not fit a network is named, and changes nothing.

use crate::build::{entry, file, tensors};
use stackprop::safetensors::{Error, Names, SafeTensors};
use stackprop::{Linear, Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

const NETWORK: [(&str, &[usize]); 4] = [
    ("0.weight", &[4, 3]),
    ("0.bias", &[4]),
    ("2.weight", &[1, 4]),
    ("2.bias", &[1]),
];

/// The error of reading `bytes` into a detector, which has to stay as it is.
fn error(bytes: &[u8]) -> Error {
    error_of(SafeTensors::new(bytes).unwrap())
}

fn error_of(file: SafeTensors<'_>) -> Error {
    let mut network = Detector::new(1);
    let error = file.load(&mut network).unwrap_err();
    assert_eq!(network, Detector::new(1), "{error}");
    error
}

/// The network's tensors with one of them changed.
fn with(index: usize, tensor: (&str, &[usize])) -> Vec<u8> {
    let mut all = NETWORK.map(|(name, shape)| (name, shape.to_vec()));
    all[index] = (tensor.0, tensor.1.to_vec());
    let all: Vec<_> = all
        .iter()
        .map(|(name, shape)| (*name, &shape[..]))
        .collect();
    tensors(&all)
}

#[test]
fn the_order_in_the_file_does_not_count() {
    let mut network = Detector::zeros();
    let all = [NETWORK[3], NETWORK[0], NETWORK[2], NETWORK[1]];
    SafeTensors::new(&tensors(&all))
        .unwrap()
        .load(&mut network)
        .unwrap();
    assert_eq!(network.layers.1.1.bias, [0.0]);
    assert_eq!(network.layers.0.weight[3], [10.0, 11.0, 12.0]);
    assert_eq!(network.layers.1.1.weight, [[13.0, 14.0, 15.0, 16.0]]);
    assert_eq!(network.layers.0.bias, [17.0, 18.0, 19.0, 20.0]);
}

#[test]
fn missing() {
    let text = error(&tensors(&NETWORK[..3])).to_string();
    assert_eq!(
        text,
        "safetensors: the tensor 2.bias is missing in the file"
    );
    assert!(matches!(error(&tensors(&[])), Error::Missing(name) if name.as_str() == "0.weight"));
}

#[test]
fn unexpected() {
    let mut more = NETWORK.to_vec();
    more.push(("4.weight", &[1, 1]));
    let text = error(&tensors(&more)).to_string();
    assert_eq!(
        text,
        "safetensors: the tensor 4.weight of the file is not in the network"
    );

    let file = tensors(&more);
    let file = SafeTensors::new(&file).unwrap().allow_unused(true);
    assert_eq!(file.load(&mut Detector::zeros()), Ok(()));
}

#[test]
fn shapes() {
    let cases: [(usize, &[usize], &str); 6] = [
        (
            0,
            &[3, 4],
            "0.weight is [3, 4] in the file and [4, 3] in the network",
        ),
        (
            0,
            &[12],
            "0.weight is [12] in the file and [4, 3] in the network",
        ),
        (
            1,
            &[4, 1],
            "0.bias is [4, 1] in the file and [4] in the network",
        ),
        (3, &[], "2.bias is [] in the file and [1] in the network"),
        (
            2,
            &[1, 4, 1, 1],
            "2.weight is [1, 4, 1, 1] in the file and [1, 4] in the network",
        ),
        (
            2,
            &[1, 4, 1, 1, 1],
            "2.weight is [5 dimensions] in the file and [1, 4] in the network",
        ),
    ];
    for (index, shape, expected) in cases {
        let text = error(&with(index, (NETWORK[index].0, shape))).to_string();
        assert_eq!(text, format!("safetensors: the tensor {expected}"));
    }
}

#[test]
fn types_of_numbers() {
    let entries = NETWORK.map(|(name, shape)| {
        let begin = [0, 96, 128, 160][NETWORK.iter().position(|t| t.0 == name).unwrap()];
        let end = begin + 8 * shape.iter().product::<usize>();
        format!(r#""{name}":{{"dtype":"F64","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#)
    });
    let text = error(&file(&format!("{{{}}}", entries.join(",")), &[0; 168])).to_string();
    assert_eq!(
        text,
        "safetensors: the tensor 0.weight has numbers of type F64, not F32"
    );
}

#[test]
fn numbers_that_are_not_finite() {
    for number in [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::from_bits(0x7f80_0001),
    ] {
        let mut bytes = tensors(&NETWORK);
        let at = bytes.len() - 12; // the third number of 2.weight
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        let text = error(&bytes).to_string();
        assert_eq!(
            text,
            "safetensors: the tensor 2.weight has NaN or an infinity as number 2"
        );

        let mut network = Detector::zeros();
        let file = SafeTensors::new(&bytes).unwrap().allow_non_finite(true);
        file.load(&mut network).unwrap();
        assert_eq!(network.layers.1.1.weight[0][2].to_bits(), number.to_bits());
    }
    let mut bytes = tensors(&NETWORK);
    let at = bytes.len() - 12;
    bytes[at..at + 4].copy_from_slice(&f32::MAX.to_le_bytes());
    assert_eq!(
        SafeTensors::new(&bytes)
            .unwrap()
            .load(&mut Detector::zeros()),
        Ok(())
    );
}

#[test]
fn lists_of_names() {
    let bytes = tensors(&[
        ("a.weight", &[4, 3]),
        ("a.bias", &[4]),
        ("b.weight", &[1, 4]),
    ]);
    let file = SafeTensors::new(&bytes).unwrap();
    let text = error_of(file.names(Names::Listed(&["a"]))).to_string();
    assert_eq!(text, "safetensors: 1 names for 2 layers with tensors");
    let text = error_of(file.names(Names::Listed(&["a", "b", "c"]))).to_string();
    assert_eq!(text, "safetensors: 3 names for 2 layers with tensors");
    let text = error_of(file.names(Names::Listed(&["a", "b"]))).to_string();
    assert_eq!(
        text,
        "safetensors: the tensor b.bias is missing in the file"
    );
    let text = error_of(file.names(Names::Listed(&["b", "a"]))).to_string();
    let shapes = "[1, 4] in the file and [4, 3] in the network";
    assert_eq!(
        text,
        format!("safetensors: the tensor b.weight is {shapes}")
    );
    let text = error_of(file.prefix("x.")).to_string();
    assert_eq!(
        text,
        "safetensors: the tensor x.0.weight is missing in the file"
    );
}

/// A list with a name twice reads that module twice; what it leaves is still unexpected.
#[test]
fn a_name_listed_twice_leaves_others_unexpected() {
    type Two = net![bias = false; 1 => 1 => 1, SigmoidBce];
    let bytes = tensors(&[("a.weight", &[1, 1]), ("b.weight", &[1, 1])]);
    let file = SafeTensors::new(&bytes)
        .unwrap()
        .names(Names::Listed(&["a", "a"]));
    let error = file.load(&mut Two::zeros()).unwrap_err();
    assert!(matches!(error, Error::Unexpected(name) if name.as_str() == "b.weight"));
}

/// Numbers by value, from `layers.2` to `layers.10`; escapes of JSON are the characters they mean.
#[test]
fn sorted_names() {
    type Deep = net![bias = false; 2 => 2 => 2 => 2, SigmoidBce];
    let all: [(&str, &[usize]); 3] = [
        ("layers.10.weight", &[2, 2]),
        (r"layers\u002e2.weight", &[2, 2]),
        ("layers.1.weight", &[2, 2]),
    ];
    let (bytes, mut network) = (tensors(&all), Deep::zeros());
    let file = SafeTensors::new(&bytes).unwrap().names(Names::Sorted);
    file.load(&mut network).unwrap();
    assert_eq!(network.layers.0.weight[0][0], 8.0);
    assert_eq!(network.layers.1.0.weight[0][0], 4.0);
    assert_eq!(network.layers.1.1.weight[0][0], 0.0);
}

/// A name that is longer than an error can hold is cut there, and never taken for another.
#[test]
fn long_names() {
    let long = "ä".repeat(60);
    let bytes = tensors(&[(&long, &[1])]);
    let all: Vec<_> = NETWORK
        .iter()
        .copied()
        .chain([(&long[..], &[1][..])])
        .collect();
    let cut = "ä".repeat(30);
    assert!(matches!(error(&tensors(&all)), Error::Unexpected(name) if name.as_str() == cut));
    assert!(SafeTensors::new(&bytes).is_ok());

    let listed = [&long[..], "b"];
    let header = format!("{{{}}}", entry(&format!("{long}.weight"), &[4, 3], 0));
    let bytes = file(&header, &[0; 48]);
    let file = SafeTensors::new(&bytes)
        .unwrap()
        .names(Names::Listed(&listed));
    let text = error_of(file).to_string();
    assert!(text.ends_with("... has too long a name"), "{text}");
}

/// A layer that was saved by itself: its tensors have no module.
#[test]
fn a_bare_layer() {
    let bytes = tensors(&[("weight", &[2, 3]), ("bias", &[2])]);
    let file = SafeTensors::new(&bytes).unwrap();
    for names in [Names::Listed(&[""]), Names::Sorted] {
        let mut layer = Linear::<3, 2>::new([[9.0; 3]; 2], [9.0; 2]);
        file.names(names).load(&mut layer).unwrap();
        assert_eq!(
            layer,
            Linear::new([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], [6.0, 7.0])
        );
    }
}

/// Numbers that are equal, with zeros in front.
#[test]
fn sorted_names_that_differ_by_zeros() {
    type Two = net![bias = false; 1 => 1 => 1, SigmoidBce];
    let bytes = tensors(&[("fc1.weight", &[1, 1]), ("fc01.weight", &[1, 1])]);
    let mut network = Two::zeros();
    let file = SafeTensors::new(&bytes).unwrap().names(Names::Sorted);
    file.load(&mut network).unwrap();
    assert_eq!(
        (network.layers.0.weight, network.layers.1.weight),
        ([[1.0]], [[0.0]])
    );
}

/// A digit beside a letter is a character like any other, whatever number begins with it.
#[test]
fn sorted_names_of_digits_and_letters() {
    type Three = net![bias = false; 1 => 1 => 1 => 1, SigmoidBce];
    let all: [(&str, &[usize]); 3] = [
        ("fca.weight", &[1, 1]),
        ("fc9.weight", &[1, 1]),
        ("fc10.weight", &[1, 1]),
    ];
    let (bytes, mut network) = (tensors(&all), Three::zeros());
    let file = SafeTensors::new(&bytes).unwrap().names(Names::Sorted);
    file.load(&mut network).unwrap();
    assert_eq!(network.layers.0.weight, [[1.0]]);
    assert_eq!(network.layers.1.0.weight, [[2.0]]);
    assert_eq!(network.layers.1.1.weight, [[0.0]]);
}
