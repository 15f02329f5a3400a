//! The stack that training takes on a host: painted, measured, and held against `STACK_BYTES`, with
//! and without optimisation.

#![allow(unsafe_code, reason = "paints the stack below a function")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use stackprop::{
    Adam, Dataset, Elu, Groups, Linear, Mse, Network, Online, Optimizer, Relu, Sgd, Sigmoid,
    SigmoidBce, SoftmaxCe, Softplus, Tanh, Trainable, Trainer, net, notebook, one_hot,
};
use std::ptr;
use std::sync::Mutex;
use std::thread::Builder;

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
type Deep = net![8 => 8, Tanh => 8, Tanh => 8, Tanh => 8, Tanh => 8, Tanh => 2, Mse];
type Smooth = net![8 => 8, Elu => 8, Softplus => 8, Elu => 8, Sigmoid => 8, Elu => 2, SoftmaxCe];
type Wide = net![1000 => 1, SigmoidBce];
type Digits = net![64 => 64, Relu => 10, SoftmaxCe];
type Sensor = net![256 => 64, Relu => 10, SoftmaxCe];
type Mnist = net![784 => 128, Relu => 10, SoftmaxCe];

/// The stack of a thread that measures, and how much of it is painted.
const STACK: usize = 16 << 20;
const PAINTED: usize = 12 << 20;

/// Left alone below the caller, for the frames of the painting itself.
const MARGIN: usize = 4096;

const PAINT: u64 = 0x5AC6_5AC6_5AC6_5AC6;

/// Runs `f` on a thread with so much stack.
fn on_thread(stack: usize, f: impl FnOnce() + Send + 'static) {
    Builder::new()
        .stack_size(stack)
        .spawn(f)
        .unwrap()
        .join()
        .unwrap();
}

/// The bytes of stack that `f` writes on, at least [`MARGIN`].
#[inline(never)]
fn peak(f: impl FnOnce()) -> usize {
    let mut local = 0_u64;
    let here = (&raw mut local).expose_provenance() & !7;
    let (bottom, top) = (here - PAINTED, here - MARGIN);
    for at in (bottom..top).step_by(8) {
        // SAFETY: the thread's stack reaches below `bottom`, and nothing lives below this frame.
        unsafe { ptr::with_exposed_provenance_mut::<u64>(at).write_volatile(PAINT) };
    }
    f();
    let untouched = (bottom..top).step_by(8).take_while(|at| {
        // SAFETY: as above.
        unsafe { ptr::with_exposed_provenance::<u64>(*at).read_volatile() == PAINT }
    });
    PAINTED - 8 * untouched.count()
}

