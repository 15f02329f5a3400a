//! Checkpoints and rows that are refused, with a reason.

use crate::program::{Folder, alone, hash, mpiexec, ranks_with, text};
use crate::small;
use libtest_mimic::Failed;
use std::process::Output;

/// The run has failed, and has said why.
fn refuses(output: Output, why: &str) -> Result<(), Failed> {
    let text = text(&output);
    if output.status.success() || !text.contains(why) || text.contains("hash ") {
        let status = output.status;
        return Err(format!("{status}, and not \"{why}\":\n{text}").into());
    }
    Ok(())
}

/// Checkpoints that are damaged or of another run stay as they are.
pub(crate) fn checkpoints() -> Result<(), Failed> {
    let folder = Folder::new("checkpoints")?;
    hash(mpiexec(2, &small(&folder, "2"))?)?;
    let path = folder.checkpoint();
    let good = std::fs::read(path)?;
    let mut changed = good.clone();
    changed[100] ^= 1;
    for (bytes, why) in [
        (&changed[..], "the checksum is wrong"),
        (&good[..good.len() - 1], "bytes, not"),
        (&[], "bytes, not"),
    ] {
        std::fs::write(path, bytes)?;
        refuses(mpiexec(3, &small(&folder, "4"))?, why)?;
        if std::fs::read(path)? != bytes {
            return Err("the checkpoint was overwritten".into());
        }
    }
    std::fs::write(path, &good)?;
    let of_digits = ["--checkpoint", path];
    refuses(mpiexec(2, &of_digits)?, "a record of the network")?;
    for (option, value, why) in [
        ("--seed", "2", "seed: 2"),
        ("--batch", "100", "batch: 100"),
        ("--copies", "3", "rows: 360"),
        ("--rate", "0.02", "rate: 0.02"),
        ("--epochs", "1", "beyond the last"),
        ("--epochs", "18446744073709551615", "too many epochs"),
    ] {
        let options = [&small(&folder, "4")[..], &[option, value]].concat();
        refuses(mpiexec(2, &options)?, why)?;
    }
    Ok(())
}

/// Rows that cannot be, by the number of the row.
pub(crate) fn rows() -> Result<(), Failed> {
    let folder = Folder::new("rows")?;
    let sample = ["--sample", "iris", "--data"];
    for (row, why) in [
        ("1,2,NaN,4,0", "row 1 has a number that is not finite"),
        ("1,2,3,4", "row 1: 4 fields, not 4 numbers and a class"),
        ("1,2,x,4,0", "row 1: invalid float literal"),
        ("1,2,3,4,3", "row 1 has the class 3, but there are 3"),
    ] {
        let csv = format!("a,b,c,d,class\n1,2,3,4,0\n{row}\n");
        let path = folder.file("rows.csv", csv.as_bytes())?;
        refuses(mpiexec(2, &[&sample[..], &[&path]].concat())?, why)?;
    }
    // Rows for the test are looked at before the first step.
    let four = "a,b,c,d,class\n1,2,3,4,0\n1,2,3,4,1\n1,2,3,4,2\n1,2,3,4,0\n";
    for (csv, why) in [
        (
            &format!("{four}1,2,NaN,4,0\n"),
            "row 4 has a number that is not finite",
        ),
        (
            &format!("{four}1,2,3,4,3\n"),
            "row 4 has the class 3, but there are 3",
        ),
        (&"a,b,c,d,class\n".to_owned(), "no rows"),
        (&String::new(), "no rows"),
    ] {
        let path = folder.file("rows.csv", csv.as_bytes())?;
        let output = mpiexec(2, &[&sample[..], &[&path]].concat())?;
        if text(&output).contains("of training") {
            return Err("trained before the rows were refused".into());
        }
        refuses(output, why)?;
    }
    let path = folder.file("rows.csv", four.as_bytes())?;
    let output = mpiexec(2, &[&sample[..], &[&path]].concat())?;
    if text(&output).contains("test:") {
        return Err("a test without rows".into());
    }
    hash(output)?;
    let path = folder.file("rows.bin", &[])?;
    refuses(
        alone(&[&sample[..], &[&path]].concat())?,
        "0 bytes, not rows",
    )?;
    let path = folder.file("rows.bin", &[0; 4 * 17 + 1])?;
    let why = "69 bytes, not rows of 4 numbers: 17 bytes each";
    refuses(alone(&[&sample[..], &[&path]].concat())?, why)?;
    let why = "No such file";
    refuses(mpiexec(2, &["--data", "no/such/file"])?, why)?;
    refuses(alone(&["--copies", "0"])?, "at least 1")
}

/// Two ranks that would not take the same steps.
pub(crate) fn ranks() -> Result<(), Failed> {
    let folder = Folder::new("ranks")?;
    let rows = ["1,2,3,4,0", "1,2,3,5,0"];
    let rows = rows.map(|row| folder.file(&format!("{row}.csv"), format!("a\n{row}\n").as_bytes()));
    let [one, other] = rows;
    let (one, other) = (one?, other?);
    for (option, values, what) in [
        ("--sample", ["iris", "digits"], "--sample"),
        ("--batch", ["100", "200"], "--batch"),
        ("--epochs", ["1", "2"], "--epochs"),
        ("--every", ["1", "2"], "--every"),
        ("--seed", ["1", "2"], "--seed"),
        ("--rate", ["0.01", "0.02"], "--rate"),
        ("--copies", ["1", "2"], "number of rows"),
        ("--data", [&one, &other], "data file"),
    ] {
        let iris = ["--sample", "iris"];
        let options = values.map(|value| [&iris[..], &[option, value]].concat());
        let why = format!("rank 1 has another {what} than rank 0");
        refuses(ranks_with(&options)?, &why)?;
    }
    let with = ["--sample", "iris", "--checkpoint", folder.checkpoint()];
    let output = ranks_with(&[with.to_vec(), with[..2].to_vec()])?;
    refuses(output, "rank 1 has another --checkpoint than rank 0")
}
