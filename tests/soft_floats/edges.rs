//! Where the fast ways end, and the short cuts that only chips without a float unit take.

use super::{check_both, float, same, soft};

/// Bits of mantissas; of floats, they are 0 and subnormal.
const ZERO_AND_SUBNORMAL: [u32; 3] = [0, 1, 0x7f_ffff];

/// The smallest and largest floats, and what is not finite.
fn edges() -> impl Iterator<Item = f32> + Clone {
    let others = [0x80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7fc0_0000];
    let positive = ZERO_AND_SUBNORMAL.into_iter().chain(others);
    positive.map(f32::from_bits).flat_map(|x| [x, -x])
}

/// Three mantissas with each exponent and both signs.
fn all_exponents() -> impl Iterator<Item = f32> {
    (0..512).flat_map(|e| ZERO_AND_SUBNORMAL.map(|mantissa| float(e & 1, e >> 1, mantissa)))
}

#[test]
fn every_exponent_beside_the_edges() {
    for x in all_exponents() {
        for edge in edges() {
            for c in [0.0, -0.0, 1.0, -edge, f32::MAX] {
                check_both(c, edge, x);
                check_both(c, x, edge);
                check_both(x, c, edge);
            }
        }
    }
}

/// The same sum, however soon it is known.
#[test]
fn sums_that_are_soon_known() {
    for x in all_exponents() {
        for y in edges().chain([1.0, -2.5, 1e-15, 1e15]) {
            same("add_soon", &[x, y], soft::add_soon(x, y), x + y);
            same("add_soon", &[y, x], soft::add_soon(y, x), y + x);
        }
    }
}

/// Where a product is said to change nothing it does not; and it is said where it has to be, of
/// zeros and subnormals beside numbers with exponents from 64 to 191.
#[test]
fn products_that_change_nothing() {
    let is_near = |x: f32| (64..192).contains(&(x.to_bits() >> 23 & 255));
    for x in all_exponents() {
        for y in edges().chain([1.0, -2.5, 1e-15, 1e15]) {
            for (acc, a, b) in [
                (x, y, 0.0),
                (y, x, -0.0),
                (1.0, x, y),
                (x, 1.0, y),
                (y, 1.0, x),
            ] {
                let found = soft::changes_nothing(acc, a, b);
                let small = b.abs() < f32::MIN_POSITIVE;
                assert_eq!(found, small && is_near(acc) && is_near(a), "{acc} {a} {b}");
                if found {
                    same("changes_nothing", &[acc, a, b], acc, acc + a * b);
                }
            }
        }
    }
}
