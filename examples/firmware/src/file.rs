//! Files of weights, made when the program is compiled.

/// A file with this header, whose numbers are all 0. `BYTES` is its size.
///
/// # Panics
/// Stops the compiler if the header does not fit.
#[must_use]
pub const fn file<const BYTES: usize>(header: &str) -> [u8; BYTES] {
    let (mut bytes, header) = ([0; BYTES], header.as_bytes());
    [bytes[0], bytes[1], ..] = (header.len() as u64).to_le_bytes();
    let mut n = 0;
    while n < header.len() {
        bytes[8 + n] = header[n];
        n += 1;
    }
    bytes
}

/// What `safetensors.torch.save_file` writes for the network of the image `cost`, but for the
/// numbers.
#[cfg(cost_net = "linear")]
pub const HEADER: &str = concat!(
    r#"{"0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"#,
    r#""1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},"#,
    r#""2.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[80,88]}}"#,
);
/// Its numbers.
#[cfg(cost_net = "linear")]
pub const NUMBERS: usize = 22;
/// What `safetensors.torch.save_file` writes for the network of the image `cost`, but for the
/// numbers.
#[cfg(cost_net = "book")]
pub const HEADER: &str = concat!(
    r#"{"0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"#,
    r#""2.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},"#,
    r#""4.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[80,88]}}"#,
);
/// Its numbers.
#[cfg(cost_net = "book")]
pub const NUMBERS: usize = 22;
/// What `safetensors.torch.save_file` writes for the network of the image `cost`, but for the
/// numbers.
#[cfg(cost_net = "big")]
pub const HEADER: &str = concat!(
    r#"{"0.weight":{"dtype":"F32","shape":[32,16],"data_offsets":[0,2048]},"#,
    r#""0.bias":{"dtype":"F32","shape":[32],"data_offsets":[2048,2176]},"#,
    r#""2.weight":{"dtype":"F32","shape":[16,32],"data_offsets":[2176,4224]},"#,
    r#""2.bias":{"dtype":"F32","shape":[16],"data_offsets":[4224,4288]},"#,
    r#""4.weight":{"dtype":"F32","shape":[4,16],"data_offsets":[4288,4544]},"#,
    r#""4.bias":{"dtype":"F32","shape":[4],"data_offsets":[4544,4560]}}"#,
);
/// Its numbers.
#[cfg(cost_net = "big")]
pub const NUMBERS: usize = 1140;

/// The bytes of that file.
pub const BYTES: usize = 8 + HEADER.len() + 4 * NUMBERS;
