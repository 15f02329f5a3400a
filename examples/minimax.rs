//! Where the coefficients in `src/kernels/math` come from: a Remez exchange in f64.
//!
//! ```text
//! cargo run --release --example minimax
//! ```
//!
//! For each kernel it prints the polynomial whose largest relative error over the kernel's domain
//! is smallest. Coefficients are rounded to f32 one at a time, lowest power first, and the
//! remaining ones are fitted again, so that each absorbs the rounding of those before it.

/// One polynomial to find: `target(x) ~ c[0] + c[1] x + ...` on `[lo, hi]`, errors multiplied by
/// `weight(x)`.
struct Fit {
    name: &'static str,
    target: fn(f64) -> f64,
    weight: fn(f64) -> f64,
    lo: f64,
    hi: f64,
    terms: usize,
}

/// e^r = 1 + r + r^2 q(r): q, with the error taken relative to e^r. The ends of the domain are half
/// of ln 2 and a little more, because r is rounded.
const EXP: Fit = Fit {
    name: "exp: q(r) in e^r = 1 + r + r^2 q(r)",
    target: |r| {
        if r.abs() < 1e-2 {
            exp_tail(r)
        } else {
            (r.exp_m1() - r) / (r * r)
        }
    },
    weight: |r| r * r / r.exp(),
    lo: -0.3466,
    hi: 0.3466,
    terms: 5,
};

/// ln((1 + s) / (1 - s)) = s (2 + w p(w)) with w = s^2: p, with the error relative to the
/// logarithm. s = e / (2 + e) reaches 1/3 when e, the argument of `ln_1p`, reaches 1.
const LN: Fit = Fit {
    name: "ln: p(w) in ln((1 + s) / (1 - s)) = s (2 + w p(w)), w = s^2",
    target: |w| {
        (0..40)
            .map(|k| 2.0 * w.powi(k) / f64::from(2 * k + 3))
            .sum()
    },
    weight: |w| w / if w == 0.0 { 2.0 } else { ln_over_s(w) },
    lo: 0.0,
    hi: 1.0 / 9.0,
    terms: 4,
};

/// (e^r - 1 - r) / r^2 by its series, where the difference would cancel.
fn exp_tail(r: f64) -> f64 {
    (0..12)
        .rev()
        .fold(0.0, |sum, k| (sum * r + 1.0) / f64::from(k + 2))
}

/// ln((1 + s) / (1 - s)) / s for s = sqrt(w).
fn ln_over_s(w: f64) -> f64 {
    let s = w.sqrt();
    2.0 * s.atanh() / s
}

impl Fit {
    fn error(&self, coefficients: &[f64], x: f64) -> f64 {
        let value = coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
        (value - (self.target)(x)) * (self.weight)(x)
    }

    /// The minimax polynomial whose first coefficients are `fixed`.
    fn solve(&self, fixed: &[f64]) -> Vec<f64> {
        let free = self.terms - fixed.len();
        let mut nodes: Vec<f64> = (0..=free)
            .map(|k| self.grid((k as f64 + 0.5) / (free as f64 + 1.0)))
            .collect();
        let mut best = Vec::new();
        for _ in 0..30 {
            let rows = nodes.iter().enumerate().map(|(k, &x)| {
                let weight = (self.weight)(x);
                let known = fixed.iter().rev().fold(0.0, |sum, c| sum * x + c);
                let mut row: Vec<f64> = (fixed.len()..self.terms)
                    .map(|p| weight * x.powi(p.try_into().unwrap_or(i32::MAX)))
                    .collect();
                row.push(if k % 2 == 0 { 1.0 } else { -1.0 });
                row.push(weight * ((self.target)(x) - known));
                row
            });
            let solution = eliminate(rows.collect());
            best = [fixed, &solution[..free]].concat();
            nodes = self.extrema(&best, free + 1);
        }
        best
    }

    /// Point `t` in 0..=1 of the domain, denser towards its ends.
    fn grid(&self, t: f64) -> f64 {
        self.lo + (self.hi - self.lo) * 0.5 * (1.0 - (t * std::f64::consts::PI).cos())
    }

    /// The `count` largest alternating extrema of the error.
    fn extrema(&self, coefficients: &[f64], count: usize) -> Vec<f64> {
        let mut peaks: Vec<(f64, f64)> = Vec::new();
        for k in 0..=20_000 {
            let x = self.grid(f64::from(k) / 20_000.0);
            let e = self.error(coefficients, x);
            match peaks.last_mut() {
                Some(last) if last.1.signum() == e.signum() => {
                    if e.abs() > last.1.abs() {
                        *last = (x, e);
                    }
                }
                _ => peaks.push((x, e)),
            }
        }
        while peaks.len() > count {
            let ends = (peaks[0].1.abs(), peaks[peaks.len() - 1].1.abs());
            peaks.remove(if ends.0 < ends.1 { 0 } else { peaks.len() - 1 });
        }
        assert_eq!(
            peaks.len(),
            count,
            "{}: the error does not alternate",
            self.name
        );
        peaks.into_iter().map(|(x, _)| x).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded to f32 on purpose")]
    fn run(&self) {
        let mut fixed: Vec<f64> = Vec::new();
        while fixed.len() < self.terms {
            let next = self.solve(&fixed)[fixed.len()] as f32;
            fixed.push(f64::from(next));
        }
        let worst = (0..=20_000)
            .map(|k| self.error(&fixed, self.grid(f64::from(k) / 20_000.0)).abs())
            .fold(0.0, f64::max);
        println!(
            "{}\n  on [{}, {}], relative error 2^{:.2}",
            self.name,
            self.lo,
            self.hi,
            worst.log2()
        );
        for (k, c) in fixed.iter().enumerate() {
            println!(
                "  c{k} = {:?}  // {:#010x}",
                *c as f32,
                (*c as f32).to_bits()
            );
        }
    }
}

/// Solves a square linear system given as rows of `[A | b]`.
fn eliminate(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for k in 0..n {
        let pivot = (k..n)
            .max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()))
            .unwrap_or(k);
        rows.swap(k, pivot);
        for r in (0..n).filter(|&r| r != k) {
            let factor = rows[r][k] / rows[k][k];
            let pivot = rows[k].clone();
            for (value, pivot) in rows[r].iter_mut().zip(pivot).skip(k) {
                *value -= factor * pivot;
            }
        }
    }
    (0..n).map(|k| rows[k][n] / rows[k][k]).collect()
}

fn main() {
    EXP.run();
    LN.run();
}
