//! What a layer does with several samples together unless it knows better.

use super::{Layer, Pass};
use crate::kernels::matmul::together::SAMPLES;
use crate::kernels::simd::SUM_START;
use crate::model::params;

/// [`Layer::backward_together`], one sample after the other.
#[inline(always)]
pub(super) fn backward<const PER_SUM: usize, L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    passes: [Pass<'_, f32, L::Activations<f32>, I, O>; SAMPLES],
    dy: [&[f32; O]; SAMPLES],
    mut grad: Option<&mut L::Of<f32>>,
    delta: [&mut L::Activations<f32>; SAMPLES],
    dx: Option<[&mut [f32; I]; SAMPLES]>,
) {
    let mut dx = dx.map(<[_; SAMPLES]>::into_iter);
    let mut sum = L::fill(SUM_START);
    let samples = passes.into_iter().zip(dy).zip(delta);
    for (sample, ((pass, dy), delta)) in samples.enumerate() {
        let dx = dx.as_mut().and_then(Iterator::next);
        match &mut grad {
            Some(_) if L::COUNT > 0 && PER_SUM > 1 => {
                layer.backward(pass, dy, Some(&mut sum), delta, dx);
            }
            Some(grad) => layer.backward(pass, dy, Some(grad), delta, dx),
            None => layer.backward(pass, dy, None, delta, dx),
        }
        if let Some(grad) = &mut grad
            && L::COUNT > 0
            && PER_SUM > 1
            && (sample + 1).is_multiple_of(PER_SUM)
        {
            params::add::<L>(grad, &sum);
            params::set_all::<L, _>(&mut sum, SUM_START);
        }
    }
}

/// The numbers between of several samples, part by part.
#[inline(always)]
pub(super) fn split<A, B, const M: usize>(
    all: [&mut (A, [f32; M], B); SAMPLES],
) -> (
    [&mut A; SAMPLES],
    [&mut [f32; M]; SAMPLES],
    [&mut B; SAMPLES],
) {
    let [(a0, m0, b0), (a1, m1, b1), (a2, m2, b2), (a3, m3, b3)] = all;
    ([a0, a1, a2, a3], [m0, m1, m2, m3], [b0, b1, b2, b3])
}
