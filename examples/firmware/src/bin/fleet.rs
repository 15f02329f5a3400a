//! A device of the fleet of `examples/fleet`: a round of learning. Its arguments are the file with
//! the record of the network of all, the file for its update, and its number; on a real device the
//! two records would come and go by radio. The exit code is 0 only if it has written an update;
//! else it says why in a line of plain text. In QEMU with `-icount shift=0` it counts its
//! instructions.

#![no_std]
#![no_main]

#[path = "../../../activity/learning/features.rs"]
mod features;
#[path = "../../../fleet/learner.rs"]
mod learner;
#[path = "../../../activity/learning/windows.rs"]
mod windows;

use core::ffi::CStr;
use firmware::count::Counter;
use firmware::{entry, exit};
use learner::{Classifier, Update, round};
use semihosting::experimental::env;
use semihosting::fs::{self, File};
use semihosting::io::Read;
use semihosting::println;
use stackprop::Record;

/// The longest line of arguments.
const LINE: usize = 1024;

/// The longest path, with its 0.
const PATH: usize = 512;

/// The exit code if the device does not take part in the round.
const REFUSED: i32 = 1;

#[entry]
fn main() -> ! {
    exit(match learn() {
        Ok(()) => 0,
        Err(()) => REFUSED,
    })
}

/// Reads, learns, writes.
fn learn() -> Result<(), ()> {
    let words = env::args::<LINE>().map_err(|_| println!("no arguments"))?;
    let mut words = (&words).into_iter().filter_map(Result::ok).skip(1);
    let (Some(from), Some(to), Some(Ok(device))) =
        (words.next(), words.next(), words.next().map(str::parse))
    else {
        println!("usage: fleet RECORD UPDATE DEVICE");
        return Err(());
    };
    let mut network = [0; Classifier::RECORD_BYTES];
    let length = read(from, &mut network)?;
    let network = network.get(..length).unwrap_or_default();
    let mut update = [0; Update::RECORD_BYTES];
    let (mut counter, mut done) = (Counter::start(), Ok(()));
    let mut learns = || done = round(network, device, &mut update);
    let instructions = match &mut counter {
        Some(counter) => counter.once(learns),
        None => {
            learns();
            0
        }
    };
    done.map_err(|why| println!("{why}"))?;
    println!("{instructions} instructions");
    with_path(to, |path| fs::write(path, update).is_ok())
}

/// How many bytes there are; only as many as a record has are read.
fn read(path: &str, bytes: &mut [u8]) -> Result<usize, ()> {
    let mut length = 0;
    with_path(path, |path| {
        let Ok(mut file) = File::open(path) else {
            return false;
        };
        while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match file.read(rest) {
                Ok(0) => return true,
                Ok(more) => length += more,
                Err(_) => return false,
            }
        }
        // One more byte would be another record.
        let mut more = [0];
        let is_end = matches!(file.read(&mut more), Ok(0));
        length = if is_end { length } else { 0 };
        true
    })?;
    Ok(length)
}

/// Does something with the file of this name.
fn with_path(name: &str, mut run: impl FnMut(&CStr) -> bool) -> Result<(), ()> {
    let mut bytes = [0; PATH];
    if let Some(place) = bytes.get_mut(..name.len()) {
        place.copy_from_slice(name.as_bytes());
        if CStr::from_bytes_until_nul(&bytes).is_ok_and(&mut run) {
            return Ok(());
        }
    }
    println!("the file {name} cannot be used");
    Err(())
}
