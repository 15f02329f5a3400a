//! Without tools: the bits of sixty rounds, what a device refuses, and the averages.

use crate::average::Strategy;
use crate::command::{SEED, average};
use crate::damage::{KINDS, damage};
use crate::learner::{Classifier, DEVICES, Refused, Update, round};
use crate::{ROUNDS, folder, plain};
use libtest_mimic::{Failed, Trial};
use stackprop::{Params, Record, record};

type Result<T> = core::result::Result<T, Failed>;

/// The last lines of sixty rounds. Where the bits are meant to change, what fails here says them.
const GOLDEN: [(&str, &str); 3] = [
    ("fedavg", "round 60 hash f5c7d4e6cd267728"),
    ("fedadam", "round 60 hash ef8383e796d260d4"),
    ("fedmedian", "round 60 hash 52464b4359c45ce0"),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("host::golden_bits", golden_bits),
        Trial::test("host::the_guide_has_the_lines", guide_has_the_lines),
        Trial::test("host::two_updates_of_a_device", two_of_a_device),
        Trial::test("host::device_refuses", device_refuses),
        Trial::test("host::shards_are_all_windows", shards_are_all_windows),
        Trial::test("host::order_does_not_matter", order_does_not_matter),
        Trial::test("host::averages_by_hand", averages_by_hand),
        Trial::test("host::damaged_records_are_left_out", damaged_are_left_out),
    ]
}

fn golden_bits() -> Result<()> {
    for (strategy, golden) in GOLDEN {
        let lines = plain(strategy, 60)?;
        assert_eq!(lines.last().map(String::as_str), Some(golden), "{strategy}");
    }
    Ok(())
}

/// The first lines, in this order, are in the guide.
fn guide_has_the_lines() -> Result<()> {
    let lines = plain("fedavg", ROUNDS)?.join("\n");
    let guide = include_str!("../../src/guide/beyond.md");
    assert!(guide.contains(&lines), "not in the guide:\n{lines}");
    Ok(())
}

/// Of two updates of one device none counts, in any order; nor does one of a device 4.
fn two_of_a_device() -> Result<()> {
    let network = Classifier::new(SEED);
    for name in ["fedavg", "fedadam", "fedmedian"] {
        let round = |updates| Strategy::named(name).map(|mut kind| kind.round(&network, updates));
        let good = round(made_up(&[1.0, 2.0])?).ok_or("no strategy")??;
        let mut updates = made_up(&[1.0, 2.0, 3.0, 4.0, 5.0])?;
        updates[3].device = 2;
        for _ in 0..updates.len() {
            updates.rotate_left(1);
            let found = round(updates.clone()).ok_or("no strategy")??;
            assert!(found == good, "{name}");
        }
        let none = round(updates.into_iter().filter(|one| one.device > 1).collect());
        assert!(none.ok_or("no strategy")?? == network, "{name}");
    }
    Ok(())
}

/// The record of the first network.
pub(crate) fn first() -> Result<Vec<u8>> {
    let mut bytes = vec![0; Classifier::RECORD_BYTES];
    Classifier::new(SEED).to_bytes(0, &mut bytes)?;
    Ok(bytes)
}

/// Each kind of damage, by the words of the library; a device that there is not; a full update in
/// place of a network.
fn device_refuses() -> Result<()> {
    let mut update = vec![0; Update::RECORD_BYTES];
    for (kind, words) in KINDS {
        let mut bytes = first()?;
        damage(kind, &mut bytes);
        let Err(why) = round(&bytes, 0, &mut update) else {
            return Err(format!("{kind} was taken").into());
        };
        assert!(why.to_string().contains(words), "{kind}: {why}");
        assert!(update.iter().all(|byte| *byte == 0), "{kind}");
    }
    let none = round(&first()?, DEVICES, &mut update);
    assert_eq!(none, Err(Refused::Device(DEVICES)));
    for rounds in [u64::MAX, u64::MAX / 4 + 1] {
        let mut last = first()?;
        Classifier::new(SEED).to_bytes(rounds, &mut last)?;
        let none = round(&last, 0, &mut update);
        assert_eq!(none, Err(Refused::Rounds(rounds)));
    }
    round(&first()?, 0, &mut update)?;
    let other = round(&update.clone(), 0, &mut update);
    let is_other = |why| matches!(why, Refused::Record(record::Error::OtherContents { .. }));
    assert!(other.is_err_and(is_other), "{other:?}");
    Ok(())
}

/// Thirteen, eight, eleven and eight make forty.
fn shards_are_all_windows() -> Result<()> {
    let samples = updates()?.iter().map(|update| update.samples).collect();
    let samples: Vec<u32> = samples;
    assert_eq!(samples, [13, 8, 11, 8]);
    Ok(())
}

