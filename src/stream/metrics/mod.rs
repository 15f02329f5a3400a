//! Metrics, on a stream or on a test set. The definitions are those of scikit-learn.

mod binary;
mod confusion;
mod regression;
mod roc;
mod sort;

pub use binary::BinaryConfusionMatrix;
pub use confusion::{ConfusionMatrix, Named};
pub use regression::Regression;
pub use roc::roc_auc;

use crate::kernels::exact_sum::ExactSum;

fn sum(a: u32, b: u32) -> u64 {
    u64::from(a) + u64::from(b)
}

/// The float nearest to a / b, and 0 if b is 0.
fn ratio(a: u64, b: u64) -> f32 {
    if b == 0 {
        return 0.0;
    }
    let mut sum = ExactSum::new();
    sum.add(1.0, a);
    sum.mean(b)
}

/// The width of a column for these counts.
fn width(counts: impl Iterator<Item = u32>) -> usize {
    let largest = counts.max().and_then(u32::checked_ilog10).unwrap_or(0);
    // At least one digit and four blanks.
    largest.saturating_add(1).max(5) as usize
}
