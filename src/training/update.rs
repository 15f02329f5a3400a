//! What a step does to each parameter, for all who walk over them: a fold of
//! `f(accumulator, weight, gradient, state)`.

use crate::error::Setting;
use crate::kernels::simd::{Native, Vector};
use crate::kernels::size::largest;
use crate::kernels::soft::{SOFT, is_finite};
use crate::model::norm::Clip;
use crate::model::params::{Params, TensorId, Visit};
use crate::training::guard::{FullCheck, QuickCheck};
use crate::training::optim::Optimizer;

/// Which setting no step can be taken with on these parameters, if there is one.
#[inline(always)]
pub(crate) fn check_settings<Opt: Optimizer, P: Params>(
    optimizer: &Opt,
    params: &mut P,
) -> Result<(), Setting> {
    const {
        if let Some(layers) = Opt::LAYERS {
            assert!(
                layers >= P::LEARNING,
                "by_layer has fewer groups than layers that learn"
            );
            assert!(
                layers <= P::LEARNING,
                "by_layer has more groups than layers that learn"
            );
        }
    }
    optimizer.check()?;
    let mut result = Ok(());
    params.zip_params(&P::fill(()), &mut P::fill(()), &mut |id, _, _, _| {
        result = result.and_then(|()| optimizer.check_tensor(id));
    });
    result
}

/// What `then` makes of what was prepared for a tensor.
#[inline(always)]
pub(crate) fn each<Opt: Optimizer, F: Copy>(
    prepared: Opt::Prepared,
    then: impl Fn(Opt::Prepared) -> F + Copy,
) -> impl Fn(TensorId) -> Visit<F> + Copy {
    move |id| match Opt::prepared_for(&prepared, id) {
        Some(prepared) => Visit::new(then(prepared)),
        None => Visit {
            each: then(prepared),
            learns: false,
        },
    }
}

/// Whether steps are checked by the optimiser's bound. Not on a chip with a float unit, a small
/// network and an optimiser without state: computing so few parameters twice takes less there.
/// Guarded by `linear.online` of `cargo bench --bench cortex_m`.
#[inline(always)]
pub(crate) const fn by_bound<Opt: Optimizer, P: Params>() -> bool {
    let small = Native::LANES == 1 && P::COUNT < SMALL && size_of::<Opt::State>() == 0 && !SOFT;
    Opt::HAS_BOUND && !small
}

/// Networks of fewer parameters are small.
const SMALL: usize = 64;

/// Checks the new parameters of a tensor by the bound that the optimiser knows, without computing
/// them: from the parameters `w`, the largest size of a gradient, and the state.
#[inline(always)]
pub(crate) fn bound<Opt: Optimizer>(
    check: QuickCheck,
    prepared: &Opt::Prepared,
    id: TensorId,
    (w, g, s): (&[f32], f32, &[Opt::State]),
) -> QuickCheck {
    let Some(prepared) = Opt::prepared_for(prepared, id) else {
        return check;
    };
    let w = largest(w);
    let bound = Opt::bound(&prepared, w, g, s);
    // Whatever an optimiser makes of numbers that are not finite, the exact check decides.
    let known = is_finite(w) && is_finite(g);
    check.observe_bound(if known { bound } else { f32::NAN })
}

/// Computes the new parameter and state, and only checks them.
#[inline(always)]
pub(crate) fn propose<Opt: Optimizer>(
    prepared: Opt::Prepared,
) -> impl Fn(QuickCheck, &mut f32, f32, &mut Opt::State) -> QuickCheck + Copy {
    move |check, w, g, s| check.observe(Opt::update_parameter(&prepared, *w, g, *s))
}

/// The same with the exact check.
#[inline(always)]
pub(crate) fn examine<Opt: Optimizer>(
    prepared: Opt::Prepared,
) -> impl Fn(FullCheck, &mut f32, f32, &mut Opt::State) -> FullCheck + Copy {
    move |check, w, g, s| check.observe(g, Opt::update_parameter(&prepared, *w, g, *s))
}

/// Changes the parameter and its state.
#[inline(always)]
pub(crate) fn apply<Opt: Optimizer>(
    prepared: Opt::Prepared,
) -> impl Fn((), &mut f32, f32, &mut Opt::State) + Copy {
    move |(), w, g, s| (*w, *s) = Opt::update_parameter(&prepared, *w, g, *s)
}

/// `f` on a gradient that is clipped, if it has to be.
#[inline(always)]
pub(crate) fn clipped<A, S>(
    clip: Option<Clip>,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> impl Fn(A, &mut f32, f32, &mut S) -> A + Copy {
    move |acc, w, g, s| f(acc, w, clip.map_or(g, |clip| clip.apply(g)), s)
}
