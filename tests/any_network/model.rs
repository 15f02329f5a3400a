//! A network in f64, read from the words that `net!` is given: plain loops over rows and numbers,
//! with nothing of the crate.

use super::loss::Loss;
use super::num::{Num, sum};

/// What stands in a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stage {
    Standardize,
    Linear { outputs: usize, bias: bool },
    Relu,
    LeakyRelu(f64),
    HardTanh,
    Sigmoid,
    Tanh,
    Softplus,
    Elu,
}

/// A mistake in the reference, which a comparison has to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mutant {
    LastInputForgotten,
    BiasForgotten,
    SlopeForgotten,
    SlopeOfTheNextNumber,
    LastOutputForgottenBackwards,
    WeightGradientOfTheNextInput,
    BiasGradientForgotten,
    ScaleForgottenBackwards,
    TargetsInAnotherOrder,
    MeanOfOutputsForgotten,
    MeanOverOneRowMore,
    LastRowForgotten,
    WeightOfHeadForgotten,
    WeightsOfRowsForgotten,
}

pub(crate) const MUTANTS: [Mutant; 14] = [
    Mutant::LastInputForgotten,
    Mutant::BiasForgotten,
    Mutant::SlopeForgotten,
    Mutant::SlopeOfTheNextNumber,
    Mutant::LastOutputForgottenBackwards,
    Mutant::WeightGradientOfTheNextInput,
    Mutant::BiasGradientForgotten,
    Mutant::ScaleForgottenBackwards,
    Mutant::TargetsInAnotherOrder,
    Mutant::MeanOfOutputsForgotten,
    Mutant::MeanOverOneRowMore,
    Mutant::LastRowForgotten,
    Mutant::WeightOfHeadForgotten,
    Mutant::WeightsOfRowsForgotten,
];

/// A network, its loss, and the mistake that it has, if any.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) inputs: usize,
    pub(crate) stages: Vec<Stage>,
    pub(crate) loss: Loss,
    /// The factor of `Weighted`.
    pub(crate) factor: Option<f64>,
    pub(crate) mutant: Option<Mutant>,
}

/// What a batch gives: the mean loss, the mean gradient, one list for each tensor, and of each row
/// the logits and the gradient by the inputs of its own loss.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    pub(crate) loss: Num,
    pub(crate) gradient: Vec<Vec<Num>>,
    pub(crate) logits: Vec<Vec<Num>>,
    pub(crate) inputs: Vec<Vec<Num>>,
}

/// A sample there and back.
struct Sample {
    loss: Num,
    gradient: Vec<Vec<Num>>,
    logits: Vec<Num>,
    input: Vec<Num>,
}

impl Model {
    pub(crate) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// The numbers before each stage; last, the logits. `tensors` are all of the network.
    pub(crate) fn forward(&self, tensors: &[Vec<f64>], x: &[f64]) -> Vec<Vec<Num>> {
        let mut all = vec![x.iter().copied().map(Num::exact).collect::<Vec<_>>()];
        let mut tensors = tensors.iter();
        for stage in &self.stages {
            let x = &all[all.len() - 1];
            let y = match stage {
                Stage::Linear { outputs, bias } => {
                    let w = tensors.next().unwrap();
                    let b = if *bias { tensors.next() } else { None };
                    (0..*outputs).map(|o| self.dot(w, b, o, x)).collect()
                }
                Stage::Standardize => {
                    let (mean, scale) = (tensors.next().unwrap(), tensors.next().unwrap());
                    let one =
                        |(i, x): (usize, &Num)| (*x - Num::exact(mean[i])) / Num::exact(scale[i]);
                    x.iter().enumerate().map(one).collect()
                }
                stage => x.iter().map(|x| stage.y(*x)).collect(),
            };
            all.push(y);
        }
        all
    }

    /// Output `o` of a linear layer.
    fn dot(&self, w: &[f64], b: Option<&Vec<f64>>, o: usize, x: &[Num]) -> Num {
        let bias = b.map_or(0.0, |b| b[o]);
        let forgotten = self.is(Mutant::BiasForgotten);
        let mut total = Num::exact(if forgotten { 0.0 } else { bias });
        let row = &w[o * x.len()..][..x.len()];
        let used = x.len() - usize::from(self.is(Mutant::LastInputForgotten));
        for (w, x) in row.iter().zip(x).take(used) {
            total = total + Num::exact(*w) * *x;
        }
        total
    }

