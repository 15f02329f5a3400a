//! What other libraries cost, as recorded: instructions counted in QEMU 7.2 on the same networks,
//! operations and chips, compiled with -O3 or -Os by arm-none-eabi-gcc 12.2.1. They were not run
//! again beside ours, and worked on other numbers: the weights and the row of the notebook. What a
//! chip without FPU takes for a product or a sum depends on them, elsewhere little does.

/// The heads of the columns.
pub(crate) const PEERS: [&str; 3] = ["plain C, newlib 3.3", "CMSIS-DSP 1.17.1", "AIfES 2.2.0"];

/// Chip, network, operation, and the instructions of each.
type Recorded = (&'static str, &'static str, &'static str, [u32; 3]);

/// With -O3.
const SPEED: &[Recorded] = &[
    ("m4f", "linear", "forward", [133, 341, 830]),
    ("m4f", "linear", "gradient", [429, 1386, 3895]),
    ("m4f", "linear", "sgd_step", [530, 1687, 6187]),
    ("m4f", "linear", "forward_64", [8806, 20_600, 34_500]),
    ("m4f", "linear", "trainer_64", [29_200, 53_400, 75_900]),
    ("m4f", "book", "forward", [167, 378, 1124]),
    ("m4f", "book", "gradient", [493, 1468, 4689]),
    ("m4f", "book", "sgd_step", [594, 1769, 6997]),
    ("m4f", "book", "forward_64", [10_900, 23_500, 46_000]),
    ("m4f", "book", "trainer_64", [32_400, 58_600, 109_500]),
    ("m4f", "big", "forward", [5014, 4320, 9737]),
    ("m4f", "big", "gradient", [11_500, 29_500, 75_500]),
    ("m4f", "big", "sgd_step", [17_400, 40_200, 139_700]),
    ("m4f", "big", "forward_64", [321_300, 453_800, 725_600]),
    ("m4f", "big", "trainer_64", [827_400, 1_140_000, 1_930_000]),
    ("m55", "linear", "forward", [120, 369, 844]),
    ("m55", "linear", "gradient", [324, 1079, 4184]),
    ("m55", "linear", "sgd_step", [374, 1238, 6797]),
    ("m55", "linear", "forward_64", [7944, 5982, 35_700]),
    ("m55", "linear", "trainer_64", [22_400, 17_600, 79_000]),
    ("m55", "big", "forward", [4153, 2423, 9100]),
    ("m55", "big", "gradient", [8166, 7426, 71_900]),
    ("m55", "big", "sgd_step", [9832, 10_200, 145_400]),
    ("m55", "big", "forward_64", [266_100, 93_300, 692_600]),
    ("m55", "big", "trainer_64", [585_100, 240_700, 1_740_000]),
    ("m7", "linear", "forward", [120, 328, 823]),
    ("m7", "linear", "gradient", [340, 1305, 3803]),
    ("m7", "linear", "sgd_step", [440, 1606, 6090]),
    ("m7", "linear", "forward_64", [7944, 19_700, 33_700]),
    ("m7", "linear", "trainer_64", [23_400, 47_500, 70_000]),
    ("m7", "big", "forward", [4962, 4268, 9691]),
    ("m7", "big", "sgd_step", [17_100, 39_900, 139_000]),
    ("m7", "big", "trainer_64", [804_000, 1_110_000, 1_900_000]),
    ("m0", "linear", "forward", [6398, 6839, 7972]),
    ("m0", "linear", "gradient", [16_800, 19_500, 28_900]),
    ("m0", "linear", "sgd_step", [21_100, 24_200, 37_300]),
    ("m0", "linear", "forward_64", [411_200, 432_000, 485_400]),
    (
        "m0",
        "linear",
        "trainer_64",
        [1_200_000, 1_250_000, 1_500_000],
    ),
    ("m0", "big", "forward", [199_000, 203_000, 210_000]),
    ("m0", "big", "sgd_step", [540_000, 680_000, 964_000]),
    (
        "m0",
        "big",
        "trainer_64",
        [28_300_000, 32_100_000, 38_400_000],
    ),
];

/// The same with -Os.
const SIZE: &[Recorded] = &[
    ("m4f", "linear", "forward", [188, 412, 1125]),
    ("m4f", "linear", "sgd_step", [721, 2015, 8263]),
    ("m4f", "linear", "trainer_64", [39_500, 60_800, 104_100]),
    ("m4f", "book", "forward", [220, 486, 1519]),
    ("m4f", "book", "sgd_step", [782, 2161, 9361]),
    ("m4f", "book", "trainer_64", [42_500, 66_900, 151_600]),
    ("m4f", "big", "forward", [6925, 5650, 14_300]),
    ("m4f", "big", "sgd_step", [27_100, 50_400, 208_100]),
    (
        "m4f",
        "big",
        "trainer_64",
        [1_340_000, 1_250_000, 2_750_000],
    ),
    ("m55", "linear", "forward", [154, 453, 1047]),
    ("m55", "linear", "sgd_step", [586, 1562, 8442]),
    ("m55", "linear", "trainer_64", [31_500, 24_200, 91_400]),
    ("m55", "big", "forward", [5389, 3952, 11_100]),
    ("m55", "big", "sgd_step", [21_000, 17_500, 211_800]),
    ("m55", "big", "trainer_64", [1_040_000, 377_600, 2_330_000]),
    ("m0", "linear", "forward", [6495, 6897, 8101]),
    ("m0", "linear", "sgd_step", [21_600, 24_800, 38_100]),
    (
        "m0",
        "linear",
        "trainer_64",
        [1_220_000, 1_260_000, 1_530_000],
    ),
];

/// The recorded instructions, if they were. Their step on one sample is beside each of ours with
/// SGD; of Adam there is none.
pub(crate) fn recorded(chip: &str, profile: &str, net: &str, operation: &str) -> [Option<u32>; 3] {
    let operation = match operation {
        "online" | "trainer" => "sgd_step",
        other => other,
    };
    let all = if profile == "size" { SIZE } else { SPEED };
    let found = all
        .iter()
        .find(|line| (line.0, line.1, line.2) == (chip, net, operation));
    found.map_or([None; 3], |line| line.3.map(Some))
}
