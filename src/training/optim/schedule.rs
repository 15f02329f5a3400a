//! Learning-rate schedules: plain functions that give the rate of an epoch, counted from 0.

/// `lr` in every epoch: `ConstantLR` with factor 1.
///
/// ```
/// use stackprop::optim::constant_lr;
///
/// assert_eq!(constant_lr(0.1, 99), 0.1);
/// ```
#[must_use]
pub const fn constant_lr(lr: f32, _epoch: u32) -> f32 {
    lr
}

/// lr gamma^(epoch / `step_size`), the quotient rounded down: `StepLR`. A step size of 0 counts as
/// 1.
///
/// ```
/// use stackprop::{Mse, Optimizer, Sgd, Trainer, net, optim::step_lr};
///
/// let mut trainer = Trainer::new(<net![1 => 1, Mse]>::new(1), Sgd::new(0.5));
/// for epoch in 0..30 {
///     trainer.optimizer.set_lr(step_lr(0.5, epoch, 10, 0.5)); // halved every 10 epochs
///     trainer.epoch(&[[1.0], [2.0]], &[[0.0], [1.0]], 2)?;
/// }
/// assert_eq!(trainer.optimizer.lr(), 0.125);
/// # Ok::<(), stackprop::Error>(())
/// ```
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

/// `least` + (lr - `least`) (1 + cos(pi epoch / `epochs`)) / 2: `CosineAnnealingLR`. It reaches
/// `least` after `epochs` and stays there. Source: Loshchilov and Hutter, "SGDR: Stochastic
/// gradient descent with warm restarts", 2017.
///
/// ```
/// use stackprop::optim::cosine_annealing_lr;
///
/// assert_eq!(cosine_annealing_lr(1.0, 0, 10, 0.5), 1.0);
/// assert!((cosine_annealing_lr(1.0, 5, 10, 0.5) - 0.75).abs() < 1e-6);
/// assert_eq!(cosine_annealing_lr(1.0, 10, 10, 0.5), 0.5);
/// ```
#[must_use]
pub fn cosine_annealing_lr(lr: f32, epoch: u32, epochs: u32, least: f32) -> f32 {
    if epoch >= epochs {
        return least;
    }
    let angle = core::f32::consts::PI * (epoch as f32 / epochs as f32);
    least + (lr - least) * 0.5 * (1.0 + libm::cosf(angle))
}
