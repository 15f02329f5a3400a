//! The stack that a forward pass and a training step take, measured. For each case one line of log:
//! its name, the bytes that live from step to step (the network or the trainer), the bytes of stack
//! below the caller, and `STACK_BYTES`, which they should not exceed. The stack is the most of
//! several calls: a good one, one with NaN, one that is clipped, and one that the guard refuses.
//!
//! Each case is a function under its own name, so that `tests/on_target` finds it in the image and
//! bounds its stack without running it.

#![no_std]
#![no_main]

mod calls;

use calls::{log, most};
use core::array::from_ref;
use core::hint::black_box;
use firmware::{entry, exit, stack};
use stackprop::notebook::{BOOK_NET, NET, Net, NetBook};
use stackprop::simd::Vector;
use stackprop::{
    Adam, Error, Head, Network, Online, Optimizer, Relu, Sgd, SigmoidBce, Trainer, net,
};
use static_cell::StaticCell;

/// 16-32-16-4 with ReLU and biases: sizes whose loops are not unrolled.
type Mlp = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// [`SigmoidBce`] as a type of its own for each case, so that no case shares code with another:
/// each is compiled as if it were all that its program does.
#[derive(Clone, Copy)]
struct Alone<const CASE: usize>;

impl<const CASE: usize, const O: usize> Head<O> for Alone<CASE> {
    const DEFAULT: Self = Self;

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        SigmoidBce.predict(logits, y_hat);
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        SigmoidBce.accepts(target)
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        SigmoidBce.loss_grad(logits, target, dlogits)
    }
}

/// The layers of a network.
trait Layers {
    type Layers;
}

impl<L, H, const I: usize, const O: usize> Layers for Network<L, H, I, O> {
    type Layers = L;
}

type LayersOf<N> = <N as Layers>::Layers;

