//! What is counted, one case after the other.

use crate::work::{self, KERNELS, LR, NUMBERS};
use stackprop::notebook::{BOOK_NET, NET};
use stackprop::simd::{DefaultVector, Vector};
use stackprop::{Adam, Dataset, Head, Layer, Network, Online, Sgd, Trainer, Zero};
use std::hint::black_box;

/// One sample, a small batch, one of a whole block.
const BATCHES: [usize; 3] = [1, 64, 4096];

/// Some loops have another way for rows that begin a cache line, which must not be left to chance.
#[repr(align(64))]
struct Aligned<T>(T);

/// Runs all cases in [`counted`], each after a first time that is not counted, and prints their
/// names and how many samples or numbers they are of.
pub(crate) fn run() {
    network("book", &Aligned(BOOK_NET).0);
    network("linear", &Aligned(NET).0);
    network("mlp16", &Aligned(work::mlp16()).0);
    for (name, kernel) in KERNELS {
        let (x, mut y) = (
            work::numbers(),
            vec![DefaultVector::ZERO; NUMBERS / DefaultVector::LANES],
        );
        case(&format!("{name} {NUMBERS}"), || {
            kernel(black_box(&x), black_box(&mut y));
        });
    }
}

fn network<L, H, const I: usize, const O: usize>(name: &str, net: &Network<L, H, I, O>)
where
    L: Layer<I, O>,
    H: Head<O>,
{
    let mut grad = Aligned(L::fill(0.0));
    for count in BATCHES {
        let (rows, targets) = work::batch::<I, O>(count);
        let (rows, targets) = (&rows[..], &targets[..]);
        let mut y_hat = vec![[0.0; O]; count];
        case(&format!("{name} forward {count}"), || {
            black_box(black_box(net).forward_batch(black_box(rows), black_box(&mut y_hat)))
        });
        case(&format!("{name} gradient {count}"), || {
            let grad = black_box(&mut grad.0);
            black_box(black_box(net).gradient_batch(black_box(rows), black_box(targets), grad))
        });
        let name = format!("{name} step {count}");
        if let ([x], [y]) = (rows, targets) {
            let mut bare = Aligned(*net);
            case(&name, || {
                black_box(black_box(&mut bare.0).sgd_step(black_box(x), black_box(y), LR))
            });
            let mut online = Aligned(Online::new(*net, Sgd::new(LR)));
            case(&name.replace("step", "online"), || {
                black_box(black_box(&mut online.0).step(black_box(x), black_box(y)))
            });
            let mut online = Aligned(Online::new(*net, Adam::new(LR)));
            case(&name.replace("step", "online_adam"), || {
                black_box(black_box(&mut online.0).step(black_box(x), black_box(y)))
            });
        } else {
            let mut trainer = Aligned(Trainer::new(*net, Sgd::new(LR)));
            case(&name, || {
                black_box(black_box(&mut trainer.0).step(black_box(rows), black_box(targets)))
            });
            // The same rows in an order, as a shuffled epoch has them.
            let order: Vec<usize> = (0..count).collect();
            let data = Dataset::new(rows, targets).and_then(|data| data.select(&order));
            let Ok(data) = data else { continue };
            case(&name.replace("step", "step_of"), || {
                black_box(black_box(&mut trainer.0).step_of(black_box(data)))
            });
            case(&name.replace("step", "evaluate"), || {
                black_box(black_box(net).evaluate(black_box(data)))
            });
        }
        if count <= 64 {
            let mut trainer = Aligned(Trainer::new(*net, Adam::new(LR)));
            case(&name.replace("step", "trainer_adam"), || {
                black_box(black_box(&mut trainer.0).step(black_box(rows), black_box(targets)))
            });
        }
    }
}

fn case<T>(name: &str, mut f: impl FnMut() -> T) {
    f();
    counted(&mut || {
        f();
    });
    println!("{name}");
}

/// What Valgrind counts the instructions of, the call of `f` included; it knows it by its name.
#[inline(never)]
fn counted(f: &mut dyn FnMut()) {
    f();
    // With nothing after it, the call would be a jump, which Valgrind does not see return.
    black_box(());
}
