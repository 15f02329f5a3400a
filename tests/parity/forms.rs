//! Forms of input that mean the same, and the form of what is printed.

use crate::files::{csv, file, golden_weights, notebook, tensor};
use crate::golden::read;
use crate::tool::{json, run, run_on};
use stackprop::notebook::{BOOK_NET, X};

/// A CSV that holds the same numbers gives the same output.
#[test]
fn blanks_quotes_and_line_ends_do_not_matter() {
    let (weights, data) = notebook();
    let plain = run_on("plain", "book", &weights, data.as_bytes());
    json(&plain);
    for (case, same) in [
        ("blanks", data.replace(',', " ,\t ")),
        ("crlf", data.replace('\n', "\r\n")),
        ("mark", format!("\u{feff}{data}")),
        (
            "blank_lines",
            format!("\n{}\n \n", data.replace('\n', "\n\n")),
        ),
        ("no_last_end", String::from(data.trim_end())),
        (
            "quotes",
            data.replace("x1,x2", "\"x1\",\"x2\"")
                .replace("4,", "\"4\","),
        ),
        ("decimals", data.replace("1,2,3", "1.0,+2e0,0.3E1")),
    ] {
        let output = run_on(case, "book", &weights, same.as_bytes());
        assert_eq!(output, plain, "{case}");
    }
}

/// The printed decimals read back as the floats that the crate computes.
#[test]
fn numbers_are_printed_in_full() {
    let (weights, data) = notebook();
    let printed = json(&run_on("full", "book", &weights, data.as_bytes()));
    let rows = printed["forward"].as_array().unwrap();
    assert_eq!(rows.len(), X.len());
    for (row, x) in rows.iter().zip(&X) {
        let decimals = row[0].to_string();
        let [y_hat] = BOOK_NET.forward(x);
        assert_eq!(decimals.parse::<f32>().unwrap().to_bits(), y_hat.to_bits());
    }
}

/// JSON has no infinities and no NaN; they are printed as strings.
#[test]
fn numbers_that_are_not_finite_are_strings() {
    let huge = [
        tensor("fc1.weight", &[4, 3], &[1e38; 12]),
        tensor("fc2.weight", &[2, 4], &[[1e38; 4], [-1e38; 4]].concat()),
        tensor("fc3.weight", &[1, 2], &[1.0, 0.0]),
    ];
    let data = "x1,x2,x3,y1\n1,1,1,0.5\n0,0,0,0.5\n";
    let printed = json(&run_on("huge", "linear", &file(&huge), data.as_bytes()));
    // inf * 0 on the way to the first logit.
    assert_eq!(printed["logits"].to_string(), r#"[["nan"],[0.0]]"#);
    let one_sided = [&huge[..2], &[tensor("fc3.weight", &[1, 2], &[1.0, -1.0])]].concat();
    let printed = json(&run_on(
        "one_sided",
        "linear",
        &file(&one_sided),
        data.as_bytes(),
    ));
    assert_eq!(printed["logits"].to_string(), r#"[["inf"],[0.0]]"#);
    assert_eq!(printed["loss"], "inf");
}

/// Any number of rows: a thousand print a thousand.
#[test]
fn any_number_of_rows() {
    let golden = read("notebook.json");
    let weights = file(&golden_weights(&golden));
    let four = csv("", &golden["X"], &golden["Y"]);
    let data = format!("x1,x2,x3,y1\n{}", four.trim_start().repeat(250));
    let printed = json(&run_on("thousand", "linear", &weights, data.as_bytes()));
    for name in ["forward", "logits", "loss_per_sample", "grad_input"] {
        assert_eq!(printed[name].as_array().unwrap().len(), 1000, "{name}");
    }
}

#[test]
fn help_tells_all_options() {
    for flag in ["--help", "-h"] {
        let output = run(&[flag]);
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        for option in [
            "--net",
            "--weights",
            "--data",
            "--save",
            "book",
            "linear",
            "mlp16",
        ] {
            assert!(text.contains(option), "{option}");
        }
    }
}
