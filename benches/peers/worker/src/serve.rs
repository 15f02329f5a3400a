//! The protocol. A request is a line, a reply is a line; floats are 4 bytes each, little-endian,
//! behind the line.
//!
//! | request | reply |
//! | --- | --- |
//! | `case WIDTHS RELU ROWS`, then weights, inputs and targets | `ok` |
//! | `forward CALLS` | `ok NANOSECONDS` |
//! | `step CALLS RATE`, and so `adam`, `bare` | `ok NANOSECONDS` |
//! | `outputs` | `ok COUNT`, then y_hat |
//! | `trained` | `ok COUNT`, then the loss and the weights |
//! | `compiled` | `ok` and the instruction sets that it is compiled for |
//!
//! What fails is answered with `error` and the reason.

use crate::peer::{Op, Peer};
use crate::peers;
use crate::problem::Problem;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};

/// Answers requests until there are no more.
pub(crate) fn serve(name: &str) -> Result<()> {
    let (mut input, mut output) = (BufReader::new(std::io::stdin()), std::io::stdout());
    let (mut peer, mut line) = (None, String::new());
    while input.read_line(&mut line)? > 0 {
        let words: Vec<&str> = line.split_whitespace().collect();
        match answer(name, &words, &mut input, &mut peer) {
            Ok(reply) => output.write_all(&reply)?,
            Err(error) => writeln!(output, "error {error:#}")?,
        }
        output.flush()?;
        line.clear();
    }
    Ok(())
}

/// The reply to one request.
fn answer(
    name: &str,
    words: &[&str],
    input: &mut impl Read,
    peer: &mut Option<Box<dyn Peer>>,
) -> Result<Vec<u8>> {
    if let ["case", sizes @ ..] = words {
        // What the last case allocated is gone before the next one begins.
        *peer = None;
        *peer = Some(peers::make(name, Problem::read(sizes, input)?)?);
        return Ok(b"ok\n".to_vec());
    }
    if words == ["compiled"] {
        return Ok(format!("ok {}\n", compiled()).into_bytes());
    }
    let peer = peer.as_mut().context("there is no case yet")?;
    match words {
        ["forward", calls] => time(peer.as_mut(), Op::Forward, calls),
        ["step", calls, rate] => time(peer.as_mut(), Op::Step(rate.parse()?), calls),
        ["adam", calls, rate] => time(peer.as_mut(), Op::Adam(rate.parse()?), calls),
        ["bare", calls, rate] => time(peer.as_mut(), Op::Bare(rate.parse()?), calls),
        ["outputs"] => Ok(floats(&peer.outputs()?)),
        ["trained"] => Ok(floats(&[vec![peer.loss()?], peer.weights()?].concat())),
        _ => bail!("not a request: {words:?}"),
    }
}

/// The instruction sets that matter, of those that this program may use.
fn compiled() -> String {
    let all = [
        ("SSE2", cfg!(target_feature = "sse2")),
        ("AVX", cfg!(target_feature = "avx")),
        ("AVX2", cfg!(target_feature = "avx2")),
        ("AVX-512", cfg!(target_feature = "avx512f")),
        ("NEON", cfg!(target_feature = "neon")),
    ];
    let used = all.iter().filter(|(_, used)| *used).map(|(name, _)| *name);
    used.collect::<Vec<_>>().join(" ")
}

fn time(peer: &mut dyn Peer, op: Op, calls: &str) -> Result<Vec<u8>> {
    let time = peer.time(op, calls.parse()?)?;
    Ok(format!("ok {}\n", time.as_nanos()).into_bytes())
}

fn floats(values: &[f32]) -> Vec<u8> {
    let line = format!("ok {}\n", values.len());
    [line.as_bytes(), bytemuck::cast_slice(values)].concat()
}
