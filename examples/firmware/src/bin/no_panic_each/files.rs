//! Files of weights.

use core::hint::black_box;
use stackprop::safetensors::{Error, Names, SafeTensors, Shape, Text};
use stackprop::{Relu, SigmoidBce, net};

/// A file that nobody knows, read with every option.
#[inline(never)]
pub(crate) fn files(bytes: &[u8]) -> Result<(), Error> {
    let file = SafeTensors::new(black_box(bytes))?.prefix(black_box("net."));
    let file = file.names(black_box(Names::default()));
    let file = file.allow_unused(black_box(true));
    let mut net = black_box(<net![3 => 4, Relu => 1, SigmoidBce]>::zeros());
    let loaded = file.allow_non_finite(black_box(true)).load(&mut net);
    if let Err(Error::Shape { name, file, .. }) = &loaded {
        refused(name, file);
    }
    black_box(net);
    loaded
}

/// What an error says.
#[inline(never)]
fn refused(name: &Text<60>, shape: &Shape) {
    black_box((name.as_str(), shape.sizes()));
}
