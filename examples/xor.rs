//! The smallest program that learns: exclusive or, which no single layer can compute.
//!
//! ```text
//! cargo run --example xor
//! ```

use stackprop::{Adam, Error, SigmoidBce, Tanh, Trainer, net};

/// `nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))`, then sigmoid and cross-entropy.
type Xor = net![2 => 8, Tanh => 1, SigmoidBce];

const ROWS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const TARGETS: [[f32; 1]; 4] = [[0.0], [1.0], [1.0], [0.0]];

fn main() -> Result<(), Error> {
    // Random weights from seed 1.
    let mut trainer = Trainer::new(Xor::new(1), Adam::new(0.1));
    for step in 0..=100 {
        let loss = trainer.step(&ROWS, &TARGETS)?; // the loss before the step
        if step % 20 == 0 {
            println!("step {step:>3}  loss {loss:.4}");
        }
    }
    for (x, [target]) in ROWS.iter().zip(TARGETS) {
        let [y_hat] = trainer.network.forward(x);
        println!("{x:?} -> {y_hat:.4}, should be {target}");
    }
    Ok(())
}
