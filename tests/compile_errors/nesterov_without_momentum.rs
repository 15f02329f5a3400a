//! Nesterov without momentum.
// E0599

use stackprop::Sgd;

fn main() {
    let _ = Sgd::new(0.1).nesterov();
}
