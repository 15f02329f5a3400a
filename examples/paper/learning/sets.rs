//! The data sets, as `examples/data/README.md` describes the files, and their networks.

use super::{Data, Sample, Settings};
use stackprop::{Error, Normalizer, Random, SigmoidBce, SoftmaxCe, Standardize, net, one_hot};

/// Iris: is this a setosa? This is what the paper learns.
pub(crate) struct Setosa;

/// Iris: which of three species?
pub(crate) struct Species;

/// Breast cancer: malignant or benign?
pub(crate) struct BreastCancer;

/// Digits: is this a 6?
pub(crate) struct Digits;

static IRIS: &[u8] = include_bytes!("../../data/iris.bin");
static BREAST_CANCER: &[u8] = include_bytes!("../../data/breast_cancer.bin");
static DIGITS: &[u8] = include_bytes!("../../data/digits.bin");

/// The class of a setosa.
const SETOSA: u8 = 0;

/// The digit that the paper tells from the rest.
const DIGIT: u8 = 6;

/// The numbers of a pixel from 0 to 16, divided by 16.
static SHADES: [f32; 17] = {
    let (mut shades, mut n) = ([0.0; 17], 0);
    while n < shades.len() {
        shades[n] = n as f32 / 16.0;
        n += 1;
    }
    shades
};

/// What is the same for all data sets, and cannot stand in the trait: there neither the number of
/// rows nor the type of the network is known.
macro_rules! same_for_all {
    () => {
        type Order = [u16; Self::ROWS];

        fn order(random: &mut Random) -> Self::Order {
            random.permutation()
        }

        fn bare_step(network: &mut Self::Network, (x, target): &Sample<Self>, rate: f32) -> f32 {
            network.sgd_step(x, target, rate)
        }
    };
}

impl Data for Setosa {
    const NAME: &'static str = "Iris, setosa or not";
    const NETWORK: &'static str = "4-1";
    const ROWS: usize = 150;
    const TRAIN: usize = 105;
    const WATCHED: Option<(&'static str, usize)> = Some(("setosa", 1));
    const CHOSEN: Settings = Settings {
        rate: 1.0,
        passes: 50,
    };
    const GOLDEN: u64 = 0x0e43_9bd5_4c86_e252;

    type Network = net![4, Standardize => 1, SigmoidBce];
    same_for_all!();

    fn scaled(rows: &[u16]) -> Result<Self::Network, Error> {
        let mut network = Self::Network::zeros();
        network.layers.0 = scaling::<Self, 4>(rows)?;
        Ok(network)
    }

    #[inline(always)]
    fn sample(at: u16) -> Option<Sample<Self>> {
        let (row, class) = floats(IRIS, at)?;
        Some((row, [f32::from(u8::from(class == SETOSA))]))
    }
}

impl Data for Species {
    const NAME: &'static str = "Iris, three species";
    const NETWORK: &'static str = "4-3";
    const ROWS: usize = 150;
    const TRAIN: usize = 105;
    const WATCHED: Option<(&'static str, usize)> = None;
    const CHOSEN: Settings = Settings {
        rate: 1.0,
        passes: 50,
    };
    const GOLDEN: u64 = 0x744c_bbc2_d8d3_bc6f;

    type Network = net![4, Standardize => 3, SoftmaxCe];
    same_for_all!();

    fn scaled(rows: &[u16]) -> Result<Self::Network, Error> {
        let mut network = Self::Network::zeros();
        network.layers.0 = scaling::<Self, 4>(rows)?;
        Ok(network)
    }

    #[inline(always)]
    fn sample(at: u16) -> Option<Sample<Self>> {
        let (row, class) = floats(IRIS, at)?;
        Some((row, one_hot(class.into())?))
    }
}

impl Data for BreastCancer {
    const NAME: &'static str = "Breast cancer";
    const NETWORK: &'static str = "30-1";
    const ROWS: usize = 569;
    const TRAIN: usize = 398;
    const WATCHED: Option<(&'static str, usize)> = Some(("malignant", 0));
    const CHOSEN: Settings = Settings {
        rate: 0.01,
        passes: 50,
    };
    const GOLDEN: u64 = 0x86e7_fa20_d751_645a;

    type Network = net![30, Standardize => 1, SigmoidBce];
    same_for_all!();

    fn scaled(rows: &[u16]) -> Result<Self::Network, Error> {
        let mut network = Self::Network::zeros();
        network.layers.0 = scaling::<Self, 30>(rows)?;
        Ok(network)
    }

    #[inline(always)]
    fn sample(at: u16) -> Option<Sample<Self>> {
        let (row, class) = floats(BREAST_CANCER, at)?;
        Some((row, [f32::from(class)]))
    }
}

impl Data for Digits {
    const NAME: &'static str = "Digits, 6 or not";
    const NETWORK: &'static str = "64-1";
    const ROWS: usize = 1797;
    const TRAIN: usize = 1257;
    const WATCHED: Option<(&'static str, usize)> = Some(("6", 1));
    const CHOSEN: Settings = Settings {
        rate: 0.3,
        passes: 20,
    };
    const GOLDEN: u64 = 0xe4e8_dd15_0f7d_e10b;

    type Network = net![64 => 1, SigmoidBce];
    same_for_all!();

    fn scaled(_: &[u16]) -> Result<Self::Network, Error> {
        Ok(Self::Network::zeros())
    }

    #[inline(always)]
    fn sample(at: u16) -> Option<Sample<Self>> {
        let (pixels, digit) = record(DIGITS, at, 64)?;
        let mut row = [0.0; 64];
        for (number, pixel) in row.iter_mut().zip(pixels) {
            *number = *SHADES.get(usize::from(*pixel))?;
        }
        Some((row, [f32::from(u8::from(digit == DIGIT))]))
    }
}

/// Mean and standard deviation of these rows.
fn scaling<D: Data, const N: usize>(rows: &[u16]) -> Result<Standardize<N>, Error>
where
    D::Network: stackprop::Model<Input = [f32; N]>,
{
    let mut normalizer = Normalizer::new();
    for (row, _) in super::samples::<D>(rows) {
        normalizer.observe(&row)?;
    }
    Ok(Standardize::from(&normalizer))
}

/// The numbers of a record of floats, and its class.
#[inline(always)]
fn floats<const N: usize>(bytes: &[u8], at: u16) -> Option<([f32; N], u8)> {
    let (numbers, class) = record(bytes, at, 4 * N)?;
    let mut row = [0.0; N];
    for (number, bytes) in row.iter_mut().zip(numbers.as_chunks().0) {
        *number = f32::from_le_bytes(*bytes);
    }
    Some((row, class))
}

/// The bytes of a record, and the byte behind them.
#[inline(always)]
fn record(bytes: &[u8], at: u16, length: usize) -> Option<(&[u8], u8)> {
    let start = usize::from(at) * (length + 1);
    let (class, record) = bytes.get(start..start + length + 1)?.split_last()?;
    Some((record, *class))
}
