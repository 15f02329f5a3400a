//! A head of three outputs: its rows in the files, its numbers, its lanes.

use super::tolerance::TINY;
use super::{bit, golden};
use serde_json::Value;
use stackprop::Head;
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};

/// Logits, target, and the exact loss and gradient.
pub type Row = ([f32; 3], [f32; 3], Vec<f64>);

/// The rows of a head.
#[allow(clippy::cast_possible_truncation, reason = "they are numbers of f32")]
pub fn rows(list: &Value) -> Vec<Row> {
    let row = |row: &Value| {
        let [z, y] = [0, 1].map(|k| golden::numbers(&row[k]));
        let three = |v: Vec<f64>| core::array::from_fn(|k| v[k] as f32);
        let exact = [golden::numbers(&row[2]), golden::numbers(&row[3])].concat();
        (three(z), three(y), exact)
    };
    list.as_array().unwrap().iter().map(row).collect()
}

/// Loss, then gradient.
pub fn all<H: Head<3>, V: Vector>(head: &H, z: &[V; 3], y: &[V; 3]) -> [V; 4] {
    let mut dz = [V::splat(f32::NAN); 3];
    let loss = head.loss_grad(z, y, &mut dz);
    [loss, dz[0], dz[1], dz[2]]
}

/// How far `got` is off, relative to the value, or to `size` if that is larger.
pub fn off(got: f32, exact: f64, size: f64) -> f64 {
    let got = f64::from(got);
    if got == exact || (got.is_nan() && exact.is_nan()) {
        0.0
    } else if got.is_nan() {
        // f64::max would let it pass.
        f64::INFINITY
    } else {
        ((got - exact).abs() - TINY).max(0.0) / exact.abs().max(size)
    }
}

/// Each lane of a `V` holds the bits of one sample.
fn lanes_agree<H: Head<3>, V: Vector>(head: &H, rows: &[Row]) {
    for first in 0..rows.len() {
        let at = |l: usize| &rows[(first + l) % rows.len()];
        let z: [V; 3] = core::array::from_fn(|o| V::from_fn(|l| at(l).0[o]));
        let y: [V; 3] = core::array::from_fn(|o| V::from_fn(|l| at(l).1[o]));
        let (wide, mut y_hat) = (all(head, &z, &y), [V::ZERO; 3]);
        head.predict(&z, &mut y_hat);
        for l in 0..V::LANES {
            let (narrow, mut one) = (all(head, &at(l).0, &at(l).1), [0.0; 3]);
            head.predict(&at(l).0, &mut one);
            assert_eq!(
                wide.map(|v| bit(v.extract(l))),
                narrow.map(bit),
                "{:?}",
                at(l)
            );
            assert_eq!(
                y_hat.map(|v| bit(v.extract(l))),
                one.map(bit),
                "{:?}",
                at(l)
            );
        }
    }
}

pub fn all_vectors_agree<H: Head<3>>(head: H, rows: &[Row]) {
    lanes_agree::<H, F32x4>(&head, rows);
    lanes_agree::<H, F32x8>(&head, rows);
    lanes_agree::<H, F32x16>(&head, rows);
    lanes_agree::<H, Tile<F32x4, 2>>(&head, rows);
}
