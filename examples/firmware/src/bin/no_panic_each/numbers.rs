//! Vectors, the elementary functions on them, and the loss on probabilities.

use core::hint::black_box;
use stackprop::bce_loss::{self, Error, Reduction};
use stackprop::math;
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};

/// All of them.
pub(crate) fn numbers() {
    vector::<f32>();
    vector::<F32x4>();
    vector::<F32x8>();
    vector::<F32x16>();
    vector::<Tile<F32x4, 2>>();
    functions::<f32>();
    functions::<F32x4>();
    let _ = black_box(loss(&[0.25; 20], &[0.75; 20]));
}

#[inline(never)]
fn vector<V: Vector>() {
    let x = V::from_fn(|l| black_box(l as f32));
    let y = V::splat(black_box(2.0));
    black_box([x.add(y), x.sub(y), x.mul(y), x.div(y), x.abs()]);
    black_box([V::select_lt(x, y, x, y), V::select_le(x, y, x, y)]);
    black_box([x.power_of_two(), x.times_power_of_two(y)]);
    black_box(x.frexp());
    black_box(x.extract(black_box(5)));
    let sum = black_box(V::Partial::splat(black_box(0.5)));
    black_box([V::accumulate(sum, x), V::accumulate_product(sum, x, y)]);
    black_box(V::map_groups([x, y], |[x, y]| [x * y]));
}

#[inline(never)]
fn functions<V: Vector>() {
    let x = V::from_fn(|_| black_box(0.5));
    black_box([math::exp(x), math::expm1(x), math::ln(x), math::ln_1p(x)]);
    black_box([math::sigmoid(x), math::softplus(x), math::tanh(x)]);
    black_box(math::bce_with_logits(x, x));
    black_box(math::bce_with_logits_grad(x, x));
    black_box(bce_loss::element(x, x));
}

#[inline(never)]
fn loss(p: &[f32], y: &[f32]) -> Result<(), Error> {
    let (p, y) = (black_box(p), black_box(y));
    let mut each = [0.0; 20];
    for reduction in [black_box(Reduction::default()), black_box(Reduction::Sum)] {
        black_box(bce_loss::forward(p, y, reduction)?);
        bce_loss::backward(p, y, reduction, black_box(&mut each))?;
    }
    bce_loss::forward_each(p, y, black_box(&mut each))?;
    black_box(each);
    Ok(())
}
