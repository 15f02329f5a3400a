//! What one operation costs: prints the instructions that it takes, the bytes of its state, and its
//! peak stack.
//!
//! `STACKPROP_COST` says which, such as `linear.sgd_step`, or `linear.plain_sgd_step` for the same
//! in plain Rust. Each is an image of its own, whose size less that of `linear.empty` is the flash
//! that the operation takes. `benches/cortex_m` builds and runs them all.
//!
//! Each call gets another row, so that steps go on learning. Weights, rows and labels are random.

#![no_std]
#![no_main]

use core::hint::black_box;
use firmware::count::Counter;
#[allow(unused_imports, reason = "one operation reads a file")]
use firmware::file;
use firmware::{entry, exit, stack};
use semihosting::println;
use stackprop::Error;
#[allow(unused_imports, reason = "no operation needs all of them")]
use stackprop::{Adam, Online, Params, Record, Sgd, Trainer, safetensors::SafeTensors};

#[path = "../../../shared/plain/mod.rs"]
#[allow(dead_code, unused_imports, reason = "no operation needs all of it")]
mod plain;
#[path = "../../../shared/samples.rs"]
mod samples;

/// The rate that every step takes.
#[allow(dead_code, reason = "not every operation is a step")]
const LR: f32 = 0.01;

/// The seeds of weights, rows and labels.
const SEEDS: [u64; 3] = [1, 2, 3];

/// Rows of which each call gets the first, or 16, or all.
const ROWS: usize = 64;

/// Windows of rows, each a row later than the last one.
const WINDOWS: u32 = 64;

/// The exit code without a timer.
const NO_TIMER: i32 = 1;

/// The same networks in plain Rust.
macro_rules! plain_types {
    ($($sizes:tt)*) => {
        pub(crate) type PlainNet = crate::plain::Net<$($sizes)*>;
        pub(crate) type PlainTrainer = crate::plain::Trainer<$($sizes)*>;
        pub(crate) type PlainAdam = crate::plain::Adam<$($sizes)*>;
    };
}

#[cfg(cost_net = "linear")]
#[allow(dead_code, reason = "no operation needs all of it")]
mod net {
    pub(crate) use stackprop::notebook::Net;
    plain_types!(3, 4, 2, 1, false, false);
    pub(crate) const I: usize = 3;
    pub(crate) const O: usize = 1;
}

#[cfg(cost_net = "book")]
#[allow(dead_code, reason = "no operation needs all of it")]
mod net {
    pub(crate) use stackprop::notebook::NetBook as Net;
    plain_types!(3, 4, 2, 1, true, false);
    pub(crate) const I: usize = 3;
    pub(crate) const O: usize = 1;
}

#[cfg(cost_net = "big")]
#[allow(dead_code, reason = "no operation needs all of it")]
mod net {
    use stackprop::{Relu, SigmoidBce};

    pub(crate) type Net = stackprop::net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
    plain_types!(16, 32, 16, 4, true, true);
    pub(crate) const I: usize = 16;
    pub(crate) const O: usize = 4;
}

/// A file of weights for the network.
#[cfg(cost_op = "load_file")]
static FILE: [u8; file::BYTES] = file::file(file::HEADER);

#[allow(unused_imports, reason = "no operation needs all of them")]
use net::{I, Net, O, PlainAdam, PlainNet, PlainTrainer};

type Rows = [[f32; I]; ROWS];
type Targets = [[f32; O]; ROWS];

static ALL_ROWS: [[f32; I]; ROWS + WINDOWS as usize] = samples::rows(SEEDS[1]);
static ALL_TARGETS: [[f32; O]; ROWS + WINDOWS as usize] = samples::labels(SEEDS[2]);

/// The rows from this one on.
#[inline(never)]
fn window(at: u32) -> Option<(&'static Rows, &'static Targets)> {
    let at = at as usize;
    let rows = ALL_ROWS.get(at..)?.first_chunk()?;
    Some((rows, ALL_TARGETS.get(at..)?.first_chunk()?))
}

/// What an operation works on, and what it does: each is a module with `State`, `start` and `run`.
macro_rules! operation {
    ($name:literal, $state:ty, $start:expr, |$at:ident, $rows:ident, $targets:ident| $run:expr) => {
        #[cfg(cost_op = $name)]
        type State = $state;

        #[cfg(cost_op = $name)]
        fn start() -> State {
            $start
        }

        #[cfg(cost_op = $name)]
        #[inline(never)]
        fn run($at: &mut State, $rows: &Rows, $targets: &Targets) -> Result<f32, Error> {
            $run
        }
    };
}

/// A network and room for its outputs or its gradient.
#[allow(dead_code, reason = "not every operation has a second part")]
struct With<N, T>(N, T);

/// A network with random weights. Not inlined, so that it is the same in every image.
#[inline(never)]
#[allow(dead_code, reason = "not every operation has one")]
fn net() -> Net {
    Net::new(black_box(SEEDS[0]))
}

/// The same in plain Rust.
#[inline(never)]
#[allow(dead_code, reason = "not every operation has one")]
fn plain_net() -> PlainNet {
    PlainNet::new(black_box(SEEDS[0]))
}

/// A learner, and its record.
#[allow(dead_code, reason = "not every operation keeps something")]
type Kept = (Online<Net, Adam>, [u8; <Online<Net, Adam>>::RECORD_BYTES]);

#[allow(dead_code, reason = "not every operation keeps something")]
fn kept() -> Kept {
    let online = Online::new(net(), Adam::new(black_box(LR)));
    let mut bytes = [0; <Online<Net, Adam>>::RECORD_BYTES];
    // What is refused here is refused by `load`, too.
    let _ = online.to_bytes(1, &mut bytes);
    (online, bytes)
}

