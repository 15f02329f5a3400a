//! A budget of memory that is exceeded.
// E0080: needs 272 bytes, budget 100

use stackprop::{Relu, Sgd, SigmoidBce, Trainer, memory, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];
type Learner = Trainer<Detector, Sgd>;
const _: () = memory::assert_within(Learner::BYTES, 100);

fn main() {}
