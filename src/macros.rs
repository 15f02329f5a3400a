//! The type of a network from its widths, and the tensors of a layer of your own.

/// The type of a [`Network`](crate::Network), written in the order in which data flows through it.
///
/// `inputs => outputs` is a [`Linear`](crate::Linear) layer; each further `=> outputs` another one.
/// After a layer stand its activations, if any, each after a comma; the head comes last. Layers
/// have biases unless the list begins with `bias = false;`. A width is a literal, the name of a
/// constant, or an expression in braces. Behind the inputs may stand `, Standardize`: a
/// [`Standardize`](crate::Standardize) stage, which scales each row before the first layer.
///
/// ```
/// use stackprop::{Chain, Linear, Mse, Network, NoBias, Relu, SigmoidBce, SoftmaxCe, Tanh, net};
///
/// // nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)), then sigmoid and BCE
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
///
/// // is the same as
/// type ByHand = Network<Chain<Linear<3, 4>, Chain<Relu, Linear<4, 1>, 4>, 4>, SigmoidBce, 3, 1>;
/// let detector: Detector = ByHand::new(1);
/// assert_eq!(Detector::PARAMETERS, 4 * 3 + 4 + 4 + 1);
/// assert_eq!(size_of_val(&detector), 4 * Detector::PARAMETERS);
///
/// // named widths and expressions
/// const FEATURES: usize = 6;
/// const HIDDEN: usize = 10;
/// type Classifier = net![FEATURES => HIDDEN, Relu => { HIDDEN - 2 }, Relu => 3, SoftmaxCe];
///
/// // without biases; one layer; several activations in a row, also before the head
/// type Linear3 = net![bias = false; 3 => 4 => 2 => 1, SigmoidBce];
/// type Logistic = net![8 => 1, SigmoidBce];
/// type Bounded = net![2 => 4, Tanh, Relu => 1, Tanh, Mse];
///
/// // nn.Sequential(a module with `mean` and `scale`, nn.Linear(3, 1))
/// type Scaled = net![3, Standardize => 1, SigmoidBce];
/// # assert_eq!(Classifier::PARAMETERS, 70 + 88 + 27);
/// # assert_eq!((Linear3::PARAMETERS, Logistic::PARAMETERS, Bounded::PARAMETERS), (22, 9, 17));
/// ```
#[macro_export]
macro_rules! net {
    (bias = false; $($list:tt)*) => { $crate::net!(@check [$crate::NoBias; $($list)*] $($list)*) };

    // Walks the list once, so that a wrong one gives one message; then builds the type.
    (@check [$($all:tt)*] $i:tt => $($rest:tt)+) => { $crate::net!(@width [$($all)*] $($rest)+) };
    (@check [$($all:tt)*] $i:tt, Standardize => $($rest:tt)+) => {
        $crate::net!(@width [$($all)*] $($rest)+)
    };
    (@width [$($all:tt)*] $o:tt => $($rest:tt)+) => { $crate::net!(@width [$($all)*] $($rest)+) };
    (@width [$($all:tt)*] $o:tt, $($rest:tt)+) => { $crate::net!(@after [$($all)*] $($rest)+) };
    (@width [$($all:tt)*] $o:tt) => {
        $crate::net!(@error "a network ends in a head, after a comma: \
            net![3 => 4, Relu => 1, SigmoidBce]")
    };
    (@after [$($all:tt)*] $wrong:literal $($rest:tt)*) => { $crate::net!(@wrong) };
    (@after [$($all:tt)*] $head:ty) => { $crate::net!(@build $($all)*) };
    (@after [$($all:tt)*] $act:ty, $($rest:tt)+) => { $crate::net!(@after [$($all)*] $($rest)+) };
    (@after [$($all:tt)*] $act:ty => $($rest:tt)+) => { $crate::net!(@width [$($all)*] $($rest)+) };
    (@check $($rest:tt)*) => { $crate::net!(@wrong) };
    (@width $($rest:tt)*) => { $crate::net!(@wrong) };
    (@after $($rest:tt)*) => { $crate::net!(@wrong) };
    (@wrong) => {
        $crate::net!(@error "expected `inputs => outputs`, then for each further layer \
            `=> outputs` or `, Activation => outputs`, then `, Head`: \
            net![3 => 4, Relu => 1, SigmoidBce]")
    };
    // In an array's length, so that the type is unknown and no use of it is one more error.
    (@error $text:literal) => { [(); { compile_error!($text) }] };

    (@build $bias:ty; $i:tt, Standardize => $($rest:tt)+) => {
        $crate::Network<
            $crate::Chain<
                $crate::Standardize<$i>,
                $crate::net!(@linear $bias; $i => $($rest)+),
                $i,
            >,
            $crate::net!(@head $($rest)+),
            $i,
            { $crate::net!(@outputs $($rest)+) },
        >
    };
    (@build $bias:ty; $i:tt => $($rest:tt)+) => {
        $crate::Network<
            $crate::net!(@linear $bias; $i => $($rest)+),
            $crate::net!(@head $($rest)+),
            $i,
            { $crate::net!(@outputs $($rest)+) },
        >
    };

    // A linear layer and all that follows it.
    (@linear $bias:ty; $i:tt => $o:tt, $head:ty) => { $crate::Linear<$i, $o, $bias> };
    (@linear $bias:ty; $i:tt => $o:tt $($rest:tt)+) => {
        $crate::Chain<$crate::Linear<$i, $o, $bias>, $crate::net!(@follow $bias; $o; $($rest)+), $o>
    };
    // What follows a layer with `$o` outputs: another one, or activations.
    (@follow $bias:ty; $o:tt; => $($rest:tt)+) => { $crate::net!(@linear $bias; $o => $($rest)+) };
    (@follow $bias:ty; $o:tt; , $act:ty, $head:ty) => { $act };
    (@follow $bias:ty; $o:tt; , $act:ty, $($rest:tt)+) => {
        $crate::Chain<$act, $crate::net!(@follow $bias; $o; , $($rest)+), $o>
    };
    (@follow $bias:ty; $o:tt; , $act:ty => $($rest:tt)+) => {
        $crate::Chain<$act, $crate::net!(@linear $bias; $o => $($rest)+), $o>
    };

    (@head $o:tt => $($rest:tt)+) => { $crate::net!(@head $($rest)+) };
    (@head $o:tt, $($rest:tt)+) => { $crate::net!(@last $($rest)+) };
    (@last $head:ty) => { $head };
    (@last $act:ty, $($rest:tt)+) => { $crate::net!(@last $($rest)+) };
    (@last $act:ty => $($rest:tt)+) => { $crate::net!(@head $($rest)+) };

    (@outputs $o:tt => $($rest:tt)+) => { $crate::net!(@outputs $($rest)+) };
    (@outputs $o:tt, $($rest:tt)+) => { $crate::net!(@outputs_after $o; $($rest)+) };
    (@outputs_after $o:tt; $head:ty) => { $o };
    (@outputs_after $o:tt; $act:ty, $($rest:tt)+) => { $crate::net!(@outputs_after $o; $($rest)+) };
    (@outputs_after $o:tt; $act:ty => $($rest:tt)+) => { $crate::net!(@outputs $($rest)+) };

    (bias = $($rest:tt)*) => {
        $crate::net!(@error "a network without biases begins with `bias = false;`: \
            net![bias = false; 3 => 4, Relu => 1, SigmoidBce]")
    };
    ($($list:tt)*) => { $crate::net!(@check [$crate::WithBias; $($list)*] $($list)*) };
}

