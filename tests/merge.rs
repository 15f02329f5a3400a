//! Blocks summed apart and merged in order are the batch.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::bits;
use common::nets::{self, Book};
use fastrand::Rng;
use stackprop::Sums;
use stackprop::batch::ROWS_PER_BLOCK;

#[test]
fn merged_blocks_have_the_bits_of_the_batch() {
    let mut rng = Rng::with_seed(12);
    let net: Book = nets::random(&mut rng);
    for count in [
        1,
        ROWS_PER_BLOCK,
        ROWS_PER_BLOCK + 1,
        3 * ROWS_PER_BLOCK + 77,
    ] {
        let (rows, targets) = (nets::rows(&mut rng, count), nets::targets(&mut rng, count));
        let mut grad = Book::zero_grad();
        let loss = net.gradient_batch(&rows, &targets, &mut grad).unwrap();
        // Computed last to first, as threads might.
        let mut blocks: Vec<_> = rows
            .chunks(ROWS_PER_BLOCK)
            .zip(targets.chunks(ROWS_PER_BLOCK))
            .collect();
        blocks.reverse();
        let sums = blocks.into_iter().map(|(rows, targets)| {
            let mut sums = Sums::new();
            net.accumulate(rows, targets, &mut sums).unwrap();
            sums
        });
        let mut sums: Vec<Sums<Book>> = sums.collect();
        sums.reverse();
        let mut total = Sums::new();
        sums.iter().for_each(|block| total.merge(block));
        assert_eq!(total.count, count);
        let (merged_loss, merged) = total.mean();
        assert_eq!(merged_loss.to_bits(), loss.to_bits(), "{count} rows");
        assert_eq!(bits::<Book>(&merged), bits::<Book>(&grad), "{count} rows");
        // Of two blocks the sum is the same in any order.
        if sums.len() > 2 {
            assert_ne!(sums_out_of_order(&net, &sums), bits::<Book>(&grad));
        }
    }
}

/// The negative control: merged in another order, some bit differs.
fn sums_out_of_order<N: stackprop::Params>(_: &N, sums: &[Sums<N>]) -> Vec<u32> {
    let mut total = Sums::<N>::new();
    sums.iter().rev().for_each(|block| total.merge(block));
    bits::<N>(&total.mean().1)
}
