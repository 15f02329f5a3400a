//! Random networks and batches, for the crate and for the reference at once.

use super::reference;
use fastrand::Rng;
use stackprop::{Head, Layer, Mse, Network, Params, Relu, SigmoidBce, Tanh, Zero, net, weights};

pub type Book = stackprop::notebook::NetBook;
pub type Linear = stackprop::notebook::Net;
pub type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];
pub type Odd = net![bias = false; 5 => 7, Relu => 3, SigmoidBce];
pub type Deep = net![2 => 3, Relu => 9, Relu => 5 => 6, Relu => 1, SigmoidBce];
pub type Single = net![1 => 1, SigmoidBce];

/// The widths of a network, whether its layers have biases and which of them a ReLU follows.
pub struct Shape {
    pub widths: &'static [usize],
    pub bias: bool,
    pub relu: &'static [bool],
}

pub const BOOK: Shape = Shape {
    widths: &[3, 4, 2, 1],
    bias: false,
    relu: &[true, true, false],
};
pub const LINEAR: Shape = Shape {
    widths: &[3, 4, 2, 1],
    bias: false,
    relu: &[false, false, false],
};
pub const MLP16: Shape = Shape {
    widths: &[16, 32, 16, 4],
    bias: true,
    relu: &[true, true, false],
};
pub const ODD: Shape = Shape {
    widths: &[5, 7, 3],
    bias: false,
    relu: &[true, false],
};
pub const DEEP: Shape = Shape {
    widths: &[2, 3, 9, 5, 6, 1],
    bias: true,
    relu: &[true, true, false, true, false],
};
pub const SINGLE: Shape = Shape {
    widths: &[1, 1],
    bias: true,
    relu: &[false],
};

impl Shape {
    /// The reference's layers with the parameters of `params`.
    pub fn reference<P: Params>(&self, params: &P) -> Vec<reference::Layer> {
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
        let mut tensors = weights::tensors(params).map(|tensor| wide(tensor.values));
        let mut next = || tensors.next().unwrap();
        let layers = self
            .widths
            .windows(2)
            .zip(self.relu)
            .map(|(width, relu)| reference::Layer {
                weight: next().chunks(width[0]).map(<[f64]>::to_vec).collect(),
                bias: self.bias.then(&mut next),
                relu: *relu,
            });
        layers.collect()
    }
}

/// A network with parameters from -1 to 1.
pub fn random<L, H, const I: usize, const O: usize>(rng: &mut Rng) -> Network<L, H, I, O>
where
    L: Layer<I, O> + Zero,
    H: Head<O>,
{
    let mut net = Network::<L, H, I, O>::zeros();
    net.visit_mut(|tensor| tensor.values.fill_with(|| rng.f32() * 2.0 - 1.0));
    net
}

/// `count` rows from -2 to 2.
pub fn rows<const I: usize>(rng: &mut Rng, count: usize) -> Vec<[f32; I]> {
    (0..count)
        .map(|_| std::array::from_fn(|_| rng.f32() * 4.0 - 2.0))
        .collect()
}

/// `count` targets, mostly 0 and 1, some between.
pub fn targets<const O: usize>(rng: &mut Rng, count: usize) -> Vec<[f32; O]> {
    let mut target = || {
        if rng.u8(..) < 64 {
            rng.f32()
        } else {
            f32::from(rng.bool())
        }
    };
    (0..count)
        .map(|_| std::array::from_fn(|_| target()))
        .collect()
}

/// Rows of f32 as rows of f64.
pub fn wide<const N: usize>(rows: &[[f32; N]]) -> Vec<Vec<f64>> {
    rows.iter()
        .map(|row| row.iter().copied().map(f64::from).collect())
        .collect()
}

/// A module `$name` with a test for each network, which calls `$check(shape, network, rng)`.
#[macro_export]
macro_rules! test_each_net {
    ($name:ident, $check:path) => {
        mod $name {
            use $crate::common::nets::*;

            $crate::test_each_net!(@ $check, book, BOOK, Book);
            $crate::test_each_net!(@ $check, linear, LINEAR, Linear);
            $crate::test_each_net!(@ $check, mlp16, MLP16, Mlp16);
            $crate::test_each_net!(@ $check, odd, ODD, Odd);
            $crate::test_each_net!(@ $check, deep, DEEP, Deep);
            $crate::test_each_net!(@ $check, single, SINGLE, Single);
        }
    };
    (@ $check:path, $test:ident, $shape:ident, $net:ty) => {
        #[test]
        fn $test() {
            let mut rng = fastrand::Rng::with_seed(1);
            let net: $net = random(&mut rng);
            $check(&$shape, net, &mut rng);
        }
    };
}

/// 3-4-2 with tanh.
pub type Small = net![3 => 4, Tanh => 2, Mse];

/// Row `k` for [`Small`], and its target.
pub fn row(k: u8) -> ([f32; 3], [f32; 2]) {
    let k = f32::from(k);
    (
        [(0.3 * k).sin(), (1.7 * k).cos(), 0.1 * k - 1.0],
        [(0.9 * k).sin(), 0.5],
    )
}
