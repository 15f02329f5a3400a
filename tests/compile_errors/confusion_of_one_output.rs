//! A confusion matrix of several classes for a network with one output.
// E0080: two classes at least: for one output take BinaryConfusionMatrix

use stackprop::{ConfusionMatrix, Dataset, SigmoidBce, net};

fn main() {
    let network = <net![1 => 1, SigmoidBce]>::new(1);
    let data = Dataset::new(&[[0.5], [1.0]], &[true, false]).unwrap();
    let mut seen = ConfusionMatrix::new();
    let _ = network.evaluate_with(data, |y_hat, target| seen.observe(y_hat, target));
}
