//! The learner of `examples/device` on the host: it ends with the weights that the firmware ends
//! with, whether it is kept in a record or not. Where the bits are meant to change, `GOLDEN` in
//! `examples/device/learner.rs` is what fails here says.

#[path = "../examples/shared/hash.rs"]
mod hash;
#[path = "../examples/device/learner.rs"]
mod learner;
#[path = "../examples/shuttle/learning/rows.rs"]
mod rows;

use learner::{GOLDEN, Learner};
use stackprop::Record;

/// Every 777 rows a new learner takes over from the record of the last one.
#[test]
fn ends_with_the_weights_of_the_firmware() -> Result<(), Box<dyn std::error::Error>> {
    let mut unbroken = Learner::new();
    let mut kept = Learner::new();
    let mut record = [0; Learner::RECORD_BYTES];
    let mut steps = 0;
    for (row, anomaly) in rows::rows() {
        unbroken.step(&row, anomaly)?;
        kept.step(&row, anomaly)?;
        steps += 1;
        if steps % 777 == 0 {
            kept.to_bytes(steps, &mut record)?;
            kept = Learner::new();
            assert_eq!(kept.from_bytes(&record)?, steps);
        }
    }
    assert_eq!(steps, rows::ROWS as u64);
    let hashes = [&unbroken, &kept].map(|learner| hash::hash(&learner.online.network));
    assert_eq!(hashes, [GOLDEN; 2], "{:#018x}", hashes[0]);
    assert!(kept.decisions.f1() > 0.97, "{}", kept.decisions.f1());
    assert_eq!(kept.decisions, unbroken.decisions);
    Ok(())
}
