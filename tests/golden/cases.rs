//! Every quantity whose bits are pinned, computed by the crate. Shared by the host test
//! `golden_bits` and the firmware, hence `no_std`. The bits themselves are in `bits.rs`.

use super::bits::BITS;
use core::array::from_fn;
use stackprop::layers::Layer;
use stackprop::network::ActivationsOf;
use stackprop::notebook::{Activations, BOOK_NET, Deltas, NET, X, Y};
use stackprop::{Error, Grad, Gradients, Network, SigmoidBce, Trace, math, weights};

/// One computed tensor beside the bits that it must have.
pub(crate) struct Quantity<'a> {
    /// What computed it: a network, or the kernels.
    pub(crate) of: &'static str,
    /// Its name there.
    pub(crate) name: &'static str,
    /// What was computed.
    pub(crate) values: &'a [f32],
    /// The golden bits; none if `bits.rs` does not have the name.
    pub(crate) golden: &'static [u32],
}

impl Quantity<'_> {
    /// How many of the values have their golden bits.
    pub(crate) fn agreeing(&self) -> usize {
        let pairs = self.values.iter().zip(self.golden);
        pairs.filter(|(v, bits)| v.to_bits() == **bits).count()
    }

    /// Whether all of them do, and there is nothing else on either side.
    pub(crate) fn agrees(&self) -> bool {
        self.agreeing() == self.values.len().max(self.golden.len())
    }
}

/// A network of the notebook's shape.
type Small<L> = Network<L, SigmoidBce, 3, 1>;

/// Rows of the longer batch: a tile of the widest vectors and a tail, so that the host's side of
/// the comparison goes through its SIMD vectors.
const LONG: usize = 37;

/// Names of y_hat, the mean loss and the three gradients of a batch.
type BatchNames = [&'static str; 5];

/// Those of the notebook's batch.
const BATCH: BatchNames = [
    "batch y_hat",
    "batch loss",
    "batch fc1",
    "batch fc2",
    "batch fc3",
];

/// Those of the longer batch.
const LONG_BATCH: BatchNames = [
    "long y_hat",
    "long loss",
    "long fc1",
    "long fc2",
    "long fc3",
];

/// Where the kernels are looked at: zeros, the smallest floats, both ends of exp, what rounds away
/// and what saturates. Only NaN is missing: its payload is no part of the contract.
const ARGUMENTS: [f32; 22] = [
    0.0,
    -0.0,
    1e-45,
    f32::MIN_POSITIVE,
    1e-7,
    -1e-7,
    0.1,
    -0.3,
    0.5,
    1.0,
    -1.0,
    3.125,
    -7.75,
    17.5,
    -17.5,
    -50.0,
    88.5,
    -87.3,
    -104.0,
    1e20,
    f32::INFINITY,
    f32::NEG_INFINITY,
];

/// Calls `f` with each quantity, always in the same order.
///
/// # Errors
/// Those of the batch functions.
pub(crate) fn for_each(mut f: impl FnMut(Quantity)) -> Result<(), Error> {
    let mut emit = |of, name, values: &[f32]| {
        f(Quantity {
            of,
            name,
            values,
            golden: golden(of, name),
        })
    };
    network(&NET, |name, values| emit("NET", name, values))?;
    network(&BOOK_NET, |name, values| emit("BOOK_NET", name, values))?;
    kernels(|name, values| emit("math", name, values));
    Ok(())
}

/// The golden bits under these names.
fn golden(of: &str, name: &str) -> &'static [u32] {
    let entry = BITS.iter().find(|entry| (entry.0, entry.1) == (of, name));
    entry.map_or(&[], |(_, _, bits)| bits)
}

/// What the notebook computes with one network, and a longer batch.
fn network<L: Layer<3, 1>>(
    net: &Small<L>,
    mut emit: impl FnMut(&'static str, &[f32]),
) -> Result<(), Error>
where
    Activations: From<Trace<ActivationsOf<L, 3, 1>, 1>>,
    Deltas: From<Gradients<Grad<L>, ActivationsOf<L, 3, 1>, 3, 1>>,
{
    let trace = net.trace(&X[0]);
    let gradients = net.backward(&X[0], &trace, &Y[0]);
    emit("y_hat", &net.forward(&X[0]));
    activations(&trace.into(), &mut emit);
    emit("loss", &[net.loss(&X[0], &Y[0]), gradients.loss]);
    deltas(&gradients.into(), &mut emit);
    batch(net, &X, &Y, BATCH, &mut emit)?;
    let rows: [_; LONG] = from_fn(|n| from_fn(|i| ((7 * n + 5 * i) % 16) as f32 * 0.375 - 2.5));
    let targets = from_fn(|n| [(n % 2) as f32]);
    batch(net, &rows, &targets, LONG_BATCH, &mut emit)
}

fn activations(a: &Activations, emit: &mut impl FnMut(&'static str, &[f32])) {
    emit("z1", &a.z1);
    emit("h1", &a.h1);
    emit("z2", &a.z2);
    emit("h2", &a.h2);
    emit("z3", &a.z3);
    emit("h3", &a.h3);
}

fn deltas(d: &Deltas, emit: &mut impl FnMut(&'static str, &[f32])) {
    emit("delta3", &d.delta3);
    emit("delta2", &d.delta2);
    emit("delta1", &d.delta1);
    emit("delta0", &d.delta0);
    emit("fc1", d.fc1.as_flattened());
    emit("fc2", d.fc2.as_flattened());
    emit("fc3", d.fc3.as_flattened());
}

/// y_hat, mean loss and mean gradients of a batch, under these names.
fn batch<L: Layer<3, 1>, const N: usize>(
    net: &Small<L>,
    rows: &[[f32; 3]; N],
    targets: &[[f32; 1]; N],
    [y_hat_name, loss_name, fc1, fc2, fc3]: BatchNames,
    emit: &mut impl FnMut(&'static str, &[f32]),
) -> Result<(), Error> {
    let mut y_hat = [[0.0]; N];
    net.forward_batch(rows, &mut y_hat)?;
    emit(y_hat_name, y_hat.as_flattened());
    let mut grad = Small::<L>::zero_grad();
    emit(loss_name, &[net.gradient_batch(rows, targets, &mut grad)?]);
    for (name, tensor) in [fc1, fc2, fc3]
        .into_iter()
        .zip(weights::tensors_of::<L, f32>(&grad))
    {
        emit(name, tensor.values);
    }
    Ok(())
}

/// The elementary functions at [`ARGUMENTS`], those of positive numbers at their absolute values.
fn kernels(mut emit: impl FnMut(&'static str, &[f32])) {
    emit("exp", &ARGUMENTS.map(math::exp));
    emit("ln", &ARGUMENTS.map(|x| math::ln(x.abs())));
    emit("ln_1p", &ARGUMENTS.map(|x| math::ln_1p(x.abs())));
    emit("sigmoid", &ARGUMENTS.map(math::sigmoid));
    emit("softplus", &ARGUMENTS.map(math::softplus));
    emit("bce 0", &ARGUMENTS.map(|z| math::bce_with_logits(z, 0.0)));
    emit("bce 1", &ARGUMENTS.map(|z| math::bce_with_logits(z, 1.0)));
    let d = |z| math::bce_with_logits_grad(z, 0.25).1;
    emit("bce' 0.25", &ARGUMENTS.map(d));
}
