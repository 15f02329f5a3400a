//! What one operation costs: prints the instructions that it takes, the bytes of its state, and its
//! peak stack.
//!
//! `STACKPROP_COST` says which, such as `linear.sgd_step`. Each is an image of its own, whose size
//! less that of `linear.empty` is the flash that the operation takes. `benches/cortex_m.rs` builds
//! and runs them all.

#![no_std]
#![no_main]

use core::hint::black_box;
use firmware::count::Counter;
use firmware::{entry, exit, stack};
use semihosting::println;
use stackprop::Error;
#[allow(unused_imports, reason = "no operation needs all of them")]
use stackprop::{Adam, Online, Params, Record, Sgd, Trainer, safetensors::SafeTensors};

/// The rate that every step takes: 0, so that each repetition begins with the same parameters.
#[allow(dead_code, reason = "not every operation is a step")]
const LR: f32 = 0.0;

/// The exit code without a timer.
const NO_TIMER: i32 = 1;

#[cfg(cost_net = "linear")]
mod net {
    pub(crate) use stackprop::notebook::{NET, Net};
    pub(crate) const I: usize = 3;
    pub(crate) const O: usize = 1;
}

#[cfg(cost_net = "book")]
mod net {
    pub(crate) use stackprop::notebook::{BOOK_NET as NET, NetBook as Net};
    pub(crate) const I: usize = 3;
    pub(crate) const O: usize = 1;
}

#[cfg(cost_net = "big")]
mod net {
    use stackprop::{Chain, Linear, Network, Relu, SigmoidBce, net};

    pub(crate) type Net = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
    pub(crate) const I: usize = 16;
    pub(crate) const O: usize = 4;
    pub(crate) const NET: Net = {
        let second = Chain(Relu, Linear::new([[0.03; 16]; 4], [0.1; 4]));
        let first = Chain(
            Relu,
            Chain(Linear::new([[-0.02; 32]; 16], [0.2; 16]), second),
        );
        Network::from_layers(
            Chain(Linear::new([[0.05; 16]; 32], [0.1; 32]), first),
            SigmoidBce,
        )
    };
}

/// What `safetensors.torch.save_file` writes for each network, but for the numbers.
#[allow(dead_code, reason = "one operation reads a file")]
mod headers {
    #[cfg(cost_net = "linear")]
    pub(crate) const HEADER: &str = concat!(
        r#"{"0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"#,
        r#""1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},"#,
        r#""2.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[80,88]}}"#,
    );
    #[cfg(cost_net = "linear")]
    pub(crate) const NUMBERS: usize = 22;
    #[cfg(cost_net = "book")]
    pub(crate) const HEADER: &str = concat!(
        r#"{"0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"#,
        r#""2.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},"#,
        r#""4.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[80,88]}}"#,
    );
    #[cfg(cost_net = "book")]
    pub(crate) const NUMBERS: usize = 22;
    #[cfg(cost_net = "big")]
    pub(crate) const HEADER: &str = concat!(
        r#"{"0.weight":{"dtype":"F32","shape":[32,16],"data_offsets":[0,2048]},"#,
        r#""0.bias":{"dtype":"F32","shape":[32],"data_offsets":[2048,2176]},"#,
        r#""2.weight":{"dtype":"F32","shape":[16,32],"data_offsets":[2176,4224]},"#,
        r#""2.bias":{"dtype":"F32","shape":[16],"data_offsets":[4224,4288]},"#,
        r#""4.weight":{"dtype":"F32","shape":[4,16],"data_offsets":[4288,4544]},"#,
        r#""4.bias":{"dtype":"F32","shape":[4],"data_offsets":[4544,4560]}}"#,
    );
    #[cfg(cost_net = "big")]
    pub(crate) const NUMBERS: usize = 1140;
}

/// A file of weights for the network.
#[cfg(cost_op = "load_file")]
static FILE: [u8; 8 + headers::HEADER.len() + 4 * headers::NUMBERS] =
    firmware::file::file(headers::HEADER);

use net::{I, NET, Net, O};

type Rows = [[f32; I]; 64];
type Targets = [[f32; O]; 64];

static ROWS: Rows = [[0.5; I]; 64];
static TARGETS: Targets = [[1.0; O]; 64];

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
struct With<T>(Net, T);

