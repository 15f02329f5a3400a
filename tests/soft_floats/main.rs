//! The floats in integers of chips without a float unit, against the processor's own: the same
//! bits, but for which NaN it is. Both ways to multiply run here.
//!
//! `STACKPROP_EXHAUSTIVE=1 cargo test --release --test soft_floats -- --nocapture` tries hundreds
//! of millions of sums.

mod edges;
mod soft;

use fastrand::Rng;
use stackprop::math;
use stackprop::simd::{Soft, Vector};

/// Mantissas at the edges: few bits, all bits, and those around a half.
const MANTISSAS: [u32; 10] = [
    0, 1, 2, 0x800, 0x2a_aaaa, 0x3f_ffff, 0x40_0000, 0x40_0001, 0x7f_fffe, 0x7f_ffff,
];

/// How many exponents the sum is away from the product, where something changes: the reach of the
/// spare bits, of a mantissa, of a shift.
const DISTANCES: [i32; 27] = [
    -300, -32, -27, -26, -25, -24, -23, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 23, 24, 25,
    26, 32, 300,
];

fn exhaustive() -> bool {
    std::env::var_os("STACKPROP_EXHAUSTIVE").is_some()
}

/// `many` in an exhaustive test, else a share of it that takes a second; less without optimisation.
fn rounds(many: u32, few: u32) -> u32 {
    match (exhaustive(), cfg!(debug_assertions)) {
        (true, _) => many,
        (false, false) => few,
        (false, true) => few / 20,
    }
}

const fn float(sign: u32, exponent: u32, mantissa: u32) -> f32 {
    f32::from_bits(sign << 31 | exponent << 23 | mantissa & 0x7f_ffff)
}

/// The same bits, or both NaN.
#[track_caller]
fn same(name: &str, numbers: &[f32], soft: f32, hard: f32) {
    let right = soft.to_bits() == hard.to_bits() || (soft.is_nan() && hard.is_nan());
    assert!(right, "{name} of {numbers:?}: {soft:?} instead of {hard:?}");
}

/// Every operation on three numbers.
fn check<const NARROW: bool>(c: f32, a: f32, b: f32) {
    let [sc, sa, sb] = [c, a, b].map(Soft::<NARROW>::splat);
    let get = |x: Soft<NARROW>| x.extract(0);
    let numbers = &[c, a, b];
    let sum = c + a * b;
    same("plus_product", numbers, get(sc.plus_product(sa, sb)), sum);
    same("dot", numbers, Soft::<NARROW>::dot(c, &[a], &[b]), sum);
    same("mul", numbers, get(sa * sb), a * b);
    same("add", numbers, get(sc + sa), c + a);
    same("sub", numbers, get(sc - sb), c - b);
    let choice = f32::from(u8::from(c < a)) + 2.0 * f32::from(u8::from(c <= b));
    let [no, one, two] = [0.0, 1.0, 2.0].map(Soft::splat);
    let less = Soft::select_lt(sc, sa, one, no) + Soft::select_le(sc, sb, two, no);
    same("order", numbers, get(less), choice);
}

fn check_both(c: f32, a: f32, b: f32) {
    check::<false>(c, a, b);
    check::<true>(c, a, b);
}

/// All exponents of both factors, edges of mantissas, and sums around the product; every `step`th.
fn grid(step: u32) -> u64 {
    let mut count = 0;
    let mut turn = 0u32;
    for (ea, eb) in (0..256).flat_map(|ea| (0..256).map(move |eb| (ea, eb))) {
        for (ma, mb) in MANTISSAS
            .iter()
            .flat_map(|a| MANTISSAS.iter().map(move |b| (a, b)))
        {
            turn = turn.wrapping_add(1);
            if !turn.is_multiple_of(step) {
                continue;
            }
            let (a, b) = (float(0, ea, *ma), float(ea & 1, eb, *mb));
            let p = a * b;
            for (k, d) in (0..).zip(DISTANCES) {
                let ec = ((p.to_bits() >> 23 & 255).cast_signed() + d)
                    .clamp(0, 255)
                    .cast_unsigned();
                let m = MANTISSAS[((turn / step + k) % 10) as usize];
                check_both(float(turn & 1, ec, m), a, b);
                check_both(float(1, ec, p.to_bits()), a, b);
                count += 2;
            }
            check_both(-p, a, b);
            check_both(f32::from_bits((-p).to_bits() ^ 1), a, b);
            count += 2;
        }
    }
    count
}

#[test]
fn grid_of_exponents() {
    let count = grid(if exhaustive() {
        1
    } else if cfg!(debug_assertions) {
        331
    } else {
        29
    });
    println!("{count} sums on the grid, each with both multiplications");
}

/// A number with an exponent of the range, and a mantissa of one of several kinds.
fn of_kind(rng: &mut Rng, from: u32, to: u32) -> f32 {
    let bit = rng.u32(0..23);
    let m = match rng.u32(0..8) {
        0 => 0,
        1 => 0x7f_ffff,
        2 => rng.u32(..) & 0x7f_f000,
        3 => 1 << bit,
        4 => 0x7f_ffff ^ (1 << bit),
        5 => 0x7f_ffff >> bit,
        _ => rng.u32(..),
    };
    float(rng.u32(0..2), rng.u32(from..=to), m)
}

