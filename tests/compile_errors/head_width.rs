//! A head made for two outputs, on three.
// E0277: `Pair` is not a head of width 3

use stackprop::{Head, Mse, Relu, net, simd::Vector};

#[derive(Clone, Copy)]
struct Pair;

impl Head<2> for Pair {
    const DEFAULT: Self = Self;

    fn predict<V: Vector>(&self, logits: &[V; 2], y_hat: &mut [V; 2]) {
        Mse.predict(logits, y_hat);
    }

    fn loss_grad<V: Vector>(&self, logits: &[V; 2], target: &[V; 2], dlogits: &mut [V; 2]) -> V {
        Mse.loss_grad(logits, target, dlogits)
    }
}

type Wrong = net![4 => 3, Relu => 3, Pair];

fn main() {
    let _ = Wrong::new(1);
}
