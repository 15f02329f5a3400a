//! The tables: which rows of which record stand in which document.

use crate::chips::{CHIP_RECORD, Chips, SIZE, SPEED, both, recorded};
use crate::host::{EVERY_FLOAT, HOST_RECORD, SHUTTLE, accuracy, few_of, host, shuttle};
use crate::mistakes::{MISTAKES, mistakes};
use crate::paper::{ACCURACIES, COSTS, PAPER_RECORD, rows};
use crate::table::{Generated, Place, differences, line};
use crate::{is_blessing, is_skipped, path, read};

/// All that is generated.
fn generated() -> Vec<Generated> {
    let chips = Chips::read();
    let (host, timed) = host();
    let bytes = "| network, call | RAM | flash, `s` | flash, `3` | stack, `s` | stack, `3` |";
    let table = |file, after, header, from, lines| Generated {
        file,
        from,
        place: Place::Table { after, header },
        lines,
    };
    let stamp = |file, from, word, line: String| Generated {
        file,
        from,
        place: Place::Line(word),
        lines: vec![line],
    };
    let readme_bytes = [
        ("3-4-2-1, `Online::step`", "book online"),
        ("3-4-2-1, `Trainer::step`, 64 rows", "book trainer_64"),
        ("16-32-16-4, `forward`", "big forward"),
        ("16-32-16-4, `Online::step`", "big online"),
        ("16-32-16-4, `Trainer::step`, 64 rows", "big trainer_64"),
        ("with Adam, a record written", "big save"),
        ("with Adam, a record read", "big load"),
    ];
    let mut readme_chips = SPEED.to_vec();
    readme_chips.retain(|(_, section)| !["m3, speed", "m7, speed", "m33, speed"].contains(section));
    readme_chips.insert(2, ("Cortex-M4F, opt-level `s`", SIZE[1].1));
    let all_chips = both();
    let mut peers_chips = all_chips.clone();
    peers_chips.retain(|(_, section)| !["m3, speed", "m33, speed"].contains(section));
    vec![
        table(
            "README.md",
            "## Bytes",
            bytes,
            CHIP_RECORD,
            chips.bytes(&readme_bytes),
        ),
        table(
            "README.md",
            "## Cost",
            "| chip | `forward` | `sgd_step` | `Online::step` | `Trainer::step`, 64 rows |",
            CHIP_RECORD,
            chips.instructions(
                &readme_chips,
                &[
                    "big forward",
                    "big sgd_step",
                    "big online",
                    "big trainer_64",
                ],
            ),
        ),
        stamp("README.md", CHIP_RECORD, "Recorded", recorded(CHIP_RECORD)),
        stamp("README.md", HOST_RECORD, "SGD, 1 row", few_of(&host, "SGD")),
        stamp(
            "README.md",
            HOST_RECORD,
            "Adam, 1 row",
            few_of(&host, "Adam"),
        ),
        table(
            "src/guide/memory.md",
            "# Measured",
            bytes,
            CHIP_RECORD,
            chips.bytes(&ALL_BYTES),
        ),
        table(
            "src/guide/speed.md",
            "# On chips",
            SMALL_CALLS,
            CHIP_RECORD,
            chips.instructions(
                &all_chips,
                &[
                    "linear forward",
                    "linear sgd_step",
                    "linear online",
                    "linear trainer",
                    "book sgd_step",
                ],
            ),
        ),
        table(
            "src/guide/speed.md",
            "16-32-16-4",
            LARGE_CALLS,
            CHIP_RECORD,
            chips.instructions(
                &all_chips,
                &[
                    "big forward",
                    "big sgd_step",
                    "big online",
                    "big forward_64",
                    "big trainer_16",
                    "big trainer_64",
                ],
            ),
        ),
        table(
            "src/guide/speed.md",
            "Other implementations",
            PEERS,
            CHIP_RECORD,
            chips.peers(&peers_chips, &PEERS_CALLS),
        ),
        stamp(
            "src/guide/speed.md",
            CHIP_RECORD,
            "Recorded",
            recorded(CHIP_RECORD),
        ),
        table(
            "benches/cortex_m_notes.md",
            "## A weight",
            A_WEIGHT,
            CHIP_RECORD,
            chips.a_weight(&all_chips),
        ),
        table("src/guide/speed.md", "# On a host", HOST, HOST_RECORD, host),
        stamp("src/guide/speed.md", HOST_RECORD, "Timed on", timed),
        table(
            "src/guide/numerics.md",
            "# How exact",
            "| function | ulp, at most | seen | at x | falls | one in |",
            EVERY_FLOAT,
            accuracy(),
        ),
        table(
            "src/guide/learning.md",
            "# Two programs",
            "| | ROC AUC | precision | recall | F1 |",
            SHUTTLE,
            shuttle(),
        ),
        table(
            TABLES,
            "## What",
            ACCURACIES,
            PAPER_RECORD,
            rows(ACCURACIES),
        ),
        table(TABLES, "## What", COSTS, PAPER_RECORD, rows(COSTS)),
        stamp(TABLES, PAPER_RECORD, "Recorded", recorded(PAPER_RECORD)),
        Generated {
            file: "src/guide/mistakes.md",
            from: MISTAKES,
            place: Place::Block("<!-- from tests/compile_errors -->"),
            lines: mistakes(),
        },
    ]
}

