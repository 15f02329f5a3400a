//! A batch on several threads, with the bits of one.
//!
//! ```text
//! cargo run --release --example threads
//! ```
//!
//! A batch is defined as the sum of its blocks of 4096 rows, in order. Whichever thread is free
//! sums a block, and the sums are merged in order of the blocks. So the gradient does not depend
//! on how many threads there are.

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use stackprop::init::Scheme;
use stackprop::{Error, Grad, Random, Relu, SigmoidBce, Sums, batch, net};
use std::time::Instant;

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

const SAMPLES: usize = 1_000_000;

/// The mean loss of a batch and its gradient, with as many threads as the current pool has.
fn gradient(
    net: &Mlp16,
    rows: &[[f32; 16]],
    targets: &[[f32; 4]],
) -> Result<(f32, Grad<Mlp16>), Error> {
    let blocks: Vec<_> = batch::blocks(rows.len()).collect();
    let blocks: Vec<Sums<Mlp16>> = blocks
        .into_par_iter()
        .map(|block| {
            let mut sums = Sums::new();
            let added = net.accumulate(&rows[block.clone()], &targets[block], &mut sums);
            added.map(|()| sums)
        })
        .collect::<Result<_, _>>()?;
    let mut total = Sums::new();
    blocks.iter().for_each(|block| total.merge(block));
    Ok(total.mean())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // One generator draws the weights, the rows and the targets; `Mlp16::new` has its own, and
    // PyTorch's default scheme.
    let mut random = Random::new(1);
    let mut net = Mlp16::zeros();
    net.init(Scheme::KaimingUniform, &mut random);
    let rows: Vec<[f32; 16]> = (0..SAMPLES)
        .map(|_| std::array::from_fn(|_| random.uniform(2.0)))
        .collect();
    let targets: Vec<[f32; 4]> = (0..SAMPLES)
        .map(|_| std::array::from_fn(|_| random.below(2) as f32))
        .collect();

    let mut grad = Mlp16::zero_grad();
    let loss = net.gradient_batch(&rows, &targets, &mut grad)?;
    println!("{SAMPLES} samples, mean loss {loss}");
    for threads in [1, 2, 4] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let start = Instant::now();
        let found = pool.install(|| gradient(&net, &rows, &targets))?;
        let time = start.elapsed().as_secs_f64();
        let same = found == (loss, grad);
        println!("{threads} threads: {time:.3} s, the same bits: {same}");
        if !same {
            return Err("the gradient depends on the number of threads".into());
        }
    }
    Ok(())
}