    fn sample(&self, tensors: &[Vec<f64>], x: &[f64], target: &[f64]) -> Sample {
        let mut all = self.forward(tensors, x);
        let logits = all.pop().unwrap();
        let (loss, mut dy) = self.slopes(&logits, target);
        let (mut gradient, mut tensors) = (Vec::new(), tensors.iter().rev());
        for (stage, x) in self.stages.iter().zip(&all).rev() {
            dy = match stage {
                Stage::Linear { bias, .. } => {
                    if *bias {
                        let forgotten = self.is(Mutant::BiasGradientForgotten);
                        let zero = vec![Num::ZERO; dy.len()];
                        gradient.push(if forgotten { zero } else { dy.clone() });
                        tensors.next();
                    }
                    let shift = usize::from(self.is(Mutant::WeightGradientOfTheNextInput));
                    let n = x.len();
                    let products =
                        |dy: &Num| (0..n).map(|i| *dy * x[(i + shift) % n]).collect::<Vec<_>>();
                    gradient.push(dy.iter().flat_map(products).collect());
                    let w = tensors.next().unwrap();
                    (0..n).map(|i| self.back(w, n, i, &dy)).collect()
                }
                Stage::Standardize => {
                    let scale = tensors.next().unwrap();
                    tensors.next();
                    let forgotten = self.is(Mutant::ScaleForgottenBackwards);
                    let by = |i: usize| Num::exact(if forgotten { 1.0 } else { scale[i] });
                    dy.iter().enumerate().map(|(i, dy)| *dy / by(i)).collect()
                }
                stage => self.through(*stage, x, &dy),
            };
        }
        gradient.reverse();
        Sample {
            loss,
            gradient,
            logits,
            input: dy,
        }
    }

    /// The gradient by input `i` of a linear layer with `n` inputs.
    fn back(&self, w: &[f64], n: usize, i: usize, dy: &[Num]) -> Num {
        let used = dy.len() - usize::from(self.is(Mutant::LastOutputForgottenBackwards));
        let terms = dy.iter().enumerate().take(used);
        terms.fold(Num::ZERO, |sum, (o, dy)| {
            sum + Num::exact(w[o * n + i]) * *dy
        })
    }

    /// The gradient by the numbers before an activation.
    fn through(&self, stage: Stage, x: &[Num], dy: &[Num]) -> Vec<Num> {
        if self.is(Mutant::SlopeForgotten) {
            return dy.to_vec();
        }
        let shift = usize::from(self.is(Mutant::SlopeOfTheNextNumber));
        let at = |i: usize| stage.slope(x[(i + shift) % x.len()]);
        dy.iter().enumerate().map(|(i, dy)| *dy * at(i)).collect()
    }

    /// All rows. The mean is over the number of rows, or over the sum of their weights.
    pub(crate) fn batch(
        &self,
        tensors: &[Vec<f64>],
        rows: &[Vec<f64>],
        targets: &[Vec<f64>],
    ) -> Batch {
        let pairs = rows.iter().zip(targets);
        let samples: Vec<Sample> = pairs.map(|(x, y)| self.sample(tensors, x, y)).collect();
        let used = samples.len() - usize::from(self.is(Mutant::LastRowForgotten));
        let mut divisor = self.divisor(targets);
        if self.is(Mutant::MeanOverOneRowMore) {
            divisor = divisor + Num::exact(1.0);
        }
        let share = Num::exact(1.0) / divisor;
        // 16 partial sums, which are then added.
        let deep = samples.len().div_ceil(16) + 16;
        let mean = |of: &dyn Fn(&Sample) -> Num| sum(samples[..used].iter().map(of), deep) * share;
        let tensors = samples[0].gradient.iter().enumerate();
        Batch {
            loss: mean(&|sample| sample.loss),
            gradient: tensors
                .map(|(t, tensor)| {
                    let each = (0..tensor.len()).map(|k| mean(&|sample| sample.gradient[t][k]));
                    each.collect()
                })
                .collect(),
            logits: samples.iter().map(|sample| sample.logits.clone()).collect(),
            inputs: samples.iter().map(|sample| sample.input.clone()).collect(),
        }
    }

