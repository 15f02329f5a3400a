//! `examples/cluster` under `mpiexec`: the same hash on any number of ranks as in one process; a
//! rank that is killed; checkpoints and rows that are refused.
//!
//! Where a tool is missing the trials are ignored; with `STACKPROP_REQUIRE_TARGETS=1` they fail
//! instead.

mod program;
mod refused;
mod resumed;

use libtest_mimic::{Arguments, Failed, Trial};
use program::{Folder, alone, hash, missing, mpiexec, root};

fn main() {
    let mut arguments = Arguments::from_args();
    // Ranks wait in loops: two runs at a time would keep each other waiting.
    arguments.test_threads.get_or_insert(1);
    let missing = missing();
    let required = std::env::var_os("STACKPROP_REQUIRE_TARGETS").is_some_and(|value| value == "1");
    let ignored = missing.is_some() && !required;
    let trial = |name: &str, test: fn() -> Result<(), Failed>| {
        let trial = match missing.clone() {
            None => Trial::test(name, test),
            Some(missing) => Trial::test(name, || Err(missing.into())).with_kind("no MPI"),
        };
        trial.with_ignored_flag(ignored)
    };
    if let (Some(missing), true) = (&missing, ignored) {
        eprintln!("not everything is run: {missing}");
    }
    let trials = vec![
        trial("mpi::ranks_have_the_hash_of_one_process", ranks_agree),
        trial("mpi::the_guide_has_the_hash", guide_has_the_hash),
        trial("mpi::a_run_goes_on_elsewhere", resumed::elsewhere),
        trial("mpi::a_killed_rank_loses_little", resumed::after_a_kill),
        trial("mpi::bad_checkpoints_are_refused", refused::checkpoints),
        trial("mpi::bad_rows_are_refused", refused::rows),
        trial("mpi::ranks_with_other_options", refused::ranks),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// Batches of eight blocks, and one of a single block that is not full, of which most ranks have
/// nothing; a binary file and a CSV file.
fn ranks_agree() -> Result<(), Failed> {
    for options in [
        ["--copies", "9", "--epochs", "2"],
        ["--sample", "iris", "--epochs", "2"],
    ] {
        let expected = hash(alone(&options)?)?;
        for ranks in [1, 2, 3, 4, 7] {
            let found = hash(mpiexec(ranks, &options)?)?;
            println!("{ranks} ranks: hash {found}");
            if found != expected {
                return Err(format!("{ranks} ranks: {found}, not {expected}").into());
            }
        }
        // The negative control: the hash sees another learning rate.
        let other = hash(alone(&[&options[..], &["--rate", "0.0101"]].concat())?)?;
        if other == expected {
            return Err("the hash does not see the weights".into());
        }
    }
    Ok(())
}

/// What the guide's command prints is what the guide says.
fn guide_has_the_hash() -> Result<(), Failed> {
    let guide = std::fs::read_to_string(root().join("src/guide/beyond.md"))?;
    let found = hash(mpiexec(4, &[])?)?;
    if !guide.contains(&format!("hash {found}")) {
        return Err(format!("src/guide/beyond.md has not: hash {found}").into());
    }
    Ok(())
}

/// The options for a small run with a checkpoint in `folder`.
fn small<'a>(folder: &'a Folder, epochs: &'a str) -> [&'a str; 8] {
    [
        "--sample",
        "iris",
        "--every",
        "1",
        "--epochs",
        epochs,
        "--checkpoint",
        folder.checkpoint(),
    ]
}
