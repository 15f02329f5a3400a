//! A layer without its field `bias`.
// E0063

use stackprop::Linear;

fn main() {
    let _: Linear<3, 4> = Linear {
        weight: [[0.5; 3]; 4],
    };
}
