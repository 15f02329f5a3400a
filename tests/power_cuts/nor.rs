//! NOR flash in RAM, with a power supply that can be cut in the middle of a write or an erase.

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash, check_erase, check_read,
    check_write,
};
use fastrand::Rng;

/// Why an access was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NorError {
    /// The power is off.
    Off,
    /// A word was written that had not been erased.
    Twice,
    /// Bounds or alignment.
    Access(NorFlashErrorKind),
}

impl NorFlashError for NorError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Access(kind) => *kind,
            _ => NorFlashErrorKind::Other,
        }
    }
}

/// When the power goes, around an operation: a `write`, or the erase of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    /// A write has done some words, and some bits of the next. An erase has done some bits.
    Middle,
    After,
}

/// Flash with pages of `PAGE` bytes and words of `WORD`.
#[derive(Clone)]
pub(crate) struct Nor<const PAGE: usize, const WORD: usize> {
    pub(crate) bytes: Vec<u8>,
    /// How often each page was erased.
    pub(crate) erases: Vec<u64>,
    /// Writes and erases since `power_on`.
    pub(crate) operations: u64,
    /// For each word, whether it was written since its erase.
    written: Vec<bool>,
    /// Whether a word may be written twice: its bits can only become 0.
    multiwrite: bool,
    cut: Option<(u64, Moment)>,
    on: bool,
    rng: Rng,
}

impl<const PAGE: usize, const WORD: usize> Nor<PAGE, WORD> {
    pub(crate) fn new(pages: u32, multiwrite: bool) -> Self {
        let bytes = pages as usize * PAGE;
        Self {
            bytes: vec![0xFF; bytes],
            erases: vec![0; pages as usize],
            operations: 0,
            written: vec![false; bytes / WORD],
            multiwrite,
            cut: None,
            on: true,
            rng: Rng::with_seed(0),
        }
    }

    /// The flash as another firmware left it.
    pub(crate) fn fill(&mut self, mut byte: impl FnMut() -> u8) {
        self.bytes.fill_with(&mut byte);
        self.written.fill(true);
    }

    pub(crate) const fn power_on(&mut self) {
        self.on = true;
        self.operations = 0;
        self.cut = None;
    }

    /// Cuts the power around the operation with this number. `seed` decides which bits are done.
    pub(crate) fn cut_at(&mut self, operation: u64, moment: Moment, seed: u64) {
        self.power_on();
        self.cut = Some((operation, moment));
        self.rng.seed(seed);
    }

    pub(crate) const fn is_on(&self) -> bool {
        self.on
    }

    /// Whether the power goes in this operation.
    fn begin(&mut self) -> Result<Option<Moment>, NorError> {
        if !self.on {
            return Err(NorError::Off);
        }
        let number = self.operations;
        self.operations += 1;
        let moment = self.cut.filter(|cut| cut.0 == number).map(|cut| cut.1);
        self.on = moment.is_none();
        match moment {
            Some(Moment::Before) => Err(NorError::Off),
            moment => Ok(moment),
        }
    }

    const fn end(&self) -> Result<(), NorError> {
        if self.on { Ok(()) } else { Err(NorError::Off) }
    }

    /// Bits of `mask` can change from 1 to 0.
    fn write_word(&mut self, word: usize, data: &[u8], mask: impl Fn(&mut Rng) -> u8) {
        let old = &mut self.bytes[word * WORD..(word + 1) * WORD];
        for (old, new) in old.iter_mut().zip(data) {
            *old &= new | !mask(&mut self.rng);
        }
    }

    fn is_blank(&self, word: usize) -> bool {
        self.bytes[word * WORD..(word + 1) * WORD]
            .iter()
            .all(|byte| *byte == 0xFF)
    }

    /// Some bits are 1 already. How many is different each time.
    fn half_erase(&mut self, page: usize) {
        let untouched_words = self.rng.f64();
        let whole_words = self.rng.f64();
        for word in page * PAGE / WORD..(page + 1) * PAGE / WORD {
            if self.rng.f64() < untouched_words {
                continue;
            }
            let whole = self.rng.f64() < whole_words;
            for byte in &mut self.bytes[word * WORD..(word + 1) * WORD] {
                *byte |= if whole { 0xFF } else { self.rng.u8(..) };
            }
            self.written[word] = !self.is_blank(word);
        }
    }
}

impl<const PAGE: usize, const WORD: usize> ErrorType for Nor<PAGE, WORD> {
    type Error = NorError;
}

impl<const PAGE: usize, const WORD: usize> ReadNorFlash for Nor<PAGE, WORD> {
    const READ_SIZE: usize = WORD;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorError> {
        self.end()?;
        check_read(self, offset, bytes.len()).map_err(NorError::Access)?;
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl<const PAGE: usize, const WORD: usize> NorFlash for Nor<PAGE, WORD> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorError> {
        check_erase(self, from, to).map_err(NorError::Access)?;
        for page in from as usize / PAGE..to as usize / PAGE {
            let moment = self.begin()?;
            self.erases[page] += 1;
            if moment == Some(Moment::Middle) {
                self.half_erase(page);
            } else {
                self.bytes[page * PAGE..(page + 1) * PAGE].fill(0xFF);
                self.written[page * PAGE / WORD..(page + 1) * PAGE / WORD].fill(false);
            }
            self.end()?;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorError> {
        check_write(self, offset, bytes.len()).map_err(NorError::Access)?;
        let first = offset as usize / WORD;
        let words = first..first + bytes.len() / WORD;
        if !self.multiwrite && self.written[words.clone()].contains(&true) {
            self.end()?;
            return Err(NorError::Twice);
        }
        let moment = self.begin()?;
        let done = match moment {
            Some(Moment::Middle) => first + self.rng.usize(..words.len()),
            _ => words.end,
        };
        for (word, data) in words.zip(bytes.chunks_exact(WORD)) {
            if word < done {
                self.write_word(word, data, |_| 0xFF);
                self.written[word] = true;
            } else if word == done {
                self.write_word(word, data, |rng| rng.u8(..));
                self.written[word] |= !self.is_blank(word);
            }
        }
        self.end()
    }
}