/// A learner, and its record.
#[allow(dead_code, reason = "not every operation keeps something")]
type Kept = (Online<Net, Adam>, [u8; <Online<Net, Adam>>::RECORD_BYTES]);

#[allow(dead_code, reason = "not every operation keeps something")]
fn kept() -> Kept {
    let online = Online::new(NET, Adam::new(black_box(LR)));
    let mut bytes = [0; <Online<Net, Adam>>::RECORD_BYTES];
    // What is refused here is refused by `load`, too.
    let _ = online.to_bytes(1, &mut bytes);
    (online, bytes)
}

operation!("empty", Net, NET, |_net, _rows, _targets| Ok(black_box(
    0.0
)));
operation!(
    "forward",
    With<[f32; O]>,
    With(NET, [0.0; O]),
    |net, rows, _targets| {
        net.1 = net.0.forward(&rows[0]);
        Ok(0.0)
    }
);
operation!(
    "gradient",
    With<<Net as Params>::Of<f32>>,
    With(NET, Net::zero_grad()),
    |net, rows, targets| net.0.gradient_batch(&rows[..1], &targets[..1], &mut net.1)
);
operation!("sgd_step", Net, NET, |net, rows, targets| {
    Ok(net.sgd_step(&rows[0], &targets[0], black_box(LR)))
});
operation!(
    "online",
    Online<Net, Sgd>,
    Online::new(NET, Sgd::new(black_box(LR))),
    |online, rows, targets| online.step(&rows[0], &targets[0])
);
operation!(
    "trainer",
    Trainer<Net, Sgd>,
    Trainer::new(NET, Sgd::new(black_box(LR))),
    |trainer, rows, targets| trainer.step(&rows[..1], &targets[..1])
);
operation!(
    "forward_64",
    With<[[f32; O]; 64]>,
    With(NET, [[0.0; O]; 64]),
    |net, rows, _targets| { net.0.forward_batch(rows, &mut net.1).map(|()| 0.0) }
);
operation!(
    "trainer_64",
    Trainer<Net, Sgd>,
    Trainer::new(NET, Sgd::new(black_box(LR))),
    |trainer, rows, targets| trainer.step(rows, targets)
);

operation!(
    "online_adam",
    Online<Net, Adam>,
    Online::new(NET, Adam::new(black_box(LR))),
    |online, rows, targets| online.step(&rows[0], &targets[0])
);
operation!(
    "trainer_adam",
    Trainer<Net, Adam>,
    Trainer::new(NET, Adam::new(black_box(LR))),
    |trainer, rows, targets| trainer.step(&rows[..1], &targets[..1])
);
operation!(
    "trainer_adam_64",
    Trainer<Net, Adam>,
    Trainer::new(NET, Adam::new(black_box(LR))),
    |trainer, rows, targets| trainer.step(rows, targets)
);

operation!("save", Kept, kept(), |kept, _rows, _targets| {
    let written = kept.0.to_bytes(black_box(1), &mut kept.1);
    written.map(|()| 0.0).map_err(|_| Error::Empty)
});
operation!("load", Kept, kept(), |kept, _rows, _targets| {
    let read = kept.0.from_bytes(&kept.1);
    read.map(|_| 0.0).map_err(|_| Error::Empty)
});
operation!("load_file", Net, NET, |net, _rows, _targets| {
    let read = SafeTensors::new(black_box(&FILE[..])).and_then(|file| file.load(net));
    read.map(|()| 0.0).map_err(|_| Error::Empty)
});

#[entry]
fn main() -> ! {
    let Some(mut counter) = Counter::start() else {
        exit(NO_TIMER)
    };
    let mut state = start();
    let (rows, targets) = (black_box(&ROWS), black_box(&TARGETS));
    let (result, stack) = stack::peak(|| black_box(run(black_box(&mut state), rows, targets)));
    let hundredths = counter.hundredths(|| {
        // An operation that is refused shows in the first result.
        let _ = black_box(run(
            black_box(&mut state),
            black_box(rows),
            black_box(targets),
        ));
    });
    println!("{hundredths} {} {stack}", size_of::<State>());
    exit(i32::from(result.is_err()))
}
