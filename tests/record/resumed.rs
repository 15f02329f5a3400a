//! Training that goes on from a record has the bits of training without a break.

use crate::bytes_of;
use stackprop::optim::step_lr;
use stackprop::record::Part;
use stackprop::{
    Adagrad, Adam, AdamW, Guard, NAdam, Online, Optimizer, Random, Record, Relu, RmsProp, Sgd,
    SigmoidBce, Trainable, Trainer, net,
};

type Detector = net![3 => 5, Relu => 2, SigmoidBce];

const ROWS: usize = 20;
/// Not a divisor of the rows: the last mini-batch of an epoch is smaller.
const BATCH: usize = 3;
const EPOCHS: usize = 3;

fn rows() -> (Vec<[f32; 3]>, Vec<[f32; 2]>) {
    let mut random = Random::new(11);
    let rows = std::array::from_fn::<_, ROWS, _>(|_| std::array::from_fn(|_| random.uniform(2.0)));
    let target = |[a, b, c]: &[f32; 3]| [*a > 0.0, b + c > 0.5].map(|yes| f32::from(u8::from(yes)));
    (rows.to_vec(), rows.iter().map(target).collect())
}

/// Training by either way.
trait Learn: Record {
    fn learn(&mut self, rows: &[[f32; 3]], targets: &[[f32; 2]]) -> Vec<u32>;
    fn set_lr(&mut self, lr: f32);
}

impl<N, Opt> Learn for Trainer<N, Opt>
where
    N: Trainable<Input = [f32; 3], Output = [f32; 2]> + Part,
    Opt: Optimizer<State: Part, Shared: Part> + Part,
{
    fn learn(&mut self, rows: &[[f32; 3]], targets: &[[f32; 2]]) -> Vec<u32> {
        vec![self.step(rows, targets).unwrap().to_bits()]
    }

    fn set_lr(&mut self, lr: f32) {
        self.optimizer.set_lr(lr);
    }
}

impl<N, Opt> Learn for Online<N, Opt>
where
    N: Trainable<Input = [f32; 3], Output = [f32; 2]> + Part,
    Opt: Optimizer<State: Part, Shared: Part> + Part,
{
    fn learn(&mut self, rows: &[[f32; 3]], targets: &[[f32; 2]]) -> Vec<u32> {
        let each = rows.iter().zip(targets);
        each.map(|(x, y)| self.step(x, y).unwrap().to_bits())
            .collect()
    }

    fn set_lr(&mut self, lr: f32) {
        self.optimizer.set_lr(lr);
    }
}

/// The losses of the mini-batches from number `from` to `to`. The learning rate is set at the
/// beginning of each epoch only.
fn train(learner: &mut impl Learn, from: usize, to: usize) -> Vec<u32> {
    let (rows, targets) = rows();
    let batches: Vec<_> = rows.chunks(BATCH).zip(targets.chunks(BATCH)).collect();
    let mut losses = Vec::new();
    for n in from..to {
        let (epoch, batch) = (n / batches.len(), n % batches.len());
        if batch == 0 {
            learner.set_lr(step_lr(0.05, u32::try_from(epoch).unwrap(), 1, 0.5));
        }
        losses.extend(learner.learn(batches[batch].0, batches[batch].1));
    }
    losses
}

/// Breaks after every mini-batch, and goes on in `others` that know nothing but the record.
fn resumes(start: impl Learn + Clone, other: impl Learn + Clone) {
    let all = EPOCHS * ROWS.div_ceil(BATCH);
    let mut unbroken = start.clone();
    let expected = train(&mut unbroken, 0, all);
    for break_at in 0..all {
        let mut before = start.clone();
        let mut losses = train(&mut before, 0, break_at);
        let record = bytes_of(&before, break_at as u64);
        let mut after = other.clone();
        let position = after.from_bytes(&record).unwrap();
        losses.extend(train(&mut after, usize::try_from(position).unwrap(), all));
        assert!(losses == expected, "broken after {break_at}");
        assert!(
            bytes_of(&after, 0) == bytes_of(&unbroken, 0),
            "broken after {break_at}"
        );
    }
}

/// Both ways, with and without clipping, into a learner that was never used and into one that was.
fn optimizer<Opt>(optimizer: Opt)
where
    Opt: Optimizer<State: Part, Shared: Part> + Part,
{
    for max_norm in [f32::INFINITY, 0.1] {
        let mut trainer = Trainer::new(Detector::new(1), optimizer);
        trainer.guard = Guard::new().max_norm(max_norm);
        resumes(trainer.clone(), Trainer::<Detector, Opt>::unset());
        let mut online = Online::new(Detector::new(1), optimizer);
        online.guard = trainer.guard;
        let mut used = Online::new(Detector::new(2), optimizer);
        train(&mut used, 0, 5);
        resumes(online, used);
    }
}

#[test]
fn sgd_goes_on() {
    optimizer(Sgd::new(0.1));
    optimizer(Sgd::new(0.1).weight_decay(0.01));
}

#[test]
fn momentum_goes_on() {
    optimizer(Sgd::new(0.1).momentum(0.9));
    optimizer(Sgd::new(0.1).momentum(0.9).dampening(0.5));
    optimizer(Sgd::new(0.1).weight_decay(0.01).momentum(0.9));
}

#[test]
fn nesterov_goes_on() {
    optimizer(Sgd::new(0.1).momentum(0.9).nesterov());
    optimizer(Sgd::new(0.1).weight_decay(0.01).momentum(0.9).nesterov());
}

#[test]
fn adam_goes_on() {
    optimizer(Adam::new(0.1));
    optimizer(Adam::new(0.1).weight_decay(0.01).betas(0.8, 0.95).eps(1e-6));
}

#[test]
fn amsgrad_goes_on() {
    optimizer(Adam::new(0.1).amsgrad());
    optimizer(Adam::new(0.1).weight_decay(0.01).amsgrad());
}

#[test]
fn adamw_goes_on() {
    optimizer(AdamW::new(0.1));
    optimizer(AdamW::new(0.1).weight_decay(0.0));
    optimizer(AdamW::new(0.1).amsgrad());
}

#[test]
fn nadam_goes_on() {
    let nadam = NAdam::new(0.1).momentum_decay(0.5);
    optimizer(nadam);
    optimizer(nadam.weight_decay(0.01).decoupled_weight_decay());
}

#[test]
fn adagrad_goes_on() {
    optimizer(Adagrad::new(0.1));
    let adagrad = Adagrad::new(0.1).lr_decay(0.1).weight_decay(0.01);
    optimizer(adagrad.initial_accumulator_value(0.1));
}

#[test]
fn rmsprop_goes_on() {
    optimizer(RmsProp::new(0.1));
    optimizer(RmsProp::new(0.1).weight_decay(0.01).alpha(0.9));
    optimizer(RmsProp::new(0.1).centered());
    optimizer(RmsProp::new(0.1).momentum(0.5));
    optimizer(
        RmsProp::new(0.1)
            .weight_decay(0.01)
            .centered()
            .momentum(0.5),
    );
}
