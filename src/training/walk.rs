//! How a network is walked by the code that trains it.

use crate::error::Error;
use crate::kernels::simd::{PARTIAL_SUMS, Vector};
use crate::model::heads::Head;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::network::{Model, Network};
use crate::training::batch::BatchOf;
use crate::training::guard;
use crate::training::online::{self, Online};
use crate::training::optim::Optimizer;
use crate::training::sums::SumsMut;

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
