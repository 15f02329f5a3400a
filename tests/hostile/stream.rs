//! Numbers and batches from bytes: a fuzzer's, or random ones.

use crate::extremes::EXTREMES;
use stackprop::Random;

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
    pub(crate) fn batch<const I: usize, const O: usize>(
        &mut self,
    ) -> (Vec<[f32; I]>, Vec<[f32; O]>) {
        // 0 to 19 rows mostly, for then more of the ways have to agree.
        let count = match self.byte() {
            few @ 0..224 => usize::from(few % 20),
            many => 3 * usize::from(many - 223),
        };
        let mut random = Random::new(u64::from(self.byte()));
        let mut rows = vec![[0.0; I]; count];
        let mut targets = vec![[0.0; O]; count];
        for (row, target) in rows.iter_mut().zip(&mut targets) {
            row.fill_with(|| random.uniform(2.0));
            target[random.below(O as u32) as usize] = 1.0;
            if O == 1 {
                target[0] = random.below(2) as f32;
            }
        }
        for _ in 0..self.byte() % 4 {
            let (at, number) = (usize::from(self.byte()), self.number());
            let rows = rows.as_flattened_mut();
            let numbers = rows.iter_mut().chain(targets.as_flattened_mut());
            if let Some(all) = core::num::NonZero::new(count * (I + O)) {
                numbers.skip(at % all).take(1).for_each(|old| *old = number);
            }
        }
        (rows, targets)
    }
}
