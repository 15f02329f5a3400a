//! Short loops, written out.

/// Runs `body` with `n` from 0 to `count` - 1, as a loop would.
// Written out on chips: at opt-level s LLVM keeps short loops, and what they index in memory.
// Guarded by the profiles `size` of `cargo bench --bench cortex_m`. A macro, for with SIMD LLVM
// does best with just this loop: guarded by `cargo bench --bench instructions`.
macro_rules! each {
    ($n:ident < $count:expr, $body:expr) => {
        if <$crate::kernels::simd::Native as $crate::kernels::simd::Vector>::LANES > 1 {
            for $n in 0..$count {
                $body;
            }
        } else {
            $crate::kernels::each::written_out!($n < $count, $body)
        }
    };
}

/// [`each`] on chips. No closure: at opt-level s one with vectors would not be inlined, and its
/// indices would be panic paths. Guarded by `cargo chip m0::no_panic_links_small`.
macro_rules! written_out {
    ($n:ident < $count:expr, $body:expr) => {
        match $count {
            1 => $crate::kernels::each::copies!($n, $body, 0),
            2 => $crate::kernels::each::copies!($n, $body, 0 1),
            4 => $crate::kernels::each::copies!($n, $body, 0 1 2 3),
            8 => $crate::kernels::each::copies!($n, $body, 0 1 2 3 4 5 6 7),
            count => {
                for $n in 0..count {
                    $body;
                }
            }
        }
    };
}

/// `body` with each of these numbers as `n`.
macro_rules! copies {
    ($n:ident, $body:expr, $($number:literal)+) => {{
        $({
            let $n: usize = $number;
            $body;
        })+
    }};
}

pub(crate) use {copies, each, written_out};
