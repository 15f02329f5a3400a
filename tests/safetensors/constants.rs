//! `static` networks from files of PyTorch's, which the crate `safetensors` reads for comparison.

use stackprop::safetensors::{Names, SafeTensors};
use stackprop::{
    Chain, Frozen, Layer, Linear, Network, NoBias, Relu, SigmoidBce, Standardize, layers::Pass,
    net, params, safetensors, simd::Vector,
};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

const FILE: &[u8] = include_bytes!("../data/detector.safetensors");
const NAMED: &[u8] = include_bytes!("../data/named.safetensors");

safetensors! {
    /// The smallest way to say it.
    static DETECTOR: Detector = include_bytes!("../data/detector.safetensors");

    static LISTED: Detector = NAMED, prefix = "net.", names = Names::Listed(&["fc1", "fc2"]);
    static SORTED: Detector = NAMED, names = Names::Sorted;
    static PREFIXED: Detector = &of_kinds::PREFIXED, prefix = "net.";

    static WITHOUT_BIAS: net![bias = false; 3 => 2 => 1, SigmoidBce] = &of_kinds::WITHOUT_BIAS;
    static SCALED: net![2, Standardize => 1, SigmoidBce] = &of_kinds::SCALED;
    static OWN: Network<Chain<Affine<2>, Linear<2, 1, NoBias>, 2>, SigmoidBce, 2, 1> =
        &of_kinds::OWN;

    /// The part of a network that is not to learn.
    static FRONT: Chain<Linear<3, 4>, Relu, 4> = FILE, allow_unused = true;
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Affine<const N: usize, T = f32> {
    weight: [T; N],
    level: T,
    mix: [[T; N]; N],
}

params!(Affine<const N: usize> { weight, level, mix });

impl<const N: usize> Layer<N, N> for Affine<N> {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        *y = *x;
    }

    fn backward<V: Vector>(
        &self,
        _: Pass<'_, V, (), N, N>,
        _: &[V; N],
        _: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        _: Option<&mut [V; N]>,
    ) {
    }
}

/// Files made by hand, as constants: a header, and the numbers 1, 2, 3 and so on.
mod of_kinds {
    /// A file of `BYTES` bytes.
    const fn file<const BYTES: usize>(header: &str) -> [u8; BYTES] {
        let (mut bytes, header) = ([0; BYTES], header.as_bytes());
        [bytes[0], bytes[1], ..] = (header.len() as u64).to_le_bytes();
        let mut n = 0;
        while n < header.len() {
            bytes[8 + n] = header[n];
            n += 1;
        }
        let mut number = 0;
        while 8 + n < BYTES {
            number += 1;
            let one = (number as f32).to_le_bytes();
            let mut k = 0;
            while k < 4 {
                bytes[8 + n] = one[k];
                (n, k) = (n + 1, k + 1);
            }
        }
        bytes
    }

    const PREFIXED_HEADER: &str = r#"{"net.0.weight":{"dtype":"F32","shape":[4,3],
        "data_offsets":[0,48]},"net.0.bias":{"dtype":"F32","shape":[4],"data_offsets":[48,64]},
        "net.2.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[64,80]},
        "net.2.bias":{"dtype":"F32","shape":[1],"data_offsets":[80,84]},
        "other":{"dtype":"I64","shape":[],"data_offsets":[84,92]}}"#;
    pub(super) static PREFIXED: [u8; 8 + PREFIXED_HEADER.len() + 92] = file(PREFIXED_HEADER);

    const WITHOUT_BIAS_HEADER: &str = r#"{"1.weight":{"dtype":"F32","shape":[1,2],
        "data_offsets":[24,32]},"0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#;
    pub(super) static WITHOUT_BIAS: [u8; 8 + WITHOUT_BIAS_HEADER.len() + 32] =
        file(WITHOUT_BIAS_HEADER);

    const SCALED_HEADER: &str = r#"{"0.mean":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
        "0.scale":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},
        "1.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},
        "1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[20,28]}}"#;
    pub(super) static SCALED: [u8; 8 + SCALED_HEADER.len() + 28] = file(SCALED_HEADER);

    const OWN_HEADER: &str = r#"{"0.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
        "0.level":{"dtype":"F32","shape":[],"data_offsets":[8,12]},
        "0.mix":{"dtype":"F32","shape":[2,2],"data_offsets":[12,28]},
        "1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[28,36]}}"#;
    pub(super) static OWN: [u8; 8 + OWN_HEADER.len() + 36] = file(OWN_HEADER);
}

