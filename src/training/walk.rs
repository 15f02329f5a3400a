//! How a network is walked by the code that trains it.

use crate::error::Error;
use crate::kernels::matmul::together::{SAMPLES, bracket};
use crate::kernels::simd::{PARTIAL_SUMS, Vector};
use crate::model::heads::Head;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::network::{Model, Network};
use crate::model::params::Grad;
use crate::training::batch::BatchOf;
use crate::training::guard;
use crate::training::online::{self, Online};
use crate::training::optim::Optimizer;
use crate::training::sums::SumsMut;
use crate::training::together::Frame;
use core::array::from_fn;

/// How a network is walked by the code that trains it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network that can be trained",
    label = "not a network",
    note = "a network is layers and a head: net![3 => 4, Relu => 1, SigmoidBce], \
            or Network::from_layers(layers, head)",
    note = "a trainer owns its network: it takes no reference"
)]
pub(crate) trait Walk: Model {
    /// The numbers between the layers.
    type Between<V: Vector>: Activations;

    /// [`Head::WEIGHTED`].
    const WEIGHTED: bool;

    /// [`Head::weight`].
    fn weight(&self, target: &Self::Output) -> f32;

    /// Fills `y_hat` for the rows of one `V`, its groups following each other.
    fn forward_group<V: Vector>(
        &self,
        rows: &[Self::Input],
        y_hat: &mut [Self::Output],
        activations: &mut Self::Between<V>,
    );

    /// Fills outputs, one row after the other: first the logits of all, then what the head makes of
    /// them.
    fn forward_singles(&self, rows: &[Self::Input], y_hat: &mut [Self::Output]);

    /// Fills outputs and losses for the rows of one `V`, its groups following each other.
    fn evaluate_group<V: Vector>(
        &self,
        batch: BatchOf<'_, Self>,
        y_hat: &mut [Self::Output],
        losses: &mut [f32],
        activations: &mut Self::Between<V>,
    );

    /// Adds losses and gradients of the rows of one `V`, its groups [`PARTIAL_SUMS`] rows apart.
    fn add_group<V: Vector>(
        &self,
        batch: BatchOf<'_, Self>,
        activations: &mut Self::Between<V>,
        delta: &mut Self::Between<V>,
        sums: SumsMut<'_, Self, V::Partial>,
    );

    /// Makes the sums loss and gradient of one sample.
    fn set_to_sample(
        &self,
        x: &Self::Input,
        target: &Self::Output,
        activations: &mut Self::Between<f32>,
        delta: &mut Self::Between<f32>,
        sums: SumsMut<'_, Self>,
    );

    /// [`Layer::columns`].
    fn columns(&self, columns: &mut Grad<Self>);

    /// Fills outputs for a group of rows, by the columns.
    fn forward_together(
        &self,
        columns: &Grad<Self>,
        x: [&Self::Input; SAMPLES],
        activations: &mut [Self::Between<f32>; SAMPLES],
        y_hat: &mut [Self::Output; SAMPLES],
    );

    /// Adds losses and gradients of a group of rows, `PER_SUM` of each partial sum.
    fn add_together<const PER_SUM: usize>(
        &self,
        columns: Option<&Grad<Self>>,
        x: [&Self::Input; SAMPLES],
        targets: [&Self::Output; SAMPLES],
        frame: &mut Frame<'_, Self>,
        sums: SumsMut<'_, Self>,
    );

