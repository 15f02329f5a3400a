//! Classes as indices and as rows of numbers.

/// The target of class `class` among `O`: 1 for this class, 0 for the others; None if there is no
/// such class. `torch.nn.functional.one_hot`.
///
/// ```
/// use stackprop::one_hot;
///
/// assert_eq!(one_hot(2), Some([0.0, 0.0, 1.0]));
/// assert_eq!(one_hot::<3>(3), None);
/// ```
#[must_use]
pub fn one_hot<const O: usize>(class: usize) -> Option<[f32; O]> {
    let mut target = [0.0; O];
    *target.get_mut(class)? = 1.0;
    Some(target)
}

/// The target of class `class`: one-hot, or with a single output, which has no place for the class
/// 0, that class as a number.
pub(crate) fn class_target<const O: usize>(class: usize) -> Option<[f32; O]> {
    if O > 1 {
        return one_hot(class);
    }
    (class < 2).then_some([class as f32; O])
}

/// The class that an output or a one-hot target is for: the index of the largest number, of equal
/// ones the first. `torch.argmax`. As there, NaN is larger than any number. 0 if there is none.
///
/// ```
/// use stackprop::argmax;
///
/// assert_eq!(argmax(&[0.25, 0.5, 0.25]), 1);
/// assert_eq!(argmax(&[0.5, 0.5]), 0);
/// assert_eq!(argmax(&[0.5, f32::NAN, f32::INFINITY]), 1);
/// ```
#[must_use]
pub fn argmax(numbers: &[f32]) -> usize {
    let (mut best, mut largest) = (0, f32::NEG_INFINITY);
    for (at, number) in numbers.iter().enumerate() {
        if largest.is_nan() {
            break;
        }
        if *number > largest || number.is_nan() {
            (best, largest) = (at, *number);
        }
    }
    best
}
