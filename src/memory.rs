//! Memory that is known before flashing.
//!
//! Nothing is allocated, so the types tell the memory: [`Trainer::BYTES`](crate::Trainer::BYTES)
//! counts the parameters, the gradient, the optimiser state and the activations of a sample;
//! [`Trainer::STACK_BYTES`](crate::Trainer::STACK_BYTES) bounds the stack that a call takes, with
//! the partial sums of its batch. The README has the stack of a Cortex-M4F, as measured.
//! [`assert_within`] makes a budget a compile error.
//!
//! ```
//! use stackprop::{Relu, Sgd, SigmoidBce, Trainer, memory, net};
//!
//! type Learner = Trainer<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Sgd>;
//! const _: () = memory::assert_within(Learner::BYTES, 10_000);
//! const _: () = memory::assert_within(Learner::STACK_BYTES, 512_000);
//! ```
//!
//! ```compile_fail,E0080
//! use stackprop::{Adam, Relu, SigmoidBce, Trainer, memory, net};
//!
//! type Learner = Trainer<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Adam>;
//! // evaluation panicked: needs 19,088 bytes, budget 10,000
//! const _: () = memory::assert_within(Learner::BYTES, 10_000);
//! ```

/// Stops the compilation if `bytes` exceed `budget`, with both numbers in the message. It is meant
/// for constants: at run time it panics instead.
///
/// # Panics
/// If `bytes` > `budget`.
///
/// ```
/// use stackprop::{SigmoidBce, memory::assert_within, net};
///
/// const _: () = assert_within(size_of::<net![3 => 1, SigmoidBce]>(), 16); // 4 floats
/// ```
#[expect(
    clippy::panic,
    reason = "a panic in a constant is a compile error, which is what it is for"
)]
pub const fn assert_within(bytes: usize, budget: usize) {
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
            #[expect(clippy::cast_possible_truncation, reason = "below 10")]
            let digit = digit as u8;
            message = message.text(&[b'0' + digit]);
            if left > 0 && left % 3 == 0 {
                message = message.text(b",");
            }
        }
        message
    }
}
