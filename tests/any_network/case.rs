//! A network with its batch, what the crate gives for it, and the comparison.

use super::heads::{KnownHead, between, target};
use super::model::{Batch, Model, Stage};
use super::num::Num;
use super::training::{Training, train};
use super::words;
use fastrand::Rng;
use stackprop::{Layer, Network, Zero, weights};

/// What the crate gives.
#[derive(Clone)]
struct Ours {
    loss: f32,
    gradient: Vec<Vec<f32>>,
    logits: Vec<Vec<f32>>,
    y_hat: Vec<Vec<f32>>,
    inputs: Vec<Vec<f32>>,
}

/// A network as the model knows it, a batch, and what the crate gives for it.
#[derive(Clone)]
pub(crate) struct Case {
    words: String,
    pub(crate) model: Model,
    tensors: Vec<Vec<f64>>,
    rows: Vec<Vec<f64>>,
    pub(crate) targets: Vec<Vec<f64>>,
    ours: Ours,
    pub(crate) training: Training,
}

pub(crate) fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// All tensors of a network.
pub(crate) fn tensors<L: Layer<I, O>, H, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
) -> Vec<Vec<f64>> {
    weights::tensors(&net.layers)
        .map(|tensor| wide(tensor.values))
        .collect()
}

/// `net` with random weights and settings, and a random batch of 1 to 100 rows.
pub(crate) fn random<L, H, const I: usize, const O: usize>(
    text: &str,
    mut net: Network<L, H, I, O>,
    rng: &mut Rng,
) -> Case
where
    L: Layer<I, O> + Zero,
    H: KnownHead<O>,
{
    net.visit_mut(|tensor| {
        let (low, high) = match tensor.name.field {
            "scale" => (0.5, 2.0),
            _ => (-1.0, 1.0),
        };
        tensor.values.fill_with(|| between(rng, low, high));
    });
    let (head, (loss, factor)) = H::random(rng);
    net.head = head;
    let (inputs, stages) = words::read(text);
    let model = Model {
        inputs,
        stages,
        loss,
        factor,
        mutant: None,
    };
    let tensors = tensors(&net);
    let count = rng.usize(1..=100);
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    while rows.len() < count {
        let x: [f32; I] = core::array::from_fn(|_| between(rng, -2.0, 2.0));
        let y = target(rng, &model.loss);
        // A batch needs a row that counts.
        let counts = !rows.is_empty() || model.loss.counts(&y);
        if counts && !model.is_near_a_corner(&tensors, &wide(&x), &wide(&y)) {
            rows.push(x);
            targets.push(y);
        }
    }
    Case {
        words: text.to_owned(),
        ours: ours(&net, &rows, &targets),
        training: train(net, &rows, &targets, rng),
        model,
        tensors,
        rows: rows.iter().map(|x| wide(x)).collect(),
        targets: targets.iter().map(|y| wide(y)).collect(),
    }
}

/// What the crate gives for a batch, and for each row by itself.
fn ours<L: Layer<I, O>, H: KnownHead<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Ours {
    let mut grad = L::fill::<f32>(f32::NAN);
    let loss = net.gradient_batch(rows, targets, &mut grad).unwrap();
    let mut y_hat = vec![[f32::NAN; O]; rows.len()];
    net.forward_batch(rows, &mut y_hat).unwrap();
    let tensors = weights::gradients_of::<L>(&grad);
    let back = |(x, y): (&[f32; I], &[f32; O])| {
        let input = net.backward(x, &net.trace(x), y).input;
        input.to_vec()
    };
    Ours {
        loss,
        gradient: tensors.map(|tensor| tensor.values.to_vec()).collect(),
        logits: rows.iter().map(|x| net.logits(x).to_vec()).collect(),
        y_hat: y_hat.iter().map(|y| y.to_vec()).collect(),
        inputs: rows.iter().zip(targets).map(back).collect(),
    }
}

/// The worst share of the bound, or what is off.
pub(crate) struct Worst(pub(crate) f64);

impl Worst {
    pub(crate) fn check(&mut self, name: &str, got: &[f32], exact: &[Num]) -> Result<(), String> {
        assert_eq!(got.len(), exact.len(), "{name}");
        for (k, (got, exact)) in got.iter().zip(exact).enumerate() {
            let share = exact.share(*got);
            if share > 1.0 {
                return Err(format!("{name}, number {k}: {got:?} is not {exact:?}"));
            }
            self.0 = self.0.max(share);
        }
        Ok(())
    }
}

impl Case {
    /// What the model gives for the batch.
    pub(crate) fn batch(&self) -> Batch {
        self.batch_of(&self.model)
    }

