//! Saves with the power cut, and what is loaded after it.

use std::ops::AddAssign;

use fastrand::Rng;
use stackprop::flash::{Blocking, Error, Geometry, Store};

use crate::nor::{Moment, Nor, NorError};

/// What was seen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) saves: u64,
    pub(crate) cut_points: u64,
    /// Neither the old nor the new record was loaded, or saving did not go on.
    pub(crate) losses: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.saves += other.saves;
        self.cut_points += other.cut_points;
        self.losses += other.losses;
    }
}

/// One record in one flash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) record_bytes: usize,
    /// Pages beyond the fewest.
    pub(crate) spare: u32,
    pub(crate) multiwrite: bool,
    pub(crate) saves: u64,
    /// About how many cut points. They are spread over the saves by a seed.
    pub(crate) cut_points: u64,
}

/// The record of a save: its number, and bytes that depend on it.
pub(crate) fn record(number: u64, bytes: usize) -> Vec<u8> {
    let mut rng = Rng::with_seed(number);
    let head = number.to_le_bytes().into_iter();
    head.chain(std::iter::repeat_with(|| rng.u8(..)))
        .take(bytes)
        .collect()
}

type Run<T> = Result<T, Error<NorError>>;

impl Case {
    pub(crate) fn flash<const PAGE: usize, const WORD: usize>(&self) -> Nor<PAGE, WORD> {
        let geometry = Geometry::of::<Blocking<Nor<PAGE, WORD>>>();
        let pages = geometry.pages(self.record_bytes).expect("a possible flash");
        Nor::new(pages + self.spare, self.multiwrite)
    }

    fn store<'a, const PAGE: usize, const WORD: usize>(
        &self,
        nor: &'a mut Nor<PAGE, WORD>,
    ) -> Store<Blocking<&'a mut Nor<PAGE, WORD>>> {
        let end = u32::try_from(nor.bytes.len()).expect("an address");
        Store::new(Blocking(nor), 0..end, self.record_bytes).expect("a range")
    }

    /// The power comes, and the program loads and saves: what it has loaded.
    pub(crate) fn session<const PAGE: usize, const WORD: usize>(
        &self,
        nor: &mut Nor<PAGE, WORD>,
        save: Option<&[u8]>,
    ) -> (Run<Option<Vec<u8>>>, Run<()>) {
        let mut store = self.store(nor);
        let mut bytes = vec![0; self.record_bytes];
        let loaded = store.load_blocking(&mut bytes);
        let saved = save.map_or(Ok(()), |record| store.save_blocking(record));
        (loaded.map(|is_there| is_there.then_some(bytes)), saved)
    }

    fn load<const PAGE: usize, const WORD: usize>(
        &self,
        nor: &mut Nor<PAGE, WORD>,
    ) -> Option<Vec<u8>> {
        self.session(nor, None).0.unwrap_or_default()
    }

    /// Cuts a save, in flash that holds the record `old`. True if the old or the new one is there
    /// then, and the next save is as any other.
    fn survives<const PAGE: usize, const WORD: usize>(
        &self,
        mut nor: Nor<PAGE, WORD>,
        old: u64,
    ) -> bool {
        let new = record(old + 1, self.record_bytes);
        let (_, saved) = self.session(&mut nor, Some(&new));
        let was_on = nor.is_on();
        nor.power_on();
        let loaded = self.load(&mut nor);
        let is_old = loaded == self.numbered(old);
        let is_new = loaded.as_ref() == Some(&new);
        let expected = if was_on {
            saved.is_ok() && is_new
        } else {
            is_old || is_new
        };
        let next = record(old + 2, self.record_bytes);
        let (_, saved) = self.session(&mut nor, Some(&next));
        expected && saved.is_ok() && self.load(&mut nor) == Some(next)
    }

    /// Record 0 is none: the flash is new.
    fn numbered(&self, number: u64) -> Option<Vec<u8>> {
        (number > 0).then(|| record(number, self.record_bytes))
    }

    /// How many operations the next save takes.
    pub(crate) fn operations<const PAGE: usize, const WORD: usize>(
        &self,
        mut nor: Nor<PAGE, WORD>,
        old: u64,
    ) -> u64 {
        nor.power_on();
        let new = record(old + 1, self.record_bytes);
        self.session(&mut nor, Some(&new))
            .1
            .expect("the power is on");
        nor.operations
    }

    /// Cuts each save of a sequence that is itself not cut: before, in and after its operations.
    pub(crate) fn each_save<const PAGE: usize, const WORD: usize>(&self) -> Count {
        let mut count = Count::default();
        let mut nor = self.flash::<PAGE, WORD>();
        let mut rng = Rng::with_seed(self.record_bytes as u64);
        for old in 0..self.saves {
            let operations = self.operations(nor.clone(), old);
            let wanted = self.cut_points as f64 / self.saves as f64;
            let share = wanted / (3 * operations) as f64;
            for operation in 0..operations {
                for moment in [Moment::Before, Moment::Middle, Moment::After] {
                    if rng.f64() >= share {
                        continue;
                    }
                    let mut nor = nor.clone();
                    nor.cut_at(operation, moment, rng.u64(..));
                    count.cut_points += 1;
                    count.losses += u64::from(!self.survives(nor, old));
                }
            }
            let new = record(old + 1, self.record_bytes);
            let (loaded, saved) = self.session(&mut nor, Some(&new));
            let right = loaded == Ok(self.numbered(old)) && saved.is_ok();
            count.saves += 1;
            count.losses += u64::from(!right);
        }
        count
    }

    /// Cuts one save after the other, some of them several times: the flash of each is what the
    /// cuts before have left.
    pub(crate) fn on_and_on<const PAGE: usize, const WORD: usize>(&self) -> Count {
        let mut count = Count::default();
        let mut nor = self.flash::<PAGE, WORD>();
        let mut rng = Rng::with_seed(self.record_bytes as u64);
        let mut old = 0;
        let mut usual = self.operations(nor.clone(), 0);
        for new in 1..=self.saves {
            let moments = [
                Moment::Before,
                Moment::Middle,
                Moment::Middle,
                Moment::After,
            ];
            let moment = moments[rng.usize(..moments.len())];
            nor.cut_at(rng.u64(..usual + usual / 4 + 2), moment, rng.u64(..));
            let bytes = record(new, self.record_bytes);
            let (loaded, saved) = self.session(&mut nor, Some(&bytes));
            count.saves += 1;
            count.losses += u64::from(loaded != Ok(self.numbered(old)));
            if nor.is_on() {
                usual = usual.max(nor.operations);
                count.losses += u64::from(saved.is_err());
                old = new;
            } else {
                count.cut_points += 1;
                nor.power_on();
                let loaded = self.load(&mut nor);
                if loaded.as_ref() == Some(&bytes) {
                    old = new;
                }
                count.losses += u64::from(loaded != self.numbered(old));
            }
        }
        count
    }
}
