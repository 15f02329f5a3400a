//! A layer without its bias.
// E0061

use stackprop::Linear;

fn main() {
    let _ = Linear::new([[0.5; 3]; 4]);
}
