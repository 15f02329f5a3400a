//! Steps of gradient descent with parameter groups: a rate and a decay for each, some frozen.

use super::case::{Case, Worst, tensors};
use super::heads::{KnownHead, between};
use super::num::Num;
use fastrand::Rng;
use stackprop::optim::GroupBy;
use stackprop::params::TensorId;
use stackprop::{Groups, Layer, Network, Sgd, Trainer};

/// Every third layer is in the same group; biases are in the next one.
#[derive(Clone, Copy, Debug)]
struct Thirds;

impl GroupBy for Thirds {
    const NAME: &'static str = "Thirds";

    fn group(tensor: TensorId) -> usize {
        (tensor.learning_layer + usize::from(tensor.name.field == "bias")) % 3
    }
}

/// A mistake in the model of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mistake {
    FrozenLearns,
    NextGroup,
    DecayForgotten,
    DecayOfTheNewWeight,
    BiasesAsWeights,
}

pub(crate) const MISTAKES: [Mistake; 5] = [
    Mistake::FrozenLearns,
    Mistake::NextGroup,
    Mistake::DecayForgotten,
    Mistake::DecayOfTheNewWeight,
    Mistake::BiasesAsWeights,
];

/// The settings of a group.
#[derive(Clone, Copy)]
struct Group {
    lr: f32,
    weight_decay: f32,
    frozen: bool,
}

/// A few steps: the settings, and the weights before the first and after each, with its loss.
#[derive(Clone)]
pub(crate) struct Training {
    groups: [Group; 3],
    start: Vec<Vec<f64>>,
    steps: Vec<(f32, Vec<Vec<f64>>)>,
}

/// Three steps with random groups.
pub(crate) fn train<L: Layer<I, O>, H: KnownHead<O>, const I: usize, const O: usize>(
    net: Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
    rng: &mut Rng,
) -> Training {
    let groups = core::array::from_fn(|_| Group {
        lr: between(rng, 0.001, 0.01),
        weight_decay: between(rng, 0.0, 0.5),
        frozen: rng.u8(0..3) == 0,
    });
    let sgd = groups.map(|group| Sgd::new(group.lr).weight_decay(group.weight_decay));
    let mut optimizer = Groups::by(Thirds, sgd);
    for (k, group) in groups.iter().enumerate() {
        if group.frozen {
            optimizer.freeze(k).unwrap();
        }
    }
    let mut trainer = Trainer::new(net, optimizer);
    let steps = (0..3).map(|_| {
        let loss = trainer.step(rows, targets).unwrap();
        (loss, tensors(&trainer.network))
    });
    Training {
        groups,
        steps: steps.collect(),
        start: tensors(&net),
    }
}

/// A tensor with its gradient.
type Tensor<'a> = (&'a Vec<f64>, &'a Vec<Num>);

impl Case {
    /// The weights after a step from these, by the model.
    fn step(&self, before: &[Vec<f64>], mistake: Option<Mistake>) -> (Num, Vec<Vec<Num>>) {
        let batch = self.batch_at(before);
        let is = |which| mistake == Some(which);
        let of = |((w, g), (layer, bias)): (Tensor<'_>, (usize, bool))| {
            let as_bias = bias && !is(Mistake::BiasesAsWeights);
            let next = usize::from(is(Mistake::NextGroup));
            let group = self.training.groups[(layer + usize::from(as_bias) + next) % 3];
            let each = |(w, g): (&f64, &Num)| {
                let w = Num::exact(*w);
                if group.frozen && !is(Mistake::FrozenLearns) {
                    return w;
                }
                let lr = Num::exact(f64::from(group.lr));
                let decay = Num::exact(f64::from(group.weight_decay));
                match mistake {
                    Some(Mistake::DecayForgotten) => w - lr * *g,
                    Some(Mistake::DecayOfTheNewWeight) => {
                        let new = w - lr * *g;
                        new - lr * (decay * new)
                    }
                    _ => w - lr * (*g + decay * w),
                }
            };
            w.iter().zip(g).map(each).collect()
        };
        let pairs = self.learning_of(before).iter().zip(&batch.gradient);
        (batch.loss, pairs.zip(self.layers()).map(of).collect())
    }

    /// Each step of the crate against one of the model from the same weights: the largest share of
    /// the bound, or what is wrong.
    pub(crate) fn compare_steps(&self, mistake: Option<Mistake>) -> Result<f64, String> {
        let (mut worst, mut before) = (Worst(0.0), &self.training.start);
        for (k, (loss, after)) in self.training.steps.iter().enumerate() {
            let (exact, weights) = self.step(before, mistake);
            let name = format!("step {k} of {}", self.words());
            worst.check(&format!("{name}, loss"), &[*loss], &[exact])?;
            for (t, (w, exact)) in self.learning_of(after).iter().zip(&weights).enumerate() {
                let w: Vec<f32> = w.iter().map(|w| *w as f32).collect();
                worst.check(&format!("{name}, tensor {t}"), &w, exact)?;
            }
            before = after;
        }
        Ok(worst.0)
    }

    /// Whether a mistake changes what the model gives for the first step by more than a rounding of
    /// a weight.
    pub(crate) fn steps_differ(&self, mistake: Mistake) -> bool {
        let start = &self.training.start;
        let (right, wrong) = (self.step(start, None), self.step(start, Some(mistake)));
        let mut pairs = right.1.iter().flatten().zip(wrong.1.iter().flatten());
        pairs.any(|(a, b)| (a.value - b.value).abs() > 1e-6)
    }
}
