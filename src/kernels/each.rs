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

/// [`each`] on chips.
macro_rules! written_out {
    ($n:ident < $count:expr, $body:expr) => {{
        let mut body = |$n: usize| $body;
        match $count {
            1 => body(0),
            2 => {
                body(0);
                body(1);
            }
            4 => {
                body(0);
                body(1);
                body(2);
                body(3);
            }
            8 => {
                body(0);
                body(1);
                body(2);
                body(3);
                body(4);
                body(5);
                body(6);
                body(7);
            }
            count => (0..count).for_each(body),
        }
    }};
}

pub(crate) use {each, written_out};
