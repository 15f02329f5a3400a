//! Numbers and batches from bytes: a fuzzer's, or random ones.

use crate::extremes::EXTREMES;
use stackprop::{Model, Random, Zero};

/// Bytes that are read once. After the last one all are 0.
pub(crate) struct Stream<'a>(pub(crate) &'a [u8]);

impl Stream<'_> {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) const fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    /// A small number, an extreme one, or any bits at all.
    pub(crate) fn number(&mut self) -> f32 {
        match self.byte() {
            kind @ 0..16 => EXTREMES[usize::from(kind)],
            16..80 => f32::from_bits(u32::from_le_bytes([0; 4].map(|_| self.byte()))),
            small => f32::from(small.cast_signed()) / 32.0,
        }
    }

    /// Up to 96 rows from -2 to 2 with a target that every head takes, and up to three numbers of
    /// them replaced by others.
    pub(crate) fn batch<N: Model>(&mut self) -> (Vec<N::Input>, Vec<N::Output>) {
        // 0 to 19 rows mostly, for then more of the ways have to agree.
        let count = match self.byte() {
            few @ 0..224 => usize::from(few % 20),
            many => 3 * usize::from(many - 223),
        };
        let mut random = Random::new(u64::from(self.byte()));
        let mut rows = vec![N::Input::ZERO; count];
        let mut targets = vec![N::Output::ZERO; count];
        for (row, target) in rows.iter_mut().zip(&mut targets) {
            row.as_mut().fill_with(|| random.uniform(2.0));
            let target = target.as_mut();
            target[random.below(N::OUTPUTS as u32) as usize] = 1.0;
            if N::OUTPUTS == 1 {
                target[0] = random.below(2) as f32;
            }
        }
        for _ in 0..self.byte() % 4 {
            let (at, number) = (usize::from(self.byte()), self.number());
            let rows = rows.iter_mut().flat_map(AsMut::as_mut);
            let numbers = rows.chain(targets.iter_mut().flat_map(AsMut::as_mut));
            if let Some(all) = core::num::NonZero::new(count * (N::INPUTS + N::OUTPUTS)) {
                numbers.skip(at % all).take(1).for_each(|old| *old = number);
            }
        }
        (rows, targets)
    }
}
