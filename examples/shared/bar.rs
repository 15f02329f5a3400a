//! A progress bar on the terminal. Where there is no terminal there is no bar.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is full at `length` `unit`s.
pub(crate) fn bar(length: usize, unit: &str) -> ProgressBar {
    let template = format!("{{bar:40}} {{pos}} of {{len}} {unit}, {{msg}}");
    // This template is right, so the default bar is never used.
    let style = ProgressStyle::with_template(&template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}
