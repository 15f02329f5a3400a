//! Layers and activations, forward and backward, and their tensors.

use core::hint::black_box;
use stackprop::init::Scheme;
use stackprop::layers::{Activations, Bias, Pass, SAMPLES};
use stackprop::params::{Params, Visit, norm};
use stackprop::simd::{F32x4, Vector};
use stackprop::{
    Chain, Elementwise, Elu, Frozen, HardTanh, Layer, LeakyRelu, Linear, NoBias, Normalizer,
    Random, Relu, Sigmoid, SigmoidBce, Softplus, Standardize, Tanh, WithBias, Zero, net,
};

/// All of them.
pub(crate) fn layers() {
    let linear = Linear::new(black_box([[0.5; 3]; 3]), black_box([0.5; 3]));
    layer(linear);
    layer(Linear::without_bias(black_box([[0.5; 3]; 3])));
    layer(<Linear<16, 32, WithBias>>::default());
    layer(<Linear<3, 32, WithBias>>::default());
    layer(<Linear<5, 18, WithBias>>::default());
    layer(<Chain<Linear<3, 16>, Linear<16, 3>, 16>>::default());
    layer(Frozen(black_box(&linear)));
    layer(Standardize::new(black_box([0.5; 3]), black_box([0.5; 3])));
    layer(Standardize::from(black_box(&Normalizer::<3>::new())));
    tensors(<net![3 => 4, Relu => 1, SigmoidBce]>::zeros());
    elementwise(Relu::default());
    elementwise(LeakyRelu::<1, 100>::default());
    elementwise(HardTanh::default());
    elementwise(HardTanh::new(black_box(-1.0), black_box(2.0)));
    elementwise(Elu::default());
    elementwise(Elu::new(black_box(0.5)));
    elementwise(Sigmoid::default());
    elementwise(Softplus::default());
    elementwise(Tanh::default());
    // To a layer, all activations are alike.
    layer::<_, 3, 3>(Tanh);
    let number = black_box(0.5_f32);
    black_box((
        WithBias::fill::<f32, 3>(number),
        NoBias::fill::<f32, 3>(number),
    ));
    black_box(Scheme::default().bounds(black_box(3), black_box(4)));
    let mut random = Random::new(black_box(1));
    black_box(stackprop::init::uniform(&mut random, black_box(0.5)));
}

#[inline(never)]
fn elementwise<E: Elementwise>(activation: E) {
    let activation = black_box(activation);
    let x = black_box([0.5; 3]);
    black_box((activation.y(x[0]), activation.dx(x[0], x[1], x[2])));
    let [x, y, dy] = x.map(F32x4::splat);
    black_box((activation.y(x), activation.dx(x, y, dy)));
}

#[inline(never)]
fn layer<L: Layer<I, O>, const I: usize, const O: usize>(layer: L) {
    let mut layer = black_box(layer);
    for scheme in [Scheme::KaimingUniform, Scheme::XavierUniform] {
        layer.init(black_box(scheme), &mut Random::new(black_box(1)));
    }
    passes::<f32, L, I, O>(&layer);
    passes::<F32x4, L, I, O>(&layer);
    together::<1, L, I, O>(&layer);
    together::<2, L, I, O>(&layer);
    together::<4, L, I, O>(&layer);
    folds(&mut layer);
    tensors(layer);
}

/// Forward and backward, with and without the gradients that may be left out.
#[inline(never)]
fn passes<V: Vector, L: Layer<I, O>, const I: usize, const O: usize>(layer: &L) {
    let x = &black_box([V::splat(0.5); I]);
    let dy = &black_box([V::splat(0.5); O]);
    let mut activations = <L::Activations<V>>::zero();
    let mut delta = <L::Activations<V>>::fill(black_box(0.5));
    let mut y = [V::ZERO; O];
    layer.forward(x, &mut activations, &mut y);
    let (activations, y) = (&activations, &y);
    let pass = Pass { x, activations, y };
    let mut grad = black_box(L::fill(V::Partial::ZERO));
    let mut dx = black_box([V::ZERO; I]);
    layer.backward(pass, dy, Some(&mut grad), &mut delta, Some(&mut dx));
    layer.backward(pass, dy, Some(&mut grad), &mut delta, None);
    layer.backward(pass, dy, None, &mut delta, Some(&mut dx));
    black_box((y, grad, delta, dx));
}