/// Measures steps on one row and on batches; each is within the constant.
fn within<N, Opt>(name: &'static str, network: N, optimizer: Opt, x: N::Input, y: N::Output)
where
    N: Trainable + Send + 'static,
    N::Input: Send,
    N::Output: Send,
    Opt: Optimizer + Send + 'static,
{
    on_thread(STACK, move || {
        let mut trainer = Box::new(Trainer::new(network, optimizer));
        let mut online = Box::new(Online::new(network, optimizer));
        let (bound, single) = (
            Trainer::<N, Opt>::STACK_BYTES,
            Online::<N, Opt>::STACK_BYTES,
        );
        let step = peak(|| assert!(online.step(&x, &y).is_ok()));
        println!("{name}: Online {step} of {single}");
        assert!(step <= single, "{name}: {step} of {single}");
        let mut most = 0;
        // One sample, an incomplete group, whole tiles and a rest, more than a block.
        for count in [1, 17, 64, 100, 4100] {
            let (rows, targets) = (vec![x; count], vec![y; count]);
            let step = peak(|| assert!(trainer.step(&rows, &targets).is_ok()));
            println!("{name}: Trainer, {count} rows {step} of {bound}");
            assert!(step <= bound, "{name}, {count} rows: {step} of {bound}");
            most = most.max(step);
        }
        // Not so far above that a budget by it is of no use.
        assert!(bound <= 5 * most.max(32_768), "{name}: {most} of {bound}");
    });
}

/// The first class.
const fn first<const O: usize>() -> [f32; O] {
    let mut target = [0.0; O];
    target[0] = 1.0;
    target
}

#[test]
fn steps_take_no_more_than_the_constant() {
    let sgd = Sgd::new(0.1);
    within("3-4-2-1", notebook::BOOK_NET, sgd, [0.5; 3], first());
    within("16-32-16-4", Mlp16::new(1), sgd, [0.5; 16], first());
    within("Adam", Mlp16::new(1), Adam::new(0.1), [0.5; 16], first());
    let kinds = Groups::by_kind(Adam::new(0.1), Adam::new(0.2));
    within("groups", Mlp16::new(1), kinds, [0.5; 16], first());
    let layers = Groups::by_layer([Adam::new(0.1); 6]);
    within("6 groups", Deep::new(1), layers, [0.5; 8], first());
    within("8-8-8-8-8-8-2", Deep::new(1), sgd, [0.5; 8], first());
    within("smooth", Smooth::new(1), sgd, [0.5; 8], first());
    within("1000-1", Wide::new(1), Sgd::new(1e-3), [0.5; 1000], first());
    within("64-64-10", Digits::new(1), sgd, [0.5; 64], first());
    within("256-64-10", Sensor::new(1), sgd, [0.5; 256], first());
}

/// A network of 100,000 parameters, with Adam 1.6 MB in a `static`, learns on a thread as it comes.
#[test]
fn a_large_network_trains_on_a_small_thread() {
    static TRAINER: Mutex<Trainer<Mnist, Adam>> = Mutex::new(Trainer::unset());
    static ONLINE: Mutex<Online<Mnist, Sgd>> = Mutex::new(Online::unset());
    const TWO_MIB: usize = 2 << 20;
    const _: () = stackprop::memory::assert_within(<Trainer<Mnist, Adam>>::STACK_BYTES, TWO_MIB);

    on_thread(TWO_MIB, || {
        let mut trainer = TRAINER.lock().unwrap();
        trainer.start(1, Adam::new(1e-4));
        let mut rng = fastrand::Rng::with_seed(1);
        let mut row = |_| std::array::from_fn(|_| rng.f32());
        let rows: Vec<[f32; 784]> = (0..65).map(&mut row).collect();
        let target = |n: usize| {
            let mut y = [0.0; 10];
            y[n % 10] = 1.0;
            y
        };
        let targets: Vec<[f32; 10]> = (0..65).map(target).collect();
        let before = trainer.step(&rows, &targets).unwrap();
        for count in [1, 16, 17, 64, 65] {
            trainer.step(&rows[..count], &targets[..count]).unwrap();
        }
        assert!(trainer.step(&rows, &targets).unwrap() < before);
        let mut online = ONLINE.lock().unwrap();
        online.start(1, Sgd::new(0.1));
        assert!(online.step(&rows[3], &targets[3]).is_ok());
    });
}

/// Of 20 KB.
type LongRows<const O: usize> = Trainer<Network<Linear<5000, O>, SoftmaxCe, 5000, O>, Sgd>;

/// Rows that are read one by one: an epoch of them takes no more than its bound, and gives the bits
/// of an epoch on copies.
fn long_rows<const O: usize>(trainers: &'static [Mutex<LongRows<O>>; 2]) {
    on_thread(LongRows::<O>::STACK_BYTES + (64 << 10), || {
        let [mut trainer, mut plain] = [0, 1].map(|n| trainers[n].lock().unwrap());
        trainer.start(1, Sgd::new(1e-3));
        let rows: Vec<[f32; 5000]> = (0..100).map(|n| [n as f32 / 100.0; 5000]).collect();
        let labels: Vec<u8> = (0..100).map(|n| n % 3).collect();
        let data = Dataset::new(&rows, &labels).unwrap();
        let order: Vec<usize> = (0..100).rev().collect();
        let data = data.select(&order).unwrap();
        let before = trainer.network.evaluate(data).unwrap();
        let loss = trainer.epoch_of(data, 64);
        assert_ne!(trainer.network.evaluate(data), Ok(before));
        let copies: Vec<[f32; 5000]> = rows.iter().rev().copied().collect();
        let classes = labels.iter().rev().map(|class| usize::from(*class));
        let targets: Vec<[f32; O]> = classes.filter_map(one_hot).collect();
        plain.start(1, Sgd::new(1e-3));
        assert_eq!(plain.epoch(&copies, &targets, 64), loss);
        assert!(trainer.network.tensors().eq(plain.network.tensors()));
    });
}

#[test]
fn long_rows_on_a_small_thread() {
    static TRAINERS: [Mutex<LongRows<3>>; 2] = [const { Mutex::new(Trainer::unset()) }; 2];
    long_rows(&TRAINERS);
}

/// So large that several rows share a gradient.
#[test]
fn long_rows_of_a_large_network() {
    static TRAINERS: [Mutex<LongRows<30>>; 2] = [const { Mutex::new(Trainer::unset()) }; 2];
    long_rows(&TRAINERS);
}
