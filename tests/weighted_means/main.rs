//! Means over the weights of samples: against PyTorch in f64, the same bits on every way, and what
//! is refused. `tests/data/losses.py` makes the values.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;

mod pytorch;
mod refusals;
mod ways;

use common::weight_bits;
use fastrand::Rng;
use stackprop::{Adam, Error, Head, Tanh, Trainer, WeightedCe, net};

type Net<H> = net![2 => 4, Tanh => 3, H];
type Classes = Net<WeightedCe<3>>;

const HEAD: WeightedCe<3> = WeightedCe::new([0.1, 0.7, 3.3]);

/// Rows, and targets of which some are ignored and some are mixed.
fn samples(count: usize) -> (Vec<[f32; 2]>, Vec<[f32; 3]>) {
    let mut rng = Rng::with_seed(3);
    let row = |rng: &mut Rng| [rng.f32() * 4.0 - 2.0, rng.f32() * 4.0 - 2.0];
    let target = |rng: &mut Rng| match rng.usize(..6) {
        3 => [0.0; 3],
        4 => [0.25, 0.5, 0.25],
        class => HEAD.class_target(class % 3).unwrap(),
    };
    let each = (0..count).map(|_| (row(&mut rng), target(&mut rng)));
    let (rows, mut targets): (Vec<_>, Vec<_>) = each.unzip();
    targets[0] = [0.0, 1.0, 0.0];
    (rows, targets)
}

fn network_of(head: WeightedCe<3>) -> Classes {
    let mut net = Classes::new(5);
    net.head = head;
    net
}

/// Loss and weights after a step that `take` takes.
fn after(
    net: Classes,
    take: impl Fn(&mut Trainer<Classes, Adam>) -> Result<f32, Error>,
) -> (Result<f32, Error>, Vec<u32>) {
    let mut trainer = Trainer::new(net, Adam::new(0.1));
    (take(&mut trainer), weight_bits(&trainer.network))
}
