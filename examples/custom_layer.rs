//! A layer and a head of your own: written once over lanes, checked, then trained.
//!
//! ```text
//! cargo run --release --example custom_layer
//! ```
//!
//! The layer is Swish, y = x sigmoid(beta x), with a beta for each number that is learned; the head is Huber's loss,
//! which an outlier does not impress. Both are first held against the slopes of their own forward pass by
//! `stackprop::check`, also with a mistake put in, which has to be found. Then a 1-16-1 network of them learns a sine
//! with outliers. The exit code is 1 if a check fails.

use stackprop::check::{self, Report, Wrong};
use stackprop::lane::Lane;
use stackprop::layers::Pass;
use stackprop::math::sigmoid;
use stackprop::{Adam, Chain, Head, Layer, Linear, Network, Params, Trainer};
use std::process::ExitCode;

/// y = x sigmoid(beta x), a beta for each number. With `WRONG`, a backward that forgets a term.
#[derive(Clone, Copy)]
struct Swish<const N: usize, T: Copy = f32, const WRONG: bool = false> {
    beta: [T; N],
}

/// What the gradient, and the optimiser's state, look like: the same struct with another number in it.
impl<const N: usize, const WRONG: bool> Params for Swish<N, f32, WRONG> {
    type Of<T: Copy> = Swish<N, T>;
    const COUNT: usize = N;

    fn params(&self) -> Swish<N> {
        Swish { beta: self.beta }
    }

    fn update<B: Copy, C: Copy>(
        &mut self,
        b: &Swish<N, B>,
        c: &mut Swish<N, C>,
        f: &mut impl FnMut(&mut [f32], &[B], &mut [C]),
    ) {
        f(&mut self.beta, &b.beta, &mut c.beta);
    }

    fn fill<T: Copy>(value: T) -> Swish<N, T> {
        Swish { beta: [value; N] }
    }

    fn zip<A: Copy, B: Copy, C: Copy>(
        a: &mut Swish<N, A>,
        b: &Swish<N, B>,
        c: &mut Swish<N, C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
        f(&mut a.beta, &b.beta, &mut c.beta);
    }
}

impl<const N: usize, const WRONG: bool> Layer<N, N> for Swish<N, f32, WRONG> {
    /// sigmoid(beta x), which backward needs again.
    type Hidden<V: Lane> = [V; N];

    fn forward<V: Lane>(&self, x: &[V; N], gate: &mut [V; N], y: &mut [V; N]) {
        for i in 0..N {
            gate[i] = sigmoid(V::splat(self.beta[i]) * x[i]);
            y[i] = x[i] * gate[i];
        }
    }

    /// With s = sigmoid(beta x) and s' = s (1 - s): dx = dy (s + beta x s') and dbeta = dy x^2 s'.
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, [V; N], N, N>,
        dy: &[V; N],
        grad: &mut Swish<N, V::Acc>,
        dgate: &mut [V; N],
        dx: &mut [V; N],
    ) {
        for i in 0..N {
            let (x, s) = (pass.x[i], pass.hidden[i]);
            let slope = s * (V::splat(1.0) - s);
            dgate[i] = dy[i] * x;
            let through_gate = V::splat(self.beta[i]) * slope * dgate[i];
            dx[i] = if WRONG {
                dy[i] * s
            } else {
                dy[i] * s + through_gate
            };
            // Adds to the gradient, over samples in a fixed order.
            grad.beta[i] = V::sum_into(grad.beta[i], dgate[i], x * slope);
        }
    }
}

/// `nn.HuberLoss(delta)`: half the square of z - y up to delta, then a straight line.
#[derive(Clone, Copy)]
struct Huber {
    delta: f32,
}

impl<const O: usize> Head<O> for Huber {
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (delta, mean) = (V::splat(self.delta), V::splat(1.0 / O as f32));
        let mut sum = V::ZERO;
        for o in 0..O {
            let off = logits[o] - target[o];
            let size = off.abs();
            // The part of the distance that lies within delta, with the sign of it.
            let near = V::select_lt(size, delta, size, delta);
            sum = sum + near * (size - near * V::splat(0.5));
            let signed = V::select_lt(off, V::ZERO, V::ZERO - near, near);
            dlogits[o] = signed * mean;
        }
        sum * mean
    }
}

/// Prints what a check found. False if that is not what was expected.
fn passes(name: &str, found: Result<Report, Wrong>, expected: bool) -> bool {
    match &found {
        Ok(report) => {
            let (x, w) = (report.input, report.parameters);
            println!(
                "  {name:<22} ok: {} inputs and {} parameters compared, at most {:.0e} off, {} excused",
                x.compared,
                w.compared,
                x.worst.max(w.worst),
                x.excused + w.excused,
            );
        }
        Err(wrong) => println!("  {name:<22} wrong: {wrong}"),
    }
    found.is_ok() == expected
}

fn checks() -> bool {
    println!("Gradients against slopes");
    let (beta, x) = ([1.0, 0.5, -1.5, 2.0], [0.8, -1.2, 0.4, -0.6]);
    let swish = Swish::<4> { beta };
    let wrong = Swish::<4, f32, true> { beta };
    let huber = Huber { delta: 1.0 };
    // One number on each branch of the loss: near, far above, far below.
    let (z, y) = ([0.5, 3.0, -2.0], [0.2, 0.5, 1.0]);
    [
        passes("Swish", check::layer(&swish, &x), true),
        passes("Huber", check::head(&huber, &z, &y), true),
        passes("Swish, term forgotten", check::layer(&wrong, &x), false),
    ] == [true; 3]
}

type Layers = Chain<Linear<1, 16>, Chain<Swish<16>, Linear<16, 1>, 16>, 16>;

/// A network with weights from -1 to 1.
fn start(random: &mut fastrand::Rng) -> Network<Layers, Huber, 1, 1> {
    let mut number = || random.f32() * 2.0 - 1.0;
    let first = Linear::new(
        [[0.0; 1]; 16].map(|_| [number()]),
        [0.0; 16].map(|_| number()),
    );
    let last = Linear::new([[0.0; 16].map(|_| number() * 0.25)], [0.0]);
    let layers = Chain(first, Chain(Swish { beta: [1.0; 16] }, last));
    Network::new(layers, Huber { delta: 0.5 })
}

fn main() -> ExitCode {
    if !checks() {
        return ExitCode::FAILURE;
    }
    let mut random = fastrand::Rng::with_seed(1);
    let rows: Vec<[f32; 1]> = (0..128).map(|k| [k as f32 / 21.0 - 3.0]).collect();
    let sine = |x: &[f32; 1]| [x[0].sin()];
    let mut targets: Vec<[f32; 1]> = rows.iter().map(sine).collect();
    targets.iter_mut().step_by(16).for_each(|y| y[0] += 4.0);

    println!("\nA sine with 8 outliers of 128 samples\n  epoch  mean loss");
    let mut trainer = Trainer::new(start(&mut random), Adam::new(0.01));
    for epoch in 0..=1000 {
        match trainer.epoch(&rows, &targets, 32) {
            Ok(loss) if epoch % 200 == 0 => println!("  {epoch:>5}  {loss:.5}"),
            Ok(_) => {}
            Err(error) => {
                eprintln!("epoch {epoch}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("\n      x   sin x   y_hat");
    for x in [-2.5, -1.0, 0.0, 1.0, 2.5f32] {
        let [y_hat] = trainer.network.forward(&[x]);
        println!("  {x:>5.1}  {:>6.3}  {y_hat:>6.3}", x.sin());
    }
    ExitCode::SUCCESS
}
