//! A learner for years on a sensor that is broken for a quarter of the time: nothing bad gets into
//! it. On the host and on chips, with the same bits.

use super::extremes::EXTREMES;
use core::hash::Hasher;
use fnv::FnvHasher;
use stackprop::guard::MAX_WEIGHT;
use stackprop::optim::Momentum;
use stackprop::{Guard, Online, Optimizer, Random, Relu, Sgd, SigmoidBce, net, weights};

pub(crate) type Detector = net![3 => 4, Relu => 1, SigmoidBce];

/// How many steps chips take.
pub(crate) const CHIP_STEPS: u32 = 100_000;

/// A learner and its sensor.
pub(crate) struct Soak<Opt: Optimizer> {
    pub(crate) online: Online<Detector, Opt>,
    random: Random,
    pub(crate) learned: u32,
    pub(crate) refused: u32,
}

impl<Opt: Optimizer<Shared: PartialEq, State: PartialEq>> Soak<Opt> {
    pub(crate) fn new(optimizer: Opt) -> Self {
        Self {
            online: Online::new(Detector::new(3), optimizer),
            random: Random::new(5),
            learned: 0,
            refused: 0,
        }
    }

    /// What a sensor in order gives: whether the first number is the largest.
    pub(crate) fn good(random: &mut Random) -> ([f32; 3], [f32; 1]) {
        let x = [(); 3].map(|()| random.uniform(2.0));
        let largest = x[0] > x[1] && x[0] > x[2];
        (x, [f32::from(u8::from(largest))])
    }

    /// Learns from so many samples. False if a weight is not finite or too large, or if a step that
    /// was refused has changed something.
    pub(crate) fn run(&mut self, steps: u32) -> bool {
        let mut fine = true;
        for _ in 0..steps {
            let (mut x, mut target) = Self::good(&mut self.random);
            if self.random.below(4) == 0 {
                let spoilt = x.iter_mut().chain(&mut target);
                let at = self.random.below(4) as usize;
                spoilt
                    .skip(at)
                    .take(1)
                    .for_each(|x| *x = hostile(&mut self.random));
            }
            let before = (self.online.network, self.online.state);
            if self.online.step(&x, &target).is_ok() {
                self.learned += 1;
            } else {
                self.refused += 1;
                fine &= before == (self.online.network, self.online.state);
            }
            fine &= self.weights().all(|w| w.abs() <= MAX_WEIGHT);
        }
        fine
    }

    /// Of the weights.
    pub(crate) fn digest(&self) -> u64 {
        let mut hasher = FnvHasher::default();
        self.weights()
            .for_each(|w| hasher.write_u32(w.to_bits().to_le()));
        hasher.finish()
    }

    fn weights(&self) -> impl Iterator<Item = f32> {
        let tensors = weights::tensors(&self.online.network);
        tensors.flat_map(|tensor| tensor.values.iter().copied())
    }
}

impl Soak<Sgd<Momentum>> {
    /// The learner of the chips. Clipping keeps the steps that a broken sensor causes short.
    pub(crate) fn on_chips() -> Self {
        let mut soak = Self::new(Sgd::new(0.01).momentum(0.9));
        soak.online.guard = Guard::new().max_norm(1.0);
        soak
    }
}

/// An extreme number, or any bits.
fn hostile(random: &mut Random) -> f32 {
    let extreme = EXTREMES.get(random.below(32) as usize).copied();
    extreme.unwrap_or_else(|| f32::from_bits(random.bits()))
}
