//! The type of a network from its sizes.

/// The type of a [`Network`](crate::Network), written in the order in which data flows through it.
///
/// The numbers are the widths, as literals; between two of them stands a [`Linear`](crate::Linear) layer, before it
/// an activation or none; the head comes last. Layers have biases unless the list begins with `bias = false;`.
///
/// ```
/// use stackprop::{Chain, Linear, Network, NoBias, Relu, SigmoidBce, net};
///
/// // nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)), then sigmoid and BCE
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// type Linear3 = net![bias = false; 3 => 4 => 2, SigmoidBce];
///
/// // is the same as
/// type ByHand = Network<Chain<Linear<3, 4>, Chain<Relu, Linear<4, 1>, 4>, 4>, SigmoidBce, 3, 1>;
/// let detector: Detector = ByHand::zeros();
/// assert_eq!(Detector::PARAMETERS, 4 * 3 + 4 + 4 + 1);
/// assert_eq!(size_of_val(&detector), 4 * Detector::PARAMETERS);
/// ```
#[macro_export]
macro_rules! net {
    (bias = false; $($layers:tt)+) => { $crate::net!(@net $crate::NoBias; $($layers)+) };
    (@net $bias:ty; $i:literal $($rest:tt)+) => {
        $crate::Network<
            $crate::net!(@layers $bias; $i $($rest)+),
            $crate::net!(@head $i $($rest)+),
            $i,
            { $crate::net!(@outputs $i $($rest)+) },
        >
    };
    (@layers $bias:ty; $i:literal => $o:literal, $head:ty) => { $crate::Linear<$i, $o, $bias> };
    (@layers $bias:ty; $i:literal => $o:literal => $($rest:tt)+) => {
        $crate::Chain<$crate::Linear<$i, $o, $bias>, $crate::net!(@layers $bias; $o => $($rest)+), $o>
    };
    (@layers $bias:ty; $i:literal => $o:literal, $act:ty => $($rest:tt)+) => {
        $crate::Chain<
            $crate::Linear<$i, $o, $bias>,
            $crate::Chain<$act, $crate::net!(@layers $bias; $o => $($rest)+), $o>,
            $o,
        >
    };
    (@head $i:literal => $o:literal, $head:ty) => { $head };
    (@head $i:literal => $o:literal $(, $act:ty)? => $($rest:tt)+) => { $crate::net!(@head $o => $($rest)+) };
    (@outputs $i:literal => $o:literal, $head:ty) => { $o };
    (@outputs $i:literal => $o:literal $(, $act:ty)? => $($rest:tt)+) => { $crate::net!(@outputs $o => $($rest)+) };
    (@wrong) => {
        compile_error!("expected `inputs => outputs`, then `=> outputs` or `, Activation => outputs` for each further layer, then `, Head`; widths are literals: net![3 => 4, Relu => 1, SigmoidBce]")
    };
    (@layers $($rest:tt)*) => { $crate::net!(@wrong) };
    (@head $($rest:tt)*) => { $crate::net!(@wrong) };
    (@outputs $($rest:tt)*) => { 0 };
    (@net $($rest:tt)*) => { $crate::net!(@wrong) };
    ($($layers:tt)*) => { $crate::net!(@net $crate::WithBias; $($layers)*) };
}
