//! How much stack a call takes: the unused stack is painted, and after the call one looks how far
//! the paint is gone.
//!
//! What a call reserves and never writes keeps its paint, so a measurement is a lower bound.

use core::arch::asm;
use core::ptr;

/// The paint: any word that is no likely result. cortex-m-rt's `paint-stack`, which paints at start
/// only, has the same.
const PAINT: usize = 0xCCCC_CCCC;

unsafe extern "C" {
    /// The lowest address of the stack, a multiple of 4: cortex-m-rt's linker script puts it behind
    /// all statics. On a chip of another runtime `memory.x` has to define it.
    static _stack_end: usize;
}

/// What `run` returns, and the bytes of stack that it wrote on, its own frame and all below.
///
/// Inlined, so that the stack pointer is the caller's from the painting to the end of `run`.
/// Nothing may interrupt it: the handler would use the painted stack too.
#[inline(always)]
pub fn peak<R>(run: impl FnOnce() -> R) -> (R, usize) {
    let top = paint();
    let result = run();
    (result, top - lowest_written(top))
}

/// Paints all of the stack below the stack pointer, and returns the stack pointer.
#[inline(always)]
fn paint() -> usize {
    let top: usize;
    // SAFETY: from the end of all statics up to the stack pointer memory is nobody's, for neither
    // Arm's nor RISC-V's procedure call standard knows a red zone. Everything is done within this
    // block, so no frame of a function that paints is painted over.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!(
            "mov {top}, sp",
            "b 3f",
            "2: str {paint}, [{at}]",
            "adds {at}, #4",
            "3: cmp {at}, {top}",
            "blo 2b",
            top = out(reg) top,
            at = inout(reg) &raw const _stack_end => _,
            paint = in(reg) PAINT,
        );
        #[cfg(target_arch = "riscv32")]
        asm!(
            "mv {top}, sp",
            "j 3f",
            "2: sw {paint}, 0({at})",
            "addi {at}, {at}, 4",
            "3: bltu {at}, {top}, 2b",
            top = out(reg) top,
            at = inout(reg) &raw const _stack_end => _,
            paint = in(reg) PAINT,
        );
    }
    top
}

/// The lowest address below `top` that is not painted.
#[inline(always)]
fn lowest_written(top: usize) -> usize {
    let mut at = &raw const _stack_end;
    // SAFETY: as for painting: words of memory that exists and belongs to no value, read as what
    // they are, with volatile reads, which may leave all allocations.
    while at.addr() < top && unsafe { ptr::read_volatile(at) } == PAINT {
        at = at.wrapping_add(1);
    }
    at.addr()
}
