//! The stage that scales inputs: it travels with the weights, and training leaves it alone.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use stackprop::{
    Adam, Error, Layer, Linear, Normalizer, Online, Random, Relu, Sgd, SigmoidBce, Standardize,
    Trainer, check, net,
};

type Scaled = net![3, Standardize => 4, Relu => 1, SigmoidBce];
type Plain = net![3 => 4, Relu => 1, SigmoidBce];

/// Degrees, hectopascal and volts, of which the last hardly varies.
fn rows(count: usize) -> Vec<[f32; 3]> {
    let mut random = Random::new(3);
    let mut number = |mean, bound| mean + random.uniform(bound);
    (0..count)
        .map(|_| [number(21.0, 6.0), number(1013.0, 30.0), number(3.3, 0.001)])
        .collect()
}

fn targets(rows: &[[f32; 3]]) -> Vec<[f32; 1]> {
    rows.iter()
        .map(|[t, p, _]| [f32::from(u8::from(t * 50.0 > *p))])
        .collect()
}

fn stage(rows: &[[f32; 3]]) -> Standardize<3> {
    let mut normalizer = Normalizer::new();
    rows.iter().for_each(|row| normalizer.observe(row).unwrap());
    Standardize::from(&normalizer)
}

fn scale(stage: &Standardize<3>, row: &[f32; 3]) -> [f32; 3] {
    let mut y = [0.0; 3];
    stage.forward(row, &mut (), &mut y);
    y
}

/// A network whose stage is `stage`, and one without, with the same weights.
fn pair(stage: Standardize<3>) -> (Scaled, Plain) {
    let (mut scaled, plain) = (Scaled::new(5), Plain::new(5));
    assert_eq!(scaled.layers.1, plain.layers);
    scaled.layers.0 = stage;
    (scaled, plain)
}

#[test]
fn is_the_formula_of_standard_scaler() {
    let rows = rows(500);
    let stage = stage(&rows);
    for n in 0..3 {
        let column: Vec<f64> = rows.iter().map(|row| f64::from(row[n])).collect();
        let mean = column.iter().sum::<f64>() / 500.0;
        let variance = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 500.0;
        let deviation = variance.sqrt();
        assert!((f64::from(stage.mean[n]) / mean - 1.0).abs() < 2e-7);
        assert!((f64::from(stage.scale[n]) / deviation - 1.0).abs() < 2e-7);
        for row in &rows {
            let exact = (f64::from(row[n]) - mean) / deviation;
            let bound = exact.abs() / 2f64.powi(23) + (mean / deviation).abs() / 2f64.powi(24);
            assert!((f64::from(scale(&stage, row)[n]) - exact).abs() <= bound);
        }
    }
}

#[test]
fn agrees_with_the_normalizer() {
    let rows = rows(100);
    let mut normalizer = Normalizer::new();
    rows.iter().for_each(|row| normalizer.observe(row).unwrap());
    let stage = Standardize::from(&normalizer);
    for row in &rows {
        for (a, b) in scale(&stage, row).iter().zip(normalizer.scale(row)) {
            assert!((a - b).abs() < 2e-4, "{a} {b}"); // 2^-24 of 3.3 / 0.0006
        }
    }
}

#[test]
fn a_column_that_has_not_varied_is_as_good_as_zero() {
    let mut normalizer = Normalizer::new();
    normalizer.observe(&[7.0]).unwrap();
    let stage = Standardize::from(&normalizer);
    let y = |x| {
        let mut y = [0.0];
        stage.forward(&[x], &mut (), &mut y);
        y[0]
    };
    assert!(y(507.0_f32).abs() < 1e-30 && y(-1e20).abs() < 1e-15);
    assert!(y(f32::NAN).is_nan());
    let before_the_first_row = Standardize::from(&Normalizer::<1>::new());
    assert_eq!(before_the_first_row, Standardize::new([0.0], [1.0]));
}

#[test]
fn its_tensors_are_numbers_but_not_parameters() {
    let names: Vec<String> = Scaled::zeros()
        .tensors()
        .map(|tensor| tensor.name.to_string())
        .collect();
    let expected = [
        "0.mean", "0.scale", "1.weight", "1.bias", "3.weight", "3.bias",
    ];
    assert_eq!(names, expected);
    assert_eq!((Scaled::PARAMETERS, Scaled::NUMBERS), (21, 27));
    assert_eq!(
        Scaled::zeros().layers.0,
        Standardize::new([0.0; 3], [1.0; 3])
    );
    assert_eq!(size_of::<Scaled>(), 4 * 27);
    assert_eq!(size_of_val(&Scaled::zero_grad()), 4 * 21);
}

#[test]
fn they_are_copied_out_and_in() {
    let (scaled, _) = pair(Standardize::new([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]));
    let mut numbers = [0.0; Scaled::NUMBERS];
    scaled.copy_to_slice(&mut numbers).unwrap();
    assert_eq!(numbers[..6], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let mut copy = Scaled::zeros();
    copy.copy_from_slice(&numbers).unwrap();
    assert_eq!(copy, scaled);
    let refused = copy.copy_from_slice(&numbers[..21]);
    assert_eq!(
        refused,
        Err(Error::Parameters {
            expected: 27,
            found: 21
        })
    );
}

/// Learning behind a stage is learning from scaled rows, bit for bit, and the stage stays.
#[test]
fn learns_as_from_scaled_rows() {
    let rows = rows(100);
    let (targets, stage) = (targets(&rows), stage(&rows));
    let scaled_rows: Vec<_> = rows.iter().map(|row| scale(&stage, row)).collect();
    let (behind, before) = pair(stage);

    let mut a = Trainer::new(behind, Adam::new(0.01));
    let mut b = Trainer::new(before, Adam::new(0.01));
    for _ in 0..20 {
        let loss = a.epoch(&rows, &targets, 16).unwrap();
        assert_eq!(loss, b.epoch(&scaled_rows, &targets, 16).unwrap());
    }
    assert_eq!(a.network.layers.0, stage);
    assert_eq!(a.network.layers.1, b.network.layers);
    assert_ne!(b.network, before);

    let mut a = Online::new(behind, Sgd::new(0.1));
    let mut b = Online::new(before, Sgd::new(0.1));
    for ((row, scaled), target) in rows.iter().zip(&scaled_rows).zip(&targets) {
        let loss = a.step(row, target).unwrap();
        assert_eq!(loss, b.step(scaled, target).unwrap());
        assert_eq!(a.network.forward(row), b.network.forward(scaled));
    }
    assert_eq!(a.network.layers.0, stage);
    assert_eq!(a.network.layers.1, b.network.layers);
}

#[test]
fn its_gradient_is_the_slope() {
    let stage = Standardize::new([1.0, -20.0, 0.5], [2.0, 0.25, 8.0]);
    check::layer(&stage, &[0.5_f32, -19.0, 4.0]).unwrap();
    let chain = stackprop::Chain::<_, _, 3>(stage, Linear::new([[0.5, -0.25, 2.0]], [0.1]));
    check::layer(&chain, &[0.5_f32, -19.0, 4.0]).unwrap();
}
