//! Where a Thumb instruction goes: enough of the Arm v6-M to v8-M manuals (chapter A5, encodings by
//! the name of the instruction) to know what a function calls.

/// What follows an instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flow {
    /// The next one, another place in the same function, or the caller.
    On,
    /// A branch to this address, in the function or out of it.
    Branch(u32),
    /// A call of this address.
    Call(u32),
    /// An address that is not in the code.
    Unknown,
}

/// The register number of the link register.
const LR: u32 = 14;

/// The bytes of the instruction that begins with this halfword.
pub(crate) const fn length(first: u16) -> u32 {
    if first >= 0xE800 { 4 } else { 2 }
}

/// Where the two-byte instruction at `address` goes.
pub(crate) const fn narrow(address: u32, code: u16) -> Flow {
    let code = code as u32;
    match code {
        // B<c>; conditions 14 and 15 are UDF and SVC.
        0xD000..0xDE00 => Flow::Branch(to(address, code & 0xFF, 8)),
        0xE000..0xE800 => Flow::Branch(to(address, code & 0x7FF, 11)),
        // BX, BXNS, BLX, BLXNS
        0x4700..0x4780 if code >> 3 & 15 == LR => Flow::On,
        0x4700..0x4800 => Flow::Unknown,
        // ADD pc, Rm and MOV pc, Rm
        _ if matches!(code & 0xFF87, 0x4487 | 0x4687) => Flow::Unknown,
        _ => Flow::On,
    }
}

/// Where the four-byte instruction at `address` goes.
pub(crate) fn wide(address: u32, first: u16, second: u16) -> Flow {
    let (first, second) = (first as u32, second as u32);
    if first >> 11 == 0b11110 && second >> 15 == 1 {
        return branch(address, first, second);
    }
    // LDR pc, but for LDR pc, [sp], #4, which returns.
    let loads_pc = first & 0xFF70 == 0xF850 && second >> 12 == 15;
    if loads_pc && (first, second) != (0xF85D, 0xFB04) {
        return Flow::Unknown;
    }
    // TBB and TBH among others: their tables hold distances within the function.
    Flow::On
}

/// "Branches and miscellaneous control": S:J1:J2 are the highest bits of the distance, J1 and J2 in
/// the long forms stored as the exclusive nor with S.
const fn branch(address: u32, first: u32, second: u32) -> Flow {
    let (sign, j1, j2) = (first >> 10 & 1, second >> 13 & 1, second >> 11 & 1);
    let high = sign << 23 | (1 ^ j1 ^ sign) << 22 | (1 ^ j2 ^ sign) << 21;
    let long = to(address, high | (first & 0x3FF) << 11 | second & 0x7FF, 24);
    match (second >> 14 & 1, second >> 12 & 1) {
        (1, 1) => Flow::Call(long),
        (0, 1) => Flow::Branch(long),
        // BLX to Arm code, which no such chip has; with the lowest bit set a loop of Armv8.1-M.
        (1, 0) if second & 1 == 0 => Flow::Unknown,
        // B<c>; conditions 14 and 15 are barriers, hints and moves of special registers.
        (0, 0) if first >> 7 & 7 != 7 => {
            let high = sign << 19 | j2 << 18 | j1 << 17;
            Flow::Branch(to(
                address,
                high | (first & 0x3F) << 11 | second & 0x7FF,
                20,
            ))
        }
        _ => Flow::On,
    }
}

/// `distance`, signed with so many bits, in halfwords from the program counter, which is 4 ahead.
const fn to(address: u32, distance: u32, bits: u32) -> u32 {
    let distance = (distance << (32 - bits)) as i32 >> (31 - bits);
    (address + 4).wrapping_add_signed(distance)
}

/// The instructions that matter, each at 0x1000, as `llvm-mc -triple=thumbv8.1m.main -mattr=+lob
/// -show-encoding` puts them.
const EXAMPLES: [(&str, &[u16], Flow); 26] = [
    ("bl #0x20", &[0xF000, 0xF810], Flow::Call(0x1024)),
    ("bl #-0x800", &[0xF7FF, 0xFC00], Flow::Call(0x804)),
    ("bl #0xFFFFFE", &[0xF3FF, 0xD7FF], Flow::Call(0x0100_1002)),
    (
        "b.w #0x123456",
        &[0xF123, 0xBA2B],
        Flow::Branch(0x0012_445A),
    ),
    ("b.w #-0xC00", &[0xF7FF, 0xBA00], Flow::Branch(0x404)),
    (
        "bne.w #0x4321E",
        &[0xF043, 0xA10F],
        Flow::Branch(0x0004_4222),
    ),
    ("bgt.w #-0x400", &[0xF73F, 0xAE00], Flow::Branch(0xC04)),
    ("bne #0x40", &[0xD120], Flow::Branch(0x1044)),
    ("bne #-0x40", &[0xD1E0], Flow::Branch(0xFC4)),
    ("b #0x7FE", &[0xE3FF], Flow::Branch(0x1802)),
    ("b #-0x7FE", &[0xE401], Flow::Branch(0x806)),
    ("bx lr", &[0x4770], Flow::On),
    ("bx r3", &[0x4718], Flow::Unknown),
    ("blx r3", &[0x4798], Flow::Unknown),
    ("mov pc, r1", &[0x468F], Flow::Unknown),
    ("add pc, r1", &[0x448F], Flow::Unknown),
    ("ldr pc, [sp], #4", &[0xF85D, 0xFB04], Flow::On),
    ("ldr pc, [r0, #8]", &[0xF8D0, 0xF008], Flow::Unknown),
    ("tbb [pc, r0]", &[0xE8DF, 0xF000], Flow::On),
    ("pop {r4, pc}", &[0xBD10], Flow::On),
    ("dmb sy", &[0xF3BF, 0x8F5F], Flow::On),
    ("mrs r0, msp", &[0xF3EF, 0x8008], Flow::On),
    ("udf #0", &[0xDE00], Flow::On),
    ("ldr.w r0, [r1, #8]", &[0xF8D1, 0x0008], Flow::On),
    ("movw r0, #0xF000", &[0xF24F, 0x0000], Flow::On),
    ("le lr, #-16", &[0xF00F, 0xC009], Flow::On),
];

/// Whether all examples are read as what they are.
pub(crate) fn is_read() -> Result<(), String> {
    for (text, code, expected) in EXAMPLES {
        let (found, bytes) = match *code {
            [first, second] => (wide(0x1000, first, second), length(first)),
            [code] => (narrow(0x1000, code), length(code)),
            _ => (Flow::Unknown, 0),
        };
        if found != expected || bytes as usize != 2 * code.len() {
            return Err(format!(
                "{text} has {bytes} bytes and is {found:x?}, expected {expected:x?}"
            ));
        }
    }
    Ok(())
}