    /// Refuses numbers that are not finite, and targets that the head is not made for.
    fn check(&self, batch: BatchOf<'_, Self>) -> Result<(), Error>;

    /// [`Online::step`].
    fn step_online<Opt: Optimizer>(
        online: &mut Online<Self, Opt>,
        x: &Self::Input,
        target: &Self::Output,
    ) -> Result<f32, Error>;
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Walk for Network<L, H, I, O> {
    type Between<V: Vector> = L::Activations<V>;
    const WEIGHTED: bool = H::WEIGHTED;

    #[inline(always)]
    fn weight(&self, target: &[f32; O]) -> f32 {
        self.head.weight(target)
    }

    #[inline(always)]
    fn forward_group<V: Vector>(
        &self,
        rows: &[[f32; I]],
        y_hat: &mut [[f32; O]],
        activations: &mut L::Activations<V>,
    ) {
        let x = V::load(rows, V::Group::LANES);
        let (mut logits, mut y) = ([V::ZERO; O], [V::ZERO; O]);
        self.layers.forward(&x, activations, &mut logits);
        self.head.predict(&logits, &mut y);
        V::store(&y, y_hat, V::Group::LANES);
    }

    // Two loops: in one, weights and the constants of the head together leave the registers, and
    // RISC-V moved 46 of them for each row. Guarded by `cargo bench --bench cortex_m`.
    #[inline(always)]
    fn forward_singles(&self, rows: &[[f32; I]], y_hat: &mut [[f32; O]]) {
        let mut activations = Activations::zero();
        for (x, logits) in rows.iter().zip(y_hat.iter_mut()) {
            self.layers.forward(x, &mut activations, logits);
        }
        for y in y_hat {
            let logits = *y;
            self.head.predict(&logits, y);
        }
    }

    #[inline(always)]
    fn evaluate_group<V: Vector>(
        &self,
        batch: BatchOf<'_, Self>,
        y_hat: &mut [[f32; O]],
        losses: &mut [f32],
        activations: &mut L::Activations<V>,
    ) {
        let x = V::load(batch.rows, V::Group::LANES);
        let target = V::load(batch.targets, V::Group::LANES);
        let (mut logits, mut y) = ([V::ZERO; O], [V::ZERO; O]);
        self.layers.forward(&x, activations, &mut logits);
        self.head.predict(&logits, &mut y);
        V::store(&y, y_hat, V::Group::LANES);
        let loss = self.head.loss(&logits, &target);
        for (l, place) in losses.iter_mut().enumerate().take(V::LANES) {
            *place = loss.extract(l);
        }
    }

    #[inline(always)]
    fn add_group<V: Vector>(
        &self,
        batch: BatchOf<'_, Self>,
        activations: &mut L::Activations<V>,
        delta: &mut L::Activations<V>,
        sums: SumsMut<'_, Self, V::Partial>,
    ) {
        let x = V::load(batch.rows, PARTIAL_SUMS);
        let target = V::load(batch.targets, PARTIAL_SUMS);
        let (mut y, mut dy) = ([V::ZERO; O], [V::ZERO; O]);
        self.layers.forward(&x, activations, &mut y);
        let loss = self.head.loss_grad(&y, &target, &mut dy);
        // Before backward: kept until after it, the loss takes a register, which costs up to 5 %
        // of the instructions. Guarded by `cargo bench --bench instructions`.
        *sums.loss = V::accumulate(*sums.loss, loss);
        let pass = Pass {
            x: &x,
            activations,
            y: &y,
        };
        self.layers
            .backward(pass, &dy, Some(sums.grad), delta, None);
    }

    #[inline(always)]
    fn set_to_sample(
        &self,
        x: &[f32; I],
        target: &[f32; O],
        activations: &mut L::Activations<f32>,
        delta: &mut L::Activations<f32>,
        sums: SumsMut<'_, Self>,
    ) {
        let (mut y, mut dy) = ([0.0; O], [0.0; O]);
        self.layers.forward(x, activations, &mut y);
        *sums.loss = self.head.loss_grad(&y, target, &mut dy);
        let y = &y;
        let pass = Pass { x, activations, y };
        self.layers
            .backward_first(pass, &dy, sums.grad, delta, None);
    }

    #[inline(always)]
    fn columns(&self, columns: &mut Grad<Self>) {
        self.layers.columns(columns);
    }

    #[inline(always)]
    fn forward_together(
        &self,
        columns: &Grad<Self>,
        x: [&[f32; I]; SAMPLES],
        activations: &mut [L::Activations<f32>; SAMPLES],
        y_hat: &mut [[f32; O]; SAMPLES],
    ) {
        let mut logits = [[0.0; O]; SAMPLES];
        let (activations, y) = (activations.each_mut(), logits.each_mut());
        self.layers
            .forward_together(Some(columns), x, activations, y);
        for (logits, y_hat) in logits.iter().zip(y_hat) {
            self.head.predict(logits, y_hat);
        }
    }

    #[inline(always)]
    fn add_together<const PER_SUM: usize>(
        &self,
        columns: Option<&Grad<Self>>,
        x: [&[f32; I]; SAMPLES],
        targets: [&[f32; O]; SAMPLES],
        frame: &mut Frame<'_, Self>,
        sums: SumsMut<'_, Self>,
    ) {
        let (activations, y) = (frame.activations.each_mut(), frame.y.each_mut());
        self.layers.forward_together(columns, x, activations, y);
        let losses = losses(&self.head, frame.y, targets, frame.dy);
        *sums.loss = bracket::<PER_SUM>(*sums.loss, losses);
        let passes = from_fn(|c| Pass {
            x: x[c],
            activations: &frame.activations[c],
            y: &frame.y[c],
        });
        let (dy, delta) = (frame.dy.each_ref(), frame.delta.each_mut());
        self.layers
            .backward_together::<PER_SUM>(passes, dy, Some(sums.grad), delta, None);
    }

    #[inline(always)]
    fn check(&self, batch: BatchOf<'_, Self>) -> Result<(), Error> {
        guard::check_samples(&self.head, batch)
    }

    #[inline(always)]
    fn step_online<Opt: Optimizer>(
        online: &mut Online<Self, Opt>,
        x: &[f32; I],
        target: &[f32; O],
    ) -> Result<f32, Error> {
        online::step(online, x, target)
    }
}

/// The losses of a group of samples; their gradients overwrite `dy`.
// Out of line: one copy for all orders of sums. Guarded by the flash column of
// `cargo bench --bench cortex_m`.
#[inline(never)]
fn losses<H: Head<O>, const O: usize>(
    head: &H,
    y: &[[f32; O]; SAMPLES],
    targets: [&[f32; O]; SAMPLES],
    dy: &mut [[f32; O]; SAMPLES],
) -> [f32; SAMPLES] {
    let mut losses = [0.0; SAMPLES];
    for (((loss, y), target), dy) in losses.iter_mut().zip(y).zip(targets).zip(dy) {
        *loss = head.loss_grad(y, target, dy);
    }
    losses
}