/// Implements [`Params`](crate::Params) and [`Zero`](crate::Zero) for a layer of your own: a struct
/// whose last type parameter is the type of number, and whose fields are tensors of it, `T`,
/// `[T; N]` or `[[T; I]; O]`.
///
/// ```
/// use stackprop::{Params, params, weights};
///
/// /// y = w * x + b, number by number.
/// #[derive(Clone, Copy)]
/// struct Affine<const N: usize, T = f32> {
///     weight: [T; N],
///     bias: [T; N],
/// }
/// params!(Affine<const N: usize> { weight, bias });
///
/// assert_eq!(Affine::<3>::COUNT, 6);
/// let affine = Affine { weight: [1.0; 3], bias: [0.0; 3] };
/// let names: Vec<String> = weights::tensors(&affine).map(|t| t.name.to_string()).collect();
/// assert_eq!(names, ["0.weight", "0.bias"]);
/// ```
#[macro_export]
macro_rules! params {
    ($layer:ident $(<$(const $name:ident: $type:ty),+>)? { $($field:ident),+ $(,)? }) => {
        impl<$($(const $name: $type,)+)? T> $crate::Zero for $layer<$($($name,)+)? T>
        where
            T: $crate::Zero,
        {
            const ZERO: Self = Self { $($field: $crate::Zero::ZERO),+ };
        }

        const _: () = {
            use $crate::safetensors::{FieldFromTensors, FieldName, File, FromTensors, Place};
            $(
                #[allow(non_camel_case_types)]
                struct $field;
                impl FieldName for $field {
                    const NAME: &'static str = stringify!($field);
                }
            )+

            impl<F: File, P: Place $($(, const $name: $type)+)?> FromTensors<F, P>
                for $layer<$($($name,)+)?>
            {
                const VALUE: Self = Self {
                    $($field: <_ as FieldFromTensors<F, P, $field>>::VALUE),+
                };
            }
        };

        impl<$($(const $name: $type,)+)?> $crate::Params for $layer<$($($name,)+)?> {
            type Of<T: $crate::Zero> = $layer<$($($name,)+)? T>;
            const COUNT: usize = size_of::<Self>() / size_of::<f32>();
            const TENSORS: usize = [$(stringify!($field)),+].len();
            const ARCHITECTURE: $crate::architecture::Architecture =
                $crate::architecture::Architecture::Single(
                    $crate::architecture::Kind::new(stringify!($layer)),
                    &[$($crate::architecture::TensorShape::new(
                        stringify!($field),
                        $crate::params::shape_of::<Self, _>(|layer| &layer.$field),
                    )),+],
                );

            #[inline(always)]
            fn values(&self) -> Self {
                Self { $($field: self.$field),+ }
            }

            #[inline(always)]
            fn fill<T: $crate::Zero>(value: T) -> Self::Of<T> {
                let mut all = <Self::Of<T> as $crate::Zero>::ZERO;
                $($crate::params::Field::<T>::flat_mut(&mut all.$field).fill(value);)+
                all
            }

            #[inline(always)]
            fn zip_params<B: $crate::Zero, C: $crate::Zero>(
                &mut self,
                b: &Self::Of<B>,
                c: &mut Self::Of<C>,
                f: &mut impl FnMut($crate::params::TensorId, &mut [f32], &[B], &mut [C]),
            ) {
                use $crate::params::Field;
                $(f(
                    $crate::params::TensorId::new(stringify!($field)),
                    Field::<f32>::flat_mut(&mut self.$field),
                    Field::<B>::flat(&b.$field),
                    Field::<C>::flat_mut(&mut c.$field),
                );)+
            }

            #[inline(always)]
            fn zip_tensors<A: $crate::Zero, B: $crate::Zero, C: $crate::Zero>(
                a: &mut Self::Of<A>,
                b: &Self::Of<B>,
                c: &mut Self::Of<C>,
                f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
            ) {
                use $crate::params::Field;
                $(f(
                    Field::<A>::flat_mut(&mut a.$field),
                    Field::<B>::flat(&b.$field),
                    Field::<C>::flat_mut(&mut c.$field),
                );)+
            }

            fn tensor(&self, index: usize) -> Option<$crate::params::Tensor<'_>> {
                Self::tensor_of(self, index)
            }

            fn tensor_mut(&mut self, index: usize) -> Option<$crate::params::TensorMut<'_>> {
                let mut at = 0..;
                $(if at.next() == Some(index) {
                    let shape = $crate::params::shape::<f32, _>(&self.$field);
                    let values = $crate::params::Field::<f32>::flat_mut(&mut self.$field);
                    return Some($crate::params::TensorMut::new(stringify!($field), shape, values));
                })+
                None
            }

            fn tensor_of<T: $crate::Zero>(
                tensors: &Self::Of<T>,
                index: usize,
            ) -> Option<$crate::params::Tensor<'_, T>> {
                let mut at = 0..;
                $(if at.next() == Some(index) {
                    let field = &tensors.$field;
                    return Some($crate::params::Field::<T>::tensor(field, stringify!($field)));
                })+
                None
            }
        }
    };
}
