//! A layer, a loss and an activation of your own: each written once, checked, then trained.
//!
//! ```text
//! cargo run --release --example custom_layer
//! ```
//!
//! The layer is Swish, y = x sigmoid(beta x), which learns a beta for each number. The loss is
//! log-cosh, which does not let an outlier pull far. The activation is Tanhshrink. All are written
//! over vectors of samples. `stackprop::check` compares their gradients with the slopes of their
//! own forward pass; it also has to find a mistake that is put in. Then a network of 1-16-1 with
//! Swish and log-cosh learns a sine with outliers. The exit code is 1 if a check fails.

use rand_core::Rng;
use stackprop::check::{self, Report, Wrong};
use stackprop::init::Scheme;
use stackprop::layers::Pass;
use stackprop::math::{exp, ln_1p, sigmoid, tanh};
use stackprop::simd::Vector;
use stackprop::{Adam, Elementwise, Error, Head, Layer, Trainer, net, params};
use std::f32::consts::LN_2;
use std::process::ExitCode;

/// y = x sigmoid(beta x), a beta for each number. With `WRONG`, backward forgets a term.
#[derive(Clone, Copy)]
struct Swish<const N: usize, const WRONG: bool = false, T = f32> {
    beta: [T; N],
}

params!(Swish<const N: usize, const WRONG: bool> { beta });

impl<const N: usize, const WRONG: bool> Layer<N, N> for Swish<N, WRONG> {
    /// sigmoid(beta x), which backward needs again.
    type Activations<V: Vector> = [V; N];

    /// Swish starts as SiLU: beta = 1.
    fn init(&mut self, _: Scheme, _: &mut impl Rng) {
        self.beta = [1.0; N];
    }

    fn forward<V: Vector>(&self, x: &[V; N], gate: &mut [V; N], y: &mut [V; N]) {
        for i in 0..N {
            gate[i] = sigmoid(V::splat(self.beta[i]) * x[i]);
            y[i] = x[i] * gate[i];
        }
    }

    /// With s = sigmoid(beta x) and s' = s (1 - s):
    /// dx = dy (s + beta x s') and dbeta = dy x^2 s'.
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, [V; N], N, N>,
        dy: &[V; N],
        grad: Option<&mut Swish<N, WRONG, V::Partial>>,
        dgate: &mut [V; N],
        dx: Option<&mut [V; N]>,
    ) {
        let (x, gate) = (pass.x, pass.activations);
        let slope = gate.map(|s| s * (V::splat(1.0) - s));
        for i in 0..N {
            dgate[i] = dy[i] * x[i];
        }
        if let Some(grad) = grad {
            for i in 0..N {
                // Adds to the gradient, over samples in a fixed order.
                let (a, b) = (dgate[i], x[i] * slope[i]);
                grad.beta[i] = V::accumulate_product(grad.beta[i], a, b);
            }
        }
        if let Some(dx) = dx {
            for i in 0..N {
                let through_gate = V::splat(self.beta[i]) * slope[i] * dgate[i];
                let forgotten = if WRONG { V::ZERO } else { through_gate };
                dx[i] = dy[i] * gate[i] + forgotten;
            }
        }
    }
}

/// ln(cosh(z - y)): half the square of the distance near 0, then a straight line. Keras has it.
#[derive(Clone, Copy)]
struct LogCosh;

impl<const O: usize> Head<O> for LogCosh {
    const DEFAULT: Self = Self;

    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    /// With a = |z - y|: ln(cosh(a)) = a + ln(1 + e^-2a) - ln 2, which does not overflow.
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (ln_2, mean) = (V::splat(LN_2), V::splat(1.0 / O as f32));
        let mut sum = V::ZERO;
        for o in 0..O {
            let off = logits[o] - target[o];
            let size = off.abs();
            sum = sum + (size + ln_1p(exp(V::splat(-2.0) * size)) - ln_2);
            dlogits[o] = tanh(off) * mean;
        }
        sum * mean
    }
}

/// `nn.Tanhshrink`: y = x - tanh(x), so dx = dy tanh(x)^2 = dy (x - y)^2.
#[derive(Clone, Copy)]
struct Tanhshrink;

impl Elementwise for Tanhshrink {
    const DEFAULT: Self = Self;

    fn y<V: Vector>(self, x: V) -> V {
        x - tanh(x)
    }

    fn dx<V: Vector>(self, x: V, y: V, dy: V) -> V {
        dy * (x - y) * (x - y)
    }
}

/// Prints what a check found. False if that is not what was expected.
fn passes(name: &str, found: Result<Report, Wrong>, expected: bool) -> bool {
    match &found {
        Ok(Report {
            input, parameters, ..
        }) => {
            let (inputs, worst) = (input.compared, input.worst.max(parameters.worst));
            let inconclusive = input.inconclusive + parameters.inconclusive;
            print!(
                "  {name:<22} ok: {inputs} inputs and {} parameters ",
                parameters.compared
            );
            println!("compared, at most {worst:.0e} off, {inconclusive} inconclusive");
        }
        Err(wrong) => println!("  {name:<22} wrong: {wrong}"),
    }
    found.is_ok() == expected
}

fn checks() -> bool {
    println!("Gradients against slopes");
    let (beta, x) = ([1.0, 0.5, -1.5, 2.0], [0.8, -1.2, 0.4, -0.6]);
    let swish = Swish::<4> { beta };
    let wrong = Swish::<4, true> { beta };
    // One number near, one far above, one far below.
    let (z, y) = ([0.5, 3.0, -2.0], [0.2, 0.5, 1.0]);
    [
        passes("Swish", check::layer(&swish, &x), true),
        passes("LogCosh", check::head(&LogCosh, &z, &y), true),
        passes("Tanhshrink", check::layer(&Tanhshrink, &x), true),
        passes("Swish, term forgotten", check::layer(&wrong, &x), false),
    ] == [true; 4]
}

type Sine = net![1 => 16, Swish<16> => 1, LogCosh];

/// Learns a sine with outliers and prints what it predicts.
fn learn() -> Result<(), Error> {
    let rows: Vec<[f32; 1]> = (0..128).map(|k| [k as f32 / 21.0 - 3.0]).collect();
    let mut targets: Vec<[f32; 1]> = rows.iter().map(|[x]| [x.sin()]).collect();
    targets.iter_mut().step_by(16).for_each(|[y]| *y += 4.0);

    println!("\nA sine with 8 outliers of 128 samples\n  epoch  mean loss");
    let mut trainer = Trainer::new(Sine::new(1), Adam::new(0.01));
    for epoch in 0..=1000 {
        let loss = trainer.epoch(&rows, &targets, 32)?;
        if epoch % 200 == 0 {
            println!("  {epoch:>5}  {loss:.5}");
        }
    }
    println!("\n      x   sin x   y_hat");
    for x in [-2.5, -1.0, 0.0, 1.0, 2.5f32] {
        let [y_hat] = trainer.network.forward(&[x]);
        println!("  {x:>5.1}  {:>6.3}  {y_hat:>6.3}", x.sin());
    }
    Ok(())
}

fn main() -> Result<ExitCode, Error> {
    if !checks() {
        return Ok(ExitCode::FAILURE);
    }
    learn()?;
    Ok(ExitCode::SUCCESS)
}
