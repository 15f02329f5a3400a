//! A fleet of four devices that learn together and keep their data: federated learning by Flower,
//! with devices that are this program or chips in QEMU. The guide says what travels and has the
//! commands.
//!
//! ```text
//! cargo run --release --example fleet
//! ```
//!
//! needs no Flower: it compares what the fleet reaches with devices that learn alone, and with one
//! learner that has all windows. `command.rs` has the commands of a device.

mod average;
mod command;
mod comparison;
#[path = "../activity/learning/features.rs"]
mod features;
mod learner;
#[path = "../shared/mod.rs"]
mod shared;
#[path = "../activity/learning/windows.rs"]
mod windows;

use command::Result;
use shared::{chart, hash};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.is_empty() {
        return comparison::show();
    }
    let commands = "start RECORD | device RECORD UPDATE DEVICE | average STRATEGY RECORD FOLDER";
    command::run(&words).unwrap_or_else(|| Err(commands.into()))
}
