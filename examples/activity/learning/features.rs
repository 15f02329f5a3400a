//! Sixteen numbers for a window: how the watch is held, how much it moves, and how fast.

use super::windows::{CHANNELS, LENGTH};
use stackprop::math::ln;

/// The numbers of a window.
pub(crate) const FEATURES: usize = 16;

/// This is added to a power before its logarithm, so that a sensor that stands still gives -7 and
/// not -inf. The least power in the data is 0.0016: a watch at rest.
const FLOOR: f32 = 1e-3;

/// The features of the raw samples. Of each channel the logarithms of
/// ```text
/// variance   = mean of (x_t - mean)^2                   how much it moves
/// steps      = mean of (x_t - x_(t-1))^2                how fast
/// ```
/// Of the accelerometer also the means, which show where down is, and the logarithm of the variance
/// of its squared length, which does not depend on how the watch sits. Logarithms, because running
/// has a thousand times the power of standing.
pub(crate) fn features(channels: &[[f32; LENGTH]; CHANNELS]) -> [f32; FEATURES] {
    let [ax, ay, az, ..] = channels;
    let effort = core::array::from_fn(|t| ax[t] * ax[t] + ay[t] * ay[t] + az[t] * az[t]);
    let variances = channels.iter().map(log_variance);
    let steps = channels.iter().map(log_steps);
    let means = [ax, ay, az].into_iter().map(mean);
    let all = variances
        .chain(steps)
        .chain(means)
        .chain([log_variance(&effort)]);
    let mut row = [0.0; FEATURES];
    for (place, feature) in row.iter_mut().zip(all) {
        *place = feature;
    }
    row
}

fn mean(channel: &[f32; LENGTH]) -> f32 {
    sum(channel.iter().copied()) / LENGTH as f32
}

fn log_variance(channel: &[f32; LENGTH]) -> f32 {
    let mean = mean(channel);
    let squares = channel.iter().map(|x| (x - mean) * (x - mean));
    ln(sum(squares) / LENGTH as f32 + FLOOR)
}

fn log_steps(channel: &[f32; LENGTH]) -> f32 {
    let next = channel.iter().skip(1);
    let squares = channel.iter().zip(next).map(|(a, b)| (b - a) * (b - a));
    ln(sum(squares) / (LENGTH - 1) as f32 + FLOOR)
}

/// Adds in order of time.
fn sum(all: impl Iterator<Item = f32>) -> f32 {
    all.fold(0.0, |sum, x| sum + x)
}
