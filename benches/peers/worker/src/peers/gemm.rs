//! The matrix product of the crate gemm.

use super::batched::{Matrix, Product};

pub(super) struct Gemm;

impl Product for Gemm {
    #[allow(unsafe_code, reason = "the crate has no safe interface")]
    fn product(c: &mut [f32], a: Matrix<'_>, b: Matrix<'_>) {
        let (m, k, n) = (a.rows, a.columns, b.columns);
        assert!(b.rows == k && c.len() == m * n && a.values.len() == m * k);
        assert!(b.values.len() == k * n);
        let ([a_rs, a_cs], [b_rs, b_cs]) = (strides(a), strides(b));
        let (c, a, b) = (c.as_mut_ptr(), a.values.as_ptr(), b.values.as_ptr());
        let serial = gemm::Parallelism::None;
        // SAFETY: the slices have the lengths of the matrices, and `c`, being borrowed mutably,
        // overlaps with none.
        unsafe {
            gemm::gemm(
                m, n, k, c, 1, n as isize, false, a, a_cs, a_rs, b, b_cs, b_rs, 0.0, 1.0, false,
                false, false, serial,
            );
        }
    }
}

/// From row to row, and from column to column.
fn strides(matrix: Matrix<'_>) -> [isize; 2] {
    if matrix.transposed {
        [1, matrix.rows as isize]
    } else {
        [matrix.columns as isize, 1]
    }
}
