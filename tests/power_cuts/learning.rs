//! Learners whose power is cut in the middle of saves until they have learned all rows: their
//! weights are those of a learner whose power was never cut.

use fastrand::Rng;
use libtest_mimic::Failed;
use stackprop::flash::{Blocking, Geometry, Store};
use stackprop::{Adam, Normalizer, Online, Random, Record, Relu, Sgd, SigmoidBce, net, record};

use crate::cuts::Count;
use crate::nor::{Moment, Nor};

/// Steps from one save to the next.
const SAVE_EVERY: u64 = 5;

/// A learner that draws its rows from a random generator of its own.
trait Learns: Record {
    fn new() -> Self;
    fn step(&mut self);
    fn weights(&self) -> Vec<f32>;
}

/// A learner with this network and this optimiser.
macro_rules! learner {
    ($name:ident, $inputs:literal, $network:ty, $optimizer:ty, $start:expr) => {
        struct $name {
            online: Online<$network, $optimizer>,
            normalizer: Normalizer<$inputs>,
            random: Random,
        }

        record!($name {
            online,
            normalizer,
            random
        });

        impl Learns for $name {
            fn new() -> Self {
                Self {
                    online: Online::new(<$network>::new(1), $start),
                    normalizer: Normalizer::new(),
                    random: Random::new(2),
                }
            }

            fn step(&mut self) {
                let row = std::array::from_fn(|_| 20.0 + self.random.uniform(5.0));
                self.normalizer.observe(&row).unwrap();
                let x = self.normalizer.scale(&row);
                let target = std::array::from_fn(|n| f32::from(u8::from(x[n] > 0.0)));
                self.online.step(&x, &target).unwrap();
            }

            fn weights(&self) -> Vec<f32> {
                let tensors = self.online.network.tensors();
                tensors.flat_map(|tensor| tensor.values).copied().collect()
            }
        }
    };
}

learner!(Tiny, 2, net![2 => 1, SigmoidBce], Sgd, Sgd::new(0.1));
learner!(
    Small,
    3,
    net![3, Standardize => 8, Relu => 1, SigmoidBce],
    Adam,
    Adam::new(0.01)
);
learner!(
    Large,
    16,
    net![16 => 32, Relu => 16, Relu => 4, SigmoidBce],
    Adam,
    Adam::new(0.01)
);

/// Learners of 150, 700 and 13,900 bytes, in one page to twenty for a record.
pub(crate) fn goes_on(effort: f64) -> Result<(), Failed> {
    let steps = |most: f64| (most * effort.sqrt()).max(20.0) as u64;
    let counts = [
        life::<Tiny, 4096, 4>(steps(4000.0)),
        life::<Small, 256, 8>(steps(3000.0)),
        life::<Small, 4096, 4>(steps(3000.0)),
        life::<Large, 1024, 32>(steps(1000.0)),
        life::<Large, 4096, 1>(steps(1000.0)),
        life::<Large, 8192, 16>(steps(1000.0)),
    ];
    for Count {
        saves,
        cut_points,
        losses,
    } in counts
    {
        println!("  {saves} saves, {cut_points} cut points, {losses} losses");
        if losses > 0 {
            return Err("a save was lost, or learning went another way".into());
        }
    }
    Ok(())
}

/// Learns in flash of this kind, and boots again after each cut.
fn life<L: Learns, const PAGE: usize, const WORD: usize>(steps: u64) -> Count {
    let geometry = Geometry::of::<Blocking<Nor<PAGE, WORD>>>();
    let pages = geometry.pages(L::RECORD_BYTES).expect("a possible flash");
    let mut life = Life {
        nor: Nor::<PAGE, WORD>::new(pages, false),
        rng: Rng::with_seed(3),
        count: Count::default(),
        saved: 0,
    };
    loop {
        life.nor.power_on();
        if let Some(learner) = life.boot::<L>(steps) {
            let mut unbroken = L::new();
            (0..steps).for_each(|_| unbroken.step());
            life.count.losses += u64::from(learner.weights() != unbroken.weights());
            return life.count;
        }
    }
}

struct Life<const PAGE: usize, const WORD: usize> {
    nor: Nor<PAGE, WORD>,
    rng: Rng,
    count: Count,
    /// The steps of the last save that came back without an error.
    saved: u64,
}

impl<const PAGE: usize, const WORD: usize> Life<PAGE, WORD> {
    /// Goes on from flash, to the last step or to a cut. About every second save is cut.
    fn boot<L: Learns>(&mut self, steps: u64) -> Option<L> {
        let mut learner = L::new();
        let mut bytes = vec![0; L::RECORD_BYTES];
        let mut step = 0;
        if self.store::<L>().load_blocking(&mut bytes).unwrap() {
            step = learner.from_bytes(&bytes).unwrap();
        }
        self.count.losses += u64::from(step < self.saved);
        while step < steps {
            learner.step();
            step += 1;
            if step % SAVE_EVERY == 0 {
                learner.to_bytes(step, &mut bytes).unwrap();
                self.save::<L>(step, &bytes);
                if !self.nor.is_on() {
                    return None;
                }
            }
        }
        Some(learner)
    }

    fn save<L: Learns>(&mut self, step: u64, bytes: &[u8]) {
        let operations = self.operations::<L>(bytes);
        let moments = [Moment::Before, Moment::Middle, Moment::After];
        let moment = moments[self.rng.usize(..3)];
        let cut = self.rng.u64(..2 * operations);
        self.nor.cut_at(cut, moment, self.rng.u64(..));
        let result = self.store::<L>().save_blocking(bytes);
        self.count.saves += 1;
        if result.is_ok() {
            self.saved = step;
        }
        if self.nor.is_on() {
            self.nor.power_on();
        } else {
            self.count.cut_points += 1;
        }
    }

    /// How many operations this save takes.
    fn operations<L: Learns>(&mut self, bytes: &[u8]) -> u64 {
        self.nor.power_on();
        let before = self.nor.clone();
        self.store::<L>().save_blocking(bytes).unwrap();
        let operations = self.nor.operations;
        self.nor = before;
        operations
    }

    fn store<L: Learns>(&mut self) -> Store<Blocking<&mut Nor<PAGE, WORD>>> {
        let end = u32::try_from(self.nor.bytes.len()).expect("an address");
        Store::new(Blocking(&mut self.nor), 0..end, L::RECORD_BYTES).expect("a range")
    }
}