    /// What the sum over the rows is divided by.
    fn divisor(&self, targets: &[Vec<f64>]) -> Num {
        let rows = Num::exact(targets.len() as f64);
        let Loss::Ce(weight, smoothing) = &self.loss else {
            return rows;
        };
        let counts = |y: &&Vec<f64>| y.iter().any(|y| *y != 0.0);
        if self.is(Mutant::WeightsOfRowsForgotten) {
            return rows;
        }
        if !smoothing.over_weights {
            return Num::exact(targets.iter().filter(counts).count() as f64);
        }
        let product = |(w, y): (&f64, &f64)| Num::exact(*w) * Num::exact(*y);
        let products = |y: &Vec<f64>| weight.iter().zip(y).map(product).collect::<Vec<_>>();
        let all = targets.iter().flat_map(products);
        sum(all, targets.len() + weight.len())
    }

    /// Whether a row is so near a corner that f32 may be on its other side, or that a difference
    /// quotient may reach over it.
    pub(crate) fn is_near_a_corner(&self, tensors: &[Vec<f64>], x: &[f64], y: &[f64]) -> bool {
        let near = |x: f64| x.abs() < 1e-3;
        let all = self.forward(tensors, x);
        let corner = |(stage, x): (&Stage, &Vec<Num>)| match stage {
            Stage::Relu | Stage::LeakyRelu(_) => x.iter().any(|x| near(x.value)),
            Stage::HardTanh => x.iter().any(|x| near(x.value.abs() - 1.0)),
            _ => false,
        };
        let logits = &all[all.len() - 1];
        let mut offs = logits.iter().zip(y).map(|(z, y)| (z.value - y).abs());
        let at_head = match self.loss {
            Loss::L1 => offs.any(near),
            Loss::Huber(d) | Loss::SmoothL1(d) => offs.any(|off| near(off - d)),
            _ => false,
        };
        at_head || self.stages.iter().zip(&all).any(corner)
    }
}

impl Stage {
    /// An activation. What it is off is what the crate states, an ulp being two units.
    fn y(self, x: Num) -> Num {
        let v = x.value;
        let logistic = 1.0 / (1.0 + (-v).exp());
        match self {
            Self::LeakyRelu(slope) if v <= 0.0 => Num::exact(slope).off(1.0, slope) * x,
            Self::Relu if v <= 0.0 => Num::ZERO,
            Self::HardTanh if v.abs() >= 1.0 => Num::exact(v.signum()),
            Self::Sigmoid => x.map(logistic, logistic * (1.0 - logistic), 3.6),
            Self::Tanh => x.map(v.tanh(), 1.0 - v.tanh().powi(2), 4.2),
            Self::Softplus => x.map(v.max(0.0) + (-v.abs()).exp().ln_1p(), logistic, 4.2),
            Self::Elu if v <= 0.0 => x.map(v.exp_m1(), v.exp(), 4.0),
            _ => x,
        }
    }

    /// The slope of an activation. Those of sigmoid and tanh are made from y, so they are off by
    /// 2^-22, four units of 1.
    fn slope(self, x: Num) -> Num {
        let v = x.value;
        let logistic = 1.0 / (1.0 + (-v).exp());
        let (s, t) = (logistic * (1.0 - logistic), v.tanh());
        match self {
            Self::LeakyRelu(slope) if v <= 0.0 => Num::exact(slope).off(1.0, slope),
            Self::Relu if v <= 0.0 => Num::ZERO,
            Self::HardTanh if v.abs() >= 1.0 => Num::ZERO,
            Self::Sigmoid => x.map(s, s * (1.0 - 2.0 * logistic), 0.0).off(4.0, 1.0),
            Self::Tanh => x
                .map(1.0 - t * t, -2.0 * t * (1.0 - t * t), 0.0)
                .off(4.0, 1.0),
            Self::Softplus => x.map(logistic, s, 3.6),
            Self::Elu if v <= 0.0 => x.map(v.exp(), v.exp(), 4.0),
            _ => Num::exact(1.0),
        }
    }
}
