//! Devices that are chips in QEMU.

use crate::damage::{KINDS, damage};
use crate::flower::{Flower, program};
use crate::host::first;
use crate::learner::{DEVICES, Update, round};
use crate::rig::chips::{CHIPS, Chip};
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::{Missing, Toolchain, both};
use crate::rig::trials::trial;
use crate::{ROUNDS, folder, plain, shared_folder};
use libtest_mimic::{Failed, Trial};
use stackprop::Record;
use std::fs;

type Result<T> = core::result::Result<T, Failed>;
type Tools = (Toolchain, Qemu);

/// The chips that are in a fleet: with and without a float unit, and another instruction set. With
/// the thousands of instructions that a round of device 0 takes, which the guide has too.
const NAMES: [(&str, u32); 3] = [("m4f", 1059), ("m0", 14_771), ("rv32imac", 9284)];

/// Which devices are in a fleet: all kinds, no host, the host with the slow chips.
const MIXES: [[&str; 4]; 3] = [
    ["host", "m4f", "m0", "rv32imac"],
    ["m0", "rv32imac", "m4f", "m4f"],
    ["rv32imac", "m0", "host", "m0"],
];

/// Three devices of the host and a chip.
const ONE_CHIP: [&str; 4] = ["host", "m4f", "host", "host"];

pub(crate) fn trials(show: bool) -> Vec<Trial> {
    let chips = || CHIPS.iter().filter(|chip| thousands(chip).is_some());
    let tools = |chip: &Chip| both(Toolchain::find(chip.triple), Qemu::find(chip));
    let mut all: Vec<Trial> = Vec::new();
    for chip in chips() {
        let name = format!("chip::{}::fleet", chip.name);
        all.push(trial(name, tools(chip), move |tools| learns(chip, &tools)));
    }
    let m4f = chips().find(|chip| chip.name == "m4f");
    let one: core::result::Result<Vec<_>, _> = m4f.into_iter().map(tools).collect();
    let with_one = both(Flower::find(), one);
    let name = "chip::m4f::flower_with_one_chip".into();
    all.push(trial(name, with_one, move |(flower, _)| {
        with_one_chip(&flower, show)
    }));
    let every: core::result::Result<Vec<Tools>, Missing> = chips().map(tools).collect();
    let name = "chip::mix::flower_with_three_chips".into();
    all.push(trial(
        name,
        both(Flower::find(), every),
        move |(flower, _)| mixed(&flower, &MIXES, show),
    ));
    all
}

/// The thousands of instructions of a chip of the fleet.
fn thousands(chip: &Chip) -> Option<u32> {
    let mut all = NAMES.iter().filter(|(name, _)| *name == chip.name);
    all.next().map(|(_, thousands)| *thousands)
}

/// The options of QEMU that give the firmware its arguments.
fn arguments(from: &str, to: &str, device: &str) -> String {
    format!("arg=fleet,arg={from},arg={to},arg={device}")
}

/// Builds the firmware, and writes the command of a device for `run.py`.
fn build(chip: &Chip, (toolchain, qemu): &Tools) -> Result<std::path::PathBuf> {
    let image = firmware::build(chip, toolchain, &["--bin", "fleet"])?;
    let given = arguments("{in}", "{out}", "{device}");
    let words = qemu.command(chip, &image, &["-semihosting-config", &given]);
    fs::create_dir_all(shared_folder())?;
    // Trials run at once: the file is put in its place whole.
    let part = format!("{}-{:?}.part", chip.name, std::thread::current().id());
    let part = shared_folder().join(part);
    fs::write(&part, serde_json::to_string(&words)?)?;
    fs::rename(part, shared_folder().join(format!("{}.json", chip.name)))?;
    Ok(image)
}

