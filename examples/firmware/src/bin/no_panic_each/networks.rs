//! Networks: outputs, losses, gradients, a bare step; and what a program that is generic over
//! networks calls.

use core::hint::black_box;
use stackprop::init::Scheme;
use stackprop::notebook::{Activations, BOOK_NET, Deltas, NET};
use stackprop::simd::F32x4;
use stackprop::{
    Dataset, Error, Head, Layer, Model, Mse, Network, Random, Relu, SigmoidBce, SoftmaxCe, Sums,
    Target, Trainable, Zero, net,
};

type Classifier = net![3 => 4, Relu => 3, SoftmaxCe];
type Decision = net![3 => 4, Relu => 1, SigmoidBce];
type Wide = net![16 => 32, Relu => 16, Relu => 4, Mse];

/// All of them.
pub(crate) fn networks() -> Result<(), Error> {
    let mut net = Classifier::new(black_box(1));
    net.init(
        black_box(Scheme::KaimingUniform),
        &mut Random::new(black_box(2)),
    );
    samples(&net);
    batches(&net)?;
    generic(net)?;
    let random = &mut Random::new(black_box(3));
    let decision = Decision::random(black_box(Scheme::XavierUniform), random);
    samples(&decision);
    let wide = black_box(Wide::zeros());
    samples(&wide);
    batches(&wide)?;
    targets(&net, &decision)?;
    notebook();
    Ok(())
}

/// One sample.
#[inline(never)]
fn samples<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(net: &Network<L, H, I, O>) {
    let (x, target) = (black_box(&[0.5; I]), black_box(&[1.0; O]));
    black_box((net.logits(x), net.forward(x), net.loss(x, target)));
    let trace = net.trace(x);
    black_box(net.backward(x, black_box(&trace), target));
    let mut copy = Network::from_layers(net.layers, net.head);
    black_box(copy.sgd_step(x, target, black_box(0.1)));
    black_box(copy.layers);
    black_box(<Network<L, H, I, O>>::zero_grad());
}

/// Rows, on the vectors of the target and on others.
#[inline(never)]
fn batches<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
) -> Result<(), Error> {
    let (x, y) = (
        black_box(&[[0.5; I]; 40][..]),
        black_box(&[[1.0; O]; 40][..]),
    );
    let mut y_hat = [[0.0; O]; 40];
    net.forward_batch(x, black_box(&mut y_hat[..]))?;
    net.forward_batch_on::<f32>(x, black_box(&mut y_hat[..]))?;
    net.forward_batch_on::<F32x4>(x, black_box(&mut y_hat[..]))?;
    let mut grad = L::fill(0.0);
    black_box(net.gradient_batch(x, y, &mut grad)?);
    black_box(net.gradient_batch_on::<f32>(x, y, &mut grad)?);
    black_box(net.gradient_batch_on::<F32x4>(x, y, &mut grad)?);
    black_box(grad);
    let mut sums = Sums::new();
    net.accumulate(x, y, &mut sums)?;
    net.accumulate_on::<f32>(x, y, &mut sums)?;
    net.accumulate_on::<F32x4>(x, y, &mut sums)?;
    black_box(sums);
    let look = |y_hat: &[f32; O], target: &[f32; O]| {
        black_box((y_hat, target));
    };
    black_box(net.evaluate(Dataset::new(x, y)?)?);
    black_box(net.evaluate_with(Dataset::new(x, y)?, look)?);
    Ok(())
}

/// The same through the traits.
#[inline(never)]
fn generic<N>(mut net: N) -> Result<(), Error>
where
    N: Trainable,
    N::Output: Target<N>,
{
    let (x, y) = (black_box(N::Input::ZERO), black_box(N::Output::ZERO));
    Model::init(
        &mut net,
        Scheme::KaimingUniform,
        &mut Random::new(black_box(2)),
    );
    black_box((Model::forward(&net, &x), Model::loss(&net, &x, &y)));
    let (x, y, mut y_hat) = ([x; 5], [y; 5], [y; 5]);
    let (x, y) = (black_box(&x[..]), black_box(&y[..]));
    Trainable::forward_batch(&net, x, black_box(&mut y_hat[..]))?;
    let mut sums = Sums::new();
    Trainable::accumulate(&net, x, y, &mut sums)?;
    black_box(sums);
    black_box(Trainable::evaluate(&net, Dataset::new(x, y)?)?);
    let look = |y_hat: &N::Output, target: &N::Output| {
        black_box((y_hat, target));
    };
    black_box(Trainable::evaluate_with(&net, Dataset::new(x, y)?, look)?);
    Ok(())
}

/// Labels of every type.
fn targets(classifier: &Classifier, decision: &Decision) -> Result<(), Error> {
    target(classifier, [0.5, 0.5, 0.0])?;
    target(decision, [0.5])?;
    target::<_, u8>(classifier, 1)?;
    target::<_, u16>(classifier, 1)?;
    target::<_, u32>(classifier, 1)?;
    target::<_, usize>(classifier, 1)?;
    target::<_, bool>(decision, true)
}

#[inline(never)]
fn target<N: Trainable, T: Target<N> + Copy>(net: &N, target: T) -> Result<(), Error> {
    let (x, y) = ([black_box(N::Input::ZERO); 4], [black_box(target); 4]);
    black_box((target.to_output(net), T::as_outputs(black_box(&y[..]))));
    let data = Dataset::new(black_box(&x[..]), black_box(&y[..]))?;
    black_box(Trainable::evaluate(net, data)?);
    Ok(())
}

/// The networks of the notebook by the notebook's names.
#[inline(never)]
fn notebook() {
    let (x, y) = (black_box(&[0.5; 3]), black_box(&[1.0]));
    let trace = black_box(NET).trace(x);
    black_box(Deltas::from(NET.backward(x, &trace, y)));
    black_box(Activations::from(trace));
    let trace = black_box(BOOK_NET).trace(x);
    black_box(Deltas::from(BOOK_NET.backward(x, &trace, y)));
    black_box(Activations::from(trace));
}
