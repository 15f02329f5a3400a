//! P. Nugues' notebook "Analysis of Backpropagation with Examples in PyTorch", cell by cell.
//!
//! ```text
//! cargo run --release --example notebook
//! ```
//!
//! For every tensor that the notebook prints of its `Net`, this prints the crate's numbers, the
//! notebook's numbers, the difference, and the largest difference that is no error. `NetBook` is
//! compared with PyTorch, then both networks learn. The exit code is 0 if no difference is too
//! large, 1 if one is, and 2 if the page or the chart cannot be written.

mod backward;
mod book;
mod forward;
mod loss;
mod page;
mod products;
mod reference;
#[path = "../shared/mod.rs"]
mod shared;
mod tally;
mod training;

use core::error::Error;
use page::Page;
use std::io::BufWriter;
use std::process::ExitCode;

const INTRODUCTION: &str = "
Analysis of Backpropagation with Examples in PyTorch (P. Nugues), computed by stackprop

  ours         what this crate computes, in f32
  notebook     what the notebook prints
  difference   ours - notebook
  allowed      half a unit of the last printed digit, plus what the weights explain:
               they are printed to 4 digits, so each may be off by 0.00005; to first
               order that moves a quantity q by at most the sum over the weights of
               |dq/dw| * 0.00005
  right edge   the largest difference as a share of what is allowed, OFF if more than
               1; `equal` where nothing is rounded

Columns are shown as rows.";

fn main() -> ExitCode {
    match walk() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("notebook: {error}");
            ExitCode::from(2)
        }
    }
}

/// The whole notebook; true if nothing is off.
fn walk() -> Result<bool, Box<dyn Error>> {
    let mut page = Page::new(BufWriter::new(std::io::stdout().lock()));
    page.text(INTRODUCTION)?;
    forward::weights(&mut page)?;
    forward::data_set(&mut page)?;
    forward::matrix_product(&mut page)?;
    forward::function(&mut page)?;
    loss::per_sample(&mut page)?;
    loss::of_data_set(&mut page)?;
    loss::of_one_sample(&mut page)?;
    let pass = backward::Pass::new();
    pass.gradients(&mut page)?;
    pass.deltas(&mut page)?;
    pass.input(&mut page)?;
    pass.forward_again(&mut page)?;
    pass.one_step(&mut page)?;
    pass.two_steps(&mut page)?;
    pass.three_steps(&mut page)?;
    backward::outer_product(&mut page)?;
    book::book(&mut page)?;
    training::training(&mut page)?;
    Ok(page.verdict()?)
}
