//! Several groups of samples as one wider lane.

use super::Lane;
use core::array::from_fn;
use core::ops::{Add, Div, Mul, Sub};

/// `C` groups of samples, each a `V`. A layer that works on tiles loads a weight once for all groups
/// and has `C` independent chains of operations in flight. A tile is summed into one `V`, group by
/// group, so it gives the sums that its groups give one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Tile<V, const C: usize>(pub [V; C]);

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<V: Lane, const C: usize> $trait for Tile<V, C> {
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

impl<V: Lane<Acc = V>, const C: usize> Lane for Tile<V, C> {
    const LANES: usize = V::LANES * C;
    const ZERO: Self = Self([V::ZERO; C]);
    type Acc = V;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([V::splat(value); C])
    }

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f32) -> Self {
        Self(from_fn(|c| V::from_fn(|l| f(c * V::LANES + l))))
    }

    #[inline(always)]
    fn lane(self, l: usize) -> f32 {
        self.0[l / V::LANES % C].lane(l)
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
    fn pow2(self) -> Self {
        Self(self.0.map(V::pow2))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let parts = self.0.map(V::split);
        (Self(parts.map(|(m, _)| m)), Self(parts.map(|(_, k)| k)))
    }

    #[inline(always)]
    fn sum_into(acc: V, a: Self, b: Self) -> V {
        (0..C).fold(acc, |acc, c| V::sum_into(acc, a.0[c], b.0[c]))
    }

    #[inline(always)]
    fn add_into(acc: V, a: Self) -> V {
        a.0.into_iter().fold(acc, V::add_into)
    }

    #[inline(always)]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N] {
        let mut tile = [Self::ZERO; N];
        for c in 0..C {
            let group = V::load(rows.get(c * stride..).unwrap_or(&[]), stride);
            for (tile, value) in tile.iter_mut().zip(group) {
                tile.0[c] = value;
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
