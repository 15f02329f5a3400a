//! What a network is made of: its fingerprint, the CRC-32 of a text, computed here by Python's
//! `zlib.crc32`; the table that it prints; the names of its tensors.

use stackprop::params::TensorId;
use stackprop::{
    Chain, Frozen, HardTanh, Head, Layer, LeakyRelu, Linear, Mse, Network, NoBias, Relu,
    SigmoidBce, Standardize, Weighted, Zero, net, params, simd::Vector,
};

#[derive(Clone, Copy)]
struct Prune<const N: usize, T = f32> {
    mask: [T; N],
    level: T,
}

params!(Prune<const N: usize> { mask, level });

impl<const N: usize> Layer<N, N> for Prune<N> {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        *y = *x;
    }

    fn backward<V: Vector>(
        &self,
        _: stackprop::layers::Pass<'_, V, (), N, N>,
        _: &[V; N],
        _: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        _: Option<&mut [V; N]>,
    ) {
    }
}

#[derive(Clone, Copy)]
struct Unnamed;

impl<const O: usize> Head<O> for Unnamed {
    const DEFAULT: Self = Self;

    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    fn loss_grad<V: Vector>(&self, _: &[V; O], _: &[V; O], _: &mut [V; O]) -> V {
        V::ZERO
    }
}

/// `Standardize mean[3] scale[3]\nfrozen Linear weight[4,3]\nfrozen HardTanh\n
/// Prune mask[4] level[]\nLinear weight[12,4] bias[12]\nown\n`, without the break.
#[test]
fn every_part_is_in_the_text() {
    type Front = Chain<Linear<3, 4, NoBias>, HardTanh, 4>;
    type Back = Chain<Frozen<'static, Front>, Chain<Prune<4>, Linear<4, 12>, 4>, 4>;
    type Net = Network<Chain<Standardize<3>, Back, 3>, Unnamed, 3, 12>;
    assert_eq!(Net::FINGERPRINT, 0x5699_1a65);
}

#[test]
fn nesting_does_not_count() {
    type Left = Chain<Chain<Linear<3, 4>, Relu, 4>, Linear<4, 1>, 4>;
    type Right = net![3 => 4, Relu => 1, SigmoidBce];
    assert_eq!(
        Network::<Left, SigmoidBce, 3, 1>::FINGERPRINT,
        Right::FINGERPRINT
    );
}

#[test]
fn a_weighted_head_is_the_head() {
    type Plain = net![3 => 1, Mse];
    assert_eq!(
        <net![3 => 1, Weighted<Mse>]>::FINGERPRINT,
        Plain::FINGERPRINT
    );
}

#[test]
fn what_differs_is_told_apart() {
    let mut all = [
        <net![3 => 4, Relu => 1, SigmoidBce]>::FINGERPRINT,
        <net![bias = false; 3 => 4, Relu => 1, SigmoidBce]>::FINGERPRINT,
        <net![4 => 3, Relu => 1, SigmoidBce]>::FINGERPRINT,
        <net![3 => 4 => 1, SigmoidBce]>::FINGERPRINT,
        <net![3 => 4, Relu => 1, Mse]>::FINGERPRINT,
        <net![3 => 4, LeakyRelu => 1, SigmoidBce]>::FINGERPRINT,
        <net![3 => 4, LeakyRelu<1, 5> => 1, SigmoidBce]>::FINGERPRINT,
        <net![3 => 4, Relu => 1, Relu, SigmoidBce]>::FINGERPRINT,
        <net![3, Standardize => 4, Relu => 1, SigmoidBce]>::FINGERPRINT,
    ];
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(Prune::<4>::ZERO.mask, [0.0; 4]);
}

/// What `println!("{network}")` prints.
#[test]
fn a_network_as_a_table() {
    let front = Chain::<_, _, 4>(Linear::without_bias([[0.0; 3]; 4]), LeakyRelu::<1, 5>);
    let layers = Chain::<_, _, 4>(Frozen(&front), Linear::new([[0.0; 4]; 12], [0.0; 12]));
    let network = Network::from_layers(layers, Mse);
    let text = network.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..4],
        [
            " 0 Linear           weight[4,3]                      12 frozen",
            " 1 LeakyRelu(1,5)",
            " 2 Linear           weight[12,4] bias[12]            60",
            "   Mse",
        ]
    );
    let bytes = size_of_val(&network);
    assert_eq!(lines[4], format!("60 parameters, {bytes} bytes"));
}

/// Names as PyTorch's `nn.Sequential` has them.
#[test]
fn names_of_tensors() {
    let id = TensorId::new("bias")
        .after::<Relu>()
        .after::<Linear<3, 4>>();
    assert_eq!(id.to_string(), "2.bias");
}
