//! A sort without a panic path: those of `core` have one, for an order that contradicts itself.

use core::cmp::Ordering;
use core::mem::swap;

/// Sorts in place by `order`, in up to 2 n log2(n) comparisons. Equal items come in any order.
pub(super) fn heapsort<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for top in (0..items.len() / 2).rev() {
        sift(items, top, &order);
    }
    let mut heap = items;
    // The first item of the heap is the largest, and goes to the end.
    while let [first, .., last] = heap {
        swap(first, last);
        heap = match heap {
            [rest @ .., _] => rest,
            [] => return,
        };
        sift(heap, 0, &order);
    }
}

/// Moves the item at `top` down until none below it is larger.
fn sift<T>(heap: &mut [T], top: usize, order: impl Fn(&T, &T) -> Ordering) {
    let is_less = |a: Option<&T>, b: Option<&T>| match (a, b) {
        (Some(a), Some(b)) => order(a, b).is_lt(),
        _ => false,
    };
    let mut parent = top;
    loop {
        let [left, right] = [2 * parent + 1, 2 * parent + 2];
        let larger = if is_less(heap.get(left), heap.get(right)) {
            right
        } else {
            left
        };
        match heap.get_disjoint_mut([parent, larger]) {
            Ok([above, below]) if order(above, below).is_lt() => swap(above, below),
            _ => return,
        }
        parent = larger;
    }
}