/// The head of the tables of a host.
const HOST: &str =
    "| network, call | rows | native ns | x86-64-v3 ns | the fastest other | its ns | ratio |";

/// The page of the guide with the paper's table.
const TABLES: &str = "src/guide/tables.md";

/// The heads of the guide's tables of instructions.
const SMALL_CALLS: &str =
    "| chip | `forward` | `sgd_step` | `Online::step` | `Trainer::step` | ReLU `sgd_step` |";
const LARGE_CALLS: &str =
    "| chip | `forward` | `sgd_step` | `Online::step` | `forward` 64 | `Trainer::step` 16 | 64 |";

/// The head of the guide's table of peers, and its calls.
const PEERS: &str =
    "| chip, call | stackprop | best / ours | plain Rust | plain C | CMSIS-DSP | AIfES |";
const PEERS_CALLS: [(&str, &str); 5] = [
    ("`forward`", "big forward"),
    ("`sgd_step`", "big sgd_step"),
    ("guarded", "big online"),
    ("guarded Adam", "big online_adam"),
    ("guarded, 64", "big trainer_64"),
];

/// The head of the table of instructions a weight.
const A_WEIGHT: &str =
    "| chip | `forward` | `sgd_step` | `forward`, 64 rows | `Trainer::step`, 64 rows |";

/// The rows of bytes in the guide.
const ALL_BYTES: [(&str, &str); 23] = [
    ("3-4-2-1 linear, `forward`", "linear forward"),
    ("`gradient_batch`, 1 row", "linear gradient"),
    ("`sgd_step`", "linear sgd_step"),
    ("`Online::step`", "linear online"),
    ("`Trainer::step`, 1 row", "linear trainer"),
    ("`Trainer::step`, 64 rows", "linear trainer_64"),
    ("3-4-2-1 ReLU, `forward`", "book forward"),
    ("`gradient_batch`, 1 row", "book gradient"),
    ("`sgd_step`", "book sgd_step"),
    ("`Online::step`", "book online"),
    ("`Trainer::step`, 1 row", "book trainer"),
    ("`Trainer::step`, 64 rows", "book trainer_64"),
    ("16-32-16-4, `forward`", "big forward"),
    ("`gradient_batch`, 1 row", "big gradient"),
    ("`sgd_step`", "big sgd_step"),
    ("`Online::step`", "big online"),
    ("`Trainer::step`, 1 row", "big trainer"),
    ("`Trainer::step`, 64 rows", "big trainer_64"),
    ("with Adam, `Online::step`", "big online_adam"),
    ("with Adam, `Trainer::step`, 64 rows", "big trainer_adam_64"),
    ("with Adam, a record written", "big save"),
    ("with Adam, a record read", "big load"),
    ("a file of weights read", "big load_file"),
];

/// Every table is that of its recorded file. With `STACKPROP_BLESS` it becomes so.
#[test]
fn figures_are_the_recorded_ones() {
    let blessing = is_blessing();
    if is_skipped() && !blessing {
        return;
    }
    let mut wrong = Vec::new();
    for generated in generated() {
        let text = read(generated.file);
        let lines: Vec<&str> = text.lines().collect();
        let range = generated.place.find(generated.file, &lines);
        if blessing {
            let (before, after) = (&lines[..range.start], &lines[range.end..]);
            let new = generated.lines.iter().map(String::as_str);
            let all: Vec<&str> = [before.to_vec(), new.collect(), after.to_vec()].concat();
            std::fs::write(path(generated.file), all.join("\n") + "\n").unwrap();
        } else {
            wrong.extend(differences(&generated, &lines[range]));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nIf the records are right: STACKPROP_BLESS=1 cargo test --test documents",
        wrong.join("\n")
    );
}

/// The negative control: a figure that differs is found and named.
#[test]
fn a_wrong_figure_is_found() {
    let generated = Generated {
        file: "README.md",
        from: CHIP_RECORD,
        place: Place::Line(""),
        lines: vec![line(["Cortex-M0", "6662", "15,224"])],
    };
    assert_eq!(
        differences(&generated, &["| Cortex-M0 | 6662 | 15,225 |"]),
        ["README.md, row `Cortex-M0`: expected 15,224, found 15,225 (benches/cortex_m.md)"]
    );
    assert_eq!(
        differences(&generated, &["| Cortex-M0 | 6662 | 15,224 |"]),
        [""; 0]
    );
    assert_eq!(differences(&generated, &[]).len(), 1);
}