/// The updates of the first round.
fn updates() -> Result<Vec<Update>> {
    let first = first()?;
    let one = |device| {
        let mut bytes = vec![0; Update::RECORD_BYTES];
        round(&first, device, &mut bytes)?;
        let mut update = empty();
        update.from_bytes(&bytes)?;
        Ok(update)
    };
    (0..DEVICES).map(one).collect()
}

const fn empty() -> Update {
    Update {
        network: Classifier::zeros(),
        device: 0,
        samples: 0,
    }
}

/// The weights of these devices add up to 3 in order of devices, in f64 too: 2^60 + 1 is 2^60. The
/// bits are those of this order for every order of arrival.
fn order_does_not_matter() -> Result<()> {
    let large = 2.0_f32.powi(60);
    for (name, right) in [("fedavg", 0.75), ("fedmedian", 2.0)] {
        for turn in 0..4 {
            let mut updates = made_up(&[large, 1.0, -large, 3.0])?;
            updates.iter_mut().for_each(|update| update.samples = 1);
            updates.rotate_left(turn);
            let mut strategy = Strategy::named(name).ok_or("no strategy")?;
            let next = strategy.round(&Classifier::new(SEED), updates)?;
            let mut found = [0.0; WEIGHTS];
            next.copy_to_slice(&mut found)?;
            assert!(found == [right; WEIGHTS], "{name}, {turn}: {}", found[0]);
        }
    }
    Ok(())
}

/// Updates with one number as all weights, from 1, 2, 5, 10 samples.
fn made_up(weights: &[f32]) -> Result<Vec<Update>> {
    let of = |(device, weight): (u32, &f32)| {
        let mut update = empty();
        update.network.copy_from_slice(&[*weight; WEIGHTS])?;
        (update.device, update.samples) = (device, 1 + device * device);
        Ok(update)
    };
    (0..).zip(weights).map(of).collect()
}

/// Networks of one number each: 1, 2 and 4 from 1, 2 and 5 samples. The mean is 25/8, the median
/// 2, that of the first two 1.5. With d = 25/8, m = 0.1 d and v = 0.01 d^2, the first step of
/// `FedAdam` is 0.1 sqrt(1 - 0.99^2) / (1 - 0.9^2) * 0.1 d / (0.1 d + 0.001).
fn averages_by_hand() -> Result<()> {
    let step = 0.1 * (1.0_f64 - 0.99 * 0.99).sqrt() / 0.19 * 0.3125 / 0.3135;
    let three = [1.0, 2.0, 4.0];
    for (name, weights, right) in [
        ("fedavg", &three[..], 25.0 / 8.0),
        ("fedmedian", &three[..], 2.0),
        ("fedmedian", &three[..2], 1.5),
        ("fedadam", &three[..], step),
    ] {
        let mut strategy = Strategy::named(name).ok_or("no strategy")?;
        let next = strategy.round(&Classifier::zeros(), made_up(weights)?)?;
        let mut found = [0.0; WEIGHTS];
        next.copy_to_slice(&mut found)?;
        let error = (f64::from(found[0]) / right - 1.0).abs();
        assert!(error < 6e-8, "{name}: {} is not {right}", found[0]);
        assert!(found.iter().all(|weight| *weight == found[0]));
    }
    Ok(())
}

/// All numbers of the network.
const WEIGHTS: usize = Classifier::COUNT;

/// In a folder of kept updates, a damaged one counts as none.
fn damaged_are_left_out() -> Result<()> {
    let folder = folder("left_out")?;
    let start = folder.join("start.record");
    std::fs::write(&start, first()?)?;
    let path = |device| folder.join(format!("round-1-device-{device}.record"));
    for update in updates()?.into_iter().take(3) {
        let mut bytes = vec![0; Update::RECORD_BYTES];
        update.to_bytes(1, &mut bytes)?;
        std::fs::write(path(update.device), bytes)?;
    }
    let without = average("fedavg", &start, &folder)?;
    let last = updates()?.pop().ok_or("no update")?;
    for kind in [
        "bit", "nan", "infinity", "network", "short", "magic", "round", "device",
    ] {
        let mut bytes = vec![0; Update::RECORD_BYTES];
        last.to_bytes(1, &mut bytes)?;
        damage(kind, &mut bytes);
        std::fs::write(path(3), bytes)?;
        assert_eq!(average("fedavg", &start, &folder)?, without, "{kind}");
    }
    let mut good = vec![0; Update::RECORD_BYTES];
    last.to_bytes(1, &mut good)?;
    std::fs::write(path(3), good)?;
    assert_eq!(average("fedavg", &start, &folder)?, plain("fedavg", 1)?);
    assert_ne!(plain("fedavg", 1)?, without);
    Ok(())
}
