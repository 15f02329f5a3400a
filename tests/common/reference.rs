//! Networks in f64, written to be believed: no vectors, no blocks, no code of the crate.

/// A linear layer `[out][in]`, with a ReLU behind it or not.
pub struct Layer {
    pub weight: Vec<Vec<f64>>,
    pub bias: Option<Vec<f64>>,
    pub relu: bool,
}

/// The mean loss of a batch and its gradients; tensors are flat, weight before bias.
pub struct Gradients {
    pub loss: f64,
    pub params: Vec<Vec<f64>>,
    pub input: Vec<Vec<f64>>,
}

pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

pub fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// Binary cross-entropy from the logit, measured from the side on which z lies, so that nothing
/// cancels.
pub fn bce(z: f64, y: f64) -> f64 {
    let wrong = if z < 0.0 { y } else { 1.0 - y };
    let linear = if wrong == 0.0 { 0.0 } else { z.abs() * wrong };
    linear + softplus(-z.abs())
}

/// z of one layer.
fn linear(layer: &Layer, x: &[f64]) -> Vec<f64> {
    let mut z = Vec::new();
    for (o, row) in layer.weight.iter().enumerate() {
        let mut sum = 0.0;
        for (w, x) in row.iter().zip(x) {
            sum += w * x;
        }
        z.push(sum + layer.bias.as_ref().map_or(0.0, |b| b[o]));
    }
    z
}

/// What each layer takes; last, the logits.
fn activations(layers: &[Layer], x: &[f64]) -> Vec<Vec<f64>> {
    let mut all = vec![x.to_vec()];
    for layer in layers {
        let z = linear(layer, &all[all.len() - 1]);
        all.push(
            z.into_iter()
                .map(|z| if layer.relu { z.max(0.0) } else { z })
                .collect(),
        );
    }
    all
}

pub fn logits(layers: &[Layer], x: &[f64]) -> Vec<f64> {
    activations(layers, x).pop().unwrap()
}

/// The mean over the outputs of BCE.
pub fn loss(layers: &[Layer], x: &[f64], y: &[f64]) -> f64 {
    let z = logits(layers, x);
    z.iter().zip(y).map(|(z, y)| bce(*z, *y)).sum::<f64>() / y.len() as f64
}

pub fn gradients(layers: &[Layer], rows: &[Vec<f64>], targets: &[Vec<f64>]) -> Gradients {
    sum(layers, rows, targets, |y_hat, y| y_hat - y)
}

/// The gradients with y_hat + y in the place of y_hat - y: how large the numbers are whose
/// difference the gradients are made of, and so what their rounding errors are relative to.
pub fn sizes(layers: &[Layer], rows: &[Vec<f64>], targets: &[Vec<f64>]) -> Gradients {
    sum(layers, rows, targets, |y_hat, y| y_hat + y)
}

fn sum(
    layers: &[Layer],
    rows: &[Vec<f64>],
    targets: &[Vec<f64>],
    dz: fn(f64, f64) -> f64,
) -> Gradients {
    let mut total = Gradients {
        loss: 0.0,
        params: Vec::new(),
        input: Vec::new(),
    };
    let n = rows.len() as f64;
    for (x, y) in rows.iter().zip(targets) {
        let one = gradient(layers, x, y, dz);
        total.loss += one.loss / n;
        total.params.resize_with(one.params.len(), Vec::new);
        for (total, one) in total.params.iter_mut().zip(&one.params) {
            total.resize(one.len(), 0.0);
            for (total, one) in total.iter_mut().zip(one) {
                *total += one / n;
            }
        }
        total.input.extend(
            one.input
                .iter()
                .map(|dx| dx.iter().map(|dx| dx / n).collect()),
        );
    }
    total
}

/// Loss and gradients of one sample.
fn gradient(layers: &[Layer], x: &[f64], y: &[f64], dz: fn(f64, f64) -> f64) -> Gradients {
    let h = activations(layers, x);
    let outputs = y.len() as f64;
    let mut dy: Vec<f64> = h[layers.len()]
        .iter()
        .zip(y)
        .map(|(z, y)| dz(sigmoid(*z), *y) / outputs)
        .collect();
    let mut params = Vec::new();
    for (k, layer) in layers.iter().enumerate().rev() {
        let dz: Vec<f64> = dy
            .iter()
            .zip(&h[k + 1])
            .map(|(dy, h)| if layer.relu && *h <= 0.0 { 0.0 } else { *dy })
            .collect();
        if layer.bias.is_some() {
            params.push(dz.clone());
        }
        params.push(
            dz.iter()
                .flat_map(|dz| h[k].iter().map(move |x| dz * x))
                .collect(),
        );
        dy = (0..h[k].len())
            .map(|i| {
                dz.iter()
                    .zip(&layer.weight)
                    .map(|(dz, row)| dz * row[i])
                    .sum()
            })
            .collect();
    }
    params.reverse();
    Gradients {
        loss: loss(layers, x, y),
        params,
        input: vec![dy],
    }
}
