//! The page on the terminal: a block for each cell, numbers under numbers.

use crate::reference::{Weights, allowance};
use crate::tally::{Tally, parse, worst_share};
use std::io::{IsTerminal, Result, Write};

/// Columns of a line.
const WIDTH: usize = 84;

/// Digits after the point that an `f32` between 0.1 and 1 has something to say with.
const DIGITS: usize = 8;

/// The page, and the tally of all checks on it.
pub(crate) struct Page<W> {
    out: W,
    bold: &'static str,
    plain: &'static str,
    pub(crate) tally: Tally,
}

/// A cell of the notebook: its number, the expression in it, and the tensor printed under it.
pub(crate) struct Cell(
    pub(crate) u32,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

/// A tensor to show: the crate's numbers, the notebook's, and how much they may differ.
struct Block<'a> {
    ours: &'a [f64],
    theirs: &'a [f64],
    /// Nothing where they have to be equal.
    allowed: Option<&'a [f64]>,
    /// Digits that the notebook prints.
    digits: usize,
    /// Numbers in a row.
    columns: usize,
}

impl<W: Write> Page<W> {
    pub(crate) fn new(out: W) -> Self {
        let styled = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let (bold, plain) = if styled {
            ("\x1b[1m", "\x1b[0m")
        } else {
            ("", "")
        };
        Self {
            out,
            bold,
            plain,
            tally: Tally::new(),
        }
    }

    /// A heading of the notebook.
    pub(crate) fn heading(&mut self, text: &str) -> Result<()> {
        let Self { bold, plain, .. } = self;
        let rule = "─".repeat(WIDTH.saturating_sub(text.chars().count() + 4));
        writeln!(self.out, "\n\n{bold}── {text} {rule}{plain}")
    }

    /// Plain text.
    pub(crate) fn text(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A cell whose output follows from the weights; `exact` computes it in f64. Each number may be
    /// off by half a unit of the notebook's last digit, and by as much as the rounding of the
    /// printed weights can explain.
    pub(crate) fn check<const N: usize>(
        &mut self,
        cell: Cell,
        ours: &[[f32; N]],
        exact: impl Fn(&Weights) -> Vec<f64>,
    ) -> Result<()> {
        let (theirs, digits) = parse(cell.2);
        let half_unit = 0.5 * 0.1f64.powi(digits.try_into().unwrap_or(i32::MAX));
        let allowed: Vec<f64> = allowance(&exact).iter().map(|a| a + half_unit).collect();
        let block = Block {
            ours: &wide(ours),
            theirs: &theirs,
            allowed: Some(&allowed),
            digits,
            columns: N,
        };
        self.block(&cell, &block)
    }

    /// A cell whose output has to be equal to the printed numbers, to the bit.
    #[expect(clippy::cast_possible_truncation, reason = "rounded to f32 on purpose")]
    pub(crate) fn same<const N: usize>(&mut self, cell: Cell, ours: &[[f32; N]]) -> Result<()> {
        let (printed, digits) = parse(cell.2);
        // The float nearest to the decimals: the weight 0.2369 is equal to a printed 0.2369.
        let theirs: Vec<f64> = printed.iter().map(|v| f64::from(*v as f32)).collect();
        let block = Block {
            ours: &wide(ours),
            theirs: &theirs,
            allowed: None,
            digits,
            columns: N,
        };
        self.block(&cell, &block)
    }

    fn block(&mut self, Cell(number, code, _): &Cell, block: &Block<'_>) -> Result<()> {
        let nothing = vec![0.0; block.ours.len()];
        let share = worst_share(block.ours, block.theirs, block.allowed.unwrap_or(&nothing));
        self.tally
            .count(&format!("In [{number}] {code}"), block.ours.len(), share);
        let verdict = match (block.allowed, share <= 1.0) {
            (_, false) => String::from("OFF"),
            (None, true) => String::from("equal"),
            (Some(_), true) => format!("{share:.2}"),
        };
        let title = format!("In [{number}]  {code}");
        let gap = WIDTH - 7;
        let Self { bold, plain, .. } = self;
        writeln!(self.out, "\n{bold}{title:<gap$}{plain} {verdict:>6}")?;
        self.rows(block)
    }

    /// Row by row ours, the notebook's, the difference and the allowance. A column is shown as a
    /// row.
    fn rows(&mut self, block: &Block<'_>) -> Result<()> {
        let columns = if block.columns == 1 {
            block.ours.len()
        } else {
            block.columns
        };
        let all = match block.allowed {
            None => block.digits,
            Some(_) => block.digits.max(DIGITS),
        };
        let tensors = block.ours.chunks(columns).zip(block.theirs.chunks(columns));
        for (row, (ours, theirs)) in tensors.enumerate() {
            if row > 0 {
                writeln!(self.out)?;
            }
            let difference: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
            self.row("ours", ours, all, all)?;
            self.row("notebook", theirs, block.digits, all)?;
            self.row("difference", &difference, all, all)?;
            if let Some(allowed) = block.allowed.and_then(|a| a.chunks(columns).nth(row)) {
                self.row("allowed", allowed, all, all)?;
            }
        }
        Ok(())
    }

    /// Numbers with `digits` digits after the point, in columns that have room for `all`.
    fn row(&mut self, label: &str, values: &[f64], digits: usize, all: usize) -> Result<()> {
        let point = 5 + usize::from(digits > 0) + digits;
        let padding = all - digits;
        let number = |value: &f64| format!("{value:>point$.digits$}{:padding$}", "");
        let numbers: String = values.iter().map(number).collect();
        writeln!(self.out, "         {label:<11}{}", numbers.trim_end())
    }

    /// A statement that two tensors have the same bits.
    pub(crate) fn equal(&mut self, number: u32, statement: &str, equal: bool) -> Result<()> {
        let (share, verdict) = if equal {
            (0.0, "equal")
        } else {
            (f64::INFINITY, "OFF")
        };
        self.tally
            .count(&format!("In [{number}] {statement}"), 1, share);
        let gap = WIDTH - 15;
        writeln!(self.out, "\n         {statement:<gap$}{verdict:>6}")
    }

    /// A line of a table: a quantity whose worst share of the tolerance is known.
    pub(crate) fn line(
        &mut self,
        name: &str,
        text: &str,
        numbers: usize,
        share: f64,
    ) -> Result<()> {
        self.tally.count(name, numbers, share);
        let mark = if share <= 1.0 { "" } else { "  OFF" };
        writeln!(self.out, "{text}{share:>9.4}{mark}")
    }

    /// Writes which quantities are off and how many were checked; true if none is off.
    pub(crate) fn verdict(mut self) -> Result<bool> {
        let Self { bold, plain, .. } = self;
        for off in self.tally.off() {
            writeln!(self.out, "OFF: {off}")?;
        }
        writeln!(self.out, "{bold}{}{plain}", self.tally.summary())?;
        self.out.flush()?;
        Ok(self.tally.off().is_empty())
    }
}

fn wide<const N: usize>(rows: &[[f32; N]]) -> Vec<f64> {
    rows.as_flattened().iter().map(|v| f64::from(*v)).collect()
}
