//! A record of a `usize`, which has not the same size everywhere.
// E0277: `usize` cannot be part of a record

use stackprop::record;

struct Position {
    row: usize,
}
record!(Position { row });

fn main() {}
