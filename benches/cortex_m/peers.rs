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
    ("m4f", "linear", "forward", [123, 133, 341, 830]),
    ("m4f", "linear", "gradient", [332, 429, 1386, 3895]),
    ("m4f", "linear", "sgd_step", [456, 530, 1687, 6187]),
    ("m4f", "linear", "forward_64", [6707, 8806, 20_600, 34_500]),
    (
        "m4f",
        "linear",
        "trainer_64",
        [24_100, 29_200, 53_400, 75_900],
    ),
    ("m4f", "book", "forward", [174, 167, 378, 1124]),
    ("m4f", "book", "gradient", [445, 493, 1468, 4689]),
    ("m4f", "book", "sgd_step", [564, 594, 1769, 6997]),
    (
        "m4f",
        "book",
        "forward_64",
        [10_600, 10_900, 23_500, 46_000],
    ),
    (
        "m4f",
        "book",
        "trainer_64",
        [30_200, 32_400, 58_600, 109_500],
    ),
    ("m4f", "big", "forward", [4599, 5014, 4320, 9737]),
    ("m4f", "big", "gradient", [10_400, 11_500, 29_500, 75_500]),
    ("m4f", "big", "sgd_step", [16_700, 17_400, 40_200, 139_700]),
    (
        "m4f",
        "big",
        "forward_64",
        [293_600, 321_300, 453_800, 725_600],
    ),
    (
        "m4f",
        "big",
        "trainer_64",
        [823_500, 827_400, 1_140_000, 1_930_000],
    ),
    ("m55", "linear", "forward", [123, 120, 369, 844]),
    ("m55", "linear", "gradient", [332, 324, 1079, 4184]),
    ("m55", "linear", "sgd_step", [376, 374, 1238, 6797]),
    ("m55", "linear", "forward_64", [6514, 7944, 5982, 35_700]),
    (
        "m55",
        "linear",
        "trainer_64",
        [22_100, 22_400, 17_600, 79_000],
    ),
    ("m55", "big", "forward", [2281, 4153, 2423, 9100]),
    ("m55", "big", "gradient", [4556, 8166, 7426, 71_900]),
    ("m55", "big", "sgd_step", [6106, 9832, 10_200, 145_400]),
    (
        "m55",
        "big",
        "forward_64",
        [145_100, 266_100, 93_300, 692_600],
    ),
    (
        "m55",
        "big",
        "trainer_64",
        [314_200, 585_100, 240_700, 1_740_000],
    ),
    ("m7", "linear", "forward", [106, 120, 328, 823]),
    ("m7", "linear", "gradient", [300, 340, 1305, 3803]),
    ("m7", "linear", "sgd_step", [403, 440, 1606, 6090]),
    ("m7", "linear", "forward_64", [5683, 7944, 19_700, 33_700]),
    (
        "m7",
        "linear",
        "trainer_64",
        [20_400, 23_400, 47_500, 70_000],
    ),
    ("m7", "big", "forward", [3333, 4962, 4268, 9691]),
    ("m7", "big", "sgd_step", [13_700, 17_100, 39_900, 139_000]),
    (
        "m7",
        "big",
        "trainer_64",
        [631_000, 804_000, 1_110_000, 1_900_000],
    ),
    ("m0", "linear", "forward", [6196, 6398, 6839, 7972]),
    ("m0", "linear", "gradient", [16_600, 16_800, 19_500, 28_900]),
    ("m0", "linear", "sgd_step", [21_600, 21_100, 24_200, 37_300]),
    (
        "m0",
        "linear",
        "forward_64",
        [391_900, 411_200, 432_000, 485_400],
    ),
    (
        "m0",
        "linear",
        "trainer_64",
        [1_220_000, 1_200_000, 1_250_000, 1_500_000],
    ),
    ("m0", "big", "forward", [216_000, 199_000, 203_000, 210_000]),
    (
        "m0",
        "big",
        "sgd_step",
        [608_000, 540_000, 680_000, 964_000],
    ),
    (
        "m0",
        "big",
        "trainer_64",
        [32_700_000, 28_300_000, 32_100_000, 38_400_000],
    ),
];

/// The recorded instructions, if they were. Their step on one sample is beside each of ours with
/// SGD; of Adam there is none.
pub(crate) fn recorded(chip: &str, net: &str, operation: &str) -> [Option<u32>; 4] {
    let operation = match operation {
        "online" | "trainer" => "sgd_step",
        other => other,
    };
    let found = RECORDED
        .iter()
        .find(|line| (line.0, line.1, line.2) == (chip, net, operation));
    found.map_or([None; 4], |line| line.3.map(Some))
}
