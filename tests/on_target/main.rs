//! The firmware, built for each chip of [`chips::CHIPS`] and run in QEMU.
//!
//! Where a tool is missing the trials are reported as ignored, and the first lines say what to install.
//! With `STACKPROP_REQUIRE_TARGETS=1` they fail instead. The log of the firmware is shown when a trial fails,
//! and with `cargo test --test on_target -- --nocapture`.

mod chips;
mod firmware;
mod programs;
mod qemu;
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
    let trials = CHIPS.iter().flat_map(|chip| trials(chip, show)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(chip: &'static Chip, show: bool) -> Vec<Trial> {
    let toolchain = Toolchain::find(chip.triple);
    let tools = both(toolchain.clone(), Qemu::find(chip));
    if let (Err(missing), false) = (&tools, required()) {
        eprintln!("{}: not everything is run: {missing}", chip.name);
    }
    let fitting = PROGRAMS.iter().filter(|program| program.fits(chip));
    let runs = fitting.map(|program| {
        trial(
            chip,
            program.trial,
            tools.clone(),
            move |(toolchain, qemu)| run(program, chip, &toolchain, &qemu, show),
        )
    });
    let links = [
        trial(chip, "no_panic_links", toolchain.clone(), |toolchain| {
            firmware::build(chip, &toolchain, &["--bin", "no_panic"])?;
            Ok(())
        }),
        trial(chip, "panic_is_caught_at_link", toolchain, |toolchain| {
            panic_is_caught_at_link(chip, &toolchain)
        }),
    ];
    runs.chain(links).collect()
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
