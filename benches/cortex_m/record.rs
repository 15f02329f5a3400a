//! What the records of chips have in common.

use std::process::Command;

/// With a comma between thousands, from 10,000 on.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    if n < 10_000 {
        return digits;
    }
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// The date and what measured.
pub(crate) fn versions() -> String {
    let first = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output();
        let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
        text.unwrap_or_default()
            .lines()
            .next()
            .unwrap_or("?")
            .to_owned()
    };
    let rustc = std::path::Path::new("/usr/bin/rustc");
    let rustc = if rustc.exists() {
        "/usr/bin/rustc"
    } else {
        "rustc"
    };
    format!(
        "{}; {}; {}.",
        first("date", "+%Y-%m-%d"),
        first(rustc, "--version"),
        first("qemu-system-arm", "--version")
    )
}
