//! The other half of `model.rs`: networks, training, streams, records, files and flash.

#![no_std]
#![no_main]

mod files;
#[path = "../no_panic/handler.rs"]
mod handler;
mod networks;
mod optimisers;
mod records;
mod stores;
mod streams;
mod training;

use core::hint::black_box;
use handler::entry;

#[entry]
fn main() -> ! {
    loop {
        optimisers::optimisers();
        // What happens to the errors is no matter; black_box keeps them.
        let _ = black_box(networks::networks());
        let _ = black_box(training::training());
        let _ = black_box(streams::streams());
        let _ = black_box(records::records());
        let _ = black_box(files::files(&[0; 100]));
        let _ = black_box(stores::stores());
    }
}
