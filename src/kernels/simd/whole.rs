//! A tile that is all samples of its partial sums.

use super::sealed::Sealed;
use super::{Narrow, Tile, Vector};
use crate::kernels::zero::Zero;
use core::array::from_fn;
use core::ops::{Add, Div, Mul, Sub};

/// Lanes of a group.
const L: usize = Narrow::LANES;

/// A [`Tile`] of `C` groups that are all samples of its partial sums. So these need not be kept: a
/// sum over samples adds the groups of each lane, and what they make, lane after lane, to a total.
///
/// It computes what a tile and then [`Vector::add_lanes`] do, without a gradient for each lane that
/// is cleared, added to and added up. A partial sum starts at -0, which changes no first term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<const C: usize>(Tile<Narrow, C>);

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<const C: usize> $trait for Whole<C> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, rhs: Self) -> Self {
                Self(self.0.$method(rhs.0))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<const C: usize> Sealed for Whole<C> {}

impl<const C: usize> Zero for Whole<C> {
    const ZERO: Self = Self(Tile::ZERO);
}

impl<const C: usize> Whole<C> {
    /// What the groups of each lane make together.
    #[inline(always)]
    fn partial(self) -> Narrow {
        let [first, rest @ ..] = &self.0.0[..] else {
            return Narrow::ZERO;
        };
        rest.iter().fold(*first, |sum, group| sum + *group)
    }
}

impl<const C: usize> Vector for Whole<C> {
    const LANES: usize = L * C;
    type Partial = f32;
    type Group = <Narrow as Vector>::Group;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(Tile::splat(value))
    }

    #[inline(always)]
    fn from_fn(f: impl FnMut(usize) -> f32) -> Self {
        Self(Tile::from_fn(f))
    }

    #[inline(always)]
    fn extract(self, l: usize) -> f32 {
        self.0.extract(l)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }

    #[inline(always)]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(Tile::select_lt(a.0, b.0, yes.0, no.0))
    }

    #[inline(always)]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(Tile::select_le(a.0, b.0, yes.0, no.0))
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.power_of_two())
    }

    #[inline(always)]
    fn times_power_of_two(self, rounded: Self) -> Self {
        Self(self.0.times_power_of_two(rounded.0))
    }

    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let (m, k) = self.0.frexp();
        (Self(m), Self(k))
    }

    #[inline(always)]
    fn accumulate_product(acc: f32, a: Self, b: Self) -> f32 {
        Self::accumulate(acc, a * b)
    }

    #[inline(always)]
    fn accumulate(acc: f32, a: Self) -> f32 {
        let partial = a.partial();
        (0..L).fold(acc, |acc, l| acc + partial.extract(l))
    }

    #[inline(always)]
    fn map_groups<const A: usize, const R: usize>(
        arguments: [Self; A],
        f: impl Fn([Self::Group; A]) -> [Self::Group; R],
    ) -> [Self; R] {
        Tile::map_groups(arguments.map(|tile| tile.0), f).map(Self)
    }

    #[inline(always)]
    fn accumulate_each(sums: &mut [f32], values: &[Self]) {
        let (blocks, rest) = values.as_chunks::<L>();
        let (totals, rest_totals) = sums.as_chunks_mut::<L>();
        for (values, totals) in blocks.iter().zip(totals) {
            let mut partials = [Narrow::ZERO; L];
            for (partial, value) in partials.iter_mut().zip(values) {
                *partial = value.partial();
            }
            Narrow::add_lanes(&partials, totals);
        }
        for (value, total) in rest.iter().zip(rest_totals) {
            *total = Self::accumulate(*total, *value);
        }
    }

    #[inline(always)]
    fn accumulate_products<const I: usize, const O: usize>(
        sums: &mut [[f32; I]; O],
        a: &[Self; O],
        b: &[Self; I],
    ) -> bool {
        let mut rows = [[[0.0; I]; L]; C];
        for (c, rows) in rows.iter_mut().enumerate() {
            Narrow::store(&group(b, c), rows, L);
        }
        let mut factors = [[[0.0; L]; C]; O];
        for (factors, a) in factors.iter_mut().zip(a) {
            for (factors, group) in factors.iter_mut().zip(a.0.0) {
                *factors = from_fn(|l| group.extract(l));
            }
        }
        let (pairs, last) = sums.as_chunks_mut::<2>();
        let (pair_factors, last_factors) = factors.as_chunks::<2>();
        for (sums, factors) in pairs.iter_mut().zip(pair_factors) {
            add_products(sums, factors, &rows);
        }
        for (sums, factors) in last
            .as_chunks_mut::<1>()
            .0
            .iter_mut()
            .zip(last_factors.as_chunks().0)
        {
            add_products(sums, factors, &rows);
        }
        true
    }

    #[inline(always)]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N] {
        let mut tile = [Self::ZERO; N];
        for c in 0..C {
            let group = Narrow::load(rows.get(c * stride..).unwrap_or(&[]), stride);
            // One group by fours, as in `group`; more lie apart.
            let fours = if C == 1 { N / 4 } else { 0 };
            for n in 0..fours {
                for k in 0..4 {
                    tile[4 * n + k].0.0[c] = group[4 * n + k];
                }
            }
            for n in 4 * fours..N {
                tile[n].0.0[c] = group[n];
            }
        }
        tile
    }

    #[inline(always)]
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize) {
        for c in 0..C {
            if let Some(rows) = rows.get_mut(c * stride..) {
                Narrow::store(&group(values, c), rows, stride);
            }
        }
    }
}