/// The tensor of this name, by the reference implementation of the format.
fn reference(bytes: &[u8], name: &str) -> Vec<f32> {
    let file = ::safetensors::SafeTensors::deserialize(bytes).unwrap();
    let (numbers, _) = file.tensor(name).unwrap().data().as_chunks();
    numbers
        .iter()
        .map(|number| f32::from_le_bytes(*number))
        .collect()
}

#[test]
fn has_the_weights_of_the_file() {
    for tensor in DETECTOR.tensors() {
        assert_eq!(tensor.values, reference(FILE, &tensor.name.to_string()));
    }
}

/// `torch.sigmoid(model(x))` of the model that wrote the file, by PyTorch 2.15.
#[test]
fn gives_pytorchs_output() {
    for (x, y) in [
        ([0.5, -1.0, 2.0], 0.460_038_75),
        ([-3.0, 1.0, 0.25], 0.534_751_35),
    ] {
        let [p] = DETECTOR.forward(&x);
        assert!((p - y).abs() < 1e-7, "{p} {y}");
    }
}

#[test]
fn names_of_every_kind_find_the_same_weights() {
    assert_eq!(LISTED, DETECTOR);
    assert_eq!(SORTED, DETECTOR);
    let numbers: Vec<f32> = PREFIXED.tensors().flat_map(|t| t.values).copied().collect();
    assert!(numbers.iter().copied().eq((1u8..=21).map(f32::from)));
}

#[test]
fn networks_of_every_kind() {
    let layers = &WITHOUT_BIAS.layers;
    assert_eq!(layers.0.weight, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(layers.1.weight, [[7.0, 8.0]]);
    assert_eq!(SCALED.layers.0, Standardize::new([1.0, 2.0], [3.0, 4.0]));
    assert_eq!(SCALED.layers.1, Linear::new([[6.0, 7.0]], [5.0]));
    let affine = Affine {
        weight: [1.0, 2.0],
        level: 3.0,
        mix: [[4.0, 5.0], [6.0, 7.0]],
    };
    assert_eq!(OWN.layers.0, affine);
    assert_eq!(OWN.layers.1.weight, [[8.0, 9.0]]);
}

#[test]
fn a_frozen_part_from_a_file() {
    let last = DETECTOR.layers.1.1;
    let layers = Chain::<_, _, 4>(Frozen(&FRONT), last);
    let network = Network::<_, _, 3, 1>::from_layers(layers, SigmoidBce);
    let x = [0.5, -1.0, 2.0];
    assert_eq!(network.forward(&x), DETECTOR.forward(&x));

    // At run time the frozen layers count in the names, and stay.
    let mut other = network;
    other.layers.1 = Linear::new([[0.0; 4]], [0.0]);
    let file = SafeTensors::new(FILE).unwrap().allow_unused(true);
    file.load(&mut other).unwrap();
    assert_eq!(other, network);
}

#[test]
fn run_time_reads_what_compile_time_reads() {
    let mut network = Detector::zeros();
    SafeTensors::new(FILE).unwrap().load(&mut network).unwrap();
    assert_eq!(network, DETECTOR);
    let named = SafeTensors::new(NAMED).unwrap();
    let ways = [
        named.prefix("net.").names(Names::Listed(&["fc1", "fc2"])),
        named.names(Names::Sorted),
        named.prefix("net.").names(Names::Sorted),
    ];
    for file in ways {
        let mut network = Detector::zeros();
        file.load(&mut network).unwrap();
        assert_eq!(network, DETECTOR);
    }
    let mut own = OWN;
    own.layers.0.mix = [[0.0; 2]; 2];
    SafeTensors::new(&of_kinds::OWN)
        .unwrap()
        .load(&mut own)
        .unwrap();
    assert_eq!(own.layers.0, OWN.layers.0);
}
