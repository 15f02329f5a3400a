//! The matrix product of faer.

use super::batched::{Matrix, Product};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

pub(super) struct Faer;

impl Product for Faer {
    fn product(c: &mut [f32], a: Matrix<'_>, b: Matrix<'_>) {
        let c = MatMut::from_row_major_slice_mut(c, a.rows, b.columns);
        matmul(c, Accum::Replace, view(a), view(b), 1.0, Par::Seq);
    }
}

fn view(matrix: Matrix<'_>) -> MatRef<'_, f32> {
    let Matrix {
        values,
        rows,
        columns,
        transposed,
    } = matrix;
    if transposed {
        MatRef::from_column_major_slice(values, rows, columns)
    } else {
        MatRef::from_row_major_slice(values, rows, columns)
    }
}