/// A module for each network with a function for each case and `measure`, which runs them.
macro_rules! cases {
    ($($name:ident: $network:expr, $net:ty, $inputs:literal => $outputs:literal;)+) => {
        $(mod $name {
            use super::*;

            type Row = [f32; $inputs];
            type Target = [f32; $outputs];
            type Case<const CASE: usize> = Network<LayersOf<$net>, Alone<CASE>, $inputs, $outputs>;

            static CELL: StaticCell<Trainer<Case<8>, Sgd>> = StaticCell::new();

            case!($name forward(net: &Case<0>, x: &Row) -> Target {
                net.forward(x)
            });
            case!($name sgd_step(net: &mut Case<6>, x: &Row, y: &Target, lr: f32) -> f32 {
                net.sgd_step(x, y, lr)
            });
            case!($name sgd(
                t: &mut Trainer<Case<1>, Sgd>, x: &Row, y: &Target
            ) -> Result<f32, Error> {
                t.step(from_ref(x), from_ref(y))
            });
            case!($name sgd_many(
                t: &mut Trainer<Case<2>, Sgd>, x: &[Row], y: &[Target]
            ) -> Result<f32, Error> {
                t.step(x, y)
            });
            case!($name adam(
                t: &mut Trainer<Case<3>, Adam>, x: &Row, y: &Target
            ) -> Result<f32, Error> {
                t.step(from_ref(x), from_ref(y))
            });

            case!($name sliced(
                t: &mut Trainer<Case<7>, Sgd>, x: &[Row], y: &[Target]
            ) -> Result<f32, Error> {
                let mut step = t.begin_step(x, y)?;
                loop {
                    if let Some(loss) = step.advance(1)? {
                        return Ok(loss);
                    }
                }
            });
            case!($name in_a_cell(seed: u64) -> Option<&'static mut Trainer<Case<8>, Sgd>> {
                CELL.try_init_with(|| Trainer::new(Network::new(seed), Sgd::new(0.1)))
            });
            case!($name online_sgd(
                t: &mut Online<Case<4>, Sgd>, x: &Row, y: &Target
            ) -> Result<f32, Error> {
                t.step(x, y)
            });
            case!($name online_adam(
                t: &mut Online<Case<5>, Adam>, x: &Row, y: &Target
            ) -> Result<f32, Error> {
                t.step(x, y)
            });

            pub(super) fn measure() {
                measure!($name forward, network(), |net, x, _: &[Target]| {
                    Ok(forward(net, &x[0])[0])
                });
                measure!($name sgd_step, network(), |net, x, y| {
                    Ok(sgd_step(net, &x[0], &y[0], black_box(0.1)))
                });
                measure!($name sgd, trainer(SGD), |t, x, y| sgd(t, &x[0], &y[0]));
                measure!($name sgd_many, trainer(SGD), |t, x, y| sgd_many(t, x, y));
                measure!($name adam, trainer(ADAM), |t, x, y| adam(t, &x[0], &y[0]));
                // More than 4096 rows are refused.
                measure!($name sliced, trainer(SGD), |t, x, y| sliced(t, &x[..64], &y[..64]));
                measure!($name online_sgd, online(SGD), |t, x, y| online_sgd(t, &x[0], &y[0]));
                measure!($name online_adam, online(ADAM), |t, x, y| online_adam(t, &x[0], &y[0]));
                let (trainer, stack) = stack::peak(|| in_a_cell(black_box(1)));
                let bytes = trainer.as_deref().map_or(0, size_of_val);
                log(concat!(stringify!($name), "::in_a_cell"), [bytes, stack, usize::MAX]);
                black_box(trainer);
            }

            const SGD: Sgd = Sgd::new(0.1);
            const ADAM: Adam = Adam::new(0.1);

            fn network<const CASE: usize>() -> Case<CASE> {
                Network::from_layers($network.layers, Alone)
            }

            fn trainer<const C: usize, Opt: Optimizer>(optimizer: Opt) -> Trainer<Case<C>, Opt> {
                Trainer::new(network(), optimizer)
            }

            fn online<const C: usize, Opt: Optimizer>(optimizer: Opt) -> Online<Case<C>, Opt> {
                Online::new(network(), optimizer)
            }
        })+

        fn measure_all() {
            $($name::measure();)+
        }
    };
}

/// One function to measure. It is not inlined: its frame, and what it calls, are what a program has
/// to add to its own stack.
macro_rules! case {
    ($name:ident $case:ident($($arguments:tt)*) -> $result:ty $body:block) => {
        // SAFETY: no other symbol has a name with two colons.
        #[unsafe(export_name = concat!(stringify!($name), "::", stringify!($case)))]
        #[inline(never)]
        fn $case($($arguments)*) -> $result $body
    };
}

/// Measures and logs one case. What it works on lives in the caller's frame, above what is
/// measured.
macro_rules! measure {
    ($name:ident $case:ident, $subject:expr, $run:expr) => {
        most(
            concat!(stringify!($name), "::", stringify!($case)),
            &mut $subject,
            $run,
        )
    };
}

cases! {
    linear: NET, Net, 3 => 1;
    book: BOOK_NET, NetBook, 3 => 1;
    mlp16: Mlp::zeros(), Mlp, 16 => 4;
}

#[entry]
fn main() -> ! {
    measure_all();
    black_box((
        control_recursion(black_box(2)),
        control_pointer(black_box(size)),
    ));
    exit(0)
}

/// The negative control of the bound: a function that calls itself has none.
#[unsafe(no_mangle)]
#[inline(never)]
fn control_recursion(depth: u32) -> u32 {
    if depth == 0 {
        return 0;
    }
    black_box(control_recursion(black_box(depth - 1))) + 1
}

/// Its other one: a call whose target the code does not say.
#[unsafe(no_mangle)]
#[inline(never)]
fn control_pointer(call: fn() -> usize) -> usize {
    black_box(call()) + 1
}

fn size() -> usize {
    size_of::<Mlp>()
}
