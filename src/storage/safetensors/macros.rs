//! A `static` network from a file.

/// Networks in flash, from files of the format [`safetensors`](mod@crate::safetensors): each a
/// `static` whose weights are those of the file, known when the program is compiled. It needs no
/// RAM and no code that reads the file. A layer may have up to a million weights: beyond that the
/// compiler stops, because it computes for so long.
///
/// ```
/// use stackprop::{Relu, SigmoidBce, net, safetensors};
///
/// // In PyTorch: nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)), and
/// // safetensors.torch.save_file(model.state_dict(), "detector.safetensors")
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
///
/// safetensors! {
///     /// Learned from last year's rows.
///     pub static DETECTOR: Detector = include_bytes!("../../../tests/data/detector.safetensors");
/// }
///
/// let [p] = DETECTOR.forward(&[0.5, -1.0, 2.0]);
/// # assert!(p > 0.0 && p < 1.0);
/// ```
///
/// Behind the bytes may stand what [`SafeTensors`](crate::safetensors::SafeTensors) has methods
/// for: `prefix`, [`names`](crate::safetensors::Names), `allow_unused` and `allow_non_finite`. The
/// type may be a network, or layers that are to be [`Frozen`](crate::Frozen).
///
/// ```
/// # use stackprop::{Relu, SigmoidBce, net, safetensors};
/// # type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// use stackprop::safetensors::Names;
///
/// safetensors! {
///     static NAMED: Detector = include_bytes!("../../../tests/data/named.safetensors"),
///         prefix = "net.", names = Names::Listed(&["fc1", "fc2"]);
/// }
/// # assert!(NAMED.forward(&[0.5, -1.0, 2.0])[0] < 1.0);
/// ```
///
/// A file that does not fit does not compile, and the message names the tensor:
/// ```compile_fail,E0080
/// use stackprop::{Relu, SigmoidBce, net, safetensors};
///
/// safetensors! {
///     // the tensor 0.weight is [4, 3] in the file and [5, 3] in the network
///     static WRONG: net![3 => 5, Relu => 1, SigmoidBce] =
///         include_bytes!("../../../tests/data/detector.safetensors");
/// }
/// let [p] = WRONG.forward(&[0.5, -1.0, 2.0]);
/// ```
#[macro_export]
macro_rules! safetensors {
    ($(
        $(#[$meta:meta])* $vis:vis static $name:ident: $type:ty =
            $bytes:expr $(, $option:ident = $value:expr)*
    );+ $(;)?) => { $(
        $(#[$meta])*
        $vis static $name: $type = {
            struct File;
            impl $crate::safetensors::File for File {
                const FILE: $crate::safetensors::SafeTensors<'static> =
                    $crate::safetensors::SafeTensors::constant($bytes)$(.$option($value))*;
            }
            <$type as $crate::safetensors::FromFile<File>>::VALUE
        };
    )+ };
}
