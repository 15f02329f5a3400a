//! An order of rows as literals, which are `i32`.
// E0277: `i32` is not the place of a row

use stackprop::Dataset;

fn main() {
    let _ = Dataset::new(&[[0.5], [1.0]], &[true, false]).unwrap().select(&[1, 0]);
}