operation!("empty", Net, net(), |_net, _rows, _targets| Ok(black_box(
    0.0
)));
operation!(
    "plain_empty",
    PlainNet,
    plain_net(),
    |_net, _rows, _targets| Ok(black_box(0.0))
);
operation!(
    "forward",
    With<Net, [f32; O]>,
    With(net(), [0.0; O]),
    |net, rows, _targets| {
        net.1 = net.0.forward(&rows[0]);
        Ok(0.0)
    }
);
operation!(
    "gradient",
    With<Net, <Net as Params>::Of<f32>>,
    With(net(), Net::zero_grad()),
    |net, rows, targets| net.0.gradient_batch(&rows[..1], &targets[..1], &mut net.1)
);
operation!("sgd_step", Net, net(), |net, rows, targets| {
    Ok(net.sgd_step(&rows[0], &targets[0], black_box(LR)))
});
operation!(
    "forward_64",
    With<Net, [[f32; O]; 64]>,
    With(net(), [[0.0; O]; 64]),
    |net, rows, _targets| net.0.forward_batch(rows, &mut net.1).map(|()| 0.0)
);

/// Guarded steps on one row, 16 or 64, with both optimisers.
macro_rules! steps {
    ($($name:literal, $learner:ident, $optimizer:ident,
       |$at:ident, $x:ident, $y:ident| $run:expr;)*) => {$(
        operation!(
            $name,
            $learner<Net, $optimizer>,
            $learner::new(net(), $optimizer::new(black_box(LR))),
            |$at, $x, $y| $run
        );
    )*};
}

steps! {
    "online", Online, Sgd, |online, x, y| online.step(&x[0], &y[0]);
    "online_adam", Online, Adam, |online, x, y| online.step(&x[0], &y[0]);
    "trainer", Trainer, Sgd, |trainer, x, y| trainer.step(&x[..1], &y[..1]);
    "trainer_16", Trainer, Sgd, |trainer, x, y| trainer.step(&x[..16], &y[..16]);
    "trainer_64", Trainer, Sgd, |trainer, x, y| trainer.step(x, y);
    "trainer_adam", Trainer, Adam, |trainer, x, y| trainer.step(&x[..1], &y[..1]);
    "trainer_adam_64", Trainer, Adam, |trainer, x, y| trainer.step(x, y);
}

operation!("save", Kept, kept(), |kept, _rows, _targets| {
    let written = kept.0.to_bytes(black_box(1), &mut kept.1);
    written.map(|()| 0.0).map_err(|_| Error::Empty)
});
operation!("load", Kept, kept(), |kept, _rows, _targets| {
    let read = kept.0.from_bytes(&kept.1);
    read.map(|_| 0.0).map_err(|_| Error::Empty)
});
operation!("load_file", Net, net(), |net, _rows, _targets| {
    let read = SafeTensors::new(black_box(&FILE[..])).and_then(|file| file.load(net));
    read.map(|()| 0.0).map_err(|_| Error::Empty)
});

operation!(
    "plain_forward",
    With<PlainNet, [f32; O]>,
    With(plain_net(), [0.0; O]),
    |net, rows, _targets| {
        net.1 = net.0.forward(&rows[0]);
        Ok(0.0)
    }
);
operation!(
    "plain_gradient",
    With<PlainNet, PlainNet>,
    With(plain_net(), PlainNet::ZEROS),
    |net, rows, targets| Ok(net.0.gradient(&rows[0], &targets[0], &mut net.1))
);
operation!(
    "plain_sgd_step",
    PlainNet,
    plain_net(),
    |net, rows, targets| Ok(net.sgd_step(&rows[0], &targets[0], black_box(LR)))
);
operation!(
    "plain_forward_64",
    With<PlainNet, [[f32; O]; 64]>,
    With(plain_net(), [[0.0; O]; 64]),
    |net, rows, _targets| {
        net.0.forward_batch(rows, &mut net.1);
        Ok(0.0)
    }
);

/// The same steps in plain Rust, unguarded.
macro_rules! plain_steps {
    ($($name:literal, $learner:ident,
       |$at:ident, $x:ident, $y:ident, $lr:ident| $run:expr;)*) => {$(
        operation!($name, $learner, $learner::new(plain_net()), |$at, $x, $y| {
            let $lr = black_box(LR);
            Ok($run)
        });
    )*};
}

plain_steps! {
    "plain_online_adam", PlainAdam, |adam, x, y, lr| adam.step_one(&x[0], &y[0], lr);
    "plain_trainer_16", PlainTrainer, |trainer, x, y, lr| trainer.step(&x[..16], &y[..16], lr);
    "plain_trainer_64", PlainTrainer, |trainer, x, y, lr| trainer.step(x, y, lr);
    "plain_trainer_adam_64", PlainAdam, |adam, x, y, lr| adam.step(x, y, lr);
}

#[entry]
fn main() -> ! {
    let (Some(mut counter), Some((rows, targets))) = (Counter::start(), window(0)) else {
        exit(NO_TIMER)
    };
    let mut state = start();
    let (result, stack) = stack::peak(|| black_box(run(black_box(&mut state), rows, targets)));
    let hundredths = counter.hundredths(WINDOWS, |at| {
        let Some((rows, targets)) = window(black_box(at)) else {
            return;
        };
        // An operation that is refused shows in the first result.
        let _ = black_box(run(black_box(&mut state), rows, targets));
    });
    println!("{hundredths} {} {stack}", size_of::<State>());
    exit(i32::from(result.is_err()))
}
