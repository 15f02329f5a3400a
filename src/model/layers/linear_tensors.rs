//! The tensors of the linear layer: weight and bias.

use super::Linear;
use super::bias::Bias;
use crate::kernels::zero::Zero;
use crate::model::architecture::{Architecture, Kind, TensorShape};
use crate::model::params::{Params, Tensor, TensorId, TensorMut};

impl<const I: usize, const O: usize, B: Bias> Params for Linear<I, O, B> {
    type Of<T: Zero> = Linear<I, O, B, T>;
    const COUNT: usize = (I + B::PER_OUTPUT) * O;
    const TENSORS: usize = 1 + B::PER_OUTPUT;
    const ARCHITECTURE: Architecture = {
        let tensors: &[_] = if B::PER_OUTPUT > 0 {
            const {
                &[
                    TensorShape::new("weight", &[O, I]),
                    TensorShape::new("bias", &[O]),
                ]
            }
        } else {
            const { &[TensorShape::new("weight", &[O, I])] }
        };
        Architecture::Single(Kind::new("Linear"), tensors)
    };

    #[inline(always)]
    fn values(&self) -> Self::Of<f32> {
        *self
    }

    #[inline(always)]
    fn fill<T: Zero>(value: T) -> Self::Of<T> {
        Linear {
            weight: [[value; I]; O],
            bias: B::fill(value),
        }
    }

    #[inline(always)]
    fn zip_params<S: Zero, T: Zero>(
        &mut self,
        b: &Self::Of<S>,
        c: &mut Self::Of<T>,
        f: &mut impl FnMut(TensorId, &mut [f32], &[S], &mut [T]),
    ) {
        f(
            TensorId::new("weight"),
            self.weight.as_flattened_mut(),
            b.weight.as_flattened(),
            c.weight.as_flattened_mut(),
        );
        if B::PER_OUTPUT > 0 {
            let (b, c) = (b.bias.as_ref(), c.bias.as_mut());
            f(TensorId::new("bias"), self.bias.as_mut(), b, c);
        }
    }

    #[inline(always)]
    fn zip_tensors<S: Zero, U: Zero, W: Zero>(
        a: &mut Self::Of<S>,
        b: &Self::Of<U>,
        c: &mut Self::Of<W>,
        f: &mut impl FnMut(&mut [S], &[U], &mut [W]),
    ) {
        f(
            a.weight.as_flattened_mut(),
            b.weight.as_flattened(),
            c.weight.as_flattened_mut(),
        );
        if B::PER_OUTPUT > 0 {
            f(a.bias.as_mut(), b.bias.as_ref(), c.bias.as_mut());
        }
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_>> {
        Self::tensor_of(self, index)
    }

    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>> {
        let weight = self.weight.as_flattened_mut();
        match index {
            0 => Some(TensorMut::new("weight", &[O, I], weight)),
            1 if B::PER_OUTPUT > 0 => Some(TensorMut::new("bias", &[O], self.bias.as_mut())),
            _ => None,
        }
    }

    fn tensor_of<T: Zero>(tensors: &Self::Of<T>, index: usize) -> Option<Tensor<'_, T>> {
        let weight = tensors.weight.as_flattened();
        match index {
            0 => Some(Tensor::new("weight", &[O, I], weight)),
            1 if B::PER_OUTPUT > 0 => Some(Tensor::new("bias", &[O], tensors.bias.as_ref())),
            _ => None,
        }
    }
}
