//! One file for each peer.

#[cfg(feature = "others")]
mod batched;
#[cfg(feature = "others")]
mod burn;
#[cfg(feature = "others")]
mod candle;
#[cfg(feature = "others")]
mod dfdx;
#[cfg(feature = "others")]
mod faer;
#[cfg(feature = "others")]
mod gemm;
#[cfg(feature = "others")]
mod nalgebra;
#[cfg(feature = "others")]
mod ndarray;
#[cfg(feature = "others")]
mod scalar;
mod stackprop;

#[cfg(feature = "others")]
use self::batched::Batched;
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Result, bail};

/// The peer of this name, set up for a problem.
pub(crate) fn make(name: &str, problem: Problem) -> Result<Box<dyn Peer>> {
    match name {
        "stackprop" => stackprop::make(problem),
        #[cfg(feature = "others")]
        name => other(name, problem),
        #[cfg(not(feature = "others"))]
        name => bail!("without the feature `others` there is no {name}"),
    }
}

#[cfg(feature = "others")]
fn other(name: &str, problem: Problem) -> Result<Box<dyn Peer>> {
    match name {
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
#[cfg(feature = "others")]
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
#[cfg(feature = "others")]
use sized;
