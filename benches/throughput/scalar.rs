//! The yardstick: three linear layers in plain Rust, written as one writes it by hand. Const sizes,
//! index loops, one sample after the other, `exp` and `ln_1p` of the platform.

/// I-H-K-O with biases (zero where the network has none) and a ReLU behind the first two layers, or
/// not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar<const I: usize, const H: usize, const K: usize, const O: usize> {
    pub(crate) w1: [[f32; I]; H],
    pub(crate) b1: [f32; H],
    pub(crate) w2: [[f32; H]; K],
    pub(crate) b2: [f32; K],
    pub(crate) w3: [[f32; K]; O],
    pub(crate) b3: [f32; O],
    pub(crate) relu: bool,
}

impl<const I: usize, const H: usize, const K: usize, const O: usize> Scalar<I, H, K, O> {
    /// All parameters 0.
    pub(crate) const fn zeros(relu: bool) -> Self {
        let (w1, w2, w3) = ([[0.0; I]; H], [[0.0; H]; K], [[0.0; K]; O]);
        Self {
            w1,
            b1: [0.0; H],
            w2,
            b2: [0.0; K],
            w3,
            b3: [0.0; O],
            relu,
        }
    }

    fn activations(&self, x: &[f32; I]) -> ([f32; H], [f32; K], [f32; O]) {
        let h1 = linear(&self.w1, &self.b1, x, self.relu);
        let h2 = linear(&self.w2, &self.b2, &h1, self.relu);
        let z3 = linear(&self.w3, &self.b3, &h2, false);
        (h1, h2, z3)
    }

    pub(crate) fn forward(&self, rows: &[[f32; I]], y_hat: &mut [[f32; O]]) {
        for (x, y_hat) in rows.iter().zip(y_hat) {
            *y_hat = self.activations(x).2.map(|z| 1.0 / (1.0 + (-z).exp()));
        }
    }

    /// The mean loss; the gradient of the mean goes to `grad`.
    pub(crate) fn gradient(&self, rows: &[[f32; I]], targets: &[[f32; O]], grad: &mut Self) -> f32 {
        *grad = Self::zeros(self.relu);
        let scale = 1.0 / (rows.len() * O) as f32;
        let mut loss = 0.0;
        for (x, y) in rows.iter().zip(targets) {
            let (h1, h2, z3) = self.activations(x);
            let mut d3 = [0.0; O];
            for o in 0..O {
                let z = z3[o];
                loss += z.max(0.0) - z * y[o] + (-z.abs()).exp().ln_1p();
                d3[o] = (1.0 / (1.0 + (-z).exp()) - y[o]) * scale;
            }
            let mut d2 = backward(&self.w3, &h2, &d3, &mut grad.w3, &mut grad.b3);
            mask(&mut d2, &h2, self.relu);
            let mut d1 = backward(&self.w2, &h1, &d2, &mut grad.w2, &mut grad.b2);
            mask(&mut d1, &h1, self.relu);
            backward(&self.w1, x, &d1, &mut grad.w1, &mut grad.b1);
        }
        loss * scale
    }

    /// w -= lr g.
    pub(crate) fn descend(&mut self, grad: &Self, lr: f32) {
        step(self.w1.as_flattened_mut(), grad.w1.as_flattened(), lr);
        step(&mut self.b1, &grad.b1, lr);
        step(self.w2.as_flattened_mut(), grad.w2.as_flattened(), lr);
        step(&mut self.b2, &grad.b2, lr);
        step(self.w3.as_flattened_mut(), grad.w3.as_flattened(), lr);
        step(&mut self.b3, &grad.b3, lr);
    }
}

fn step(w: &mut [f32], g: &[f32], lr: f32) {
    for (w, g) in w.iter_mut().zip(g) {
        *w -= lr * g;
    }
}

fn linear<const I: usize, const O: usize>(
    w: &[[f32; I]; O],
    b: &[f32; O],
    x: &[f32; I],
    relu: bool,
) -> [f32; O] {
    let mut z = *b;
    for o in 0..O {
        for i in 0..I {
            z[o] += w[o][i] * x[i];
        }
        if relu {
            z[o] = z[o].max(0.0);
        }
    }
    z
}

fn backward<const I: usize, const O: usize>(
    w: &[[f32; I]; O],
    x: &[f32; I],
    dz: &[f32; O],
    dw: &mut [[f32; I]; O],
    db: &mut [f32; O],
) -> [f32; I] {
    let mut dx = [0.0; I];
    for o in 0..O {
        for i in 0..I {
            dw[o][i] += dz[o] * x[i];
            dx[i] += w[o][i] * dz[o];
        }
        db[o] += dz[o];
    }
    dx
}

fn mask<const N: usize>(d: &mut [f32; N], h: &[f32; N], relu: bool) {
    for n in 0..N {
        if relu && h[n] <= 0.0 {
            d[n] = 0.0;
        }
    }
}