/// A small integer times a power of two: products and sums of these are ties often.
fn of_few_bits(rng: &mut Rng) -> f32 {
    let number = rng.u16(0..4096);
    f32::from(number) * float(rng.u32(0..2), rng.u32(107..139), 0)
}

fn random_triples(rng: &mut Rng) {
    let any = |rng: &mut Rng| f32::from_bits(rng.u32(..));
    check_both(any(rng), any(rng), any(rng));
    // Near 1, and sums up to 30 binades from the product.
    let (a, b) = (of_kind(rng, 120, 134), of_kind(rng, 120, 134));
    check_both(of_kind(rng, 115, 140), a, b);
    check_both(of_kind(rng, 90, 165), a, b);
    // Almost cancelled.
    let p = (-(a * b)).to_bits() ^ rng.u32(0..8);
    let c = p.wrapping_add(rng.u32(0..4) << 23).wrapping_sub(1 << 23);
    check_both(f32::from_bits(c), a, b);
    // The edges of the ranges of the fast ways.
    let edge = |rng: &mut Rng| match rng.u32(0..3) {
        0 => of_kind(rng, 60, 70),
        1 => of_kind(rng, 184, 204),
        _ => of_kind(rng, 1, 254),
    };
    check_both(edge(rng), edge(rng), edge(rng));
    check_both(edge(rng), edge(rng), of_kind(rng, 110, 140));
    // Subnormal and overflowing results.
    check_both(
        of_kind(rng, 0, 3),
        of_kind(rng, 0, 130),
        of_kind(rng, 0, 130),
    );
    check_both(
        of_kind(rng, 250, 254),
        of_kind(rng, 185, 200),
        of_kind(rng, 180, 195),
    );
    // Ties.
    check_both(of_few_bits(rng), of_few_bits(rng), of_few_bits(rng));
    check_both(of_kind(rng, 117, 137), of_few_bits(rng), of_few_bits(rng));
}

#[test]
fn random_numbers() {
    let rounds = rounds(60_000_000, 300_000);
    let mut rng = Rng::with_seed(1);
    for _ in 0..rounds {
        random_triples(&mut rng);
    }
    println!(
        "{} random triples, each with both multiplications",
        10 * u64::from(rounds)
    );
}

/// All signs of zeros and of what is not finite, with each other and with ordinary numbers.
#[test]
fn zeros_infinities_nan_and_subnormals() {
    let positive = [
        0.0,
        1.0,
        1.5,
        f32::from_bits(1),
        f32::from_bits(0x7f_ffff),
        f32::MIN_POSITIVE,
        2.0e-19,
        1.8e19,
        3.7e19,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ];
    let all = || positive.into_iter().flat_map(|x| [x, -x]);
    for c in all() {
        for a in all() {
            all().for_each(|b| check_both(c, a, b));
        }
    }
}

/// A term of a long sum: of any bits, ordinary, with zeros, of all sizes, or of few bits.
fn term(rng: &mut Rng, kind: u32) -> f32 {
    match kind {
        0 if rng.u32(0..8) == 0 => f32::from_bits(rng.u32(..)),
        0 | 1 => of_kind(rng, 118, 130),
        2 if rng.bool() => [0.0, -0.0][rng.usize(0..2)],
        2 => of_kind(rng, 110, 130),
        3 => of_kind(rng, 1, 254),
        _ => (f32::from(rng.u8(..)) - 128.0) / 64.0,
    }
}

#[test]
fn long_sums() {
    let rounds = rounds(4_000_000, 100_000);
    let mut rng = Rng::with_seed(2);
    for round in 0..rounds {
        let len = rng.usize(1..40);
        let mut terms = |kind| (0..len).map(|_| term(&mut rng, kind)).collect::<Vec<_>>();
        let (w, x) = (terms(round % 5), terms(round / 5 % 5));
        let start = [
            0.0,
            -0.0,
            of_kind(&mut rng, 118, 128),
            f32::from_bits(rng.u32(..)),
        ];
        let start = start[rng.usize(0..4)];
        let hard = w.iter().zip(&x).fold(start, |sum, (w, x)| sum + w * x);
        let numbers = [&[start], &w[..], &x[..]].concat();
        same("dot", &numbers, Soft::<false>::dot(start, &w, &x), hard);
        same("dot", &numbers, Soft::<true>::dot(start, &w, &x), hard);
    }
    println!("{rounds} sums of up to 39 terms");
}

/// The functions of `math` with `V`.
fn functions<V: Vector>(x: f32) -> [f32; 9] {
    let (v, one) = (V::splat(x), V::splat(1.0));
    let (loss, dz) = math::bce_with_logits_grad(v, one);
    [
        math::exp(v),
        math::expm1(v),
        math::ln(v),
        math::ln_1p(v),
        math::sigmoid(v),
        math::softplus(v),
        math::tanh(v),
        loss,
        dz,
    ]
    .map(|y| y.extract(0))
}

#[test]
fn functions_have_the_same_bits() {
    let step = if exhaustive() {
        61
    } else if cfg!(debug_assertions) {
        400_009
    } else {
        20_011
    };
    for x in (0..=u32::MAX).step_by(step).map(f32::from_bits) {
        let hard = functions::<f32>(x);
        for (soft, hard) in functions::<Soft<true>>(x).into_iter().zip(hard) {
            same("a function", &[x], soft, hard);
        }
        for (soft, hard) in functions::<Soft<false>>(x).into_iter().zip(hard) {
            same("a function", &[x], soft, hard);
        }
    }
}
