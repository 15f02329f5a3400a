//! Trainers of several networks and optimisers, driven by bytes.

use crate::stream::Stream;
use crate::ways;
use core::fmt::Debug;
use stackprop::{
    Adagrad, Adam, AdamW, Guard, Huber, Mse, NAdam, Optimizer, Record, Relu, RmsProp, Sgd,
    SigmoidBce, SoftmaxCe, Tanh, Trainable, Trainer, Zero, net, optim::Groups,
};

/// How many kinds of trainers there are.
pub(crate) const KINDS: u8 = 7;

/// What a stream did.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) steps: u32,
    /// Those that were taken.
    pub(crate) taken: u32,
    /// Those before which the trainer had a record.
    pub(crate) recorded: u32,
}

/// Drives the trainer that the first byte chooses with the others.
pub(crate) fn drive(bytes: &[u8]) -> Done {
    let mut stream = Stream(bytes);
    let (kind, seed) = (stream.byte() % KINDS, u64::from(stream.byte()));
    let stream = &mut stream;
    let sgd = Sgd::new(0.1);
    match kind {
        0 => run(
            <net![3, Standardize => 4, Relu => 1, SigmoidBce]>::new(seed),
            Adam::new(0.01),
            stream,
        ),
        1 => run(
            stackprop::notebook::NET,
            sgd.momentum(0.9).dampening(0.5).weight_decay(0.01),
            stream,
        ),
        2 => run(
            <net![2 => 5, Tanh => 3, SoftmaxCe]>::new(seed),
            AdamW::new(0.01).amsgrad(),
            stream,
        ),
        3 => run(
            <net![2 => 3, Tanh => 2, Mse]>::new(seed),
            RmsProp::new(0.01).centered().momentum(0.9),
            stream,
        ),
        4 => run(
            <net![16 => 32, Relu => 16, Relu => 4, SigmoidBce]>::new(seed),
            Groups::by_layer([sgd, Sgd::new(0.0), Sgd::new(1.0)]),
            stream,
        ),
        5 => run(
            <net![bias = false; 5 => 7, Relu => 3, SoftmaxCe]>::new(seed),
            NAdam::new(0.01),
            stream,
        ),
        _ => run(<net![4 => 17, Huber]>::new(seed), Adagrad::new(0.1), stream),
    }
}

fn run<N: Trainable + Zero, Opt: Optimizer + Debug>(
    network: N,
    fine: Opt,
    stream: &mut Stream,
) -> Done
where
    Trainer<N, Opt>: Record,
{
    let mut trainer = Trainer::new(network, fine);
    let mut done = Done::default();
    while !stream.is_empty() {
        match stream.byte() % 16 {
            0 => trainer.optimizer.set_lr(stream.number()),
            1 => trainer.guard = trainer.guard.max_norm(stream.number()),
            2 => trainer.guard = trainer.guard.max_weight(stream.number()),
            3 => (trainer.guard, trainer.optimizer) = (Guard::new(), fine),
            4 => trainer.reset_state(),
            _ => {
                let (rows, targets) = stream.batch::<N>();
                let slice = usize::from(stream.byte());
                let (taken, recorded) = ways::step(&mut trainer, &fine, (&rows, &targets), slice);
                done.steps += 1;
                done.taken += u32::from(taken);
                done.recorded += u32::from(recorded);
            }
        }
    }
    done
}
