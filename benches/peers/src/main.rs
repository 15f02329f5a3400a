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
//! This program does not compute. It compiles `worker` twice, for this processor and for any, and
//! starts a process for each peer in each build, and for each of Python's. A peer gets a network
//! and a batch; its outputs, loss and gradients are compared with a [`reference`] in f64, and it
//! stops everything if it is off. Then it and stackprop are timed in turns: see [`timing`].
//! stackprop is the one for this processor; of a peer in Rust the table has the faster build.

mod builds;
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
use peers::{Field, Peer};
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
    print!("{}", report::table(&lines));
    if let Some(machine) = &options.record {
        report::record(&lines, machine, &field.python)?;
    }
    Ok(())
}

/// The lines of one network and batch.
fn measure(field: &mut Field, case: &Case, lines: &mut Vec<Line>) -> Result<()> {
    let reference = Reference::new(case);
    check(&mut field.ours, case, &reference, &[Op::Forward, Op::Step])?;
    for peer in &mut field.peers {
        let mut off: f64 = 0.0;
        for worker in &mut peer.workers {
            off = off.max(check(worker, case, &reference, peer.ops)?);
        }
        eprintln!(
            "{}, {} rows: {} is off by at most {off:.1e}",
            case.net.name, case.rows, peer.name
        );
        for op in peer.ops {
            lines.push(line(&mut field.ours, peer, *op, case)?);
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
    worker.set(case)?;
    worker.time(Op::Forward, 1, 0.0)?;
    let mut off = reference.check_outputs(&worker.outputs(case.y.len())?)?;
    if ops.contains(&Op::Step) {
        worker.time(Op::Step, 1, reference::RATE)?;
        let count = case.weights.iter().map(Vec::len).sum();
        let (loss, weights) = worker.trained(count)?;
        off = off.max(reference.check_step(case, loss, &weights)?);
    }
    Ok(off)
}

/// Times a peer, in all its builds, beside ours.
fn line(ours: &mut Worker, peer: &mut Peer, op: Op, case: &Case) -> Result<Line> {
    let mut workers = vec![ours];
    workers.extend(&mut peer.workers);
    let times = timing::race(&mut workers, op, case.rows)?;
    let theirs = times[1..].iter().zip(&peer.labels);
    let fastest = theirs.min_by(|a, b| a.0.total_cmp(b.0));
    let (theirs, label) = fastest.context("a peer without a process")?;
    Ok(Line {
        net: case.net.name,
        op,
        rows: case.rows,
        ours: times[0],
        peer: label.clone(),
        theirs: *theirs,
    })
}
