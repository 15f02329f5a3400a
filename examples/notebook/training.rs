//! The notebook does not train. This does: gradient descent, all four samples in each step.

use crate::page::Page;
use crate::shared::chart::{self, Panel, Points};
use plotters::prelude::SeriesLabelPosition;
use stackprop::notebook::{BOOK_NET, NET, X, Y};
use stackprop::{Error, Model, Sgd, Trainable, Trainer};
use std::io::Write;
use std::path::PathBuf;

/// Found by trying. Up to 0.06 `NetBook` ends where Net does; from here on its steps are large
/// enough to throw it out of that valley, but many of them make the loss worse. At 0.1 the loss
/// still jumps after 3000.
const LEARNING_RATE: f32 = 0.065;
const STEPS: usize = 4000;

/// The steps whose losses are printed.
const SHOWN: [usize; 7] = [0, 500, 1000, 1500, 2000, 3000, STEPS];

/// Trains both networks and draws their losses.
pub(crate) fn training(page: &mut Page<impl Write>) -> Result<(), Box<dyn core::error::Error>> {
    page.heading("What the notebook leaves out: learning")?;
    page.text(&format!(
        "\n         Plain gradient descent, w -= {LEARNING_RATE} dL/dw, \
         {STEPS} steps on all four samples\n"
    ))?;
    let ((net, net_losses), (book, book_losses)) = (train(NET)?, train(BOOK_NET)?);
    let steps: String = SHOWN.iter().map(|step| format!("{step:>8}")).collect();
    page.text(&format!("         step   {steps}"))?;
    page.text(&format!("         Net    {}", table(&net_losses)))?;
    page.text(&format!("         NetBook{}", table(&book_losses)))?;
    page.text("\n         y             1       0       1       0")?;
    page.text(&format!("         Net    {}", outputs(&net)))?;
    page.text(&format!("         NetBook{}", outputs(&book)))?;
    page.text(
        "
         The four points lie on a line and their targets alternate: of all linear networks
         the best has a loss of 0.5869, and Net finds it. NetBook's ReLUs can bend the line.",
    )?;
    let path = draw(&net_losses, &book_losses)?;
    page.text(&format!("         Loss curves: {}\n", path.display()))?;
    Ok(())
}

/// Draws both curves: pale the loss of each step, bold the best so far.
fn draw(net: &[f32], book: &[f32]) -> Result<PathBuf, Box<dyn core::error::Error>> {
    let panel = Panel {
        y: "mean binary cross-entropy",
        // From a little under the least loss of NetBook to a little over ln 2.
        range: 0.3..0.75,
        legend: SeriesLabelPosition::UpperRight,
        curves: &[
            ("Net (linear)", points(best_so_far(net))),
            ("NetBook (ReLU)", points(best_so_far(book))),
        ],
        pale: &[points(net.iter().copied()), points(book.iter().copied())],
    };
    let title =
        format!("Gradient descent on the notebook's four samples, learning rate {LEARNING_RATE}");
    let x = "step (pale: the loss of each step, bold: the best so far)";
    chart::draw("notebook.svg", &title, x, &[panel])
}

fn best_so_far(losses: &[f32]) -> impl Iterator<Item = f32> {
    losses.iter().scan(f32::INFINITY, |best, loss| {
        *best = best.min(*loss);
        Some(*best)
    })
}

fn points(losses: impl Iterator<Item = f32>) -> Points {
    let numbered = losses.enumerate();
    numbered.map(|(step, loss)| (step as f32, loss)).collect()
}

/// The network after all steps, and the loss before each step and after the last.
fn train<N: Trainable<Input = [f32; 3], Output = [f32; 1]>>(
    network: N,
) -> Result<(N, Vec<f32>), Error> {
    let mut trainer = Trainer::new(network, Sgd::new(LEARNING_RATE));
    let losses = (0..STEPS).map(|_| trainer.step(&X, &Y));
    let mut losses = losses.collect::<Result<Vec<f32>, Error>>()?;
    // A step gives the loss before it, so a copy takes one more.
    losses.push(trainer.clone().step(&X, &Y)?);
    Ok((trainer.network, losses))
}

/// Some of the losses.
fn table(losses: &[f32]) -> String {
    let some = SHOWN.iter().filter_map(|step| losses.get(*step));
    some.map(|loss| format!("{loss:>8.4}")).collect()
}

/// y_hat of every row.
fn outputs(net: &impl Model<Input = [f32; 3], Output = [f32; 1]>) -> String {
    let y_hat = X.iter().flat_map(|x| net.forward(x));
    y_hat.map(|y| format!("{y:>8.4}")).collect()
}
