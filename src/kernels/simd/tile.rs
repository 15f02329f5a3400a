//! Several groups of samples as one wider vector.

use super::Vector;
use super::sealed::Sealed;
use crate::kernels::zero::Zero;
use core::array::from_fn;
use core::ops::{Add, Div, Mul, Sub};

/// `C` groups of samples, each a `V`. A layer that works on tiles loads a weight once for all
/// groups and has `C` independent chains of operations in flight. A tile is summed into one `V`,
/// group by group, so it gives the same sums as its groups one after the other.
///
/// ```
/// use stackprop::simd::{F32x4, Tile, Vector};
///
/// type T = Tile<F32x4, 2>;
/// let x = T::from_fn(|l| l as f32); // samples 0 to 7
/// assert_eq!((T::LANES, x.extract(6)), (8, 6.0));
/// let sum = T::accumulate(F32x4::splat(0.0), x);
/// assert_eq!(sum.extract(1), 1.0 + 5.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile<V, const C: usize>(pub [V; C]);

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<V: Vector, const C: usize> $trait for Tile<V, C> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, rhs: Self) -> Self {
                Self(from_fn(|c| self.0[c].$method(rhs.0[c])))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<V: Vector, const C: usize> Sealed for Tile<V, C> {}

impl<V: Vector, const C: usize> Zero for Tile<V, C> {
    const ZERO: Self = Self([V::ZERO; C]);
}

impl<V: Vector<Partial = V>, const C: usize> Vector for Tile<V, C> {
    const LANES: usize = V::LANES * C;
    type Partial = V;
    type Group = V::Group;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([V::splat(value); C])
    }

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f32) -> Self {
        Self(from_fn(|c| V::from_fn(|l| f(c * V::LANES + l))))
    }

    #[inline(always)]
    fn extract(self, l: usize) -> f32 {
        self.0[l / V::LANES % C].extract(l)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(V::abs))
    }

    #[inline(always)]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(from_fn(|c| V::select_lt(a.0[c], b.0[c], yes.0[c], no.0[c])))
    }

    #[inline(always)]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(from_fn(|c| V::select_le(a.0[c], b.0[c], yes.0[c], no.0[c])))
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.map(V::power_of_two))
    }

    #[inline(always)]
    fn times_power_of_two(self, rounded: Self) -> Self {
        Self(from_fn(|c| self.0[c].times_power_of_two(rounded.0[c])))
    }

    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let parts = self.0.map(V::frexp);
        (Self(parts.map(|(m, _)| m)), Self(parts.map(|(_, k)| k)))
    }

    #[inline(always)]
    fn accumulate_product(acc: V, a: Self, b: Self) -> V {
        (0..C).fold(acc, |acc, c| V::accumulate_product(acc, a.0[c], b.0[c]))
    }

    #[inline(always)]
    fn accumulate(acc: V, a: Self) -> V {
        a.0.into_iter().fold(acc, V::accumulate)
    }

    #[inline(always)]
    fn map_groups<const A: usize, const R: usize>(
        arguments: [Self; A],
        f: impl Fn([V::Group; A]) -> [V::Group; R],
    ) -> [Self; R] {
        let mut results = [Self::ZERO; R];
        for c in 0..C {
            let mut group = [V::ZERO; A];
            for (place, argument) in group.iter_mut().zip(&arguments) {
                *place = argument.0[c];
            }
            for (result, value) in results.iter_mut().zip(V::map_groups(group, &f)) {
                result.0[c] = value;
            }
        }
        results
    }

    #[inline(always)]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N] {
        let mut tile = [Self::ZERO; N];
        for c in 0..C {
            let group = V::load(rows.get(c * stride..).unwrap_or(&[]), stride);
            for (tile, value) in tile.iter_mut().zip(&group) {
                tile.0[c] = *value;
            }
        }
        tile
    }

    #[inline(always)]
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize) {
        for c in 0..C {
            if let Some(rows) = rows.get_mut(c * stride..) {
                V::store(&values.map(|value| value.0[c]), rows, stride);
            }
        }
    }
}
