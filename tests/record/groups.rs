//! Parameter groups: settings, what is frozen, and what each group remembers.

use crate::common::nets::{Small, row};
use stackprop::optim::ByLayer;
use stackprop::record::{self, Part};
use stackprop::{Adam, Groups, Online, Optimizer, Record, Setting, Sgd};

type Learner = Online<Small, Groups<Adam, ByLayer, 2>>;

/// A learner that has taken six steps, the last three with its first layer frozen.
fn learner() -> Learner {
    let mut online = Online::new(Small::new(1), Groups::by_layer([0.01, 0.02].map(Adam::new)));
    for k in 0..6 {
        if k == 3 {
            online.optimizer.freeze(0).unwrap();
        }
        let (x, y) = row(k);
        online.step(&x, &y).unwrap();
    }
    online
}

/// Through a record, training goes on with the same bits, and what was frozen still is.
#[test]
fn recorded() {
    let mut online = learner();
    let mut bytes = [0; Learner::RECORD_BYTES];
    online.to_bytes(6, &mut bytes).unwrap();
    let mut read = Learner::unset();
    assert_eq!(read.optimizer, Groups::UNSET);
    assert_eq!(read.from_bytes(&bytes), Ok(6));
    assert_eq!(read.optimizer, online.optimizer);
    assert!(read.optimizer.is_frozen(0));
    for k in 6..12 {
        if k == 9 {
            read.optimizer.thaw(0).unwrap();
            online.optimizer.thaw(0).unwrap();
        }
        let (x, y) = row(k);
        assert_eq!(read.step(&x, &y), online.step(&x, &y));
    }
    assert_eq!(read.network, online.network);
    assert_eq!(read.state.shared, online.state.shared);
}

/// The rule and the number of groups are part of what a record says that it holds; settings that
/// no step can be taken with are not written.
#[test]
fn records_that_do_not_fit() {
    const CONTENTS: &str = "Groups{ByLayer:{groups:[2]Sgd{lr:f32},frozen:[2]bool}}";
    assert_eq!(<Groups<Sgd, ByLayer, 2>>::CONTENTS.to_string(), CONTENTS);
    let mut bytes = [0; Learner::RECORD_BYTES];
    let mut online = learner();
    online.to_bytes(6, &mut bytes).unwrap();
    let mut other = Online::new(
        Small::new(2),
        Groups::by_kind(Adam::new(0.1), Adam::new(0.2)),
    );
    let before = other.clone();
    assert!(other.from_bytes(&bytes).is_err());
    assert_eq!(other.network, before.network);
    online.optimizer.groups[1].set_lr(f32::NAN);
    let refused = online.to_bytes(6, &mut bytes);
    assert_eq!(refused, Err(record::Error::Setting(Setting::Lr)));
}
