//! Momentum for Adam.
// E0599

use stackprop::Adam;

fn main() {
    let _ = Adam::new(0.1).momentum(0.9);
}
