//! Parameter groups: settings of their own for layers or kinds of tensors, and layers that are
//! frozen for a while.

use super::Optimizer;
use super::group_by::{ByKind, ByLayer, GroupBy};
use crate::error::Setting;
use crate::kernels::zero::Zero;
use crate::model::params::TensorId;
use core::marker::PhantomData;

/// PyTorch's `param_groups`: `G` optimisers of one type, each with settings of its own, and a rule
/// `By` that says which of them a tensor belongs to. A parameter's state is that of `Opt`; what
/// `Opt` remembers for all parameters, such as Adam's bias corrections, each group remembers by
/// itself.
///
/// No decay on biases:
/// ```
/// use stackprop::{AdamW, Groups, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// let adamw = AdamW::new(0.01).weight_decay(0.1);
/// let groups = Groups::by_kind(adamw, adamw.weight_decay(0.0)); // weights, biases
/// let mut trainer = Trainer::new(BOOK_NET, groups);
/// trainer.step(&X, &Y)?;
/// # Ok::<(), stackprop::Error>(())
/// ```
///
/// `groups` is public: a schedule may scale the rate of each, as PyTorch's schedulers do.
/// [`set_lr`](Optimizer::set_lr) sets the same rate in all groups, and [`lr`](Optimizer::lr) is
/// that of the first.
/// ```
/// use stackprop::{Groups, Optimizer, Sgd};
///
/// let mut optimizer = Groups::by_layer([Sgd::new(0.25), Sgd::new(0.5)]);
/// optimizer.groups.iter_mut().for_each(|sgd| sgd.set_lr(sgd.lr() * 0.5));
/// assert_eq!(optimizer.groups.map(|sgd| sgd.lr()), [0.125, 0.25]);
/// ```
///
/// # Frozen groups
/// A step leaves the parameters of a [frozen](Self::freeze) group and their state as they are, bit
/// for bit, and does not count as one of the group's: `requires_grad_(False)` at run time. Their
/// gradient is still computed, but it may be anything: it does not count for
/// [`Guard::max_norm`](crate::Guard::max_norm), nor does a number in it that is not finite matter.
/// A part that never learns costs less as [`Frozen`](crate::Frozen).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Groups<Opt, By, const G: usize> {
    /// The settings of each group.
    pub groups: [Opt; G],
    pub(crate) frozen: [bool; G],
    by: PhantomData<By>,
}

impl<Opt, const G: usize> Groups<Opt, ByLayer, G> {
    /// A group for each layer that has parameters. Activations,
    /// [`Standardize`](crate::Standardize) and [`Frozen`](crate::Frozen) parts do not count.
    ///
    /// ```
    /// use stackprop::{Groups, Online, Relu, Sgd, SigmoidBce, net};
    ///
    /// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
    /// let rates = Groups::by_layer([Sgd::new(0.001), Sgd::new(0.01)]);
    /// let mut online = Online::new(Detector::new(1), rates);
    /// online.step(&[1.0, 2.0, 3.0], &[1.0])?;
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    ///
    /// A step does not compile with another number of groups than the network has such layers:
    /// ```compile_fail,E0080
    /// use stackprop::{Groups, Online, Relu, Sgd, SigmoidBce, net};
    ///
    /// let rates = Groups::by_layer([Sgd::new(0.01)]);
    /// let network = <net![3 => 4, Relu => 1, SigmoidBce]>::new(1);
    /// Online::new(network, rates).step(&[1.0, 2.0, 3.0], &[1.0]);
    /// ```
    #[must_use]
    pub const fn by_layer(groups: [Opt; G]) -> Self {
        Self::from_groups(groups)
    }
}

impl<Opt> Groups<Opt, ByKind, 2> {
    /// A group for the weights and one for the biases: the tensors that are called `bias`, and all
    /// others. A network without biases has no tensor in the second.
    ///
    /// ```
    /// use stackprop::{Groups, Online, Sgd, SigmoidBce, net};
    ///
    /// let sgd = Sgd::new(0.1);
    /// let groups = Groups::by_kind(sgd.weight_decay(0.5), sgd.weight_decay(0.0));
    /// let mut network = <net![1 => 1, SigmoidBce]>::zeros();
    /// network.layers.bias = [40.0]; // the output is 1, so only the decay acts
    /// network.layers.weight = [[1.0]];
    /// let mut online = Online::new(network, groups);
    /// online.step(&[1.0], &[1.0])?;
    /// assert_eq!(online.network.layers.weight, [[0.95]]); // 1 - 0.1 * 0.5
    /// assert_eq!(online.network.layers.bias, [40.0]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn by_kind(weights: Opt, biases: Opt) -> Self
    where
        Opt: Copy,
    {
        Self::from_groups([weights, biases])
    }
}

impl<Opt, By: GroupBy, const G: usize> Groups<Opt, By, G> {
    /// Groups by a rule of your own: see [`GroupBy`].
    #[must_use]
    pub const fn by(_rule: By, groups: [Opt; G]) -> Self {
        Self::from_groups(groups)
    }
}

