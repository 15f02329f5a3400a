//! What the device learns, and all of it that has to outlive a reset. Host and chip run the same
//! program, hence `no_std`.

use super::rows::ATTRIBUTES;
use stackprop::{
    Adam, BinaryConfusionMatrix, Error, Normalizer, Online, Relu, SigmoidBce, net, record,
    safetensors,
};

/// The hash of the weights after all rows, on every target, with and without resets.
pub(crate) const GOLDEN: u64 = 0xe9d6_5f77_4623_fec4;

/// The learning rate of `examples/shuttle`.
const LEARNING_RATE: f32 = 5e-3;

/// A number is cut at so many standard deviations, as in `examples/shuttle`.
const LIMIT: f32 = 3.0;

pub(crate) type Detector = net![ATTRIBUTES => 16, Relu => 8, Relu => 1, SigmoidBce];

safetensors! {
    /// The network that a new device starts with: `examples/data/train_shuttle.py`.
    static FACTORY: Detector = include_bytes!("../data/shuttle.safetensors");
}

/// Network, optimiser, scaling and score.
pub(crate) struct Learner {
    pub(crate) online: Online<Detector, Adam>,
    normalizer: Normalizer<ATTRIBUTES>,
    pub(crate) decisions: BinaryConfusionMatrix,
}

record!(Learner {
    online,
    normalizer,
    decisions
});

impl Learner {
    /// As it leaves the factory.
    pub(crate) fn new() -> Self {
        Self {
            online: Online::new(FACTORY, Adam::new(LEARNING_RATE)),
            normalizer: Normalizer::new(),
            decisions: BinaryConfusionMatrix::new(),
        }
    }

    /// Predicts a row, then learns from it.
    pub(crate) fn step(&mut self, row: &[f32; ATTRIBUTES], anomaly: bool) -> Result<(), Error> {
        self.normalizer.observe(row)?;
        let x = self.normalizer.scale(row).map(|z| z.clamp(-LIMIT, LIMIT));
        let target = [f32::from(anomaly)];
        let [y_hat] = self.online.test_then_train(&x, &target)?.y_hat;
        self.decisions.observe(y_hat > 0.5, anomaly);
        Ok(())
    }
}
