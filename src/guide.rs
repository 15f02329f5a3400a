//! The guide: the pages for which the README has no room.
//!
//! | page | answers |
//! | --- | --- |
//! | [`from_pytorch`] | How does a model of PyTorch become a device that learns? |
//! | [`from_scikit_learn`] | The same for a pipeline with a scaler, and for any ONNX? |
//! | [`memory`] | How many bytes? How do I put it into a `static`, RTIC or embassy? |
//! | [`learning`] | How do I learn from a sensor or from labelled rows, and how well? |
//! | [`beyond`] | How do I train on threads, on many machines over MPI, or on a fleet? |
//! | [`mistakes`] | What does the compiler say, and what does an [`Error`](crate::Error) mean? |
//! | [`pytorch`] | How do I bring a model from PyTorch, and how do I check it? |
//! | [`record`] | What does a device store, and how does it go on after a reset? |
//! | [`numerics`] | Why are the bits the same everywhere, and how exact are they? |
//! | [`contract`] | Which bits? All formulas, for a second implementation |
//! | [`speed`] | What does it cost on each chip and on a host? What do I set? |
//! | [`tables`] | What does it reach on the data sets of two papers, and at what cost? |
//!
//! The tables of figures come from the repository's recorded files. `tests/documents` compares each
//! number, and writes them with `STACKPROP_BLESS=1`.

#[doc = include_str!("guide/beyond.md")]
pub mod beyond {}

#[doc = include_str!("guide/contract.md")]
pub mod contract {
    #[doc = include_str!("guide/contract/functions.md")]
    pub mod functions {}

    #[doc = include_str!("guide/contract/losses.md")]
    pub mod losses {}

    #[doc = include_str!("guide/contract/optimisers.md")]
    pub mod optimisers {}

    #[doc = include_str!("guide/contract/random.md")]
    pub mod random {}

    #[doc = include_str!("guide/contract/sums.md")]
    pub mod sums {}
}

#[doc = include_str!("guide/from_pytorch.md")]
pub mod from_pytorch {}

#[doc = include_str!("guide/from_scikit_learn.md")]
pub mod from_scikit_learn {}

#[doc = include_str!("guide/learning.md")]
pub mod learning {}

#[doc = include_str!("guide/memory.md")]
pub mod memory {}

#[doc = include_str!("guide/mistakes.md")]
pub mod mistakes {}

#[doc = include_str!("guide/numerics.md")]
pub mod numerics {}

#[doc = include_str!("guide/pytorch.md")]
pub mod pytorch {}

#[doc = include_str!("guide/record.md")]
pub mod record {}

#[doc = include_str!("guide/speed.md")]
pub mod speed {}

#[doc = include_str!("guide/tables.md")]
pub mod tables {}
