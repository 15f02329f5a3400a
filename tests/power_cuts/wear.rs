//! How often pages are erased, beside what `Geometry::saves` says.

use libtest_mimic::Failed;
use stackprop::flash::{Blocking, Geometry, Store};
use stackprop::{Adam, Online, Record, Relu, Sgd, SigmoidBce, net};

use crate::cuts::{Case, record};
use crate::effort;
use crate::nor::Nor;

pub(crate) fn as_computed() -> Result<(), Failed> {
    println!("erases of the page that was erased most often, beside those computed:");
    let mut is_right = true;
    for record_bytes in [12, 144, 4096, 13_700] {
        for spare in [0, 24] {
            is_right &= run::<4096, 4>(record_bytes, spare);
            is_right &= run::<4096, 1>(record_bytes, spare);
            is_right &= run::<2048, 8>(record_bytes, spare);
            is_right &= run::<8192, 16>(record_bytes, spare);
            is_right &= run::<256, 32>(record_bytes, spare);
        }
    }
    if is_right {
        Ok(())
    } else {
        Err("pages are not erased as often as computed".into())
    }
}

/// Saves 1000 times, or less often in debug builds.
fn run<const PAGE: usize, const WORD: usize>(record_bytes: usize, spare: u32) -> bool {
    let case = Case {
        record_bytes,
        spare,
        multiwrite: false,
        saves: 0,
        cut_points: 0,
    };
    let mut nor = case.flash::<PAGE, WORD>();
    let pages = u32::try_from(nor.erases.len()).expect("few pages");
    let end = u32::try_from(nor.bytes.len()).expect("an address");
    let saves = (1000.0 * effort().min(1.0)) as u64;
    let mut store = Store::new(Blocking(&mut nor), 0..end, record_bytes).expect("a range");
    for number in 0..saves {
        store
            .save_blocking(&record(number, record_bytes))
            .expect("the power is on");
    }
    let geometry = Geometry::of::<Blocking<Nor<PAGE, WORD>>>();
    let for_each_erase = geometry.saves(record_bytes, pages, 1);
    // The first fill needs no erase.
    let computed = saves.div_ceil(for_each_erase) - 1;
    let most = nor.erases.iter().copied().max().unwrap_or_default();
    println!(
        "  page {PAGE}, word {WORD}, {pages} pages, record {record_bytes}: {most} and {computed} \
         in {saves} saves"
    );
    most == computed
}

/// The learners of the table: 208 and 13,756 bytes.
type Small = Online<net![3 => 8, Relu => 1, SigmoidBce], Sgd>;
type Large = Online<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Adam>;

/// The numbers in the docs of the module.
pub(crate) fn table_of_the_docs() -> Result<(), Failed> {
    let docs = include_str!("../../src/storage/flash/mod.rs");
    for (name, geometry, cycles) in [
        ("nRF52840", Geometry::NRF52840, 10_000),
        ("RP2350", Geometry::RP2350, 100_000),
        ("STM32L4", Geometry::STM32L4, 10_000),
        ("STM32U5", Geometry::STM32U5, 10_000),
    ] {
        let start = format!("//! | {name}, ");
        let row = docs.lines().find(|line| line.starts_with(&start));
        let cells = row.ok_or("no row")?.replace(',', "");
        let cells = cells.split('|').map(str::trim);
        let numbers: Vec<u64> = cells.filter_map(|cell| cell.parse().ok()).collect();
        let mut expected = vec![u64::from(cycles)];
        for record_bytes in [Small::RECORD_BYTES, Large::RECORD_BYTES] {
            let fewest = geometry.pages(record_bytes).ok_or("no pages")?;
            for pages in [fewest, 0x1_0000 / geometry.page] {
                expected.push(geometry.saves(record_bytes, pages, cycles));
            }
        }
        assert_eq!(numbers, expected, "{name}");
        assert_eq!((Small::RECORD_BYTES, Large::RECORD_BYTES), (208, 13_756));
    }
    Ok(())
}