/// Each shard has the update of the host; each kind of damage is refused in the same words.
fn learns(chip: &Chip, tools: &Tools) -> Result<()> {
    let image = build(chip, tools)?;
    let folder = folder(&format!("chip-{}", chip.name))?;
    let (from, to) = (folder.join("in"), folder.join("out"));
    let [given, taken] = [&from, &to].map(|path| path.display().to_string());
    let run = |bytes: &[u8], device: u32| -> Result<(Option<i32>, String)> {
        fs::write(&from, bytes)?;
        let words = arguments(&given, &taken, &device.to_string());
        let options = ["-icount", "shift=0", "-semihosting-config", &words];
        let run = tools.1.run_with(chip, &image, &options)?;
        let said = String::from_utf8_lossy(&run.output).into_owned() + &run.errors;
        Ok((run.exit_code, said))
    };
    for device in 0..DEVICES {
        let mut expected = vec![0; Update::RECORD_BYTES];
        round(&first()?, device, &mut expected)?;
        let (code, said) = run(&first()?, device)?;
        assert_eq!(code, Some(0), "{said}");
        if device == 0 {
            costs_what_the_guide_says(chip, &said)?;
        }
        assert!(fs::read(&to)? == expected, "device {device}: other bits");
        fs::remove_file(&to)?;
    }
    for (kind, words) in KINDS {
        let mut bytes = first()?;
        damage(kind, &mut bytes);
        let (code, said) = run(&bytes, 0)?;
        assert!(
            code == Some(1) && said.contains(words),
            "{kind}: {code:?} {said}"
        );
        assert!(!to.exists(), "{kind}");
    }
    let (code, said) = run(&first()?, 9)?;
    assert!(code == Some(1) && said.contains("no device 9"), "{said}");
    Ok(())
}

/// To a tenth: compilers differ.
fn costs_what_the_guide_says(chip: &Chip, said: &str) -> Result<()> {
    let count = said.split(' ').next().unwrap_or_default();
    let count = count.parse::<f64>()? / 1000.0;
    let expected = f64::from(thousands(chip).unwrap_or(0));
    let is_near = (count / expected - 1.0).abs() < 0.1;
    assert!(is_near, "{count} thousand instructions, not {expected}");
    Ok(())
}

/// Fleets of these devices give the lines of the host, also in another order of arrival.
fn mixed(flower: &Flower, mixes: &[[&str; 4]], show: bool) -> Result<()> {
    for chip in CHIPS.iter().filter(|chip| {
        let mut used = mixes.iter().flatten();
        used.any(|name| *name == chip.name)
    }) {
        build(chip, &(Toolchain::find(chip.triple)?, Qemu::find(chip)?))?;
    }
    let program = program()?;
    for (mix, order) in mixes.iter().zip(["0,1,2,3", "3,1,0,2", "2,3,1,0"]) {
        let devices = mix.join(",");
        let words = [
            "--program",
            &program,
            "--devices",
            &devices,
            "--order",
            order,
        ];
        let (lines, _) = flower.run("run.py", &words)?;
        for line in lines.iter().filter(|_| show) {
            println!("{devices}, order {order}: {line}");
        }
        assert_eq!(lines, plain("fedavg", ROUNDS)?, "{devices}");
    }
    Ok(())
}

/// The fleet with one chip in a single process, then in processes of Flower.
fn with_one_chip(flower: &Flower, show: bool) -> Result<()> {
    mixed(flower, &[ONE_CHIP], show)?;
    let (program, folder) = (program()?, folder("with-processes-m4f")?);
    let (devices, folder) = (ONE_CHIP.join(","), folder.display().to_string());
    let words = ["--program", &program, "--devices", &devices];
    let more = ["--folder", &folder, "--rounds", "2"];
    let (lines, _) = flower.run("processes.py", &[&words[..], &more[..]].concat())?;
    for line in lines.iter().filter(|_| show) {
        println!("{devices}, processes: {line}");
    }
    assert_eq!(lines, plain("fedavg", 2)?);
    Ok(())
}
