//! The commands of the host: a device of the fleet, and the plain average of the records that a
//! server has kept.

use super::average::Strategy;
use super::hash::hash;
use super::learner::{Classifier, DEVICES, Update, round};
use core::error::Error;
use stackprop::Record;
use std::fs;
use std::path::Path;

/// The seed of the first network.
pub(crate) const SEED: u64 = 1;

/// What is wrong, in words.
pub(crate) type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// Runs a command; `None` if there is none of this name.
///
/// ```text
/// start RECORD                        writes the first network
/// device RECORD UPDATE DEVICE         a round on this device
/// average STRATEGY RECORD FOLDER      a line for each round in the folder, from its updates
/// ```
pub(crate) fn run(words: &[&str]) -> Option<Result<()>> {
    match words {
        ["start", record] => Some(start(record)),
        ["device", record, update, device] => Some(learn(record, update, device)),
        ["average", strategy, record, folder] => {
            let lines = average(strategy, Path::new(record), Path::new(folder));
            Some(lines.map(|lines| lines.iter().for_each(|line| println!("{line}"))))
        }
        _ => None,
    }
}

fn start(record: &str) -> Result<()> {
    let mut bytes = [0; Classifier::RECORD_BYTES];
    Classifier::new(SEED).to_bytes(0, &mut bytes)?;
    Ok(fs::write(record, bytes)?)
}

fn learn(record: &str, update: &str, device: &str) -> Result<()> {
    let mut bytes = [0; Update::RECORD_BYTES];
    round(&fs::read(record)?, device.parse()?, &mut bytes)?;
    Ok(fs::write(update, bytes)?)
}

/// The line of a round.
pub(crate) fn line(round: u64, network: &Classifier) -> String {
    format!("round {round} hash {:016x}", hash(network))
}

/// The lines of all rounds of which `folder` has updates, as `round-1-device-0.record`. An update
/// that cannot be read, or is of another round, is left out.
pub(crate) fn average(strategy: &str, record: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut strategy = Strategy::named(strategy).ok_or("no strategy of this name")?;
    let mut network = Classifier::zeros();
    let mut number = network.from_bytes(&fs::read(record)?)?;
    let mut lines = vec![line(number, &network)];
    loop {
        number += 1;
        let path = |device| folder.join(format!("round-{number}-device-{device}.record"));
        let found: Vec<Vec<u8>> = (0..DEVICES).map(path).flat_map(fs::read).collect();
        if found.is_empty() {
            return Ok(lines);
        }
        let good = found.iter().filter_map(|bytes| read(bytes, number).ok());
        network = strategy.round(&network, good.collect())?;
        lines.push(line(number, &network));
    }
}

/// An update of this round.
fn read(bytes: &[u8], round: u64) -> Result<Update> {
    let mut update = Update {
        network: Classifier::zeros(),
        device: 0,
        samples: 0,
    };
    if update.from_bytes(bytes)? != round || update.samples == 0 {
        return Err("an update of another round, or from no sample".into());
    }
    Ok(update)
}

/// The same rounds with no server and no files: all devices, in their order. Tells each network.
pub(crate) fn rounds(
    strategy: &str,
    seed: u64,
    rounds: u64,
    mut each: impl FnMut(u64, &Classifier),
) -> Result<()> {
    let mut strategy = Strategy::named(strategy).ok_or("no strategy of this name")?;
    let mut network = Classifier::new(seed);
    each(0, &network);
    for number in 1..=rounds {
        let mut record = [0; Classifier::RECORD_BYTES];
        network.to_bytes(number - 1, &mut record)?;
        let one = |device| -> Result<Update> {
            let mut bytes = [0; Update::RECORD_BYTES];
            round(&record, device, &mut bytes)?;
            read(&bytes, number)
        };
        let updates = (0..DEVICES).map(one).collect::<Result<_>>()?;
        network = strategy.round(&network, updates)?;
        each(number, &network);
    }
    Ok(())
}
