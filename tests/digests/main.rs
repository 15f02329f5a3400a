//! The same bits on every lane type of the host, in every build; and the numbers that the firmware is held against.
//!
//! Where results are meant to change, make the digests again:
//! ```text
//! STACKPROP_BLESS=1 cargo test --test digests scalar
//! ```

mod cases;
mod golden;

use core::error::Error;
use golden::DIGESTS;
use stackprop::lane::{Lane, Native, Tile, Wide, f32x4, f32x8, f32x16};
use std::fmt::Write;

/// What `golden.rs` begins with.
const HEAD: &str = "\
//! The digest of each case of `cases.rs`. Made by `STACKPROP_BLESS=1 cargo test --test digests scalar`.

/// Case and digest.
pub(crate) const DIGESTS: &[(&str, u64)] = &[
";

/// All cases on lanes `V`.
fn all<V: Lane>() -> Result<Vec<(&'static str, u64)>, stackprop::Error> {
    let mut found = Vec::new();
    let mut push = |case, digest| found.push((case, digest));
    cases::small::<V>(&mut push)?;
    cases::kernels::<V>(&mut push);
    cases::large::<V>(&mut push)?;
    Ok(found)
}

/// Fails with the cases whose digests are not the golden ones.
fn holds<V: Lane>() -> Result<(), Box<dyn Error>> {
    let found = all::<V>()?;
    for (case, digest) in &found {
        println!("host {case} {digest:016x}");
    }
    assert_eq!(found, DIGESTS);
    Ok(())
}

/// Writes `golden.rs` with what `f32` gives.
fn bless() -> Result<(), Box<dyn Error>> {
    let mut text = HEAD.to_owned();
    for (case, digest) in all::<f32>()? {
        writeln!(text, "    ({case:?}, {digest:#018x}),")?;
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/digests/golden.rs");
    std::fs::write(path, text + "];\n")?;
    Ok(())
}

#[test]
fn scalar() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("STACKPROP_BLESS").is_some() {
        return bless();
    }
    holds::<f32>()
}

/// A test for each lane type of several samples.
macro_rules! lanes {
    ($($name:ident: $lane:ty),+ $(,)?) => {$(
        #[test]
        fn $name() -> Result<(), Box<dyn Error>> {
            holds::<$lane>()
        }
    )+};
}

lanes! {
    four: f32x4,
    eight: f32x8,
    sixteen: f32x16,
    tiles_of_four: Tile<f32x4, 2>,
    tiles_of_eight: Tile<f32x8, 4>,
    native: Native,
    wide: Wide,
}
