//! Chooses learning rate and passes for a seed, by five-fold cross-validation on its training rows.
//! Its test rows are not looked at.

use crate::learning::{Data, Learner, Settings, parts, split};
use stackprop::{Error, KFold};

/// The learning rates that are tried.
const RATES: [f32; 5] = [0.01, 0.03, 0.1, 0.3, 1.0];

/// The numbers of passes that are tried.
const PASSES: [u32; 4] = [5, 10, 20, 50];

/// The parts that are left out in turn.
const FOLDS: usize = 5;

/// The settings with the least loss on rows that were left out; of equal ones the first.
///
/// # Errors
/// As [`Learner::pass`].
pub(crate) fn choose<D: Data>(seed: u64) -> Result<Settings, Error> {
    let mut chosen = D::CHOSEN;
    let mut least = f32::INFINITY;
    for passes in PASSES {
        for rate in RATES {
            let settings = Settings { rate, passes };
            let loss = loss_left_out::<D>(seed, settings)?;
            if loss < least {
                (chosen, least) = (settings, loss);
            }
        }
    }
    Ok(chosen)
}

/// The sum of the losses of all training rows, each by a network that has not learned it and whose
/// scaling does not know it.
fn loss_left_out<D: Data>(seed: u64, settings: Settings) -> Result<f32, Error> {
    let (order, random) = split::<D>(seed);
    let (train, _) = parts::<D>(order.as_ref());
    let (mut buffer, mut sum) = (train.to_vec(), 0.0);
    for fold in KFold::new(train.len(), FOLDS)? {
        let (rows, left_out) = fold.split(train, &mut buffer)?;
        let mut learner = Learner::<D>::new(rows, random.clone())?;
        for pass in 0..settings.passes {
            learner.pass(rows, settings.rate_of(pass))?;
        }
        sum += learner.test(left_out)?.0;
    }
    Ok(sum)
}
