//! Memory that is known before flashing.
//!
//! Nothing is allocated, so the types say it all: [`Trainer::BYTES`](crate::Trainer::BYTES) is what training takes, parameters,
//! gradient, optimiser state and the activations of a sample. The frames of the calls are beyond it, and the partial sums of
//! batches of more than 16 rows; the README has the stack of a Cortex-M4F, from its machine code. [`within`] makes a
//! budget a compile error.
//!
//! ```
//! use stackprop::{Relu, Sgd, SigmoidBce, TrainerOf, memory, net};
//!
//! type Learner = TrainerOf<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Sgd>;
//! const _: () = memory::within(Learner::BYTES, 10_000);
//! ```
//!
//! ```compile_fail,E0080
//! use stackprop::{Adam, Relu, SigmoidBce, TrainerOf, memory, net};
//!
//! type Learner = TrainerOf<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Adam>;
//! const _: () = memory::within(Learner::BYTES, 10_000); // evaluation panicked: needs 19,088 bytes, budget 10,000
//! ```

/// Stops the compilation, with both numbers in the message, where `bytes` are more than `budget`. For constants: called
/// at run time it panics instead.
///
/// # Panics
/// If `bytes` > `budget`.
#[expect(
    clippy::panic,
    reason = "a panic in a constant is a compile error, which is what it is for"
)]
pub const fn within(bytes: usize, budget: usize) {
    if bytes > budget {
        let message = Message::new()
            .text(b"needs ")
            .number(bytes)
            .text(b" bytes, budget ")
            .number(budget);
        let (text, _) = message.bytes.split_at(message.length);
        match core::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("needs more bytes than its budget"),
        }
    }
}

/// A text made at compile time.
struct Message {
    bytes: [u8; 96],
    length: usize,
}

impl Message {
    const fn new() -> Self {
        Self {
            bytes: [0; 96],
            length: 0,
        }
    }

    const fn text(mut self, text: &[u8]) -> Self {
        let mut i = 0;
        while i < text.len() {
            self.bytes[self.length] = text[i];
            self.length += 1;
            i += 1;
        }
        self
    }

    /// `number` with commas between thousands.
    const fn number(self, number: usize) -> Self {
        let digits = if number == 0 { 1 } else { number.ilog10() + 1 };
        let mut message = self;
        let mut left = digits;
        while left > 0 {
            left -= 1;
            let digit = number / 10usize.pow(left) % 10;
            message = message.text(&[b'0' + digit as u8]);
            if left > 0 && left % 3 == 0 {
                message = message.text(b",");
            }
        }
        message
    }
}
