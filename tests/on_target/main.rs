//! The firmware, built for each chip of [`CHIPS`] and run in QEMU.
//!
//! Where a tool is missing the trials are reported as ignored, and the first lines say what to
//! install. With `STACKPROP_REQUIRE_TARGETS=1` they fail instead. The log of the firmware is shown
//! when a trial fails, and with `cargo test --test on_target -- --nocapture`.

mod digests;
mod floats;
mod paper;
mod rig;
mod soak;
mod stack;
mod statics;

use libtest_mimic::{Arguments, Failed, Trial};
use rig::chips::{CHIPS, Chip};
use rig::qemu::Qemu;
use rig::tools::{Missing, Toolchain, both};
use rig::trials::{self, required};
use rig::{firmware, qemu};

/// The images that link only without a panic path, as cargo's options.
const NO_PANIC: [&str; 8] = [
    "--bin",
    "no_panic",
    "--bin",
    "no_panic_kit",
    "--bin",
    "no_panic_each_model",
    "--bin",
    "no_panic_each_learning",
];

/// What the linker says of an image that may panic; `examples/firmware/src/bin/no_panic` words it.
const PANIC_PATH: &str = "ERROR: a panic path is linked into this image";

fn main() {
    let arguments = Arguments::from_args();
    let show = arguments.nocapture;
    let mut trials: Vec<Trial> = CHIPS.iter().flat_map(|chip| trials(chip, show)).collect();
    trials.push(Trial::test(
        "thumb_is_read",
        || Ok(stack::thumb::is_read()?),
    ));
    libtest_mimic::run(&arguments, trials).exit();
}

/// A test that builds an image and runs it.
type Test = fn(&Chip, &Toolchain, &Qemu, bool) -> Result<(), Failed>;

/// The images whose exit code is the verdict, each with its trial and with options of QEMU.
const PROGRAMS: [(&str, &str, &[&str]); 4] = [
    ("notebook_bits", "notebook", &[]),
    ("activity", "activity", &[]),
    ("shuttle", "shuttle", &[]),
    // An instruction takes 1 ns: the timer that resets the device counts instructions.
    ("device", "device", &["-icount", "shift=0"]),
];

/// The trials of a chip.
fn trials(chip: &'static Chip, show: bool) -> Vec<Trial> {
    let toolchain = Toolchain::find(chip.triple);
    let qemu = Qemu::find(chip);
    let tools = both(toolchain.clone(), qemu.clone());
    let frames = toolchain.clone().and_then(Toolchain::building_core);
    if let (Err(missing), false) = (&tools, required()) {
        eprintln!("{}: not everything is run: {missing}", chip.name);
    }
    let runs = |name, tools: &Result<_, _>, test: Test| {
        trial(chip, name, tools.clone(), move |(toolchain, qemu)| {
            test(chip, &toolchain, &qemu, show)
        })
    };
    let builds = |name, tools: &Result<_, _>, test: fn(&Chip, &Toolchain) -> Result<(), Failed>| {
        trial(chip, name, tools.clone(), move |toolchain| {
            test(chip, &toolchain)
        })
    };
    let mut all = vec![runs("digests", &tools, digests::agree)];
    all.push(builds("float_unit", &toolchain, floats::are_instructions));
    for (name, bin, options) in PROGRAMS {
        all.push(trial(
            chip,
            name,
            tools.clone(),
            move |(toolchain, qemu)| program(bin, options, chip, (&toolchain, &qemu), show),
        ));
    }
    all.push(runs("paper", &tools, paper::is_learned));
    all.push(runs("static_trainers", &tools, statics::lie_in_bss));
    all.push(runs("soak", &tools, soak::changes_nothing_bad));
    all.push(runs(
        "stack_bound",
        &both(frames.clone(), qemu),
        stack::is_bounded,
    ));
    let controls = stack::controls_are_refused;
    all.push(builds("no_bound_for_these", &frames, controls));
    all.push(builds("no_panic_links", &toolchain, no_panic_links));
    let small = no_panic_links_small;
    all.push(builds("no_panic_links_small", &toolchain, small));
    let caught = panic_is_caught_at_link;
    all.push(builds("panic_is_caught_at_link", &toolchain, caught));
    all.retain(|trial| is_of(chip, trial.name()));
    all
}

/// Whether the chip has this trial.
fn is_of(chip: &Chip, trial: &str) -> bool {
    let name = trial.rsplit("::").next().unwrap_or_default();
    ["digests", "float_unit"].contains(&name) || chip.trials.contains(&name)
}

/// A trial of a chip.
fn trial<T: Send + 'static>(
    chip: &Chip,
    name: &str,
    tools: Result<T, Missing>,
    test: impl FnOnce(T) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    trials::trial(format!("chip::{}::{name}", chip.name), tools, test)
}

/// A program on the chip gives the bits of the host, and learns what it is to learn: its exit code
/// says so.
fn program(
    bin: &str,
    options: &[&str],
    chip: &Chip,
    (toolchain, qemu): (&Toolchain, &Qemu),
    show: bool,
) -> Result<(), Failed> {
    let image = firmware::build(chip, toolchain, &["--bin", bin])?;
    let run = qemu.run_with(chip, &image, options)?;
    let ended = match run.exit_code {
        Some(0) if !show => return Ok(()),
        Some(code) => format!("exit code {code}"),
        None => format!("no end in {:?}", qemu::LIMIT),
    };
    let log = firmware::decode(&image, &run.output)?;
    let report = format!("{log}{}{ended}", run.errors);
    if run.exit_code != Some(0) {
        return Err(report.into());
    }
    println!("{report}");
    Ok(())
}

/// No panic path is left in what runs on the chip.
fn no_panic_links(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    firmware::build(chip, toolchain, &NO_PANIC)?;
    Ok(())
}

/// Nor is there at opt-level s, which inlines less.
fn no_panic_links_small(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let small = [("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s")];
    firmware::build_in(chip, toolchain, &NO_PANIC, "small", &small)?;
    Ok(())
}

/// The negative control of `no_panic_links`: one unchecked index, and the image does not link.
fn panic_is_caught_at_link(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let selection = ["--bin", "no_panic", "--features", "negative-control"];
    match firmware::build(chip, toolchain, &selection) {
        Err(output) if output.contains(PANIC_PATH) => Ok(()),
        Err(output) => Err(format!("failed, but not for a panic path:\n{output}").into()),
        Ok(_) => Err("an image with a panic path was linked".into()),
    }
}
