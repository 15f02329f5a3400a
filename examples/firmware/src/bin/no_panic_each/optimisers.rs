//! Optimisers with all their settings, and the parts that they are made of.

use core::hint::black_box;
use stackprop::optim::{
    AdamState, AdamStep, Amsgrad, Buffered, ByKind, ByLayer, Centered, Centering, Corrections,
    Decay, Finite, GroupBy, Moments, NAdamShared, NoDecay, NotCentered, WeightDecay, constant_lr,
    cosine_annealing_lr, step_lr,
};
use stackprop::params::TensorId;
use stackprop::{Adagrad, Adam, AdamW, Groups, NAdam, Optimizer, RmsProp, Setting, Sgd, Zero};

/// All of them.
pub(crate) fn optimisers() {
    let x = black_box(0.5);
    every_sgd(x);
    every_adam(x);
    every_rmsprop(x);
    optimiser(
        Adagrad::new(x)
            .eps(x)
            .initial_accumulator_value(x)
            .lr_decay(x)
            .weight_decay(x),
    );
    groups(x);
    rates(x);
    settings(x);
}

#[inline(never)]
fn every_sgd(x: f32) {
    optimiser(Sgd::new(x));
    optimiser(Sgd::new(x).weight_decay(x));
    optimiser(Sgd::new(x).momentum(x).dampening(x));
    optimiser(Sgd::new(x).momentum(x).nesterov().weight_decay(x));
    decay(black_box(NoDecay::UNSET), x);
    decay(black_box(WeightDecay::UNSET), x);
}

#[inline(never)]
fn every_adam(x: f32) {
    optimiser(Adam::new(x).betas(x, x).eps(x).weight_decay(x));
    optimiser(Adam::new(x).amsgrad());
    optimiser(AdamW::new(x).betas(x, x).eps(x).weight_decay(x));
    optimiser(AdamW::new(x).amsgrad());
    let adam = NAdam::new(x).betas(x, x).eps(x).momentum_decay(x);
    optimiser(adam.weight_decay(x).decoupled_weight_decay());
    let step = black_box(Adam::new(x)).prepare(&mut black_box(Corrections::default()));
    averages(Moments::default(), &step);
    averages(Amsgrad::default(), &step);
    black_box(NAdam::new(x).prepare(&mut black_box(NAdamShared::default())));
}

#[inline(never)]
fn every_rmsprop(x: f32) {
    optimiser(RmsProp::new(x).alpha(x).eps(x).weight_decay(x));
    optimiser(RmsProp::new(x).momentum(x));
    optimiser(RmsProp::new(x).centered());
    optimiser(RmsProp::new(x).centered().momentum(x));
    black_box(NotCentered::observe(x, x, x));
    black_box(NotCentered::bound(x, x, x, black_box(&[x; 3][..]), |v| v));
    let state = black_box(Centered::default());
    black_box(Centered::observe(x, x, state).1.nan_unless_finite());
    black_box(Centered::bound(
        x,
        x,
        x,
        black_box(&[state; 3][..]),
        |state| state,
    ));
    black_box(black_box(Buffered::<f32>::default()).nan_unless_finite());
    black_box(black_box(Buffered::<Centered>::default()).nan_unless_finite());
}

#[inline(never)]
fn groups(x: f32) {
    let mut kinds = black_box(Groups::by_kind(Adam::new(x), Adam::new(x)));
    let _ = black_box(kinds.freeze(black_box(1)));
    let _ = black_box((kinds.is_frozen(black_box(1)), kinds.thaw(black_box(1))));
    optimiser(kinds);
    optimiser(Groups::by_layer([Sgd::new(x), Sgd::new(x), Sgd::new(x)]));
    optimiser(Groups::by(ByKind, [Sgd::new(x), Sgd::new(x)]));
    let id = black_box(TensorId::new("bias"));
    black_box((ByKind::group(id), ByLayer::group(id)));
}

/// What training asks of an optimiser.
#[inline(never)]
fn optimiser<Opt: Optimizer>(optimiser: Opt) {
    let mut optimiser = black_box(optimiser);
    let mut shared = black_box(Opt::Shared::ZERO);
    let state = black_box(Opt::State::ZERO);
    let id = black_box(TensorId::new("weight"));
    let (w, g) = black_box((0.5, 0.25));
    optimiser.set_lr(black_box(0.1));
    let _ = black_box((
        optimiser.check(),
        optimiser.check_tensor(id),
        optimiser.lr(),
    ));
    let prepared = black_box(optimiser.prepare(&mut shared));
    black_box(Opt::prepared_for(&prepared, id));
    black_box(Opt::bound(&prepared, w, g, black_box(&[state; 3][..])));
    let (w, state) = Opt::update_parameter(&prepared, w, g, state);
    black_box((w, state.nan_unless_finite()));
}

#[inline(never)]
fn averages<S: AdamState>(state: S, step: &AdamStep) {
    let state = black_box(state).observe(black_box(step), black_box(0.5));
    black_box((state.terms(), S::largest_v(black_box(&[state; 3][..]))));
    black_box(state.nan_unless_finite());
}

#[inline(never)]
fn decay<D: Decay>(decay: D, x: f32) {
    let _ = black_box((decay.add(x, x), decay.bound(x, x), decay.check()));
}

#[inline(never)]
fn rates(x: f32) {
    let (step, size) = black_box((3, 10));
    black_box(constant_lr(x, step));
    black_box(cosine_annealing_lr(x, step, size, x));
    black_box(step_lr(x, step, size, x));
    black_box((().nan_unless_finite(), x.nan_unless_finite()));
}

#[inline(never)]
fn settings(x: f32) {
    let setting = black_box(Setting::Lr);
    let _ = black_box((setting.above_0(x), setting.not_negative(x)));
    let _ = black_box((setting.below_1(x), setting.up_to_1(x)));
    black_box(stackprop::Error::from(setting));
}
