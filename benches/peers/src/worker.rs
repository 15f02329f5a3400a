//! A process that runs one peer, in Rust or in Python. Its protocol is in `worker/src/serve.rs`.

use crate::nets::Case;
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What libraries take for the number of their threads.
const THREADS: [&str; 5] = [
    "RAYON_NUM_THREADS",
    "MATMUL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
];

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Op {
    /// y_hat of each row.
    Forward,
    /// Forward, loss, mean gradients, and a step of plain gradient descent; ours is guarded.
    Step,
    /// The same, with nothing that guards ours.
    Bare,
    /// A step of Adam; ours is guarded.
    Adam,
}

impl Op {
    /// What the tables call it, and the protocol, but for `forward`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Forward => "fwd",
            Self::Step => "step",
            Self::Bare => "bare",
            Self::Adam => "adam",
        }
    }
}

/// One peer in one build.
pub(crate) struct Worker {
    /// What errors call it.
    name: String,
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts a program with one thread.
    pub(crate) fn start(name: String, mut command: Command) -> Result<Self> {
        command.envs(THREADS.map(|variable| (variable, "1")));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        let requests = child.stdin.take().context("no pipe")?;
        let replies = BufReader::new(child.stdout.take().context("no pipe")?);
        Ok(Self {
            name,
            child,
            requests,
            replies,
        })
    }

    /// Sets the peer up.
    pub(crate) fn set(&mut self, case: &Case) -> Result<()> {
        let ([i, h, k, o], relu) = (case.net.widths, u8::from(case.net.relu));
        let line = format!("case {i} {h} {k} {o} {relu} {}\n", case.rows);
        let mut message = line.into_bytes();
        for values in case.weights.iter().chain([&case.x, &case.y]) {
            message.extend_from_slice(bytemuck::cast_slice(values));
        }
        self.ask(&message).map(|_| ())
    }

    /// Nanoseconds of CPU time that so many calls take.
    pub(crate) fn time(&mut self, op: Op, calls: u64, rate: f32) -> Result<f64> {
        let reply = match op {
            Op::Forward => self.ask(format!("forward {calls}\n").as_bytes())?,
            _ => self.ask(format!("{} {calls} {rate}\n", op.name()).as_bytes())?,
        };
        let time = reply.parse();
        time.with_context(|| format!("{}: not a time: {reply}", self.name))
    }

    /// The instruction sets that the program is compiled for.
    pub(crate) fn compiled(&mut self) -> Result<String> {
        self.ask(b"compiled\n")
    }

    /// y_hat of the last forward.
    pub(crate) fn outputs(&mut self, count: usize) -> Result<Vec<f32>> {
        self.floats(b"outputs\n", count)
    }

    /// The loss of the last step, and the weights after it.
    pub(crate) fn trained(&mut self, count: usize) -> Result<(f32, Vec<f32>)> {
        let mut weights = self.floats(b"trained\n", count + 1)?;
        Ok((weights.remove(0), weights))
    }

    /// Sends a request and gives what is behind the `ok` of the reply.
    fn ask(&mut self, message: &[u8]) -> Result<String> {
        let mut reply = String::new();
        let sent = self.requests.write_all(message);
        sent.and_then(|()| self.requests.flush())
            .and_then(|()| self.replies.read_line(&mut reply))
            .map_err(|error| self.ended(&error.to_string()))?;
        match reply.trim_end().split_once(' ') {
            _ if reply == "ok\n" => Ok(String::new()),
            Some(("ok", rest)) => Ok(rest.into()),
            Some(("error", reason)) => bail!("{}: {reason}", self.name),
            _ => Err(self.ended(&format!("its reply was {reply:?}"))),
        }
    }

    /// Sends a request that is answered with so many floats.
    fn floats(&mut self, message: &[u8], count: usize) -> Result<Vec<f32>> {
        let announced = self.ask(message)?;
        let right = announced == count.to_string();
        ensure!(
            right,
            "{}: {announced} floats instead of {count}",
            self.name
        );
        let mut values = vec![0.0_f32; count];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
        let read = self.replies.read_exact(bytes);
        read.map_err(|error| self.ended(&error.to_string()))?;
        Ok(values)
    }

    fn ended(&self, reason: &str) -> anyhow::Error {
        anyhow!("{} does not answer: {reason}", self.name)
    }

    /// What errors call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that is idle ends by itself when its input does; one that hangs does not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
