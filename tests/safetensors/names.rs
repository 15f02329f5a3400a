//! Names of files are JSON: escapes and characters of up to four bytes are what they mean.

use crate::build::tensors;
use stackprop::safetensors::{Error, Names, SafeTensors};
use stackprop::{SigmoidBce, net};

#[test]
fn every_escape_and_length_of_character() {
    for (json, name) in [
        (r#"\""#, "\""),
        (r"\\", "\\"),
        (r"\/", "/"),
        (r"\b", "\u{8}"),
        (r"\f", "\u{c}"),
        (r"\n", "\n"),
        (r"\r", "\r"),
        (r"\t", "\t"),
        (r"\u00e9", "é"),
        (r"\u20ac", "€"),
        (r"\ud83d\ude00", "😀"),
        ("é", "é"),
        ("€", "€"),
        ("😀", "😀"),
    ] {
        let bytes = tensors(&[("a.weight", &[1]), (&format!("{json}.weight"), &[1, 1])]);
        let mut network = <net![bias = false; 1 => 1, SigmoidBce]>::zeros();
        let file = SafeTensors::new(&bytes).unwrap().allow_unused(true);
        let loaded = file.names(Names::Listed(&[name])).load(&mut network);
        assert_eq!((loaded, network.layers.weight), (Ok(()), [[1.0]]), "{json}");
        for other in ["", "x", "è", "₫", "😁"] {
            let error = file.names(Names::Listed(&[other])).load(&mut network);
            assert!(error.is_err(), "{json} is not {other}");
        }
    }
}

#[test]
fn a_name_is_text() {
    let bytes = tensors(&[("a.weight", &[1]), ("a.weight", &[1])]);
    let error = SafeTensors::new(&bytes).unwrap_err();
    assert!(matches!(error, Error::Duplicate(name) if name.to_string() == "a.weight"));
}
