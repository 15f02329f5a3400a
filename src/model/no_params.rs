//! What [`Params`](super::params::Params) asks of a type without parameters.

/// The items of [`Params`] where nothing learns.
macro_rules! no_gradient {
    () => {
        type Of<T: $crate::Zero> = ();
        const COUNT: usize = 0;

        #[inline(always)]
        fn values(&self) {}

        #[inline(always)]
        fn fill<T: $crate::Zero>(_: T) {}

        #[inline(always)]
        fn zip_params<B: $crate::Zero, C: $crate::Zero>(
            &mut self,
            (): &(),
            (): &mut (),
            _: &mut impl FnMut($crate::params::TensorId, &mut [f32], &[B], &mut [C]),
        ) {
        }

        #[inline(always)]
        fn zip_tensors<A: $crate::Zero, B: $crate::Zero, C: $crate::Zero>(
            (): &mut (),
            (): &(),
            (): &mut (),
            _: &mut impl FnMut(&mut [A], &[B], &mut [C]),
        ) {
        }

        fn tensor_of<T: $crate::Zero>((): &(), _: usize) -> Option<$crate::params::Tensor<'_, T>> {
            None
        }
    };
}

/// The items of [`Params`] where there are no tensors: an activation's, a frozen layer's.
macro_rules! no_tensors {
    () => {
        const TENSORS: usize = 0;

        fn tensor(&self, _: usize) -> Option<$crate::params::Tensor<'_>> {
            None
        }

        fn tensor_mut(&mut self, _: usize) -> Option<$crate::params::TensorMut<'_>> {
            None
        }
    };
}

pub(crate) use {no_gradient, no_tensors};
