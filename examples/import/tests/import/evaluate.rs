//! A network in f64, from its list of stages and its tensors.

use crate::files::Written;

/// What the network makes of a row.
pub(crate) fn evaluate(written: &Written, row: &[f64]) -> Vec<f64> {
    let (bias, list) = match written.list.split_once(';') {
        Some((before, list)) => {
            assert_eq!(before, "bias = false");
            (false, list)
        }
        None => (true, written.list.as_str()),
    };
    let mut parts = list.split("=>");
    let mut stage = 0;
    let mut values = row.to_vec();
    let mut used = 0;
    let first = words(parts.next().unwrap());
    assert_eq!(first[0].parse(), Ok(row.len()));
    for name in &first[1..] {
        assert_eq!(name, "Standardize");
        let (mean, scale) = (
            tensor(written, stage, "mean"),
            tensor(written, stage, "scale"),
        );
        let columns = values.iter().zip(mean).zip(scale);
        values = columns.map(|((x, m), s)| (x - m) / s).collect();
        (stage, used) = (stage + 1, used + 2);
    }
    for part in parts {
        let words = words(part);
        values = linear(written, stage, bias, &values);
        assert_eq!(words[0].parse(), Ok(values.len()));
        (stage, used) = (stage + 1, used + 1 + usize::from(bias));
        for name in &words[1..] {
            apply(name, &mut values);
            stage += 1;
        }
    }
    assert_eq!(written.tensors.len(), used);
    values
}

fn linear(written: &Written, stage: usize, bias: bool, values: &[f64]) -> Vec<f64> {
    let weight = tensor(written, stage, "weight");
    let product = |row: &[f64]| row.iter().zip(values).map(|(w, x)| w * x).sum();
    let mut outputs: Vec<f64> = weight.chunks(values.len()).map(product).collect();
    if bias {
        let bias = tensor(written, stage, "bias");
        assert_eq!(bias.len(), outputs.len());
        outputs.iter_mut().zip(bias).for_each(|(z, b)| *z += b);
    }
    outputs
}

/// What stands between commas, without blanks.
fn words(part: &str) -> Vec<String> {
    let part = part.replace("LeakyRelu<", "LeakyRelu/").replace('>', "");
    let mut words: Vec<String> = Vec::new();
    for word in part.split(',').map(str::trim) {
        match words.last_mut() {
            Some(last) if last.starts_with("LeakyRelu/") && !last.contains(':') => {
                *last = format!("{last}:{word}");
            }
            _ => words.push(String::from(word)),
        }
    }
    words
}

fn tensor(written: &Written, stage: usize, field: &str) -> Vec<f64> {
    let (_, values) = &written.tensors[&format!("{stage}.{field}")];
    values.iter().map(|v| f64::from(*v)).collect()
}

fn apply(name: &str, values: &mut [f64]) {
    if let Some(slope) = name.strip_prefix("LeakyRelu/") {
        let (numerator, denominator) = slope.split_once(':').unwrap();
        let [n, d] = [numerator, denominator].map(|text| text.parse::<f32>().unwrap());
        let slope = f64::from(n / d);
        each(values, |x| if x > 0.0 { x } else { slope * x });
        return;
    }
    match name {
        "Relu" => each(values, |x| x.max(0.0)),
        "Elu" => each(values, |x| if x > 0.0 { x } else { x.exp_m1() }),
        "HardTanh" => each(values, |x| x.clamp(-1.0, 1.0)),
        "Tanh" => each(values, f64::tanh),
        "Sigmoid" | "SigmoidBce" => each(values, |x| 1.0 / (1.0 + (-x).exp())),
        "Softplus" => each(values, |x| x.max(0.0) + (-x.abs()).exp().ln_1p()),
        "SoftmaxCe" => {
            let largest = values.iter().copied().fold(f64::MIN, f64::max);
            each(values, |x| (x - largest).exp());
            let sum: f64 = values.iter().sum();
            each(values, |x| x / sum);
        }
        "Mse" => {}
        other => panic!("unknown stage {other}"),
    }
}

fn each(values: &mut [f64], f: impl Fn(f64) -> f64) {
    values.iter_mut().for_each(|x| *x = f(*x));
}
