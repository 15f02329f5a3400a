//! Files that somebody has damaged: each is refused or means something, and nothing panics.

use stackprop::safetensors::{Names, SafeTensors};
use stackprop::{Relu, SigmoidBce, net};

type Detector = net![3 => 4, Relu => 1, SigmoidBce];

const FILE: &[u8] = include_bytes!("../data/detector.safetensors");

fn header_length() -> usize {
    u64::from_le_bytes(*FILE.first_chunk().unwrap())
        .try_into()
        .unwrap()
}

/// Reads a file in every way. What this crate takes the reference implementation takes, too, with
/// the same numbers.
fn read(bytes: &[u8]) -> bool {
    let reference = ::safetensors::SafeTensors::deserialize(bytes);
    let Ok(file) = SafeTensors::new(bytes) else {
        return false;
    };
    let reference = reference.unwrap();
    let _ = file.names(Names::Sorted).load(&mut Detector::zeros());
    let _ = file
        .names(Names::Listed(&["0", "2"]))
        .load(&mut Detector::zeros());
    let mut network = Detector::new(1);
    if file.load(&mut network).is_err() {
        assert_eq!(network, Detector::new(1));
        return false;
    }
    for tensor in network.tensors() {
        let data = reference.tensor(&tensor.name.to_string()).unwrap();
        let numbers: Vec<u8> = tensor.values.iter().flat_map(|n| n.to_le_bytes()).collect();
        assert_eq!(data.data(), numbers);
        assert!(tensor.values.iter().all(|number| number.is_finite()));
    }
    true
}

#[test]
fn the_file_is_good() {
    assert!(read(FILE));
}

#[test]
fn every_truncation_and_extension_is_refused() {
    for length in 0..FILE.len() {
        assert!(!read(&FILE[..length]), "{length}");
    }
    for more in 1..9 {
        assert!(!read(&[FILE, &[0; 8][..more]].concat()), "{more}");
    }
}

#[test]
fn every_single_byte() {
    let mut bytes = FILE.to_vec();
    let header = 8 + header_length();
    let (mut taken, mut in_header) = (0, 0);
    for at in 0..FILE.len() {
        for byte in 0..=255 {
            bytes[at] = byte;
            let good = read(&bytes);
            taken += usize::from(good);
            in_header += usize::from(good && at < header && byte != FILE[at]);
        }
        bytes[at] = FILE[at];
    }
    // All but NaN and infinities in the numbers, and blanks for blanks in the header.
    assert!(taken > 21 * 4 * 250, "{taken}");
    assert!(in_header < 40, "{in_header}");
}

/// Numbers of the header, each with other digits.
#[test]
fn every_number_of_the_header() {
    let text = String::from_utf8_lossy(FILE);
    let numbers = [
        "0",
        "1",
        "4",
        "16",
        "84",
        "4294967296",
        "18446744073709551615",
        "1e9",
        "-1",
    ];
    let digits: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|p| p.0)
        .collect();
    let length = header_length();
    for at in digits.into_iter().filter(|at| (8..8 + length).contains(at)) {
        for number in numbers {
            let header = [&FILE[8..at], number.as_bytes(), &FILE[at + 1..8 + length]].concat();
            let size = (header.len() as u64).to_le_bytes();
            read(&[&size[..], &header, &FILE[8 + length..]].concat());
        }
    }
}

/// Random bytes after a length that fits, and random pieces of a good file put together.
#[test]
fn random_files() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..20_000 {
        let mut bytes = FILE.to_vec();
        for _ in 0..random.usize(1..4) {
            let (from, to) = (random.usize(0..FILE.len()), random.usize(8..FILE.len()));
            let length = random.usize(0..40).min(FILE.len() - from.max(to));
            bytes[to..to + length].copy_from_slice(&FILE[from..from + length]);
        }
        read(&bytes);
    }
}
