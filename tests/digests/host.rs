//! What computes in binary64, or with tables of the host's size: the cases that no board runs. A
//! board without such floats has no room for them beside the others.

use super::cases::{Digest, ROWS};
use stackprop::bce_loss::{self, Reduction};
use stackprop::optim::{cosine_annealing_lr, step_lr};
use stackprop::{Error, Normalizer, Standardize};

/// Calls `f` with the name and the digest of each case.
///
/// # Errors
/// Those of the normaliser.
pub(crate) fn host(f: &mut impl FnMut(&'static str, u64)) -> Result<(), Error> {
    f("host_schedules", schedules());
    f("host_normalizer", normalizer()?);
    f("host_bce_loss", bce().unwrap_or(0));
    Ok(())
}

/// The learning rates of many epochs.
fn schedules() -> u64 {
    let mut digest = Digest::new();
    for epoch in 0..500 {
        digest.add(step_lr(0.3, epoch, 7, 0.9));
        digest.add(cosine_annealing_lr(0.3, epoch, 450, 0.01));
        digest.add(cosine_annealing_lr(0.3, 1, 10 * epoch * epoch + 1, 0.01));
    }
    digest.finish()
}

/// Scaled rows, deviations and a stage, with and without a half-life; one column never changes, and
/// one has a variance beyond the floats.
fn normalizer() -> Result<u64, Error> {
    let mut digest = Digest::new();
    for mut normalizer in [Normalizer::new(), Normalizer::new().half_life(5.5)] {
        for row in ROWS {
            let [a, b, ..] = row;
            normalizer.observe(&[a, 1e3 + 0.1 * b, 7.0, 3e38 * (a / 4.0), 1e-30 * b])?;
            digest.add_all(&normalizer.scale(&[b, 1e3, 7.0, -1e38, 1e-30]));
        }
        digest.add_all(&normalizer.deviation());
        let stage = Standardize::from(&normalizer);
        digest.add_all(&stage.mean);
        digest.add_all(&stage.scale);
    }
    Ok(digest.finish())
}

/// Losses and gradients of probabilities.
fn bce() -> Result<u64, bce_loss::Error> {
    let mut digest = Digest::new();
    let p: [f32; 60] = core::array::from_fn(|n| (n % 13) as f32 / 12.0);
    let y: [f32; 60] = core::array::from_fn(|n| (n % 5) as f32 / 4.0);
    for reduction in [Reduction::Mean, Reduction::Sum] {
        let mut dp = [0.0; 60];
        digest.add(bce_loss::forward(&p, &y, reduction)?);
        bce_loss::backward(&p, &y, reduction, &mut dp)?;
        digest.add_all(&dp);
    }
    let mut each = [0.0; 60];
    bce_loss::forward_each(&p, &y, &mut each)?;
    digest.add_all(&each);
    Ok(digest.finish())
}
