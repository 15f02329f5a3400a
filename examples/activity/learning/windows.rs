//! The recorded windows, as `examples/data/README.md` describes them.

/// Accelerometer x, y, z, then gyroscope x, y, z.
pub(crate) const CHANNELS: usize = 6;

/// Samples of a channel: 10 seconds at 10 Hz.
pub(crate) const LENGTH: usize = 100;

/// Windows to learn from, which come first in the data, and as many to test with.
pub(crate) const HALF: usize = 40;

/// The activities of the wearer.
pub(crate) const CLASSES: [&str; 4] = ["Standing", "Running", "Walking", "Badminton"];

/// The sensors' unit of a step of the data, a power of two.
const STEP: f32 = 1.0 / 512.0;

/// A byte for the class, then the samples channel by channel.
const WINDOW: usize = 1 + 2 * CHANNELS * LENGTH;

/// A window as it is stored.
pub(crate) type Window = [u8; WINDOW];

static DATA: &[u8; 2 * HALF * WINDOW] = include_bytes!("../../data/activity.bin");

/// The windows to learn from, and those to test with.
static HALVES: &[[Window; HALF]; 2] = {
    let (windows, _) = DATA.as_chunks();
    let (halves, _) = windows.as_chunks();
    // The length of DATA says so when this is compiled.
    halves.first_chunk().unwrap()
};

/// The windows to learn from.
pub(crate) fn train() -> &'static [Window; HALF] {
    &HALVES[0]
}

/// The windows to test with.
pub(crate) fn test() -> &'static [Window; HALF] {
    &HALVES[1]
}

/// The class of a window, as an index into [`CLASSES`].
pub(crate) fn class([class, ..]: &Window) -> usize {
    usize::from(*class)
}

/// Its raw samples.
pub(crate) fn channels([_, samples @ ..]: &Window) -> [[f32; LENGTH]; CHANNELS] {
    let mut channels = [[0.0; LENGTH]; CHANNELS];
    let (pairs, _) = samples.as_chunks();
    for (value, pair) in channels.as_flattened_mut().iter_mut().zip(pairs) {
        *value = f32::from(i16::from_le_bytes(*pair)) * STEP;
    }
    channels
}
