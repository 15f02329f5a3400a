//! What is measured: networks, operations and profiles, and which of them a run is asked for.

use crate::rig::chips::{CHIPS, Chip};

/// The networks: 3-4-2-1 linear and with ReLU, without biases; 16-32-16-4 with ReLU and biases.
const NETS: [&str; 3] = ["linear", "book", "big"];

/// The operations; [`table`](crate::table) says what they are.
const OPERATIONS: [&str; 14] = [
    "forward",
    "gradient",
    "sgd_step",
    "online",
    "online_adam",
    "trainer",
    "trainer_adam",
    "forward_64",
    "trainer_16",
    "trainer_64",
    "trainer_adam_64",
    "save",
    "load",
    "load_file",
];

/// The one chip without the timer that counts, and with too little memory for some.
const NOT_COUNTED: &str = "microbit";

/// The chips that are also built for size.
const ALSO_SMALL: [&str; 5] = ["m0", "m4f", "m55", "rv32imac", "rv32imafc"];

/// The image of the same in plain Rust, where there is one. Beside a guarded step stands the
/// unguarded one.
pub(crate) fn plain(operation: &str) -> Option<&'static str> {
    match operation {
        "forward" => Some("plain_forward"),
        "gradient" => Some("plain_gradient"),
        "sgd_step" | "online" | "trainer" => Some("plain_sgd_step"),
        "online_adam" | "trainer_adam" => Some("plain_online_adam"),
        "forward_64" => Some("plain_forward_64"),
        "trainer_16" => Some("plain_trainer_16"),
        "trainer_64" => Some("plain_trainer_64"),
        "trainer_adam_64" => Some("plain_trainer_adam_64"),
        _ => None,
    }
}

/// One chip in one profile.
pub(crate) type Job = (&'static Chip, &'static str);

/// The opt-level of a profile.
pub(crate) fn level(profile: &str) -> &'static str {
    match profile {
        "size" => "s",
        _ => "3",
    }
}

/// What a run measures: words that narrow it, of which there may be none.
pub(crate) struct Plan {
    words: Vec<String>,
}

impl Plan {
    /// From the command line. A word is a chip, a profile, a network, an operation, or both of
    /// these as `big.online`.
    pub(crate) fn from_arguments() -> Self {
        let words = std::env::args().skip(1);
        let words: Vec<String> = words.filter(|word| !word.starts_with('-')).collect();
        for word in &words {
            let known = is_chip(word)
                || is_profile(word)
                || NETS.iter().any(|net| {
                    let mut operations = OPERATIONS.iter();
                    operations.any(|operation| is_meant(word, net, operation))
                });
            assert!(known, "`{word}` is no chip, profile, network or operation");
        }
        Self { words }
    }

    /// Whether nothing is left out.
    pub(crate) const fn is_whole(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether there is no word of this kind, or one that fits.
    fn allows(&self, of_kind: impl Fn(&str) -> bool, fits: impl Fn(&str) -> bool) -> bool {
        let mut words = self.words.iter().filter(|word| of_kind(word)).peekable();
        words.peek().is_none() || words.any(|word| fits(word))
    }

    /// All chips in all their profiles.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        let chips = CHIPS.iter().filter(|chip| {
            chip.name != NOT_COUNTED && self.allows(is_chip, |word| word == chip.name)
        });
        let jobs = chips.flat_map(|chip| {
            let small = ALSO_SMALL.contains(&chip.name);
            let profiles = ["speed", "size"].into_iter().take(1 + usize::from(small));
            profiles.map(move |profile| (chip, profile))
        });
        jobs.filter(|(_, profile)| self.allows(is_profile, |word| word == *profile))
            .collect()
    }

    /// The networks, each with its operations.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
        let of_kind = |word: &str| !is_chip(word) && !is_profile(word);
        let nets = NETS.map(|net| {
            let wanted =
                |operation: &&str| self.allows(of_kind, |word| is_meant(word, net, operation));
            (
                net,
                OPERATIONS.into_iter().filter(wanted).collect::<Vec<_>>(),
            )
        });
        nets.into_iter()
            .filter(|(_, operations)| !operations.is_empty())
    }
}

fn is_chip(word: &str) -> bool {
    CHIPS.iter().any(|chip| chip.name == word)
}

fn is_profile(word: &str) -> bool {
    ["speed", "size"].contains(&word)
}

/// Whether a word means this operation of this network.
fn is_meant(word: &str, net: &str, operation: &str) -> bool {
    match word.split_once('.') {
        Some(both) => both == (net, operation),
        None => word == net || word == operation,
    }
}
