//! What other libraries cost, as recorded: instructions counted in QEMU 7.2 on the same networks,
//! operations and chips, compiled with -O3 by arm-none-eabi-gcc 12.2.1 and rustc 1.95.0. They were
//! not run again beside ours.

/// The heads of the columns.
pub(crate) const PEERS: [&str; 4] = [
    "plain Rust, libm 0.2.16",
    "plain C, newlib 3.3",
    "CMSIS-DSP 1.17.1",
    "AIfES 2.2.0",
];

/// Chip, network, operation, and the instructions of each.
const RECORDED: &[(&str, &str, &str, [u32; 4])] = &[
    ("m4f", "linear", "a", [123, 133, 341, 830]),
    ("m4f", "linear", "b", [332, 429, 1386, 3895]),
    ("m4f", "linear", "c", [456, 530, 1687, 6187]),
    ("m4f", "linear", "d", [6707, 8806, 20_600, 34_500]),
    ("m4f", "linear", "e", [24_100, 29_200, 53_400, 75_900]),
    ("m4f", "book", "a", [174, 167, 378, 1124]),
    ("m4f", "book", "b", [445, 493, 1468, 4689]),
    ("m4f", "book", "c", [564, 594, 1769, 6997]),
    ("m4f", "book", "d", [10_600, 10_900, 23_500, 46_000]),
    ("m4f", "book", "e", [30_200, 32_400, 58_600, 109_500]),
    ("m4f", "big", "a", [4599, 5014, 4320, 9737]),
    ("m4f", "big", "b", [10_400, 11_500, 29_500, 75_500]),
    ("m4f", "big", "c", [16_700, 17_400, 40_200, 139_700]),
    ("m4f", "big", "d", [293_600, 321_300, 453_800, 725_600]),
    ("m4f", "big", "e", [823_500, 827_400, 1_140_000, 1_930_000]),
    ("m55", "linear", "a", [123, 120, 369, 844]),
    ("m55", "linear", "b", [332, 324, 1079, 4184]),
    ("m55", "linear", "c", [376, 374, 1238, 6797]),
    ("m55", "linear", "d", [6514, 7944, 5982, 35_700]),
    ("m55", "linear", "e", [22_100, 22_400, 17_600, 79_000]),
    ("m55", "big", "a", [2281, 4153, 2423, 9100]),
    ("m55", "big", "b", [4556, 8166, 7426, 71_900]),
    ("m55", "big", "c", [6106, 9832, 10_200, 145_400]),
    ("m55", "big", "d", [145_100, 266_100, 93_300, 692_600]),
    ("m55", "big", "e", [314_200, 585_100, 240_700, 1_740_000]),
    ("m7", "linear", "a", [106, 120, 328, 823]),
    ("m7", "linear", "b", [300, 340, 1305, 3803]),
    ("m7", "linear", "c", [403, 440, 1606, 6090]),
    ("m7", "linear", "d", [5683, 7944, 19_700, 33_700]),
    ("m7", "linear", "e", [20_400, 23_400, 47_500, 70_000]),
    ("m7", "big", "a", [3333, 4962, 4268, 9691]),
    ("m7", "big", "c", [13_700, 17_100, 39_900, 139_000]),
    ("m7", "big", "e", [631_000, 804_000, 1_110_000, 1_900_000]),
    ("m0", "linear", "a", [6196, 6398, 6839, 7972]),
    ("m0", "linear", "b", [16_600, 16_800, 19_500, 28_900]),
    ("m0", "linear", "c", [21_600, 21_100, 24_200, 37_300]),
    ("m0", "linear", "d", [391_900, 411_200, 432_000, 485_400]),
    (
        "m0",
        "linear",
        "e",
        [1_220_000, 1_200_000, 1_250_000, 1_500_000],
    ),
    ("m0", "big", "a", [216_000, 199_000, 203_000, 210_000]),
    ("m0", "big", "c", [608_000, 540_000, 680_000, 964_000]),
    (
        "m0",
        "big",
        "e",
        [32_700_000, 28_300_000, 32_100_000, 38_400_000],
    ),
];

/// The recorded instructions, if they were. Every way of ours to do `c` is beside theirs.
pub(crate) fn recorded(chip: &str, net: &str, operation: &str) -> [Option<u32>; 4] {
    let operation = operation.split('_').next().unwrap_or(operation);
    let found = RECORDED
        .iter()
        .find(|line| (line.0, line.1, line.2) == (chip, net, operation));
    found.map_or([None; 4], |line| line.3.map(Some))
}
