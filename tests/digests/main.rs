//! The same bits on every vector type of the host, in every build; and the numbers that the
//! firmware is held against.
//!
//! Where results are meant to change, make the digests again:
//! ```text
//! STACKPROP_BLESS=1 cargo test --test digests
//! ```

mod cases;
mod contract;
mod golden;
mod host;
mod learning;

use core::error::Error;
use golden::DIGESTS;
use stackprop::simd::{DefaultVector, F32x4, F32x8, F32x16, Native, Tile, Vector};
use std::fmt::Write;

/// What `golden.rs` begins with.
const HEAD: &str = "\
//! The digest of each case. Made by `STACKPROP_BLESS=1 cargo test --test digests`.

/// Case and digest.
pub(crate) const DIGESTS: &[(&str, u64)] = &[
";

/// All cases on vectors `V`.
fn all<V: Vector>() -> Result<Vec<(&'static str, u64)>, stackprop::Error> {
    let mut found = Vec::new();
    let mut push = |case, digest| found.push((case, digest));
    cases::small::<V>(&mut push)?;
    cases::kernels::<V>(&mut push);
    cases::large::<V>(&mut push)?;
    learning::learning::<V>(&mut push)?;
    contract::functions::<V>(&mut push);
    contract::contract::<V>(&mut push)?;
    host::host(&mut push)?;
    Ok(found)
}

/// Whether `golden.rs` is to be made again.
fn blessing() -> bool {
    std::env::var_os("STACKPROP_BLESS").is_some()
}

/// Fails with the cases whose digests are not the golden ones.
fn holds<V: Vector>() -> Result<(), Box<dyn Error>> {
    if blessing() {
        return Ok(());
    }
    let found = all::<V>()?;
    for (case, digest) in &found {
        println!("host {case} {digest:016x}");
    }
    assert_eq!(found, DIGESTS);
    Ok(())
}

/// `golden.rs` with these digests.
fn file(digests: &[(&str, u64)]) -> Result<String, Box<dyn Error>> {
    let mut text = HEAD.to_owned();
    for (case, digest) in digests {
        writeln!(text, "    ({case:?}, {digest:#018x}),")?;
    }
    Ok(text + "];\n")
}

/// Nobody has written in `golden.rs` by hand.
#[test]
fn golden_file_is_as_made() -> Result<(), Box<dyn Error>> {
    assert_eq!(include_str!("golden.rs"), file(DIGESTS)?);
    Ok(())
}

#[test]
fn scalar() -> Result<(), Box<dyn Error>> {
    if blessing() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/digests/golden.rs");
        std::fs::write(path, file(&all::<f32>()?)?)?;
    }
    holds::<f32>()
}

/// A test for each vector type of several samples.
macro_rules! vectors {
    ($($name:ident: $vector:ty),+ $(,)?) => {$(
        #[test]
        fn $name() -> Result<(), Box<dyn Error>> {
            holds::<$vector>()
        }
    )+};
}

vectors! {
    four: F32x4,
    eight: F32x8,
    sixteen: F32x16,
    tiles_of_four: Tile<F32x4, 2>,
    tiles_of_eight: Tile<F32x8, 4>,
    native: Native,
    default_vector: DefaultVector,
}
