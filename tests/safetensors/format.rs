//! The rules of the format, each broken once.

use crate::build::{entry, file, tensors};
use stackprop::safetensors::{Error, MAX_TENSORS, SafeTensors};

fn error(bytes: &[u8]) -> Error {
    SafeTensors::new(bytes).unwrap_err()
}

/// The error of a header with these entries, before `data` bytes.
fn header(entries: &[String], data: usize) -> Error {
    error(&file(&format!("{{{}}}", entries.join(",")), &vec![0; data]))
}

fn is_named(error: Error, make: fn(stackprop::safetensors::Name) -> Error, name: &str) -> bool {
    let found = match error {
        Error::Duplicate(name) | Error::Offsets(name) => name,
        _ => return false,
    };
    found.as_str() == name && make(found) == error
}

#[test]
fn an_empty_file_is_one() {
    assert!(SafeTensors::new(&file("{}", &[])).is_ok());
    assert!(SafeTensors::new(&file("{ \t\r\n}   ", &[])).is_ok());
    assert!(SafeTensors::new(&file(r#"{"__metadata__":{"a":"b","c":"\"\\{"}}"#, &[])).is_ok());
    assert!(SafeTensors::new(&file(r#"{"__metadata__":{}}"#, &[])).is_ok());
}

#[test]
fn lengths() {
    assert_eq!(error(b""), Error::Header);
    assert_eq!(error(&[0; 7]), Error::Header);
    assert_eq!(error(&[0; 8]), Error::Header);
    assert_eq!(error(b"\x03\0\0\0\0\0\0\0{}"), Error::Header);
    assert_eq!(error(b"\x02\0\0\0\0\0\0\0[]"), Error::Header);
    assert_eq!(error(&file(" {}", &[])), Error::Header);
    for length in [u64::MAX, 1 << 63, 1 << 32 | 2, 100_000_001] {
        assert_eq!(
            error(&[&length.to_le_bytes()[..], b"{}"].concat()),
            Error::Header
        );
    }
}

#[test]
fn text_and_json() {
    assert_eq!(error(b"\x03\0\0\0\0\0\0\0{\xff}"), Error::Utf8);
    let wrong = [
        ("{", 1),
        ("{,}", 1),
        ("{}}", 2),
        ("{} x", 3),
        (r#"{"a"}"#, 4),
        (r#"{"a":{}}"#, 6),
        (r#"{"a":[]}"#, 5),
        (r#"{"__metadata__":{"a":1}}"#, 21),
        (r#"{"__metadata__":{"a":"b",}}"#, 25),
        (r#"{"a\x":{}}"#, 2),
        (r#"{"a\ud800":{}}"#, 2),
        (r#"{"a\ud800\u0041":{}}"#, 2),
        (r#"{"a\udc00":{}}"#, 2),
        (r#"{"a\u00g0":{}}"#, 2),
        ("{\"a\n\":{}}", 2),
        ("{\"a", 2),
        ("{\"a\\", 2),
    ];
    for (header, at) in wrong {
        assert_eq!(error(&file(header, &[])), Error::Json { at }, "{header}");
    }
}

#[test]
fn entries() {
    let of = |text: &str| error(&file(&format!(r#"{{"a":{{{text}}}}}"#), &[0; 4]));
    let good = r#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#;
    assert!(SafeTensors::new(&file(&format!(r#"{{"a":{{{good}}}}}"#), &[0; 4])).is_ok());
    let wrong = [
        r#""dtype":"F32","shape":[1]"#,
        r#""dtype":"F32","data_offsets":[0,4]"#,
        r#""shape":[1],"data_offsets":[0,4]"#,
        r#""dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1"#,
        r#""dtype":"F32","shape":[1],"data_offsets":[0,4,4]"#,
        r#""dtype":"F32","shape":[1],"data_offsets":[4]"#,
        r#""dtype":"F32","shape":1,"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[1.0],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[1e0],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[01],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[1,],"data_offsets":[0,4]"#,
        r#""dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]"#,
        r#""dtype":null,"shape":[1],"data_offsets":[0,4]"#,
    ];
    for text in wrong {
        assert!(matches!(of(text), Error::Json { .. }), "{text}");
    }
    let dtype = of(&good.replace("F32", "F33"));
    assert!(matches!(dtype, Error::Dtype { dtype, .. } if dtype.as_str() == "F33"));
}

#[test]
fn names_twice() {
    let twice = [
        entry("a", &[1], 0),
        entry("b", &[1], 4),
        entry("a", &[1], 8),
    ];
    assert!(is_named(header(&twice, 12), Error::Duplicate, "a"));
    let escaped = [entry("a", &[1], 0), entry(r"\u0061", &[1], 4)];
    assert!(is_named(header(&escaped, 8), Error::Duplicate, "a"));
    let metadata = r#"{"__metadata__":{},"__metadata__":{}}"#;
    assert!(is_named(
        error(&file(metadata, &[])),
        Error::Duplicate,
        "__metadata__"
    ));
}

#[test]
fn sizes() {
    assert!(is_named(
        header(&[entry("a", &[2], 0)], 4),
        Error::Offsets,
        "a"
    ));
    let raw = |offsets: &str, shape: &str| {
        format!(r#""a":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}"#)
    };
    let max = usize::MAX;
    let wrong = [
        raw("[4,0]", "[1]"),
        raw("[0,8]", "[1]"),
        raw("[0,4]", "[2]"),
        raw("[0,0]", "[]"),
        raw("[0,4]", &format!("[{max},4]")),
        raw("[0,4]", &format!("[{max}]")),
        raw(&format!("[0,{max}]"), "[1]"),
        raw(&format!("[{max},3]"), "[1]"),
    ];
    for text in wrong {
        assert!(
            is_named(header(std::slice::from_ref(&text), 8), Error::Offsets, "a"),
            "{text}"
        );
    }
    let half = r#""a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}"#.to_string();
    assert!(is_named(header(&[half], 2), Error::Offsets, "a"));
}

#[test]
fn holes_and_overlaps() {
    let holes: [&[String]; 7] = [
        &[entry("a", &[1], 0)],
        &[entry("a", &[1], 4)],
        &[],
        &[entry("a", &[1], 0), entry("b", &[1], 0)],
        &[entry("a", &[2], 0), entry("b", &[1], 0)],
        &[entry("b", &[1], 4), entry("a", &[2], 0)],
        &[entry("a", &[1], 4), entry("b", &[1], 4)],
    ];
    for entries in holes {
        assert_eq!(header(entries, 8), Error::Holes, "{entries:?}");
    }
    // Empty tensors take no byte, wherever they are; and any order is allowed.
    let good = [
        entry("e", &[0], 4),
        entry("b", &[1], 4),
        entry("a", &[1], 0),
        entry("f", &[0], 8),
    ];
    assert!(SafeTensors::new(&file(&format!("{{{}}}", good.join(",")), &[0; 8])).is_ok());
}

#[test]
fn many_tensors() {
    let names: Vec<String> = (0..=MAX_TENSORS).map(|n| n.to_string()).collect();
    let all: Vec<(&str, &[usize])> = names.iter().map(|name| (&name[..], &[1][..])).collect();
    assert!(SafeTensors::new(&tensors(&all[1..])).is_ok());
    assert_eq!(error(&tensors(&all)), Error::TooManyTensors);
    let text = Error::TooManyTensors.to_string();
    assert_eq!(text, "safetensors: more than 256 tensors");
}
