//! Throughput: forward, gradient and SGD step of the notebook's networks and of 16-32-16-4, and the
//! elementary functions alone, beside plain scalar Rust, what one would write by hand with const
//! sizes and index loops, and beside the limits of the machine.
//!
//! ```text
//! cargo bench --bench throughput               # what a plain build gets: SSE2 on x86-64
//! cargo bench-native --bench throughput        # what this machine can do
//! cargo bench --bench throughput -- book/step  # only what has this in its name
//! ```
//! All takes four minutes, on one core. It ends with a table; the plots are in
//! `target/criterion/report/index.html`. One element is one sample, or one number.

mod counted;
mod kernels;
mod limits;
mod networks;
mod scalar;
mod table;
#[path = "../../examples/shared/target.rs"]
mod target;
#[path = "../work/mod.rs"]
mod work;

use criterion::Criterion;
use networks::Case;
use scalar::Scalar;
use stackprop::Chain;
use stackprop::notebook::{BOOK_NET, NET};
use std::time::{Duration, SystemTime};

/// One sample, a small batch, one that fits the caches, one that does not.
const SMALL: [usize; 4] = [1, 64, 4096, 1_000_000];
const LARGE: [usize; 4] = [1, 64, 4096, 65_536];

fn main() {
    let begin = SystemTime::now();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .nresamples(10_000)
        .configure_from_args();
    let mut lines = notebook(&mut criterion);
    lines.extend(mlp16(&mut criterion));
    lines.extend(kernels::bench(&mut criterion));
    criterion.final_summary();
    table::print(&lines, begin);
}

/// 3-4-2-1 with ReLU and without, both with the notebook's weights.
fn notebook(c: &mut Criterion) -> Vec<table::Line> {
    let Chain(fc1, Chain(fc2, fc3)) = NET.layers;
    let scalar = |relu| Scalar {
        w1: fc1.weight,
        w2: fc2.weight,
        w3: fc3.weight,
        ..Scalar::zeros(relu)
    };
    let book = Case {
        name: "book",
        net: BOOK_NET,
        scalar: scalar(true),
        sizes: SMALL,
    };
    let linear = Case {
        name: "linear",
        net: NET,
        scalar: scalar(false),
        sizes: SMALL,
    };
    let mut lines = book.bench(c);
    lines.extend(linear.bench(c));
    lines
}

/// 16-32-16-4 with ReLU and biases.
fn mlp16(c: &mut Criterion) -> Vec<table::Line> {
    let net = work::mlp16();
    let Chain(fc1, Chain(_, Chain(fc2, Chain(_, fc3)))) = net.layers;
    let scalar = Scalar {
        w1: fc1.weight,
        b1: fc1.bias,
        w2: fc2.weight,
        b2: fc2.bias,
        w3: fc3.weight,
        b3: fc3.bias,
        relu: true,
    };
    let case = Case {
        name: "mlp16",
        net,
        scalar,
        sizes: LARGE,
    };
    case.bench(c)
}