    /// What another model gives for it.
    pub(crate) fn batch_of(&self, model: &Model) -> Batch {
        model.batch(&self.tensors, &self.rows, &self.targets)
    }

    /// The crate's numbers against those of a model, which gives `batch`: the largest share of the
    /// bound, or what is wrong.
    pub(crate) fn compare(&self, model: &Model, batch: &Batch) -> Result<f64, String> {
        let (mut worst, ours) = (Worst(0.0), &self.ours);
        let name = |what: &str| format!("{what} of {}, {} rows", self.words, self.rows.len());
        for (row, logits) in batch.logits.iter().enumerate() {
            worst.check(&name("logits"), &ours.logits[row], logits)?;
            worst.check(&name("y_hat"), &ours.y_hat[row], &model.predict(logits))?;
            worst.check(
                &name("input gradient"),
                &ours.inputs[row],
                &batch.inputs[row],
            )?;
        }
        worst.check(&name("loss"), &[ours.loss], &[batch.loss])?;
        assert_eq!(ours.gradient.len(), batch.gradient.len(), "{}", self.words);
        for (t, (ours, exact)) in ours.gradient.iter().zip(&batch.gradient).enumerate() {
            worst.check(&name(&format!("gradient {t}")), ours, exact)?;
        }
        Ok(worst.0)
    }

    /// The same with one number of the gradient off by `share` of the largest of its tensor.
    pub(crate) fn spoilt(&self, rng: &mut Rng, share: f32) -> Self {
        let mut case = self.clone();
        let tensor = rng.usize(..case.ours.gradient.len());
        let tensor = &mut case.ours.gradient[tensor];
        let largest = tensor.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
        let place = rng.usize(..tensor.len());
        tensor[place] += share * largest;
        case
    }

    /// Central differences of the model's loss, at some parameters and at an input of each of some
    /// rows: how far they are from its gradients at most.
    pub(crate) fn differences(&self, rng: &mut Rng) -> f64 {
        let batch = self.batch();
        let mut worst: f64 = 0.0;
        let mut close = |exact: Num, at: &dyn Fn(f64) -> f64| {
            let off = (exact.value - (at(STEP) - at(-STEP)) / (2.0 * STEP)).abs();
            assert!(off <= DIFFERENCES, "{}: {off:e} off {exact:?}", self.words);
            worst = worst.max(off);
        };
        for (gradient, tensor) in batch.gradient.iter().zip(self.learning()) {
            let k = rng.usize(..gradient.len());
            close(gradient[k], &|h| {
                let mut tensors = self.tensors.clone();
                tensors[tensor][k] += h;
                let batch = self.model.batch(&tensors, &self.rows, &self.targets);
                batch.loss.value
            });
        }
        for (row, gradient) in batch.inputs.iter().enumerate().step_by(10) {
            let i = rng.usize(..self.model.inputs);
            close(gradient[i], &|h| {
                let mut x = self.rows[row].clone();
                x[i] += h;
                let all = self.model.forward(&self.tensors, &x);
                let (loss, _) = self.model.slopes(&all[all.len() - 1], &self.targets[row]);
                loss.value
            });
        }
        worst
    }

    /// The places of the tensors that learn: all but the two of a `Standardize` at the beginning.
    fn learning(&self) -> core::ops::Range<usize> {
        let first = if self.model.stages[0] == Stage::Standardize {
            2
        } else {
            0
        };
        first..self.tensors.len()
    }

    /// The layer of each tensor that learns, counted among these, and whether it is a bias.
    pub(crate) fn layers(&self) -> Vec<(usize, bool)> {
        let linear = self.model.stages.iter().filter_map(|stage| match stage {
            Stage::Linear { bias, .. } => Some(*bias),
            _ => None,
        });
        let of = |(layer, bias): (usize, bool)| {
            let both = [(layer, false), (layer, true)];
            both.into_iter().take(1 + usize::from(bias))
        };
        linear.enumerate().flat_map(of).collect()
    }

    /// The gradient of the model with these tensors.
    pub(crate) fn batch_at(&self, tensors: &[Vec<f64>]) -> Batch {
        self.model.batch(tensors, &self.rows, &self.targets)
    }

    /// Of all tensors those that learn.
    pub(crate) fn learning_of<'a>(&self, tensors: &'a [Vec<f64>]) -> &'a [Vec<f64>] {
        &tensors[self.learning()]
    }

    pub(crate) fn words(&self) -> &str {
        &self.words
    }
}

/// The step of the differences, and what they may be off: 1e-12 of a third derivative of up to
/// 1000, and 1e-16 / 1e-6 of losses of up to 10 from rounding.
const STEP: f64 = 1e-6;
const DIFFERENCES: f64 = 1e-8;
