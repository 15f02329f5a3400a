//! What the functions of an image do, as objdump writes it down.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A function of an image.
#[derive(Debug, Default)]
pub(crate) struct Function {
    /// Its name, demangled, without the arguments of generic parameters.
    pub(crate) name: String,
    /// What it calls or jumps to.
    pub(crate) calls: Vec<Call>,
    /// The mnemonics of its instructions that read or write lanes at addresses of their own.
    pub(crate) scattered: Vec<String>,
}

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) to: Target,
    /// The third argument, where the code says it is a constant: how many bytes `memcpy` copies.
    pub(crate) third: Option<u64>,
}

/// Where a call goes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// An address in the image.
    Here(u64),
    /// A function of a library.
    Library(String),
}

/// The functions of an image, by address.
pub(crate) type Functions = BTreeMap<u64, Function>;

/// What the table of addresses holds that the loader fills, by the address of the entry.
type Table = BTreeMap<u64, Target>;

/// Reads a linked image.
pub(crate) fn functions(image: &Path) -> Result<Functions, String> {
    let table = objdump(&["-R", "-w"], image)?;
    let table: Table = table.lines().filter_map(entry).collect();
    let mut functions = Functions::new();
    let (mut at, mut reader) = (0, Reader::default());
    for line in objdump(&["-d", "-w", "--no-show-raw-insn"], image)?.lines() {
        if let Some((address, name)) = head(line) {
            (at, reader) = (address, Reader::default());
            let name = short(&format!("{:#}", rustc_demangle::demangle(name)));
            let function = Function {
                name,
                ..Function::default()
            };
            functions.insert(at, function);
        } else if let (Some(instruction), Some(function)) =
            (instruction(line), functions.get_mut(&at))
        {
            reader.read(instruction, &table, function);
        }
    }
    let starts: Vec<u64> = functions.keys().copied().collect();
    for (&at, function) in &mut functions {
        // A jump within a function is no call; one into another function is one of all of it.
        function.calls.retain_mut(|call| match &mut call.to {
            Target::Here(to) => {
                let next = starts.partition_point(|start| *start <= *to);
                let start = next.checked_sub(1).and_then(|index| starts.get(index));
                *to = start.copied().unwrap_or(*to);
                *to != at
            }
            Target::Library(_) => true,
        });
    }
    Ok(functions)
}

fn objdump(options: &[&str], image: &Path) -> Result<String, String> {
    let output = Command::new("objdump").args(options).arg(image).output();
    let output = output.map_err(|e| format!("objdump: {e}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// What the code of a function has said so far.
#[derive(Default)]
struct Reader {
    /// The functions whose addresses registers hold.
    registers: BTreeMap<String, Target>,
    /// The third argument of a call, if it is known.
    third: Option<u64>,
}

impl Reader {
    fn read(&mut self, (name, arguments): (&str, &str), table: &Table, function: &mut Function) {
        if name.contains("gather") || name.contains("scatter") {
            function.scattered.push(name.to_owned());
        }
        let slot = arguments.split_once("# ").and_then(|(_, at)| hex(at));
        let in_table = slot.and_then(|slot| table.get(&slot)).cloned();
        if name.starts_with("call") || name.starts_with('j') {
            let register = arguments.strip_prefix("*%").unwrap_or_default();
            let to = in_table
                .or_else(|| self.registers.get(register).cloned())
                .or_else(|| hex(arguments).map(Target::Here));
            let third = self.third;
            function.calls.extend(to.map(|to| Call { to, third }));
            if name.starts_with("call") {
                self.third = None;
            }
            return;
        }
        let (from, to) = arguments.rsplit_once(',').unwrap_or_default();
        let to = to.split_whitespace().next().unwrap_or_default();
        if let (Some(target), Some(register)) = (in_table, register(arguments)) {
            self.registers.insert(register.to_owned(), target);
        }
        if to == "%edx" || to == "%rdx" {
            let constant = from.strip_prefix('$').and_then(hex);
            self.third = constant.filter(|_| name.starts_with("mov"));
        }
    }
}

/// The register that is written, if it is one of 64 bits: `0x1f(%rip),%rbx  # ce588` has %rbx.
fn register(arguments: &str) -> Option<&str> {
    let (_, to) = arguments.split_once("(%rip),%")?;
    to.split_whitespace().next()
}

/// `00000000000ce588 R_X86_64_GLOB_DAT  memcpy@GLIBC_2.14`, or `... RELATIVE  *ABS*+0x4f0`.
fn entry(line: &str) -> Option<(u64, Target)> {
    let mut words = line.split_whitespace();
    let (at, _, to) = (words.next()?, words.next()?, words.next()?);
    let to = match to.strip_prefix("*ABS*+") {
        Some(address) => Target::Here(hex(address)?),
        None => Target::Library(to.split('@').next()?.to_owned()),
    };
    Some((hex(at)?, to))
}

/// `0000000000068c30 <name>:`
fn head(line: &str) -> Option<(u64, &str)> {
    let (at, name) = line.split_once(" <")?;
    let at = hex(at).filter(|_| !line.starts_with(' '))?;
    Some((at, name.strip_suffix(">:")?))
}

/// `   68c34: call   *0x65921(%rip)        # ce558 <...>`, as the name and the rest.
fn instruction(line: &str) -> Option<(&str, &str)> {
    let (_, text) = line.split_once(":\t")?;
    let text = text
        .trim_start_matches("notrack ")
        .trim_start_matches("{evex} ");
    let (name, arguments) = text.split_once(' ').unwrap_or((text, ""));
    Some((name, arguments.trim()))
}

/// The number that a text begins with.
fn hex(text: &str) -> Option<u64> {
    let text = text.trim_start_matches("0x");
    let end = text.find(|c: char| !c.is_ascii_hexdigit());
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let ends = rest.is_empty() || rest.starts_with([' ', '+']);
    u64::from_str_radix(number, 16).ok().filter(|_| ends)
}

/// A name without the arguments of generic parameters, which fill pages.
fn short(name: &str) -> String {
    let (mut text, mut depth) = (String::new(), 0_usize);
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if depth == 0 && rest.starts_with("::<") || depth > 0 && rest.starts_with('<') {
            depth += 1;
            rest = rest.trim_start_matches("::").split_at(1).1;
            continue;
        }
        // The `>` of `->` closes nothing.
        if depth > 0 && c == '>' && !text.ends_with('-') {
            depth -= 1;
        } else if depth == 0 {
            text.push(c);
        }
        rest = rest.split_at(c.len_utf8()).1;
    }
    text
}