/// Group `c` of each value. By fours: from a loop over values, or `map`, LLVM makes a call of
/// memcpy. Guarded by `tests/machine_code`.
#[inline(always)]
fn group<const C: usize, const N: usize>(values: &[Whole<C>; N], c: usize) -> [Narrow; N] {
    let mut group = [Narrow::ZERO; N];
    let (fours, rest) = values.as_chunks::<4>();
    let (places, rest_places) = group.as_chunks_mut::<4>();
    for (places, [v, w, x, y]) in places.iter_mut().zip(fours) {
        *places = [v.0.0[c], w.0.0[c], x.0.0[c], y.0.0[c]];
    }
    for (place, value) in rest_places.iter_mut().zip(rest) {
        *place = value.0.0[c];
    }
    group
}

/// Adds to each sum of `R` rows the products of its factors with the numbers of the samples, lane
/// after lane: `factors[r][c][l]` and `rows[c][l]` are of the sample in lane l of group c.
#[inline(always)]
fn add_products<const R: usize, const C: usize, const I: usize>(
    sums: &mut [[f32; I]; R],
    factors: &[[[f32; L]; C]; R],
    rows: &[[[f32; I]; L]; C],
) {
    let blocks = I / L;
    // Two blocks of two rows, and their products, fit 16 vector registers.
    for pair in 0..blocks / 2 {
        add_to_blocks::<R, C, I, 2>(sums, factors, rows, 2 * pair);
    }
    if !blocks.is_multiple_of(2) {
        add_to_blocks::<R, C, I, 1>(sums, factors, rows, blocks - 1);
    }
    for i in blocks * L..I {
        for (sums, factors) in sums.iter_mut().zip(factors) {
            for l in 0..L {
                let mut part = factors[0][l] * rows[0][l][i];
                for c in 1..C {
                    part += factors[c][l] * rows[c][l][i];
                }
                sums[i] += part;
            }
        }
    }
}

/// The same for `B` blocks of `L` sums of each row, from block `first` on.
#[inline(always)]
fn add_to_blocks<const R: usize, const C: usize, const I: usize, const B: usize>(
    sums: &mut [[f32; I]; R],
    factors: &[[[f32; L]; C]; R],
    rows: &[[[f32; I]; L]; C],
    first: usize,
) {
    let mut totals = [[Narrow::ZERO; B]; R];
    for (totals, sums) in totals.iter_mut().zip(&*sums) {
        for (b, total) in totals.iter_mut().enumerate() {
            *total = block(sums, first + b);
        }
    }
    for l in 0..L {
        for (totals, factors) in totals.iter_mut().zip(factors) {
            let mut parts = [Narrow::ZERO; B];
            for c in 0..C {
                let factor = Narrow::splat(factors[c][l]);
                for (b, part) in parts.iter_mut().enumerate() {
                    let product = factor * block(&rows[c][l], first + b);
                    *part = if c == 0 { product } else { *part + product };
                }
            }
            for (total, part) in totals.iter_mut().zip(parts) {
                *total = *total + part;
            }
        }
    }
    for (totals, sums) in totals.iter().zip(sums) {
        for (b, total) in totals.iter().enumerate() {
            sums.as_chunks_mut::<L>().0[first + b] = from_fn(|l| total.extract(l));
        }
    }
}

/// Block `b` of `L` numbers.
#[inline(always)]
fn block<const I: usize>(row: &[f32; I], b: usize) -> Narrow {
    let numbers = &row.as_chunks::<L>().0[b];
    Narrow::from_fn(|l| numbers[l])
}
