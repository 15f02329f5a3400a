//! Short loops, written out.

/// Calls `f` with 0 to `N` - 1.
// Written out: at opt-level s LLVM keeps short loops, and what they index in memory. Guarded by the
// profiles `size` of `cargo bench --bench cortex_m`.
#[inline(always)]
pub(crate) fn each<const N: usize>(mut f: impl FnMut(usize)) {
    match N {
        1 => f(0),
        2 => {
            f(0);
            f(1);
        }
        4 => {
            f(0);
            f(1);
            f(2);
            f(3);
        }
        8 => {
            f(0);
            f(1);
            f(2);
            f(3);
            f(4);
            f(5);
            f(6);
            f(7);
        }
        _ => (0..N).for_each(f),
    }
}
