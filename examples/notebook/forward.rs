//! Cells 6 to 22: weights, data set, forward pass.

use crate::page::{Cell, Page};
use crate::products::{mat_vec, vec_mat};
use crate::reference::{Sample, each_row};
use core::error::Error;
use stackprop::notebook::{NET, X, Y};
use stackprop::{Chain, Linear};
use std::io::{self, Write};

const Y_HAT: &str = "[[0.4999], [0.4962], [0.4926], [0.4889]]";
const FC1: &str = "[[ 0.2369,  0.4875, -0.0785], [-0.1420,  0.5180, -0.4875],
    [-0.0190, -0.2783,  0.3500], [ 0.2950, -0.3992,  0.5065]]";

/// Cells 6 and 7.
pub(crate) fn weights(page: &mut Page<impl Write>) -> io::Result<()> {
    const FC2: &str =
        "[[-0.0172, -0.1255,  0.3816,  0.4249], [-0.0027, -0.1248,  0.4886,  0.1373]]";
    page.heading("The network weights")?;
    let Chain(fc1, Chain(fc2, fc3)) = NET.layers;
    page.same(
        Cell(6, "net.named_parameters(): fc1.weight", FC1),
        &fc1.weight,
    )?;
    page.same(
        Cell(6, "net.named_parameters(): fc2.weight", FC2),
        &fc2.weight,
    )?;
    page.same(
        Cell(
            6,
            "net.named_parameters(): fc3.weight",
            "[[-0.2785,  0.4220]]",
        ),
        &fc3.weight,
    )?;
    page.same(Cell(7, "net.fc1.weight", FC1), &fc1.weight)
}

/// Cells 8 to 13.
pub(crate) fn data_set(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    page.heading("The dataset")?;
    page.text(
        "\nAn input vector, x = [1, 2, 3] (In [8]), and the output with the simplified network",
    )?;
    one_sample(page, 9, "y_pred = net.forward(x)")?;
    page.text("\nA dataset, X of 4 rows (In [10])")?;
    page.same(Cell(11, "y_v", "[[1.], [0.], [1.], [0.]]"), &Y)?;
    page.text(
        "\nIn [12]  the book network, net_book.forward(X): see the end, \"The book network\"",
    )?;
    page.text("\nWith the simplified network")?;
    whole_set(page, 13, "y_v_pred = net.forward(X)")
}

/// Cells 14 to 19.
pub(crate) fn matrix_product(page: &mut Page<impl Write>) -> io::Result<()> {
    const Z1: &str = "[ 0.9764, -0.5687,  0.4745,  1.0161]";
    page.heading("Examining the Forward Pass: first as a matrix product")?;
    transposed(page, 14)?;
    page.same(Cell(15, "x", "[[1., 2., 3.]]"), &X[..1])?;
    let Chain(fc1, Chain(fc2, fc3)) = NET.layers;
    let z1 = [mat_vec(&fc1, &X[0])];
    let exact = |w: &_| Sample::new(w, 0).z1.to_vec();
    page.check(Cell(16, "net.fc1.weight@x[0]", Z1), &z1, exact)?;
    page.check(Cell(17, "net.fc1.weight@x.T", Z1), &z1, exact)?;

    page.text("\nGoing through the whole network, from the left: three weights become one row")?;
    let [fc3] = fc3.weight;
    let product = Linear::without_bias([vec_mat(&vec_mat(&fc3, &fc2), &fc1)]);
    let z3 = [mat_vec(&product, &X[0])];
    for (number, code) in [
        (18, "net.fc3.weight@net.fc2.weight@net.fc1.weight@x[0]"),
        (19, "net.fc3.weight@net.fc2.weight@net.fc1.weight@x.T"),
    ] {
        page.check(Cell(number, code, "[[-0.0003]]"), &z3, |w| {
            vec![Sample::new(w, 0).z3]
        })?;
    }
    Ok(())
}

/// Cells 20 to 22.
pub(crate) fn function(page: &mut Page<impl Write>) -> Result<(), Box<dyn Error>> {
    page.heading("Examining the Forward Pass: as a function, observations by rows")?;
    whole_set(page, 20, "net.forward(X)")?;
    one_sample(page, 21, "net.forward(x)")?;
    page.text(
        "
In [22]  net.forward(x.T)
         PyTorch finds out when it runs:
             RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x1 and 3x4)
         Here the shape is in the type. NET.forward_batch(&[[1.0], [2.0], [3.0]], &mut y_hat):
             error[E0308]: mismatched types
             expected an array with a size of 3, found one with a size of 1
         A compile_fail test in the documentation of stackprop::notebook keeps it so.",
    )?;
    Ok(())
}

/// x as a column, which prints the same wherever it stands.
pub(crate) fn transposed(page: &mut Page<impl Write>, number: u32) -> io::Result<()> {
    page.same(
        Cell(number, "x.T", "[[1.], [2.], [3.]]"),
        &X[0].map(|x| [x]),
    )
}

/// A cell that shows y_hat of x.
pub(crate) fn one_sample(
    page: &mut Page<impl Write>,
    number: u32,
    code: &'static str,
) -> io::Result<()> {
    let y_hat = [NET.forward(&X[0])];
    page.check(Cell(number, code, "[[0.4999]]"), &y_hat, |w| {
        vec![Sample::new(w, 0).h3]
    })
}

/// A cell that shows y_hat of every row of X.
pub(crate) fn whole_set(
    page: &mut Page<impl Write>,
    number: u32,
    code: &'static str,
) -> Result<(), Box<dyn Error>> {
    let mut y_hat = [[0.0]; 4];
    NET.forward_batch(&X, &mut y_hat)?;
    page.check(Cell(number, code, Y_HAT), &y_hat, |w| each_row(w, |s| s.h3))?;
    Ok(())
}
