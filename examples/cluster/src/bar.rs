//! A progress bar of rank 0.

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often it is drawn in a second, at most.
const HZ: u8 = 10;

/// A bar of so many steps. `mpiexec` reads what the ranks write, so they see no terminal: with
/// `wanted` the bar is drawn nevertheless.
pub(crate) fn bar(steps: usize, wanted: bool) -> ProgressBar {
    let target = if wanted {
        ProgressDrawTarget::term_like_with_hz(Box::new(Term::buffered_stderr()), HZ)
    } else {
        ProgressDrawTarget::hidden()
    };
    let template = "{bar:40} {pos} of {len} steps, {msg}, {eta} left";
    // This template is right, so the default bar is never used.
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(steps as u64), target).with_style(style)
}
