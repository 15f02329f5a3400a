//! What a record holds, known at compile time: which numbers, in which order.

use crate::kernels::checksum::Checksum;
use crate::model::architecture::write_number;
use core::fmt::{Display, Formatter};

/// What a record holds, as a tree. It is written as a text, and the CRC-32 of the text stands in
/// the record's header:
///
/// ```
/// use stackprop::record::Part;
/// use stackprop::{Online, Sgd, SigmoidBce, net};
///
/// type Detector = net![3 => 1, SigmoidBce];
/// assert_eq!(
///     <Online<Detector, Sgd>>::CONTENTS.to_string(),
///     "Training{network:Network[4]f32,optimizer:Sgd{lr:f32},\
///      guard:Guard{max_norm:f32bits,max_weight:f32bits},shared:(),state:[4]()}"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// One number, by the name of its type, and how many bytes it has.
    Number(&'static str, usize),
    /// The same several times: `[4]f32`.
    Array(usize, &'static Self),
    /// One after the other, each with its name: `Random{state:u64}`; `()` if there are none.
    Fields(&'static str, &'static [(&'static str, &'static Self)]),
    /// The numbers of a network, by its [fingerprint](crate::Network::FINGERPRINT), which is not in
    /// the text, and how many there are: `Network[21]f32`.
    Weights(u32, usize),
}

impl Contents {
    /// How many bytes the numbers take.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.sum(true)
    }

    /// How many numbers there are.
    #[must_use]
    pub const fn numbers(&self) -> usize {
        self.sum(false)
    }

    /// The CRC-32 of the text.
    ///
    /// ```
    /// use stackprop::{Random, record::Part};
    ///
    /// assert_eq!(Random::CONTENTS.fingerprint(), 0x56ca_9a10); // of Random{state:u64}
    /// ```
    #[must_use]
    pub const fn fingerprint(&self) -> u32 {
        self.write(Checksum::new()).value()
    }

    /// The fingerprint of the network; of several, the CRC-32 of their fingerprints, each as four
    /// bytes; 0 if there is none.
    #[must_use]
    pub const fn network(&self) -> u32 {
        let found = self.networks(Networks {
            count: 0,
            first: 0,
            all: Checksum::new(),
        });
        if found.count > 1 {
            found.all.value()
        } else {
            found.first
        }
    }

    /// The bytes, or the count of numbers.
    const fn sum(&self, bytes: bool) -> usize {
        match self {
            Self::Number(_, size) => {
                if bytes {
                    *size
                } else {
                    1
                }
            }
            Self::Array(count, each) => *count * each.sum(bytes),
            Self::Fields(_, fields) => {
                let (mut all, mut rest) = (0, *fields);
                while let [(_, field), after @ ..] = rest {
                    all += field.sum(bytes);
                    rest = after;
                }
                all
            }
            Self::Weights(_, count) => *count * if bytes { 4 } else { 1 },
        }
    }

    const fn write(&self, text: Checksum) -> Checksum {
        match self {
            Self::Number(name, _) => text.update(name.as_bytes()),
            Self::Array(count, each) => each.write(write_length(text, *count)),
            Self::Fields(_, []) => text.update(b"()"),
            Self::Fields(name, fields) => write_fields(text.update(name.as_bytes()), fields),
            Self::Weights(_, count) => write_length(text.update(b"Network"), *count).update(b"f32"),
        }
    }

    const fn networks(&self, mut found: Networks) -> Networks {
        match self {
            Self::Number(..) => {}
            Self::Array(count, each) => {
                let mut n = 0;
                while n < *count {
                    found = each.networks(found);
                    n += 1;
                }
            }
            Self::Fields(_, fields) => {
                let mut rest = *fields;
                while let [(_, field), after @ ..] = rest {
                    found = field.networks(found);
                    rest = after;
                }
            }
            Self::Weights(fingerprint, _) => {
                if found.count == 0 {
                    found.first = *fingerprint;
                }
                found.count += 1;
                found.all = found.all.update(&fingerprint.to_le_bytes());
            }
        }
        found
    }
}

/// The networks that were met.
struct Networks {
    count: usize,
    first: u32,
    all: Checksum,
}

/// `{mean:f64,count:u64}`.
const fn write_fields(mut text: Checksum, fields: &[(&str, &Contents)]) -> Checksum {
    let (mut before, mut rest): (&[u8], _) = (b"{", fields);
    while let [(name, field), after @ ..] = rest {
        text = text.update(before).update(name.as_bytes()).update(b":");
        text = field.write(text);
        (before, rest) = (b",", after);
    }
    text.update(b"}")
}

/// `[21]`.
const fn write_length(text: Checksum, length: usize) -> Checksum {
    write_number(text.update(b"["), length as u64).update(b"]")
}

impl Display for Contents {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Number(name, _) => write!(f, "{name}"),
            Self::Array(count, each) => write!(f, "[{count}]{each}"),
            Self::Fields(_, []) => write!(f, "()"),
            Self::Fields(name, fields) => {
                write!(f, "{name}")?;
                for (n, (field, contents)) in fields.iter().enumerate() {
                    let before = if n == 0 { '{' } else { ',' };
                    write!(f, "{before}{field}:{contents}")?;
                }
                write!(f, "}}")
            }
            Self::Weights(_, count) => write!(f, "Network[{count}]f32"),
        }
    }
}
