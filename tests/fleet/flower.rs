//! With Flower: any order of arrival, silent and damaged devices, real processes.

use crate::command::{average, run as command};
use crate::rig::tools::Missing;
use crate::rig::trials::{required, trial};
use crate::{ROUNDS, folder, plain};
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Result<T> = core::result::Result<T, Failed>;

/// The folder of the Python files.
const FLEET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/fleet");

const INSTALL: &str = "python3 -m venv target/flower && target/flower/bin/pip install -r \
                       examples/fleet/requirements.txt";

/// A Python with the packages of `requirements.txt`: `STACKPROP_FLOWER`, or that of
/// `target/flower`.
#[derive(Clone)]
pub(crate) struct Flower {
    python: PathBuf,
}

impl Flower {
    pub(crate) fn find() -> core::result::Result<Self, Missing> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/flower/bin/python");
        let python = std::env::var_os("STACKPROP_FLOWER").map_or(own, PathBuf::from);
        let found = Command::new(&python)
            .args([
                "-c",
                "import importlib.metadata as m, numpy; print(m.version('flwr'))",
            ])
            .output();
        let pinned = include_str!("../../examples/fleet/requirements.txt");
        let is_pinned = found.is_ok_and(|found| {
            let version = String::from_utf8_lossy(&found.stdout).trim().to_owned();
            !version.is_empty() && pinned.contains(&format!("flwr=={version}\n"))
        });
        if is_pinned {
            return Ok(Self { python });
        }
        Err(Missing {
            what: "Flower".into(),
            install: INSTALL.into(),
        })
    }

    /// What a script prints, and what it logs.
    pub(crate) fn run(&self, script: &str, words: &[&str]) -> Result<(Vec<String>, String)> {
        let done = Command::new(&self.python)
            .arg(Path::new(FLEET).join(script))
            .args(words)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .output()?;
        let log = String::from_utf8_lossy(&done.stderr).into_owned();
        let lines = String::from_utf8_lossy(&done.stdout);
        if !done.status.success() {
            return Err(format!("{script} {words:?}\n{lines}{log}").into());
        }
        Ok((lines.lines().map(String::from).collect(), log))
    }
}

/// The path of this program, which is a device too.
pub(crate) fn program() -> Result<String> {
    Ok(std::env::current_exe()?.display().to_string())
}

pub(crate) fn trials(show: bool) -> Vec<Trial> {
    let flower = Flower::find();
    if let (Err(missing), false) = (&flower, required()) {
        eprintln!("fleet: not everything is run: {missing}");
    }
    let one = |name: &str, test: fn(&Flower, bool) -> Result<()>| {
        trial(format!("flower::{name}"), flower.clone(), move |flower| {
            test(&flower, show)
        })
    };
    vec![
        one("any_order_of_arrival", any_order),
        one("a_silent_device_stops_nothing", silent),
        one("a_damaged_update_is_refused", damaged),
        one("two_updates_of_a_device", twice),
        one("a_round_without_updates", all_silent),
        one("a_device_that_refuses", refusing),
        one("records_and_averages", records_and_averages),
        one("processes", processes),
    ]
}

fn print(show: bool, name: &str, lines: &[String]) {
    if show {
        lines.iter().for_each(|line| println!("{name}: {line}"));
    }
}

/// Each strategy gives the lines of the plain program, and so does the plain average of the records
/// that the server has seen.
fn any_order(flower: &Flower, show: bool) -> Result<()> {
    let program = program()?;
    for (strategy, order) in [
        ("fedavg", "0,1,2,3"),
        ("fedavg", "3,2,1,0"),
        ("fedavg", "2,0,3,1"),
        ("fedadam", "1,3,0,2"),
        ("fedmedian", "3,0,2,1"),
    ] {
        let kept = folder(&format!("order-{strategy}-{order}"))?;
        let keep = kept.display().to_string();
        let words = ["--program", &program, "--strategy", strategy];
        let more = ["--order", order, "--keep", &keep];
        let (lines, _) = flower.run("run.py", &[&words[..], &more[..]].concat())?;
        print(show, &format!("{strategy}, order {order}"), &lines);
        assert_eq!(lines, plain(strategy, ROUNDS)?, "{strategy}, {order}");
        assert_eq!(kept_average(strategy, &kept)?, lines);
    }
    Ok(())
}

/// The plain average of what a server has kept.
fn kept_average(strategy: &str, kept: &Path) -> Result<Vec<String>> {
    let start = kept.join("start.record");
    let path = start.display().to_string();
    command(&["start", &path]).ok_or("no such command")??;
    Ok(average(strategy, &start, kept)?)
}

