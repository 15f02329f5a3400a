//! Parameters as tensors.

use core::hint::black_box;
use stackprop::architecture::{Kind, TensorShape};
use stackprop::params::{Stats, Tensor, TensorId, TensorMut, Visit};
use stackprop::{Linear, Relu, SigmoidBce, net, weights};

type Net = net![3 => 4, Relu => 1, SigmoidBce];

/// All of it.
pub(crate) fn all() {
    of_a_network(Net::zeros());
    descriptions();
    let id = black_box(TensorId::new("bias"))
        .after::<Relu>()
        .after::<Linear<3, 4>>();
    black_box(id);
    let mut values = black_box([0.5; 4]);
    let mut visit = black_box(Visit::new(()));
    visit.learns = black_box(true);
    black_box(visit.numbers(&mut values[..]));
    black_box(Stats::new(black_box(&values[..])));
    black_box(Tensor::new("own", &[4], black_box(&values[..])).stats());
    black_box(TensorMut::new("own", &[4], &mut values));
}

#[inline(never)]
fn of_a_network(net: Net) {
    let mut net = black_box(net);
    let mut values = [0.0; Net::PARAMETERS];
    let _ = black_box(weights::copy_to_slice(&net, black_box(&mut values[..])));
    let _ = black_box(weights::copy_from_slice(&mut net, black_box(&values[..])));
    weights::tensors(&net).for_each(|tensor| {
        black_box(tensor);
    });
    let grad = black_box(Net::zero_grad());
    weights::gradients_of::<Net>(&grad).for_each(|tensor| {
        black_box(tensor);
    });
    weights::tensors_of::<Net, f32>(&grad).for_each(|tensor| {
        black_box(tensor);
    });
    weights::visit_mut(&mut net, |tensor| {
        black_box(tensor.values);
    });
    let _ = black_box(net.copy_to_slice(black_box(&mut values[..])));
    let _ = black_box(net.copy_from_slice(black_box(&values[..])));
    net.tensors().for_each(|tensor| {
        black_box(tensor);
    });
    net.visit_mut(|tensor| {
        black_box(tensor.values);
    });
}

/// What a layer says of itself.
#[inline(never)]
fn descriptions() {
    black_box(Kind::new(black_box("own.Layer")));
    black_box(Kind::with_settings(
        black_box("own.Layer"),
        black_box(&[1, 2]),
    ));
    black_box(TensorShape::new(black_box("weight"), black_box(&[3, 4])));
}
