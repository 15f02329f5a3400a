//! Samples that are computed together, where lanes are scalar: on `f32`, for every number of rows,
//! the bits of `F32x4`, which takes another way. With layers and heads that know nothing of it, and
//! with those that do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{bit, bits, nets};
use fastrand::Rng;
use stackprop::layers::{Pass, SAMPLES};
use stackprop::simd::{F32x4, PARTIAL_SUMS, Vector};
use stackprop::{
    Chain, Frozen, Head, Huber, L1, Layer, Linear, Mse, Network, Params, Relu, SigmoidBce,
    SmoothL1, SoftmaxCe, Tanh, Weighted, WeightedBce, Zero, net, params,
};

/// y = scale x^2: a layer of a user, with a parameter for each number.
#[derive(Clone, Copy)]
struct Squares<const N: usize, T = f32> {
    scale: [T; N],
}

params!(Squares<const N: usize> { scale });

impl<const N: usize> Layer<N, N> for Squares<N> {
    /// x^2.
    type Activations<V: Vector> = [V; N];

    fn forward<V: Vector>(&self, x: &[V; N], squares: &mut [V; N], y: &mut [V; N]) {
        for i in 0..N {
            squares[i] = x[i] * x[i];
            y[i] = V::splat(self.scale[i]) * squares[i];
        }
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, [V; N], N, N>,
        dy: &[V; N],
        grad: Option<&mut Squares<N, V::Partial>>,
        dsquares: &mut [V; N],
        dx: Option<&mut [V; N]>,
    ) {
        for ((ds, scale), dy) in dsquares.iter_mut().zip(&self.scale).zip(dy) {
            *ds = V::splat(*scale) * *dy;
        }
        if let Some(grad) = grad {
            for ((scale, dy), square) in grad.scale.iter_mut().zip(dy).zip(pass.activations) {
                *scale = V::accumulate_product(*scale, *dy, *square);
            }
        }
        if let Some(dx) = dx {
            for ((dx, ds), x) in dx.iter_mut().zip(dsquares).zip(pass.x) {
                *dx = V::splat(2.0) * *ds * *x;
            }
        }
    }
}

/// The bits of the loss and the gradient.
fn gradient<V: Vector, L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Vec<u32> {
    let mut grad = L::fill(f32::NAN);
    let loss = net.gradient_batch_on::<V>(rows, targets, &mut grad);
    let mut all = bits::<L>(&grad);
    all.push(bit(loss.unwrap()));
    all
}

/// Random weights, then the same bits for each number of rows.
fn same_bits<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    mut net: Network<L, H, I, O>,
) {
    let mut rng = Rng::with_seed(7);
    for index in 0..L::TENSORS {
        let tensor = net.tensor_mut(index).unwrap();
        tensor.values.fill_with(|| rng.f32() - 0.5);
    }
    let (rows, targets) = (nets::rows(&mut rng, 150), nets::targets(&mut rng, 150));
    for n in (1..=70).chain([100, 128, 131, 150]) {
        let (rows, targets) = (&rows[..n], &targets[..n]);
        let expected = gradient::<F32x4, L, H, I, O>(&net, rows, targets);
        assert!(
            gradient::<f32, L, H, I, O>(&net, rows, targets) == expected,
            "{n} rows"
        );
        let outputs = |f32s: bool| {
            let mut y_hat = vec![[0.0; O]; n];
            let done = match f32s {
                true => net.forward_batch_on::<f32>(rows, &mut y_hat),
                false => net.forward_batch_on::<F32x4>(rows, &mut y_hat),
            };
            done.unwrap();
            y_hat.into_iter().flatten().map(bit).collect::<Vec<_>>()
        };
        assert!(outputs(true) == outputs(false), "y_hat of {n} rows");
    }
}

#[test]
fn a_layer_of_a_user() {
    same_bits(<net![6 => 9, Squares<9> => 5, Tanh => 3, SigmoidBce]>::zeros());
    same_bits(<net![5 => 20, Squares<20> => 1, Mse]>::zeros());
}

#[test]
fn a_standardized_input() {
    same_bits(<net![8, Standardize => 10, Relu => 2, Mse]>::zeros());
}

#[test]
fn widths_that_are_no_multiples() {
    same_bits(<net![19 => 25, Tanh => 13, Relu => 3, SigmoidBce]>::zeros());
    same_bits(<net![bias = false; 33 => 7, Relu => 17, Relu => 1, SigmoidBce]>::zeros());
    same_bits(<net![70 => 1, SigmoidBce]>::zeros());
    same_bits(<net![1 => 40, Tanh => 1, Mse]>::zeros());
}

#[test]
fn every_head() {
    same_bits(<net![8 => 12, Relu => 4, SoftmaxCe]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, Mse]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, Huber]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, SmoothL1]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, L1]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, Weighted<SoftmaxCe>]>::zeros());
    same_bits(<net![8 => 12, Relu => 4, WeightedBce<4>]>::zeros());
}

#[test]
fn a_frozen_part_behind_one_that_learns() {
    let middle = Linear::<12, 6>::new([[0.25; 12]; 6], [0.5; 6]);
    let last = Chain::<_, _, 6>(Frozen(&middle), Linear::<6, 2>::ZERO);
    let layers = Chain::<_, _, 12>(Linear::<8, 12>::ZERO, last);
    same_bits(Network::<_, _, 8, 2>::from_layers(layers, SigmoidBce));
}

/// The methods of a layer for several samples do what those for one do.
#[test]
fn a_layer_by_itself() {
    let mut rng = Rng::with_seed(3);
    let mut random = || rng.f32() - 0.5;
    let layer = Squares::<70> {
        scale: std::array::from_fn(|_| random()),
    };
    let mut numbers = || std::array::from_fn::<_, SAMPLES, _>(|_| [random(); 70]);
    let (x, dy) = (numbers(), numbers());
    let (mut squares, mut y) = ([[0.0; 70]; SAMPLES], [[0.0; 70]; SAMPLES]);
    layer.forward_together(None, x.each_ref(), squares.each_mut(), y.each_mut());
    let (mut delta, mut dx) = ([[0.0; 70]; SAMPLES], [[0.0; 70]; SAMPLES]);
    let passes = std::array::from_fn(|c| Pass {
        x: &x[c],
        activations: &squares[c],
        y: &y[c],
    });
    let mut grad = Squares { scale: [1.0; 70] };
    let (deltas, dxs) = (delta.each_mut(), Some(dx.each_mut()));
    layer.backward_together::<2>(passes, dy.each_ref(), Some(&mut grad), deltas, dxs);
    for i in 0..70 {
        let part = |c: usize| dy[c][i] * (x[c][i] * x[c][i]);
        let expected = 1.0 + (part(0) + part(1)) + (part(2) + part(3));
        assert_eq!(bit(grad.scale[i]), bit(expected));
        assert_eq!(y[3][i], layer.scale[i] * (x[3][i] * x[3][i]));
        assert_eq!(dx[2][i], 2.0 * (layer.scale[i] * dy[2][i]) * x[2][i]);
    }
    assert_eq!(PARTIAL_SUMS % SAMPLES, 0);
}
