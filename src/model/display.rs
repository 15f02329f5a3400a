//! A network as a table: its layers, their tensors, and how many numbers they have.

use super::architecture::{Architecture, Kind, TensorShape};
use super::heads::Head;
use super::network::Network;
use super::params::Params;
use core::fmt::{Display, Formatter, Result, Write};

/// A line for each layer: its place in an `nn.Sequential`, its kind, its tensors with their shapes,
/// and how many numbers they have; then the head; then parameters and bytes. What a
/// [`Frozen`](crate::Frozen) part has lies elsewhere, and is not counted.
///
/// ```
/// use stackprop::{LeakyRelu, SigmoidBce, Standardize, net};
///
/// type Detector = net![3, Standardize => 4, LeakyRelu<1, 5> => 1, SigmoidBce];
/// let table = Detector::new(1).to_string();
/// assert!(table.lines().eq([
///     " 0 Standardize      mean[3] scale[3]                  6",
///     " 1 Linear           weight[4,3] bias[4]              16",
///     " 2 LeakyRelu(1,5)",
///     " 3 Linear           weight[1,4] bias[1]               5",
///     "   SigmoidBce",
///     "21 parameters, 108 bytes",
/// ]));
/// ```
impl<L: Params, H: Head<O>, const I: usize, const O: usize> Display for Network<L, H, I, O> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut place = 0;
        L::ARCHITECTURE.print(f, &mut place, false)?;
        writeln!(f, "   {}", H::KIND)?;
        let bytes = size_of::<Self>();
        write!(f, "{} parameters, {bytes} bytes", L::COUNT)
    }
}

impl Architecture {
    /// A line for each layer, the first one at `place`.
    fn print(&self, f: &mut Formatter<'_>, place: &mut usize, frozen: bool) -> Result {
        match self {
            Self::Chain(first, second) => {
                first.print(f, place, frozen)?;
                second.print(f, place, frozen)
            }
            Self::Frozen(part) => part.print(f, place, true),
            Self::Single(kind, tensors) => {
                let line = Line {
                    place: *place,
                    kind,
                    tensors,
                    frozen,
                };
                *place += 1;
                writeln!(f, "{line}")
            }
        }
    }
}

/// The line of a layer.
struct Line<'a> {
    place: usize,
    kind: &'a Kind,
    tensors: &'a [TensorShape],
    frozen: bool,
}

/// The width of the columns with kinds and with tensors.
const KINDS: usize = 16;
const TENSORS: usize = 28;

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{:>2} ", self.place)?;
        let tensors = Shapes(self.tensors);
        if self.tensors.is_empty() {
            return write!(f, "{}", self.kind);
        }
        write!(
            f,
            "{} {}",
            Padded(self.kind, KINDS),
            Padded(&tensors, TENSORS)
        )?;
        let shapes = self.tensors.iter().map(|tensor| tensor.shape);
        let numbers: usize = shapes.map(|shape| shape.iter().product::<usize>()).sum();
        write!(
            f,
            " {numbers:>6}{}",
            if self.frozen { " frozen" } else { "" }
        )
    }
}

/// Something with blanks behind it, up to a width.
struct Padded<'a, T>(&'a T, usize);

impl<T: Display> Display for Padded<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut length = Length(0);
        write!(length, "{}", self.0)?;
        write!(
            f,
            "{}{:blanks$}",
            self.0,
            "",
            blanks = self.1.saturating_sub(length.0)
        )
    }
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> Result {
        self.0 += text.len();
        Ok(())
    }
}

/// `LeakyRelu(1,5)`: the name, and the settings if there are any.
impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.name)?;
        if self.settings.is_empty() {
            return Ok(());
        }
        list(f, self.settings, '(')?;
        f.write_char(')')
    }
}

/// `weight[4,3] bias[4]`.
struct Shapes<'a>(&'a [TensorShape]);

impl Display for Shapes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (n, tensor) in self.0.iter().enumerate() {
            write!(f, "{}{}", if n == 0 { "" } else { " " }, tensor.field)?;
            list(f, tensor.shape, '[')?;
            f.write_char(']')?;
        }
        Ok(())
    }
}

/// Numbers with commas between, behind `open`.
fn list(f: &mut Formatter<'_>, numbers: &[impl Display], open: char) -> Result {
    numbers.iter().enumerate().try_for_each(|(n, number)| {
        let before = if n == 0 { open } else { ',' };
        write!(f, "{before}{number}")
    })
}
