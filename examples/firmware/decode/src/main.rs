//! Prints the log of an image: takes the image as its argument, which holds the format strings, and
//! what the image wrote on its standard input.
//!
//! A program of its own because of the time that its dependencies take to compile.

use core::error::Error;
use defmt_decoder::{DecodeError, Table};
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: decode IMAGE")?;
    let table = Table::parse(&std::fs::read(path)?)?.ok_or("the image does not log")?;
    let mut stream = Vec::new();
    std::io::stdin().read_to_end(&mut stream)?;
    let mut decoder = table.new_stream_decoder();
    decoder.received(&stream);
    loop {
        match decoder.decode() {
            Ok(frame) => println!("{}", frame.display(false)),
            Err(DecodeError::Malformed) if table.encoding().can_recover() => {
                println!("(a damaged line)");
            }
            Err(DecodeError::Malformed) => return Err("the log is damaged".into()),
            Err(DecodeError::UnexpectedEof) => return Ok(()),
        }
    }
}
