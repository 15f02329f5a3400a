//! Learning-rate schedules: the rate of an epoch from the initial rate, as plain functions.

/// The same rate always: `ConstantLR` with factor 1.
#[must_use]
pub const fn constant_lr(lr: f32, _epoch: u32) -> f32 {
    lr
}

/// lr gamma^(epoch / `step_size`), rounded down: `StepLR`. A step size of 0 counts as 1.
#[must_use]
pub fn step_lr(lr: f32, epoch: u32, step_size: u32, gamma: f32) -> f32 {
    let mut power = epoch.checked_div(step_size).unwrap_or(epoch);
    // gamma^power by squaring, in a fixed order.
    let (mut rate, mut square) = (lr, gamma);
    while power > 0 {
        if power % 2 == 1 {
            rate *= square;
        }
        square *= square;
        power /= 2;
    }
    rate
}

/// `least` + (lr - `least`) (1 + cos(pi epoch / `epochs`)) / 2: `CosineAnnealingLR`, which ends at `least` after
/// `epochs` and stays there.
#[must_use]
pub fn cosine_annealing_lr(lr: f32, epoch: u32, epochs: u32, least: f32) -> f32 {
    if epoch >= epochs {
        return least;
    }
    let angle = core::f32::consts::PI * (epoch as f32 / epochs as f32);
    least + (lr - least) * 0.5 * (1.0 + libm::cosf(angle))
}
