//! A bias of the wrong length.
// E0308

use stackprop::Linear;

fn main() {
    let _ = Linear::new([[0.5; 3]; 4], [0.0; 3]);
}
