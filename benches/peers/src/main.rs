//! stackprop timed beside other libraries, on the same networks and the same numbers, in one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml              # peers in Rust
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- --python  # and those in python/
//! ```
//!
//! Prints a Markdown table with a row for each peer; `--help` says how to choose networks, batches
//! and peers. Nothing has to be installed for the peers in Rust. Those in Python take part where
//! they are installed; what is absent is said, with the command that installs it.
//!
//! This program does not compute. It compiles `worker` for this processor and for any, and
//! stackprop alone for x86-64-v3; it starts a process for each peer in each build, and for each of
//! Python's. A peer gets a network and a batch; its outputs, loss, gradients and steps of Adam are
//! compared with a [`reference`] in f64, and it stops everything if it is off. Then it and
//! stackprop are timed in turns: see [`timing`]. There is a table for each build of stackprop; of a
//! peer in Rust it has the faster build.

mod adam;
mod builds;
mod machine;
mod nets;
mod options;
mod peers;
mod reference;
mod report;
mod timing;
mod worker;

use anyhow::{Context, Result};
use nets::{Case, NETS};
use options::{Options, USAGE};
use peers::{Field, Ours, Peer};
use reference::Reference;
use report::Line;
use worker::{Op, Worker};

fn main() -> Result<()> {
    let Some(options) = Options::parse()? else {
        println!("{USAGE}");
        return Ok(());
    };
    let mut field = peers::start(&options)?;
    let mut lines = Vec::new();
    for net in NETS.iter().filter(|net| options.net(net.name)) {
        for rows in net.batches.into_iter().filter(|rows| options.batch(*rows)) {
            measure(&mut field, &Case::new(net, rows), &mut lines)?;
        }
    }
    report::sort(&mut lines, &NETS.each_ref().map(|net| net.name));
    for ours in &field.ours {
        println!(
            "\nstackprop {}, compiled for {}\n",
            ours.build, ours.compiled
        );
        print!("{}", report::table(report::of(&lines, ours.build)));
    }
    if let Some(machine) = &options.record {
        report::record(&lines, machine, &field)?;
    }
    Ok(())
}

/// What is timed together.
const TOGETHER: [&[Op]; 3] = [&[Op::Forward], &[Op::Step, Op::Bare], &[Op::Adam]];

/// The lines of one network and batch.
fn measure(field: &mut Field, case: &Case, lines: &mut Vec<Line>) -> Result<()> {
    let reference = Reference::new(case, &case.weights.concat());
    for ours in &mut field.ours {
        let all = [Op::Forward, Op::Step, Op::Bare, Op::Adam];
        check(&mut ours.worker, case, &reference, &all)?;
    }
    for peer in &mut field.peers {
        let mut off: f64 = 0.0;
        for worker in &mut peer.workers {
            off = off.max(check(worker, case, &reference, peer.ops)?);
        }
        eprintln!(
            "{}, {} rows: {} is off by at most {off:.1e}",
            case.net.name, case.rows, peer.name
        );
        for ops in TOGETHER {
            let known = ops.iter().all(|op| peer.counterpart(*op).is_some());
            if known && (ops != [Op::Adam] || case.has_adam()) {
                lines.extend(race(&mut field.ours, peer, ops, case)?);
            }
        }
    }
    Ok(())
}

/// Refuses a peer that is off. Gives its largest error.
fn check(worker: &mut Worker, case: &Case, reference: &Reference, ops: &[Op]) -> Result<f64> {
    let place = format!("{} on {}, {} rows", worker.name(), case.net.name, case.rows);
    compare(worker, case, reference, ops).context(place)
}

/// Sets a peer up and compares what it computes with the reference.
fn compare(worker: &mut Worker, case: &Case, reference: &Reference, ops: &[Op]) -> Result<f64> {
    let mut off: f64 = 0.0;
    for op in ops {
        if *op == Op::Adam && !case.has_adam() {
            continue;
        }
        // The weights are those of the case again.
        worker.set(case)?;
        off = off.max(match op {
            Op::Forward => {
                worker.time(*op, 1, 0.0)?;
                reference.check_outputs(&worker.outputs(case.y.len())?)?
            }
            Op::Step | Op::Bare => {
                worker.time(*op, 1, reference::RATE)?;
                let count = case.weights.iter().map(Vec::len).sum();
                let (loss, weights) = worker.trained(count)?;
                reference.check_step(case, loss, &weights)?
            }
            Op::Adam => adam::check(worker, case)?,
        });
    }
    // So are they when the peer is timed. Adam's averages for a unit that a step above has switched
    // off would fade to subnormal numbers, and those are slow.
    worker.set(case)?;
    Ok(off)
}

/// Times a peer, in all its builds, beside ours in all of its own.
fn race(ours: &mut [Ours], peer: &mut Peer, ops: &[Op], case: &Case) -> Result<Vec<Line>> {
    let builds: Vec<_> = ours.iter().map(|ours| ours.build).collect();
    let mut entrants: Vec<(usize, Op)> = Vec::new();
    for place in 0..builds.len() + peer.workers.len() {
        for op in ops {
            let theirs = peer.counterpart(*op).unwrap_or(*op);
            let entrant = (place, if place < builds.len() { *op } else { theirs });
            if !entrants.contains(&entrant) {
                entrants.push(entrant);
            }
        }
    }
    let mut workers: Vec<_> = ours.iter_mut().map(|ours| &mut ours.worker).collect();
    workers.extend(&mut peer.workers);
    let times = timing::race(&mut workers, &entrants, case.rows)?;
    let time = |place, op| {
        let at = entrants.iter().position(|entrant| *entrant == (place, op));
        at.map_or(f64::INFINITY, |at| times[at])
    };
    let mut lines = Vec::new();
    for op in ops {
        let theirs = peer.counterpart(*op).unwrap_or(*op);
        let labels = (builds.len()..).zip(&peer.labels);
        let theirs = labels.map(|(place, label)| (time(place, theirs), label));
        let fastest = theirs.min_by(|a, b| a.0.total_cmp(&b.0));
        let (theirs, label) = fastest.context("a peer without a process")?;
        lines.extend(builds.iter().enumerate().map(|(place, build)| Line {
            build,
            net: case.net.name,
            op: *op,
            rows: case.rows,
            ours: time(place, *op),
            peer: label.clone(),
            theirs,
        }));
    }
    Ok(lines)
}
