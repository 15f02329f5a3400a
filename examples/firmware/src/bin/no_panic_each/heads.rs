//! Losses with their output activations.

use core::hint::black_box;
use stackprop::heads::MeanOver;
use stackprop::simd::{F32x4, Vector};
use stackprop::{
    Head, Huber, L1, Mse, SigmoidBce, SmoothL1, SoftmaxCe, Weighted, WeightedBce, WeightedCe,
    argmax, one_hot,
};

/// All of them.
pub(crate) fn heads() {
    head(Mse::default());
    head(L1::default());
    head(Huber::default());
    head(SmoothL1::default());
    head(SigmoidBce::default());
    head(SoftmaxCe::default());
    head(Weighted::<Mse>::default());
    head(Weighted::new(SigmoidBce, black_box(0.5)));
    head(WeightedBce::<3>::default());
    head(WeightedBce::new(black_box([0.5; 3])).weight(black_box([0.5; 3])));
    head(WeightedCe::<3>::default());
    let classes = WeightedCe::new(black_box([0.5; 3])).ignore_index(black_box(2));
    let classes = classes.label_smoothing(black_box(0.1));
    head(classes.mean_over(black_box(MeanOver::default())));
    black_box(one_hot::<3>(black_box(1)));
    black_box(argmax(black_box(&[0.5; 3][..])));
}

#[inline(never)]
fn head<H: Head<3>>(head: H) {
    let head = black_box(head);
    let target = black_box([0.5; 3]);
    let _ = black_box((head.accepts(&target), head.check(), head.weight(&target)));
    black_box(head.class_target(black_box(2)));
    losses::<f32, H>(&head);
    losses::<F32x4, H>(&head);
}

#[inline(never)]
fn losses<V: Vector, H: Head<3>>(head: &H) {
    let (logits, target) = (black_box([V::splat(0.5); 3]), black_box([V::splat(0.5); 3]));
    let (mut dlogits, mut y_hat) = ([V::ZERO; 3], [V::ZERO; 3]);
    black_box(head.loss(&logits, &target));
    black_box(head.loss_grad(&logits, &target, &mut dlogits));
    head.predict(&logits, &mut y_hat);
    black_box((dlogits, y_hat));
}
