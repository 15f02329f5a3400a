//! The firmware, built for each chip of [`chips::CHIPS`] and run in QEMU.
//!
//! Where a tool is missing the trials are reported as ignored, and the first lines say what to install.
//! With `STACKPROP_REQUIRE_TARGETS=1` they fail instead. The log of the firmware is shown when a trial fails,
//! and with `cargo test --test on_target -- --nocapture`.

mod chips;
mod firmware;
mod programs;
mod qemu;
mod stack;
mod tools;

use chips::{CHIPS, Chip};
use libtest_mimic::{Arguments, Failed, Trial};
use programs::{PROGRAMS, Program};
use qemu::Qemu;
use tools::{Missing, Toolchain, both};

/// What the linker says of an image that may panic; `examples/firmware/src/bin/no_panic.rs` words it.
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

fn trials(chip: &'static Chip, show: bool) -> Vec<Trial> {
    let toolchain = Toolchain::find(chip.triple);
    let tools = both(toolchain.clone(), Qemu::find(chip));
    let frames = toolchain.clone().and_then(Toolchain::building_core);
    let frames_and_qemu = both(frames.clone(), Qemu::find(chip));
    if let (Err(missing), false) = (&tools, required()) {
        eprintln!("{}: not everything is run: {missing}", chip.name);
    }
    let others = [
        trial(
            chip,
            "stack_bound",
            frames_and_qemu,
            move |(toolchain, qemu)| stack::is_bounded(chip, &toolchain, &qemu, show),
        ),
        trial(chip, "no_bound_for_these", frames, |toolchain| {
            stack::controls_are_refused(chip, &toolchain)
        }),
        trial(chip, "no_panic_links", toolchain.clone(), |toolchain| {
            firmware::build(chip, &toolchain, &["--bin", "no_panic"])?;
            Ok(())
        }),
        trial(chip, "panic_is_caught_at_link", toolchain, |toolchain| {
            panic_is_caught_at_link(chip, &toolchain)
        }),
    ];
    runs(chip, &tools, show).chain(others).collect()
}

/// The programs that the chip has the memory for.
fn runs(
    chip: &'static Chip,
    tools: &Result<(Toolchain, Qemu), Missing>,
    show: bool,
) -> impl Iterator<Item = Trial> {
    let fitting = PROGRAMS.iter().filter(|program| program.fits(chip));
    fitting.map(move |program| {
        let test = move |(toolchain, qemu)| run(program, chip, &toolchain, &qemu, show);
        trial(chip, program.trial, tools.clone(), test)
    })
}

/// A trial that needs tools: one that says what is missing where it cannot have them.
fn trial<T: Send + 'static>(
    chip: &Chip,
    name: &str,
    tools: Result<T, Missing>,
    test: impl FnOnce(T) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let name = format!("{}::{name}", chip.name);
    match tools {
        Ok(tools) => Trial::test(name, || test(tools)),
        Err(missing) => {
            let kind = format!("no {}", missing.what);
            Trial::test(name, move || Err(missing.into()))
                .with_kind(kind)
                .with_ignored_flag(!required())
        }
    }
}

/// Whether a missing tool is a failure.
fn required() -> bool {
    std::env::var_os("STACKPROP_REQUIRE_TARGETS").is_some_and(|value| value == "1")
}

/// A program on the chip gives the bits of the host, and learns what it is to learn: its exit code says so.
fn run(
    program: &Program,
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let image = firmware::build(chip, toolchain, &["--bin", program.bin])?;
    let run = qemu.run(chip, &image)?;
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

/// The negative control of `no_panic_links`: one unchecked index, and the image does not link.
fn panic_is_caught_at_link(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let selection = ["--bin", "no_panic", "--features", "negative-control"];
    match firmware::build(chip, toolchain, &selection) {
        Err(output) if output.contains(PANIC_PATH) => Ok(()),
        Err(output) => Err(format!("failed, but not for a panic path:\n{output}").into()),
        Ok(_) => Err("an image with a panic path was linked".into()),
    }
}
