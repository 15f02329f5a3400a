//! The functions, each with an independent formula in f64.
//!
//! The formulas add, multiply and divide positive numbers only, or subtract numbers that are given,
//! so nothing cancels: each is within 8 roundings of f64, 2^-50 of the value or 1e-8 ulp of f32.
//! That takes for granted that the standard library's functions of `f64` are within 2 ulp, and
//! `the_references_agree` compares them with those of another author.

use crate::sqrt::sqrt;
use stackprop::math::{
    bce_with_logits, bce_with_logits_grad, exp, expm1, ln, ln_1p, sigmoid, softplus, tanh,
};
use stackprop::simd::{F32x8, Vector};

/// What several functions of one x are made of: e^-|x| and ln(1 + e^-|x|); or the value itself.
pub(crate) type Parts = [f64; 2];

/// Functions whose exact values are made of the same parts.
pub(crate) struct Family {
    pub(crate) parts: fn(f64) -> Parts,
    pub(crate) curves: Vec<Curve>,
    /// Of how many pieces one is tried; 1 if all are.
    pub(crate) one_in: u32,
}

/// The exact value, and the number in whose ulp the error counts.
pub(crate) type Exact = (f64, f64);

/// Where a function goes from smaller to larger x.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Up,
    Down,
    Both,
}

/// A function of some floats.
type Values = Box<dyn Fn(&[f32], &mut [f32]) + Sync>;

/// The same, exact, from their parts.
type ExactValues = Box<dyn Fn(&[f32], &[Parts], &mut [Exact]) + Sync>;

/// One function.
pub(crate) struct Curve {
    pub(crate) name: String,
    /// What the crate gives for some floats.
    pub(crate) values: Values,
    /// What is right, from the parts.
    pub(crate) exact: ExactValues,
    pub(crate) way: Way,
    /// The largest x that counts.
    pub(crate) top: f32,
}

impl Curve {
    /// `kernel` on vectors; `exact` takes x and the parts.
    fn new(
        name: &str,
        way: Way,
        kernel: impl Fn(F32x8) -> F32x8 + Sync + 'static,
        exact: impl Fn(f64, Parts) -> Exact + Sync + 'static,
    ) -> Self {
        let values = move |x: &[f32], y: &mut [f32]| {
            for (x, y) in x.chunks(8).zip(y.chunks_mut(8)) {
                let all = kernel(F32x8::from_fn(|l| x[l.min(x.len() - 1)]));
                y.iter_mut()
                    .enumerate()
                    .for_each(|(l, y)| *y = all.extract(l));
            }
        };
        let exact = move |x: &[f32], parts: &[Parts], right: &mut [Exact]| {
            for ((x, parts), right) in x.iter().zip(parts).zip(right) {
                *right = exact(f64::from(*x), *parts);
            }
        };
        Self {
            name: name.to_owned(),
            values: Box::new(values),
            exact: Box::new(exact),
            way,
            top: f32::INFINITY,
        }
    }

    /// One value.
    pub(crate) fn value(&self, x: f32) -> f32 {
        let mut y = [0.0];
        (self.values)(&[x], &mut y);
        y[0]
    }
}

/// A family of one function, which has its exact value for the only part.
fn alone(
    name: &str,
    kernel: impl Fn(F32x8) -> F32x8 + Sync + 'static,
    exact: fn(f64) -> Parts,
) -> Family {
    let curve = Curve::new(name, Way::Up, kernel, |_, [y, _]| (y, y));
    Family {
        parts: exact,
        curves: vec![curve],
        one_in: 1,
    }
}

/// Targets of the loss next to 0 and 1, and between. Of their floats one in 16 is tried.
const BETWEEN: [f32; 7] = [1e-30, 1e-6, 0.1, 0.5, 0.9, 0.999, 0.999_999_94];

/// All functions.
pub(crate) fn families() -> Vec<Family> {
    let mut expm1s = alone("expm1", expm1, |x| [x.exp_m1(), 0.0]);
    let mut not_positive = Curve::new("expm1, x <= 0", Way::Up, expm1, |_, [y, _]| (y, y));
    not_positive.top = 0.0;
    expm1s.curves.push(not_positive);
    let of_each = |f: fn(f32) -> f32| move |x: F32x8| F32x8::from_fn(|l| f(x.extract(l)));
    vec![
        alone("exp", exp, |x| [x.exp(), 0.0]),
        expm1s,
        alone("ln", ln, |x| [x.ln(), 0.0]),
        alone("ln_1p", ln_1p, |x| [x.ln_1p(), 0.0]),
        alone("tanh", tanh, |x| [x.tanh(), 0.0]),
        alone("sqrt", of_each(sqrt), |x| [x.sqrt(), 0.0]),
        alone("sqrt in software", of_each(libm::sqrtf), |x| {
            [x.sqrt(), 0.0]
        }),
        logistic(),
        between(),
    ]
}

/// Sigmoid, softplus and the losses of targets 0 and 1, which are made of e^-|x|.
fn logistic() -> Family {
    let sigmoid = Curve::new("sigmoid", Way::Up, sigmoid, |x, [e, _]| {
        let y = if x < 0.0 { e } else { 1.0 } / (1.0 + e);
        (y, y)
    });
    let softplus = Curve::new("softplus", Way::Up, softplus, |x, [_, l]| {
        let y = if x > 0.0 { x + l } else { l };
        (y, y)
    });
    Family {
        parts: halves,
        curves: vec![
            sigmoid,
            softplus,
            loss(0.0),
            loss(1.0),
            slope(0.0),
            slope(1.0),
        ],
        one_in: 1,
    }
}

/// The losses of other targets.
fn between() -> Family {
    Family {
        parts: halves,
        curves: BETWEEN
            .map(loss)
            .into_iter()
            .chain(BETWEEN.map(slope))
            .collect(),
        one_in: 16,
    }
}

/// e^-|x| and ln(1 + e^-|x|).
fn halves(x: f64) -> Parts {
    let e = (-x.abs()).exp();
    [e, e.ln_1p()]
}

/// BCE from the logit, measured from the side on which z lies.
fn loss(y: f32) -> Curve {
    let wide = f64::from(y);
    let way = match y {
        0.0 => Way::Up,
        1.0 => Way::Down,
        _ => Way::Both,
    };
    let kernel = move |z| bce_with_logits(z, F32x8::splat(y));
    Curve::new(&format!("bce, y = {y:?}"), way, kernel, move |z, [_, l]| {
        let wrong = if z < 0.0 { wide } else { 1.0 - wide };
        let linear = if wrong == 0.0 { 0.0 } else { z.abs() * wrong };
        (linear + l, linear + l)
    })
}

/// Its derivative. The error counts in ulp of the larger of q and u.
fn slope(y: f32) -> Curve {
    let wide = f64::from(y);
    let kernel = move |z| bce_with_logits_grad(z, F32x8::splat(y)).1;
    let name = format!("bce gradient, y = {y:?}");
    Curve::new(&name, Way::Up, kernel, move |z, [e, _]| {
        let q = e / (1.0 + e);
        if z < 0.0 {
            (q - wide, q.max(wide))
        } else {
            (1.0 - wide - q, q.max(1.0 - wide))
        }
    })
}