impl<Opt, By, const G: usize> Groups<Opt, By, G> {
    const fn from_groups(groups: [Opt; G]) -> Self {
        Self {
            groups,
            frozen: [false; G],
            by: PhantomData,
        }
    }

    /// Freezes a group, until it is thawed: see [above](Self#frozen-groups).
    ///
    /// ```
    /// use stackprop::{Adam, Error, Groups, Setting, Trainer, notebook::{BOOK_NET, X, Y}};
    ///
    /// let adam = Adam::new(0.01);
    /// let mut trainer = Trainer::new(BOOK_NET, Groups::by_layer([adam; 3]));
    /// trainer.optimizer.freeze(0)?;
    /// trainer.step(&X, &Y)?;
    /// assert_eq!(trainer.network.layers.0, BOOK_NET.layers.0);
    /// assert!(trainer.optimizer.is_frozen(0));
    /// trainer.optimizer.thaw(0)?;
    /// trainer.step(&X, &Y)?; // the first step of the first layer
    /// assert_ne!(trainer.network.layers.0, BOOK_NET.layers.0);
    ///
    /// assert_eq!(trainer.optimizer.freeze(3), Err(Setting::Group)); // there are 0, 1 and 2
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Setting::Group`] if there is no such group.
    pub fn freeze(&mut self, group: usize) -> Result<(), Setting> {
        self.set_frozen(group, true)
    }

    /// Lets a group learn again, from where it was.
    ///
    /// # Errors
    /// [`Setting::Group`] if there is no such group.
    pub fn thaw(&mut self, group: usize) -> Result<(), Setting> {
        self.set_frozen(group, false)
    }

    /// Whether there is such a group, and it is frozen.
    #[must_use]
    pub fn is_frozen(&self, group: usize) -> bool {
        self.frozen.get(group) == Some(&true)
    }

    fn set_frozen(&mut self, group: usize, frozen: bool) -> Result<(), Setting> {
        let place = self.frozen.get_mut(group).ok_or(Setting::Group)?;
        *place = frozen;
        Ok(())
    }
}

/// What the groups have prepared, and which of them are frozen. For the parameters of a tensor, its
/// group stands first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreparedGroups<P, const G: usize> {
    prepared: [P; G],
    frozen: [bool; G],
}

impl<Opt: Optimizer, By: GroupBy, const G: usize> Optimizer for Groups<Opt, By, G> {
    type State = Opt::State;
    /// Of each group.
    type Shared = [Opt::Shared; G];
    type Prepared = PreparedGroups<Opt::Prepared, G>;
    const UNSET: Self = Self::from_groups([Opt::UNSET; G]);
    const LAYERS: Option<usize> = if By::A_LAYER_EACH {
        Some(G)
    } else {
        Opt::LAYERS
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        self.groups.iter().try_for_each(Opt::check)
    }

    #[inline(always)]
    fn check_tensor(&self, tensor: TensorId) -> Result<(), Setting> {
        match self.groups.get(By::group(tensor)) {
            Some(group) => group.check_tensor(tensor),
            None => Err(Setting::Group),
        }
    }

    #[inline(always)]
    fn prepare(&self, shared: &mut Self::Shared) -> Self::Prepared {
        let mut shared = shared.iter_mut().zip(self.frozen);
        let prepared = self.groups.map(|group| {
            // Of a step that a frozen group does not take.
            let mut copy = Zero::ZERO;
            group.prepare(match shared.next() {
                Some((shared, false)) => shared,
                Some((shared, true)) => {
                    copy = *shared;
                    &mut copy
                }
                None => &mut copy,
            })
        });
        let frozen = self.frozen;
        PreparedGroups { prepared, frozen }
    }

    #[inline(always)]
    fn prepared_for(all: &Self::Prepared, tensor: TensorId) -> Option<Self::Prepared> {
        let group = By::group(tensor);
        let (Some(prepared), Some(false)) = (all.prepared.get(group), all.frozen.get(group)) else {
            return None;
        };
        Opt::prepared_for(prepared, tensor).map(|prepared| {
            let mut of = *all;
            if let [first, ..] = &mut of.prepared[..] {
                *first = prepared;
            }
            of
        })
    }

    #[inline(always)]
    fn update_parameter(
        all: &Self::Prepared,
        w: f32,
        g: f32,
        state: Opt::State,
    ) -> (f32, Opt::State) {
        match all.prepared.first() {
            Some(prepared) => Opt::update_parameter(prepared, w, g, state),
            None => (w, state),
        }
    }

    const HAS_BOUND: bool = Opt::HAS_BOUND;

    #[inline(always)]
    fn bound(all: &Self::Prepared, w: f32, g: f32, states: &[Opt::State]) -> f32 {
        match all.prepared.first() {
            Some(prepared) => Opt::bound(prepared, w, g, states),
            None => f32::INFINITY,
        }
    }

    fn lr(&self) -> f32 {
        self.groups.first().map_or(0.0, Opt::lr)
    }

    fn set_lr(&mut self, lr: f32) {
        self.groups.iter_mut().for_each(|group| group.set_lr(lr));
    }
}
