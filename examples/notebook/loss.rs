//! Cells 23 to 36: the loss, as `nn.BCELoss` on y_hat and fused with the sigmoid on the logit.

use crate::forward::{one_sample, whole_set};
use crate::page::{Cell, Page};
use crate::reference::{Sample, each_row};
use core::error::Error;
use stackprop::bce_loss::{self, Reduction};
use stackprop::notebook::{NET, Net, X, Y};
use std::io::Write;

/// Cells 24 and 25: the loss written out.
pub(crate) fn per_sample(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    const LOSSES: &str = "[[0.6933], [0.6857], [0.7081], [0.6712]]";
    const CODE: &str = "-y_v * torch.log(y_v_pred) - (1 - y_v) * torch.log(1 - y_v_pred)";
    page.heading("The loss: -y ln(y_hat) - (1 - y) ln(1 - y_hat)")?;
    page.text(
        "\nPer sample: bce_loss::forward_each on y_hat, then NET.loss, fused with the sigmoid",
    )?;
    let y_hat = outputs()?;
    let mut losses = [0.0; 4];
    bce_loss::forward_each(&y_hat, Y.as_flattened(), &mut losses)?;
    let exact = |w: &_| each_row(w, |s| s.loss);
    page.check(Cell(24, CODE, LOSSES), &losses.map(|l| [l]), exact)?;
    let fused: [_; 4] = core::array::from_fn(|row| [NET.loss(&X[row], &Y[row])]);
    page.check(Cell(24, "the same, fused", LOSSES), &fused, exact)?;

    page.text("\nFor the whole dataset")?;
    let sum = bce_loss::forward(&y_hat, Y.as_flattened(), Reduction::Sum)?;
    page.check(
        Cell(
            25,
            "torch.sum(- y_v * torch.log(y_v_pred) ...)/len(y_v)",
            "0.6896",
        ),
        &[[sum / 4.0]],
        |w| vec![mean(exact(w))],
    )?;
    Ok(())
}

/// Cells 26 and 27: `nn.BCELoss` of the data set.
pub(crate) fn of_data_set(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    page.text("\nloss_fn = nn.BCELoss() (In [23]): bce_loss::forward, then gradient_batch, fused")?;
    whole_set(page, 26, "net.forward(X)")?;
    let loss = bce_loss::forward(&outputs()?, Y.as_flattened(), Reduction::Mean)?;
    let exact = |w: &_| vec![mean(each_row(w, |s| s.loss))];
    let code = "loss_fn(net.forward(X), y_v)";
    page.check(Cell(27, code, "0.6896"), &[[loss]], exact)?;
    let fused = NET.gradient_batch(&X, &Y, &mut Net::zero_grad())?;
    page.check(Cell(27, "the same, fused", "0.6896"), &[[fused]], exact)?;
    Ok(())
}

/// Cells 28 to 36: the loss of one observation.
pub(crate) fn of_one_sample(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    page.text("\nFor one observation")?;
    one_sample(page, 28, "net.forward(x)")?;
    let loss = bce_loss::forward(&NET.forward(&X[0]), &Y[0], Reduction::Mean)?;
    let fused = NET.loss(&X[0], &Y[0]);
    for (number, code, printed) in [
        (29, "loss = loss_fn(net.forward(x), y_v[:1])", "0.6933"),
        (30, "loss.item()", "0.6933102607727051"),
        (31, "loss.data", "0.6933"),
    ] {
        let exact = |w: &_| vec![Sample::new(w, 0).loss];
        page.check(Cell(number, code, printed), &[[loss]], exact)?;
        if number < 31 {
            page.check(Cell(number, "the same, fused", printed), &[[fused]], exact)?;
        }
    }
    page.text("\nIn [32] to In [34]  the book network: see the end, \"The book network\"")?;
    page.heading("Going backward")?;
    page.text("\nIn [35]  loss.backward(): NET.backward(&x, &NET.trace(&x), &y)")?;
    let g = NET.backward(&X[0], &NET.trace(&X[0]), &Y[0]);
    page.check(Cell(36, "loss", "0.6933"), &[[g.loss]], |w| {
        vec![Sample::new(w, 0).loss]
    })?;
    Ok(())
}

/// y_hat of every row of X.
fn outputs() -> Result<[f32; 4], Box<dyn Error>> {
    let mut y_hat = [[0.0]; 4];
    NET.forward_batch(&X, &mut y_hat)?;
    Ok(y_hat.map(|[y]| y))
}

fn mean(all: Vec<f64>) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}
