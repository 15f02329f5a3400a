//! `NetBook`, compared with PyTorch's f64 results for the weights that the notebook does print.

use crate::page::Page;
use core::error::Error;
use serde_json::Value;
use stackprop::Chain;
use stackprop::bce_loss::{self, Reduction};
use stackprop::notebook::{Activations, BOOK_NET, NetBook, X, Y};
use std::io::Write;

/// PyTorch's results for the printed weights: `book_x` on the first row, `book_X` on all four.
const GOLDEN: &str = include_str!("../../tests/data/notebook.json");

/// A tensor by its name in the file.
type Named = (&'static str, Vec<f32>);

/// Cells 12 and 32 to 34.
pub(crate) fn book(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    page.heading("The book network (cells 12, 32 to 34)")?;
    page.text(
        "
         The notebook prints the weights of Net only. What it shows of NetBook comes from other
         weights, drawn at random and never printed, so it cannot be reproduced:",
    )?;
    let mut y_hat = [[0.0]; 4];
    BOOK_NET.forward_batch(&X, &mut y_hat)?;
    let loss = BOOK_NET.gradient_batch(&X, &Y, &mut NetBook::zero_grad())?;
    let [[a], [b], [c], [d]] = y_hat;
    page.text("                               net_book(X)                          loss")?;
    page.text("         notebook              0.4899   0.4848   0.4798   0.4747    0.6888")?;
    page.text(&format!(
        "         with Net's weights    {a:.4}   {b:.4}   {c:.4}   {d:.4}    {loss:.4}"
    ))?;
    page.text(
        "
         So NetBook is checked with Net's weights, against PyTorch in f64 \
         (tests/data/notebook.json).
         Allowed: 4e-6 of the value, or of a quarter of its tensor's largest if that is more, \
         + 1e-8.",
    )?;
    let golden: Value = serde_json::from_str(GOLDEN)?;
    case(page, &golden, "book_x", 1)?;
    case(page, &golden, "book_X", 4)
}

/// One case of the file, on the first `count` rows: a line for each tensor.
fn case(
    page: &mut Page<impl Write>,
    golden: &Value,
    case: &str,
    count: usize,
) -> Result<(), Box<dyn Error>> {
    let (rows, targets) = (&X[..count], &Y[..count]);
    let exact = &golden["cases"][case]["f64"];
    page.text(&format!(
        "\n         {case:<24}{:>12}{:>16}{:>18}",
        "numbers", "difference", "/ allowance"
    ))?;
    let all = [
        forward(rows),
        losses(rows, targets)?,
        gradients(rows, targets)?,
    ];
    for (name, ours) in all.concat() {
        let value = name.split('.').fold(exact, |value, key| &value[key]);
        let (difference, share) = compare(&ours, &numbers(value));
        let text = format!(
            "         {name:<24}{:>12}{difference:>16.1e}         ",
            ours.len()
        );
        page.line(&format!("{case} {name}"), &text, ours.len(), share)?;
    }
    Ok(())
}

fn forward(rows: &[[f32; 3]]) -> Vec<Named> {
    let all: Vec<Activations> = rows.iter().map(|x| BOOK_NET.trace(x).into()).collect();
    let each = |part: fn(&Activations) -> &[f32]| all.iter().flat_map(part).copied().collect();
    vec![
        ("z1", each(|a| &a.z1)),
        ("h1", each(|a| &a.h1)),
        ("z2", each(|a| &a.z2)),
        ("h2", each(|a| &a.h2)),
        ("z3", each(|a| &a.z3)),
        ("h3", each(|a| &a.h3)),
    ]
}

/// The losses on the probabilities, with their gradient, and the fused loss.
fn losses(rows: &[[f32; 3]], targets: &[[f32; 1]]) -> Result<Vec<Named>, Box<dyn Error>> {
    let mut y_hat = vec![[0.0]; rows.len()];
    BOOK_NET.forward_batch(rows, &mut y_hat)?;
    let (p, y) = (y_hat.as_flattened(), targets.as_flattened());
    let (mut each, mut dp) = (vec![0.0; p.len()], vec![0.0; p.len()]);
    bce_loss::forward_each(p, y, &mut each)?;
    bce_loss::backward(p, y, Reduction::Mean, &mut dp)?;
    let fused = BOOK_NET.gradient_batch(rows, targets, &mut NetBook::zero_grad())?;
    Ok(vec![
        ("loss_none", each),
        ("loss_mean", vec![bce_loss::forward(p, y, Reduction::Mean)?]),
        ("loss_sum", vec![bce_loss::forward(p, y, Reduction::Sum)?]),
        ("with_logits.loss_mean", vec![fused]),
        ("grad_h3", dp),
    ])
}

/// The gradients of the mean loss: those of the weights from the batch pass, the others sample by
/// sample.
fn gradients(rows: &[[f32; 3]], targets: &[[f32; 1]]) -> Result<Vec<Named>, Box<dyn Error>> {
    let mut grad = NetBook::zero_grad();
    BOOK_NET.gradient_batch(rows, targets, &mut grad)?;
    let Chain(fc1, Chain((), Chain(fc2, Chain((), fc3)))) = grad;
    let mut all: [Vec<f32>; 6] = Default::default();
    let factor = 1.0 / rows.len() as f32;
    for (x, y) in rows.iter().zip(targets) {
        let g = BOOK_NET.backward(x, &BOOK_NET.trace(x), y);
        let ((), z1, ((), h1, ((), z2, ((), h2, ())))) = g.activations;
        let parts: [&[f32]; 6] = [&g.logits, &h2, &z2, &h1, &z1, &g.input];
        for (all, part) in all.iter_mut().zip(parts) {
            all.extend(part.iter().map(|d| d * factor));
        }
    }
    let [z3, h2, z2, h1, z1, x] = all;
    Ok(vec![
        ("grad_z3", z3.clone()),
        ("with_logits.grad_z3", z3),
        ("grad_w3", fc3.weight.concat()),
        ("grad_h2", h2),
        ("grad_z2", z2),
        ("grad_w2", fc2.weight.concat()),
        ("grad_h1", h1),
        ("grad_z1", z1),
        ("grad_w1", fc1.weight.concat()),
        ("grad_x", x),
    ])
}

/// The largest difference, and the largest as a share of what is allowed.
fn compare(ours: &[f32], exact: &[f64]) -> (f64, f64) {
    let ours: Vec<f64> = ours.iter().map(|v| f64::from(*v)).collect();
    let largest = exact.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
    let allowed = |v: &f64| 4e-6 * v.abs().max(largest / 4.0) + 1e-8;
    let allowed: Vec<f64> = exact.iter().map(allowed).collect();
    let differences = ours.iter().zip(exact).map(|(a, b)| (a - b).abs());
    let share = crate::tally::worst_share(&ours, exact, &allowed);
    (differences.fold(0.0, f64::max), share)
}

/// All numbers of a nested list, in order; a missing one is NaN, which is equal to nothing.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap_or(f64::NAN)],
    }
}
