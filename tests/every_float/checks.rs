//! Whether the exact values are exact, and whether a wrong result would be found.

use crate::curves::{Curve, Family, families};
use crate::scan::{COUNT, Seen, error, float, index, range};

/// What functions of two authors may differ, relative: each is within 2 ulp of f64.
const AUTHORS: f64 = 1.0 / (1_u64 << 50) as f64;

type Pair = (&'static str, fn(f64) -> f64, fn(f64) -> f64);

/// The standard library's functions, which are those of the system, and those of `libm`, which come
/// from musl, agree wherever an f32 leads.
#[test]
fn the_references_agree() {
    let pairs: [Pair; 5] = [
        ("exp", f64::exp, libm::exp),
        ("exp_m1", f64::exp_m1, libm::expm1),
        ("ln", f64::ln, libm::log),
        ("ln_1p", f64::ln_1p, libm::log1p),
        ("tanh", f64::tanh, libm::tanh),
    ];
    for (name, of_system, of_musl) in pairs {
        let mut worst: f64 = 0.0;
        for index in (0..COUNT).step_by(40_009) {
            let x = f64::from(float(index));
            let (a, b) = (of_system(x), of_musl(x));
            if a == b || (a.is_nan() && b.is_nan()) || a.abs().max(b.abs()) < 1e-300 {
                continue;
            }
            let off = ((a - b) / a).abs();
            assert!(off <= AUTHORS, "{name}({x:e}): {a:e} and {b:e}");
            worst = worst.max(off);
        }
        println!("{name}: the two differ by at most {worst:.1e}");
    }
}

/// What is seen of the exponential around `x`, as it is and with some of its results changed.
fn around(x: f32, change: impl Fn(f32, f32) -> f32 + Sync + 'static) -> [Seen; 2] {
    let one = |family: Family| {
        let mut seen = [Seen::NOTHING];
        range(&family, index(x) - 4, index(x) + 5, 1, &mut seen);
        let [seen] = seen;
        seen
    };
    let exp = || families().swap_remove(0);
    let mut wrong = exp();
    let Curve { values, .. } = wrong.curves.swap_remove(0);
    let mut curve = exp().curves.swap_remove(0);
    curve.values = Box::new(move |x: &[f32], y: &mut [f32]| {
        values(x, y);
        y.iter_mut().zip(x).for_each(|(y, x)| *y = change(*x, *y));
    });
    wrong.curves.push(curve);
    [one(exp()), one(wrong)]
}

/// Negative control: one result that is off by an ulp or two.
#[test]
fn a_wrong_result_is_found() {
    let at = |x: f32, y: f32, ulps: u32| {
        let bits = y.to_bits() + ulps;
        if x == 1.0 { f32::from_bits(bits) } else { y }
    };
    let [right, same] = around(1.0, move |x, y| at(x, y, 0));
    assert_eq!(right, same);
    assert!(right.worst < 1.0 && right.falls == 0);
    let [_, wrong] = around(1.0, move |x, y| at(x, y, 1));
    assert_ne!(wrong.sum, right.sum);
    // Between 1 and the next float e^x rises by 2.7 ulp / 2.
    let [_, wrong] = around(1.0, move |x, y| at(x, y, 4));
    assert!(wrong.worst > 3.0 && wrong.at == 1.0);
    assert_eq!((wrong.falls, wrong.fall_at), (1, 1.0_f32.next_up()));
    let [_, wrong] = around(1.0, |x, y| if x == 1.0 { f32::NAN } else { y });
    assert_eq!((wrong.worst, wrong.at), (f64::INFINITY, 1.0));
}

/// An error is counted as the record says: in ulp, and not where the exact value is subnormal.
#[test]
fn errors_are_counted() {
    let inf = f64::INFINITY;
    assert_eq!(error(1.0, (1.0, 1.0)), 0.0);
    assert_eq!(error(1.0_f32.next_up(), (1.0, 1.0)), 1.0);
    assert_eq!(error(1.0_f32.next_down(), (1.0, 1.0)), 0.5);
    assert_eq!(error(0.0, (1e-39, 1e-39)), 0.0);
    assert_eq!(error(3e-38, (1e-39, 1e-39)), inf);
    assert_eq!(error(f32::INFINITY, (1e39, 1e39)), 0.0);
    assert_eq!(error(f32::MAX, (1e39, 1e39)), inf);
    assert_eq!(error(f32::NAN, (1.0, 1.0)), inf);
    assert_eq!(error(f32::NAN, (f64::NAN, f64::NAN)), 0.0);
    assert_eq!(error(0.0, (f64::NAN, f64::NAN)), inf);
    for x in [-f32::INFINITY, -1.0, -0.0, 0.0, 1e-45, f32::INFINITY] {
        assert_eq!(float(index(x)).to_bits(), x.to_bits());
    }
    assert_eq!(float(0), -f32::INFINITY);
    assert_eq!(float(COUNT - 1), f32::INFINITY);
}
