//! The proof of `no_panic` for every function of the crate, one by one: what is in the list
//! `tests/public_api.txt` is called here or in `learning.rs`, or `tests/documents/linked/exempt.rs`
//! says why not. This is the half of it without training.
//!
//! No argument is known to the compiler. What is generic over vectors is called with `f32` and
//! with `F32x4`.

#![no_std]
#![no_main]
#![allow(
    clippy::default_constructed_unit_structs,
    reason = "`default` is a function of theirs"
)]

mod checks;
#[path = "../no_panic/handler.rs"]
mod handler;
mod heads;
mod layers;
mod numbers;
mod tensors;

use core::hint::black_box;
use handler::entry;

#[entry]
fn main() -> ! {
    loop {
        numbers::numbers();
        tensors::all();
        layers::layers();
        heads::heads();
        // What happens to the errors is no matter; black_box keeps them.
        let _ = black_box(checks::checks());
    }
}
