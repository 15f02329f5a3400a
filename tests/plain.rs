//! The plain Rust that the bench of chips counts beside the crate computes the same, and what both
//! are counted on stays work: after all calls of a measurement no step is degenerate.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/shared/plain/mod.rs"]
mod plain;
#[path = "../examples/shared/samples.rs"]
mod samples;

use stackprop::notebook::{Net as Linear, NetBook};
use stackprop::{Adam, Online, Relu, Sgd, SigmoidBce, Trainer, net};

type Big = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// The rate and the seeds of `examples/firmware/src/bin/cost.rs`.
const LR: f32 = 0.01;
const SEEDS: [u64; 3] = [1, 2, 3];

/// Whether two numbers are the same but for rounding.
fn is_close(a: f32, b: f32, tolerance: f32) -> bool {
    (a - b).abs() <= tolerance * (1.0 + b.abs())
}

/// Each operation of a network and of its plain Rust, on the rows of the bench, and at least as
/// often as it is called in a measurement: `examples/firmware/src/count.rs` stops after 8 million
/// instructions. So many steps on one row, and so many on 64.
macro_rules! same {
    ($name:ident, $net:ty, [$calls:literal, $batches:literal],
     [$i:literal, $o:literal], [$($of:tt)*]) => {
        #[test]
        fn $name() {
            type Plain = plain::Net<$($of)*>;
            let rows = samples::rows::<$i, 128>(SEEDS[1]);
            let targets = samples::labels::<$o, 128>(SEEDS[2]);
            let (net, peer) = (<$net>::new(SEEDS[0]), Plain::new(SEEDS[0]));

            let (mut y, mut peers_y) = ([[0.0; $o]; 64], [[0.0; $o]; 64]);
            net.forward_batch(&rows[..64], &mut y).unwrap();
            peer.forward_batch(&rows[..64], &mut peers_y);
            for (a, b) in y.as_flattened().iter().zip(peers_y.as_flattened()) {
                assert!(is_close(*a, *b, 1e-6), "forward: {a} {b}");
            }

            let (mut gradient, mut peers_gradient) = (<$net>::zero_grad(), Plain::ZEROS);
            let loss = net.gradient_batch(&rows[..1], &targets[..1], &mut gradient).unwrap();
            let peers_loss = peer.gradient(&rows[0], &targets[0], &mut peers_gradient);
            assert!(is_close(loss, peers_loss, 1e-6), "loss: {loss} {peers_loss}");
            let first = gradient.0.weight.as_flattened();
            let peers_first = peers_gradient.0.w.as_flattened();
            for (a, b) in first.iter().zip(peers_first) {
                assert!(is_close(*a, *b, 1e-6), "gradient: {a} {b}");
            }

            let (mut bare, mut peer_bare) = (net, peer);
            let mut online = Online::new(net, Sgd::new(LR));
            let mut online_adam = Online::new(net, Adam::new(LR));
            let mut trainer = Trainer::new(net, Sgd::new(LR));
            let mut trainer_adam = Trainer::new(net, Adam::new(LR));
            let mut peer_adam = plain::Adam::new(peer);
            let mut peer_trainer = plain::Trainer::new(peer);
            let mut peer_trainer_adam = plain::Adam::new(peer);
            for call in 0..$calls {
                let at = call % 64;
                let (x, y) = (&rows[at..at + 64], &targets[at..at + 64]);
                let sgd = peer_bare.sgd_step(&x[0], &y[0], LR);
                let mut pairs = vec![
                    (bare.sgd_step(&x[0], &y[0], LR), sgd),
                    (online.step(&x[0], &y[0]).unwrap(), sgd),
                    (
                        online_adam.step(&x[0], &y[0]).unwrap(),
                        peer_adam.step_one(&x[0], &y[0], LR),
                    ),
                ];
                if call < $batches {
                    pairs.push((trainer.step(x, y).unwrap(), peer_trainer.step(x, y, LR)));
                    let adam = trainer_adam.step(x, y).unwrap();
                    pairs.push((adam, peer_trainer_adam.step(x, y, LR)));
                }
                // Rounding grows from step to step, most with Adam, which divides by the gradient's
                // size: so only the first are compared.
                for (ours, peers) in pairs {
                    assert!(call >= 32 || is_close(ours, peers, 1e-4), "{call}: {ours} {peers}");
                    assert!(ours.is_finite() && peers.is_finite());
                }
            }
            for net in [bare, online.network, online_adam.network, trainer.network] {
                is_work(stringify!($name), &rows, |x| net.forward(x));
            }
            is_work(stringify!($name), &rows, |x| trainer_adam.network.forward(x));
        }
    };
}

/// Asserts that outputs are neither all the same nor saturated.
fn is_work<const I: usize, const O: usize>(
    name: &str,
    rows: &[[f32; I]],
    forward: impl Fn(&[f32; I]) -> [f32; O],
) {
    let outputs = rows.iter().flat_map(forward);
    let outputs: Vec<f32> = outputs.collect();
    let saturated = outputs
        .iter()
        .filter(|y| !(1e-4..1.0 - 1e-4).contains(*y))
        .count();
    println!(
        "{name}: {saturated} of {} saturated, {:?}",
        outputs.len(),
        &outputs[..4]
    );
    assert!(
        outputs.iter().any(|y| (y - outputs[0]).abs() > 1e-3),
        "{name}: all the same"
    );
    assert!(
        saturated * 2 < outputs.len(),
        "{name}: {saturated} of {}",
        outputs.len()
    );
}

same!(
    linear,
    Linear,
    [4096, 512],
    [3, 1],
    [3, 4, 2, 1, false, false]
);
same!(
    book,
    NetBook,
    [4096, 512],
    [3, 1],
    [3, 4, 2, 1, true, false]
);
same!(big, Big, [1280, 64], [16, 4], [16, 32, 16, 4, true, true]);
