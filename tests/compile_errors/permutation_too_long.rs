//! More places than `u16` has.
// E0080: more than 65,536 places do not fit in u16

use stackprop::Random;

fn main() {
    let _ = Random::new(1).permutation::<65537>();
}
