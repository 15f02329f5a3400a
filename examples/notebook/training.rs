//! What the notebook leaves out: learning. Plain gradient descent, all four samples in each step.

use crate::chart;
use crate::page::Page;
use stackprop::notebook::{NET, NET_BOOK, X, Y};
use stackprop::{Error, Layer, Network, Params, SigmoidBce};
use std::io::Write;

/// Found by trying. Up to 0.06 NetBook ends where Net does; from here on its steps are large enough to throw it
/// out of that valley, at the price of many that make the loss worse. At 0.1 the loss still jumps after 3000.
const LEARNING_RATE: f32 = 0.065;
const STEPS: usize = 4000;

/// The steps whose losses are printed.
const SHOWN: [usize; 7] = [0, 500, 1000, 1500, 2000, 3000, STEPS];

/// Trains both networks and draws their losses.
pub(crate) fn training(page: &mut Page<impl Write>) -> Result<(), Box<dyn core::error::Error>> {
    page.heading("What the notebook leaves out: learning")?;
    page.text(&format!(
        "\n         Plain gradient descent, w -= {LEARNING_RATE} dL/dw, {STEPS} steps on all four samples\n"
    ))?;
    let (mut net, mut book) = (NET, NET_BOOK);
    let (net_losses, book_losses) = (train(&mut net)?, train(&mut book)?);
    let steps: String = SHOWN.iter().map(|step| format!("{step:>8}")).collect();
    page.text(&format!("         step   {steps}"))?;
    page.text(&format!("         Net    {}", table(&net_losses)))?;
    page.text(&format!("         NetBook{}", table(&book_losses)))?;
    page.text("\n         y             1       0       1       0")?;
    page.text(&format!("         Net    {}", outputs(&net)?))?;
    page.text(&format!("         NetBook{}", outputs(&book)?))?;
    page.text(
        "
         The four points lie on a line and their targets alternate: of all linear networks
         the best has a loss of 0.5869, and Net finds it. NetBook's ReLUs can bend the line.",
    )?;
    let title =
        format!("Gradient descent on the notebook's four samples, learning rate {LEARNING_RATE}");
    let path = chart::draw(&title, &net_losses, &book_losses)?;
    page.text(&format!("         Loss curves: {}\n", path.display()))?;
    Ok(())
}

/// The loss before each step and after the last.
fn train<L: Layer<3, 1> + Params<Of<f32> = L>>(
    net: &mut Network<L, SigmoidBce, 3, 1>,
) -> Result<Vec<f32>, Error> {
    let mut grad = L::fill::<f32>(0.0);
    let mut losses = vec![net.gradient_batch(&X, &Y, &mut grad)?];
    for _ in 0..STEPS {
        descend(&mut net.layers, &grad);
        losses.push(net.gradient_batch(&X, &Y, &mut grad)?);
    }
    Ok(losses)
}

/// w -= lr dw for every parameter.
fn descend<L: Params<Of<f32> = L>>(layers: &mut L, grad: &L) {
    let mut step = |w: &mut [f32], dw: &[f32], _: &mut [()]| {
        for (w, dw) in w.iter_mut().zip(dw) {
            *w -= LEARNING_RATE * dw;
        }
    };
    layers.update(grad, &mut L::fill(()), &mut step);
}

/// Some of the losses.
fn table(losses: &[f32]) -> String {
    let some = SHOWN.iter().filter_map(|step| losses.get(*step));
    some.map(|loss| format!("{loss:>8.4}")).collect()
}

/// y_hat of every row.
fn outputs<L: Layer<3, 1>>(net: &Network<L, SigmoidBce, 3, 1>) -> Result<String, Error> {
    let mut y_hat = [[0.0]; 4];
    net.forward_batch(&X, &mut y_hat)?;
    Ok(y_hat.iter().map(|[y]| format!("{y:>8.4}")).collect())
}