/// The same of four samples, with and without what `columns` wrote.
#[inline(never)]
fn together<const PER_SUM: usize, L: Layer<I, O>, const I: usize, const O: usize>(layer: &L) {
    let (x, dy) = (
        black_box([[0.5; I]; SAMPLES]),
        black_box([[0.5; O]; SAMPLES]),
    );
    let (mut y, mut dx) = ([[0.0; O]; SAMPLES], [[0.0; I]; SAMPLES]);
    let mut activations = [<L::Activations<f32>>::zero(); SAMPLES];
    let mut delta = activations;
    let mut columns = L::fill(0.0);
    layer.columns(&mut columns);
    layer.forward_together(None, x.each_ref(), activations.each_mut(), y.each_mut());
    let columns = Some(&columns);
    layer.forward_together(columns, x.each_ref(), activations.each_mut(), y.each_mut());
    let [a, b, c, d] = x.each_ref();
    let [act_a, act_b, act_c, act_d] = activations.each_ref();
    let [y_a, y_b, y_c, y_d] = y.each_ref();
    let pass = |x, activations, y| Pass { x, activations, y };
    let passes = [
        pass(a, act_a, y_a),
        pass(b, act_b, y_b),
        pass(c, act_c, y_c),
        pass(d, act_d, y_d),
    ];
    let mut grad = black_box(L::fill(0.0));
    let dx_of_all = Some(dx.each_mut());
    let (dy, delta_of_all) = (dy.each_ref(), delta.each_mut());
    layer.backward_together::<PER_SUM>(passes, dy, Some(&mut grad), delta_of_all, dx_of_all);
    black_box((y, grad, delta, dx));
}

/// What a step of one sample asks for.
#[inline(never)]
fn folds<L: Layer<I, O>, const I: usize, const O: usize>(layer: &mut L) {
    let (x, dy) = (&black_box([0.5; I]), &black_box([0.5; O]));
    let (mut activations, mut delta) =
        (<L::Activations<f32>>::zero(), <L::Activations<f32>>::zero());
    let mut y = [0.0; O];
    layer.forward(x, &mut activations, &mut y);
    let (activations, y) = (&activations, &y);
    let pass = Pass { x, activations, y };
    layer.backward(pass, dy, None, &mut delta, None);
    let (mut grad, mut dx) = (black_box(L::fill(0.0)), black_box([0.0; I]));
    layer.backward_first(pass, dy, &mut grad, &mut delta, Some(&mut dx));
    layer.backward_first(pass, dy, &mut grad, &mut delta, None);
    black_box((grad, dx));
    let mut state = black_box(L::fill(0.0_f32));
    let each = |sum: f32, w: &mut f32, g: f32, s: &mut f32| {
        *w -= g;
        *s += g;
        sum + g
    };
    let sum = layer.fold_gradient(pass, dy, &delta, &mut state, 0.0, |_| Visit::new(each));
    let mut largest = black_box(sum);
    layer.bound_gradient(pass, dy, &delta, &mut state, &mut |_, _, bound, _| {
        largest = largest.max(bound);
    });
    black_box((largest, state));
}

/// What every layer and network has.
#[inline(never)]
fn tensors<P: Params>(params: P) {
    let mut params = black_box(params);
    let index = black_box(1);
    black_box(params.tensor(index));
    if let Some(tensor) = params.tensor_mut(index) {
        black_box(tensor.values);
    }
    let mut values = params.values();
    black_box(P::tensor_of(&values, index));
    let filled = P::fill(black_box(0.5_f32));
    let mut state = P::fill(black_box(1_u32));
    params.zip_params(&filled, &mut state, &mut |id, w, b, c| {
        black_box((id, w, b, c));
    });
    P::zip_tensors(&mut values, &filled, &mut state, &mut |a, b, c| {
        black_box((a, b, c));
    });
    black_box(norm::<P>(&values));
    black_box((values, state));
}