/// One device is away in round 2, another in round 3. The folder has updates of another run.
fn silent(flower: &Flower, show: bool) -> Result<()> {
    let kept = folder("silent")?;
    std::fs::write(kept.join("round-2-device-1.record"), "old")?;
    std::fs::write(kept.join("round-4-device-0.record"), "old")?;
    let (program, keep) = (program()?, kept.display().to_string());
    let words = ["--program", &program, "--keep", &keep];
    let silent = ["--silent", "2:1", "3:0", "3:2"];
    let (lines, _) = flower.run("run.py", &[&words[..], &silent[..]].concat())?;
    print(show, "silent", &lines);
    let all = plain("fedavg", ROUNDS)?;
    assert_eq!(lines.len(), all.len());
    assert_eq!(lines[..2], all[..2]);
    assert_ne!(lines[2], all[2]);
    assert_eq!(kept_average("fedavg", &kept)?, lines);
    Ok(())
}

/// Nobody answers in round 1, so the first line comes twice. Round 2 is the first to count.
fn all_silent(flower: &Flower, show: bool) -> Result<()> {
    let program = program()?;
    let silent = ["--silent", "1:0", "1:1", "1:2", "1:3"];
    let (lines, _) = flower.run("run.py", &[&["--program", &program], &silent[..]].concat())?;
    print(show, "all silent", &lines);
    let all = plain("fedavg", ROUNDS - 1)?;
    assert_eq!(lines, [&all[..1], &all[..]].concat());
    Ok(())
}

/// The lines and the log of a run in which device 2 has this command.
fn with_device_2(
    flower: &Flower,
    name: &str,
    words: &[&str],
    more: &[&str],
) -> Result<(Vec<String>, String)> {
    let (program, folder) = (program()?, folder(name)?);
    let mut commands: Vec<Vec<String>> = (0..4)
        .map(|device| ["device", "{in}", "{out}", &device.to_string()].map(String::from))
        .map(|words| [std::slice::from_ref(&program), &words[..]].concat())
        .collect();
    commands[2].truncate(1);
    commands[2].extend(words.iter().map(|word| (*word).to_owned()));
    let path = folder.join("commands.json").display().to_string();
    std::fs::write(&path, serde_json::to_string(&commands)?)?;
    let words = [&["--program", &program, "--commands", &path], more].concat();
    flower.run("run.py", &words)
}

/// The lines without device 2, and without those in `more`.
fn without_device_2(flower: &Flower, more: &[&str]) -> Result<Vec<String>> {
    let program = program()?;
    let silent = ["--silent", "1:2", "2:2", "3:2"];
    let words = [&["--program", &program], &silent[..], more].concat();
    Ok(flower.run("run.py", &words)?.0)
}

/// Whatever is wrong with an update, the server says it and goes on with the others.
fn damaged(flower: &Flower, show: bool) -> Result<()> {
    let without = without_device_2(flower, &[])?;
    for (kind, why) in [
        ("bit", "the checksum is wrong"),
        ("nan", "a weight is not finite"),
        ("infinity", "a weight is not finite"),
        ("network", "a record of the network 0x04030201"),
        ("short", "bytes, not"),
        ("magic", "do not begin as a record"),
        ("round", "an update of round 77, not of round 1"),
        ("device", "there is no device 4"),
    ] {
        let words = ["damaged", kind, "{in}", "{out}", "2"];
        let (lines, log) = with_device_2(flower, &format!("damaged-{kind}"), &words, &[])?;
        assert_eq!(lines, without, "{kind}");
        assert!(
            log.contains("an update is refused") && log.contains(why),
            "{log}"
        );
    }
    print(show, "damaged", &without);
    Ok(())
}

/// Device 2 says that it is device 1, with another update: neither counts, whichever comes first.
fn twice(flower: &Flower, show: bool) -> Result<()> {
    let without = without_device_2(flower, &["1:1", "2:1", "3:1"])?;
    let words = ["damaged", "other", "{in}", "{out}", "1"];
    for order in ["0,1,2,3", "2,1,3,0"] {
        let (lines, log) = with_device_2(flower, "twice", &words, &["--order", order])?;
        assert!(log.contains("2 updates of device 1"), "{log}");
        assert_eq!(lines, without, "{order}");
    }
    print(show, "twice", &without);
    Ok(())
}

/// A device that ends with an error, and one that is not there.
fn refusing(flower: &Flower, show: bool) -> Result<()> {
    let without = without_device_2(flower, &[])?;
    let words = ["device", "{in}", "{out}", "9"];
    let (lines, log) = with_device_2(flower, "refusing", &words, &[])?;
    assert!(
        log.contains("a device refused: there is no device 9"),
        "{log}"
    );
    assert_eq!(lines, without);
    print(show, "refusing", &lines);
    Ok(())
}

/// The checks of the Python files themselves, also against Flower's own averages.
fn records_and_averages(flower: &Flower, _: bool) -> Result<()> {
    flower.run("checks.py", &[&program()?])?;
    Ok(())
}

/// A superlink and four supernodes.
fn processes(flower: &Flower, show: bool) -> Result<()> {
    let (program, folder) = (program()?, folder("with-processes")?);
    let folder = folder.display().to_string();
    let words = ["--program", &program, "--folder", &folder];
    let (lines, _) = flower.run("processes.py", &words)?;
    print(show, "processes", &lines);
    assert_eq!(lines, plain("fedavg", ROUNDS)?);
    Ok(())
}
