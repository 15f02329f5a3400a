//! Turns: stackprop, the peer, stackprop, the peer. Whatever disturbs the machine for longer than a
//! round disturbs both, and the minimum over the rounds is of the undisturbed ones.

use crate::worker::{Op, Worker};
use anyhow::Result;

/// Nanoseconds that one round should take: far more than reading the clock, and than filling the
/// caches again.
const ROUND: f64 = 4e6;

/// Nanoseconds for all rounds of one line of the table, each of which is between `FEWEST` and
/// `MOST`.
const TOTAL: f64 = 4e8;
const FEWEST: f64 = 5.0;
const MOST: f64 = 25.0;

/// The learning rate: so small that rounding leaves the weights as they are.
const RATE: f32 = 1e-9;

/// Nanoseconds a sample of each entrant: a worker, by its place, and what it does.
pub(crate) fn race(
    workers: &mut [&mut Worker],
    entrants: &[(usize, Op)],
    rows: usize,
) -> Result<Vec<f64>> {
    let mut calls = Vec::new();
    let mut once = 0.0;
    for (place, op) in entrants {
        let (count, time) = calibrate(workers[*place], *op)?;
        calls.push(count);
        once += time;
    }
    let rounds = (TOTAL / once).clamp(FEWEST, MOST) as usize;
    let mut best = vec![f64::INFINITY; entrants.len()];
    for _ in 0..rounds {
        for (((place, op), calls), best) in entrants.iter().zip(&calls).zip(&mut best) {
            let time = workers[*place].time(*op, *calls, RATE)?;
            *best = best.min(time / *calls as f64 / rows as f64);
        }
    }
    Ok(best)
}

/// How many calls make a round, and what they take.
fn calibrate(worker: &mut Worker, op: Op) -> Result<(u64, f64)> {
    let mut calls = 1;
    loop {
        let time = worker.time(op, calls, RATE)?;
        if time >= ROUND {
            return Ok((calls, time));
        }
        // At most ten times as many: the first calls are slow, and the clock may be coarse.
        let factor = (1.2 * ROUND / time.max(1.0)).clamp(1.1, 10.0);
        calls = (calls as f64 * factor).ceil() as u64;
    }
}
