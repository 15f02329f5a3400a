//! One file for each peer.

mod batched;
mod burn;
mod candle;
mod dfdx;
mod faer;
mod gemm;
mod nalgebra;
mod ndarray;
mod scalar;
mod stackprop;

use self::batched::Batched;
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Result, bail};

/// The peer of this name, set up for a problem.
pub(crate) fn make(name: &str, problem: Problem) -> Result<Box<dyn Peer>> {
    match name {
        "stackprop" => stackprop::make(problem),
        "scalar Rust" => scalar::make(problem),
        "nalgebra" => nalgebra::make(problem),
        "ndarray" => Ok(Box::new(ndarray::Ndarray::new(problem)?)),
        "gemm" => Ok(Box::new(Batched::<gemm::Gemm>::new(problem))),
        "faer" => Ok(Box::new(Batched::<faer::Faer>::new(problem))),
        "candle" => Ok(Box::new(candle::Candle::new(problem)?)),
        "burn" => Ok(Box::new(burn::Burn::new(problem))),
        "dfdx" => dfdx::make(problem),
        _ => bail!("no peer is called {name}"),
    }
}

/// `$new` with the const sizes of the problem, for a type `$new<I, H, K, O, RELU>`.
macro_rules! sized {
    ($peer:ident, $problem:expr) => {{
        let problem: $crate::problem::Problem = $problem;
        match (problem.widths, problem.relu) {
            ([3, 4, 2, 1], false) => Ok(Box::new($peer::<3, 4, 2, 1, false>::new(problem))),
            ([3, 4, 2, 1], true) => Ok(Box::new($peer::<3, 4, 2, 1, true>::new(problem))),
            ([16, 32, 16, 4], true) => Ok(Box::new($peer::<16, 32, 16, 4, true>::new(problem))),
            (widths, _) => Err(anyhow::anyhow!("not compiled for {widths:?}")),
        }
    }};
}
use sized;
