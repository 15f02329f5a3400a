//! Weights by name and shape, as PyTorch's `nn.Sequential` has them, and as one slice.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nets::{self, Mlp16};
use common::weight_bits;
use fastrand::Rng;
use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
use stackprop::params::{Params, Tensor};
use stackprop::{
    Chain, Error, Frozen, Linear, Mse, Network, Relu, Sigmoid, SigmoidBce, Sums, Tanh, net, params,
    weights,
};

/// Names and shapes.
fn listed<'a>(tensors: impl Iterator<Item = Tensor<'a>>) -> Vec<(String, &'static [usize])> {
    let listed = tensors.map(|tensor| {
        let count: usize = tensor.shape.iter().product();
        assert_eq!(tensor.values.len(), count, "{}", tensor.name);
        (tensor.name.to_string(), tensor.shape)
    });
    listed.collect()
}

/// The same, to be compared with.
fn list(all: &[(&str, &'static [usize])]) -> Vec<(String, &'static [usize])> {
    let owned = all.iter().map(|(name, shape)| (name.to_string(), *shape));
    owned.collect()
}

/// `nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 4))`:
/// `state_dict()` has these keys and shapes.
#[test]
fn names_and_shapes_are_pytorchs() {
    let expected = list(&[
        ("0.weight", &[32, 16]),
        ("0.bias", &[32]),
        ("2.weight", &[16, 32]),
        ("2.bias", &[16]),
        ("4.weight", &[4, 16]),
        ("4.bias", &[4]),
    ]);
    let net = Mlp16::new(1);
    assert_eq!(listed(net.tensors()), expected);
    assert_eq!(listed(weights::tensors(&net)), expected);
    assert_eq!(listed(weights::tensors(&net.layers)), expected);
    let grad = Mlp16::zero_grad();
    assert_eq!(listed(weights::tensors_of::<Mlp16, f32>(&grad)), expected);
    assert_eq!(<Mlp16 as Params>::TENSORS, 6);
    assert_eq!(<Mlp16 as Params>::LAYERS, 5);
}

/// Without biases there is none in the list; activations count, in a row and at the end too.
#[test]
fn activations_count_and_missing_biases_do_not() {
    let expected = [
        ("0.weight", &[4, 3][..]),
        ("2.weight", &[2, 4]),
        ("4.weight", &[1, 2]),
    ];
    assert_eq!(listed(BOOK_NET.tensors()), list(&expected));
    let linear = <net![bias = false; 3 => 4 => 2 => 1, SigmoidBce]>::new(1);
    let expected = [
        ("0.weight", &[4, 3][..]),
        ("1.weight", &[2, 4]),
        ("2.weight", &[1, 2]),
    ];
    assert_eq!(listed(linear.tensors()), list(&expected));
    let mixed = <net![2 => 5, Tanh, Relu => 3 => 4, Sigmoid, Mse]>::new(1);
    let expected = [
        ("0.weight", &[5, 2][..]),
        ("0.bias", &[5]),
        ("3.weight", &[3, 5]),
        ("3.bias", &[3]),
        ("4.weight", &[4, 3]),
        ("4.bias", &[4]),
    ];
    assert_eq!(listed(mixed.tensors()), list(&expected));
    assert_eq!(
        <net![2 => 5, Tanh, Relu => 3 => 4, Sigmoid, Mse] as Params>::LAYERS,
        6
    );
}

/// Frozen layers count in the names of those behind them, and are not listed themselves.
#[test]
fn frozen_layers_count_and_are_not_listed() {
    type Front = Chain<Linear<3, 4>, Chain<Relu, Linear<4, 4>, 4>, 4>;
    static FRONT: Front = Chain(
        Linear::new([[0.1; 3]; 4], [0.2; 4]),
        Chain(Relu, Linear::new([[0.3; 4]; 4], [0.4; 4])),
    );
    let back = Linear::new([[0.5; 4]; 2], [0.6; 2]);
    let layers = Chain::<_, _, 4>(Frozen(&FRONT), Chain::<_, _, 4>(Relu, back));
    let mut net = Network::<_, _, 3, 2>::from_layers(layers, SigmoidBce);
    let expected = list(&[("4.weight", &[2, 4]), ("4.bias", &[2])]);
    assert_eq!(listed(net.tensors()), expected);
    let mut values = [0.0; 10];
    net.copy_to_slice(&mut values).unwrap();
    assert_eq!(values, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6]);
    let mut seen = Vec::new();
    net.visit_mut(|tensor| seen.push((tensor.name.to_string(), tensor.shape)));
    assert_eq!(seen, expected);

    // In the middle, and at the end, where nothing is behind it.
    let first = Linear::new([[0.7; 3]; 3], [0.8; 3]);
    let middle = Chain::<_, _, 3>(first, Chain::<_, _, 4>(Frozen(&FRONT), back));
    let expected = [
        ("0.weight", &[3, 3][..]),
        ("0.bias", &[3]),
        ("4.weight", &[2, 4]),
        ("4.bias", &[2]),
    ];
    assert_eq!(listed(weights::tensors(&middle)), list(&expected));
    let last = Chain::<_, _, 3>(first, Frozen(&FRONT));
    assert_eq!(listed(weights::tensors(&last)), list(&expected[..2]));
}

/// Tensor by tensor, each row by row: the order of the fields.
#[test]
fn values_are_the_fields() {
    let net = Mlp16::new(3);
    let layers = &net.layers;
    let (first, second, third) = (&layers.0, &layers.1.1.0, &layers.1.1.1.1);
    let expected = [
        first.weight.as_flattened(),
        &first.bias,
        second.weight.as_flattened(),
        &second.bias,
        third.weight.as_flattened(),
        &third.bias,
    ];
    let values: Vec<&[f32]> = net.tensors().map(|tensor| tensor.values).collect();
    assert_eq!(values, expected);
    let mut slice = [f32::NAN; Mlp16::PARAMETERS];
    net.copy_to_slice(&mut slice).unwrap();
    assert_eq!(slice[..], expected.concat());
    for (index, tensor) in net.tensors().enumerate() {
        assert_eq!(net.tensor(index), Some(tensor));
    }
    assert_eq!(net.tensor(6), None);
}

/// Out and in again, bit by bit, NaN and -0 too.
#[test]
fn a_copy_there_and_back() {
    let mut net: Mlp16 = nets::random(&mut Rng::with_seed(2));
    net.layers.0.weight[3][5] = f32::from_bits(0x7fc1_2345);
    net.layers.1.1.0.bias[2] = -0.0;
    net.layers.1.1.1.1.bias[3] = f32::NEG_INFINITY;
    let mut values = vec![0.0; Mlp16::PARAMETERS];
    net.copy_to_slice(&mut values).unwrap();
    let mut copy = Mlp16::zeros();
    copy.copy_from_slice(&values).unwrap();
    let raw = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let mut again = vec![0.0; Mlp16::PARAMETERS];
    copy.copy_to_slice(&mut again).unwrap();
    assert_eq!(raw(&again), raw(&values));
    assert_eq!(weight_bits(&copy), weight_bits(&net));
    assert_eq!(copy.layers.0.weight[3][5].to_bits(), 0x7fc1_2345);
}

#[test]
fn wrong_lengths_change_nothing() {
    let mut net = BOOK_NET;
    for found in [0, 1, 21, 23, 44] {
        let error = Err(Error::Parameters {
            expected: 22,
            found,
        });
        let mut values = vec![7.0; found];
        assert_eq!(net.copy_to_slice(&mut values), error);
        assert_eq!(values, vec![7.0; found]);
        assert_eq!(net.copy_from_slice(&values), error);
        assert_eq!(net, BOOK_NET);
    }
}

#[test]
fn weights_are_changed_where_they_are() {
    let mut net = Mlp16::new(5);
    let before = net;
    let mut seen = Vec::new();
    net.visit_mut(|tensor| {
        seen.push((tensor.name.to_string(), tensor.shape));
        if tensor.name.field == "bias" {
            tensor.values.fill(0.25);
        }
        if tensor.name.layer == 2 && tensor.shape.len() == 2 {
            tensor.values[32] = 9.0;
        }
    });
    assert_eq!(seen, listed(before.tensors()));
    let mut expected = before;
    expected.layers.0.bias = [0.25; 32];
    expected.layers.1.1.0.bias = [0.25; 16];
    expected.layers.1.1.0.weight[1][0] = 9.0;
    expected.layers.1.1.1.1.bias = [0.25; 4];
    assert_eq!(net, expected);
}

/// A gradient has the names of its network, and so have sums and what is in vectors.
#[test]
fn gradients_by_the_names_of_their_parameters() {
    let mut grad = NetBook::zero_grad();
    BOOK_NET.gradient_batch(&X, &Y, &mut grad).unwrap();
    let tensors: Vec<_> = weights::tensors_of::<NetBook, f32>(&grad).collect();
    assert_eq!(listed(tensors.iter().copied()), listed(BOOK_NET.tensors()));
    assert_eq!(tensors[0].values, grad.0.weight.as_flattened());
    assert_eq!(tensors[1].values, grad.1.1.0.weight.as_flattened());
    assert_eq!(tensors[2].values, grad.1.1.1.1.weight.as_flattened());
    let mut sums = Sums::<NetBook>::new();
    BOOK_NET.accumulate(&X, &Y, &mut sums).unwrap();
    let (_, mean) = sums.mean();
    let mean: Vec<_> = weights::tensors_of::<NetBook, f32>(&mean).collect();
    assert_eq!(mean, tensors);
    let zeros = <NetBook as Params>::fill([1.0; 2]);
    let pairs: Vec<_> = weights::tensors_of::<NetBook, [f32; 2]>(&zeros).collect();
    assert_eq!((pairs.len(), pairs[1].values), (3, &[[1.0; 2]; 8][..]));
}

/// A layer of one's own: a number, a row and a matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Own<const N: usize, T = f32> {
    scale: T,
    shift: [T; N],
    mixture: [[T; N]; 2],
}

params!(Own<const N: usize> { scale, shift, mixture });

#[test]
fn tensors_of_a_layer_of_ones_own() {
    let mut own = Own {
        scale: 1.0,
        shift: [2.0, 3.0, 4.0],
        mixture: [[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]],
    };
    let expected = list(&[("0.scale", &[]), ("0.shift", &[3]), ("0.mixture", &[2, 3])]);
    assert_eq!(listed(weights::tensors(&own)), expected);
    let chain = Chain::<_, _, 3>(Relu, own);
    let behind = list(&[("1.scale", &[]), ("1.shift", &[3]), ("1.mixture", &[2, 3])]);
    assert_eq!(listed(weights::tensors(&chain)), behind);
    let all: Vec<f32> = weights::tensors(&own)
        .flat_map(|tensor| tensor.values.to_vec())
        .collect();
    assert_eq!(all, (1..=10).map(|k| k as f32).collect::<Vec<_>>());
    assert_eq!((Own::<3>::COUNT, Own::<3>::TENSORS), (10, 3));
    own.tensor_mut(1).unwrap().values[2] = 0.5;
    assert_eq!(own.shift, [2.0, 3.0, 0.5]);
    assert!(own.tensor_mut(3).is_none());
}
