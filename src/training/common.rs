//! What a trainer of batches and one of single samples have in common: constants, constructors,
//! start, reset, `Debug`.

/// What [`Trainer`](crate::Trainer) and [`Online`](crate::Online) have in common.
macro_rules! common {
    ($trainer:ident, $stack:ident, { $($sums:tt)* } |$this:ident| { $($forget:tt)* }) => {
        impl<N: Trainable, Opt: Optimizer> $trainer<N, Opt> {
            /// Bytes of the parameters.
            pub const PARAMETER_BYTES: usize = size_of::<N>();
            /// Bytes of the optimiser's state.
            pub const STATE_BYTES: usize = size_of::<OptimizerState<N, Opt>>();
            /// Bytes of the activations that one sample's step keeps on the stack, with their
            /// gradients.
            pub const ACTIVATION_BYTES: usize = N::ACTIVATION_BYTES;
            /// Bytes of all of it, settings included: the trainer itself and the activations of a
            /// sample. What a call has on the stack besides, saved registers and for longer batches
            /// partial sums, is in [`STACK_BYTES`](Self::STACK_BYTES).
            pub const BYTES: usize = size_of::<Self>() + Self::ACTIVATION_BYTES;
            /// More stack than a step takes, for a budget: activations, rows and partial sums by
            /// their types, and an allowance for the frames of this target. It holds for builds
            /// with optimisation; where `debug_assertions` are on, as in the profile `dev`, for
            /// those without. Tests hold it against measurements.
            pub const STACK_BYTES: usize =
                stack::$stack::<N>() + stack::of_prepared::<N, Opt>();

            /// Training of `network` from where it is.
            #[inline]
            #[must_use]
            pub const fn new(network: N, optimizer: Opt) -> Self {
                Self {
                    network,
                    optimizer,
                    guard: Guard::new(),
                    state: Zero::ZERO,
                    $($sums)*
                }
            }

            /// A trainer of which every byte is 0, so that a `static` of it lies in .bss and takes
            /// no flash. (Not where the head has settings that are not 0 by default, as
            /// [`WeightedCe`](crate::WeightedCe) has: that `static` lies in .data.) It refuses
            /// every step, on good samples with [`Error::NotStarted`], until
            /// [`start`](Self::start) has given it weights, an optimiser and a guard. Set its
            /// fields after that, not before.
            #[must_use]
            pub const fn unset() -> Self
            where
                N: Zero,
            {
                let mut unset = Self::new(N::ZERO, Opt::UNSET);
                unset.guard = Guard::UNSET;
                unset
            }

            /// Begins training where the trainer lies: random weights from this seed, as PyTorch's
            /// `nn.Linear` begins, an optimiser that remembers nothing, and the default guard.
            /// Nothing passes through the stack.
            pub fn start(&mut self, seed: u64, optimizer: Opt) {
                let $this = self;
                $this.network.init(Scheme::Default, &mut Random::new(seed));
                $this.optimizer = optimizer;
                $this.guard = Guard::new();
                $this.reset_state();
                $($forget)*
            }

            /// Forgets all that the optimiser remembers, momentum or moments and how many steps
            /// there were: the next step is the first. After [`Error::Diverged`] for instance: a
            /// velocity that a huge gradient has left proposes the same step again and again.
            ///
            /// ```
            /// use stackprop::{Online, Sgd, notebook::{BOOK_NET, X, Y}};
            ///
            /// let mut online = Online::new(BOOK_NET, Sgd::new(0.1).momentum(0.9));
            /// online.step(&X[0], &Y[0])?;
            /// online.reset_state();
            /// let mut fresh = Online::new(online.network, online.optimizer);
            /// assert_eq!(online.step(&X[1], &Y[1]), fresh.step(&X[1], &Y[1]));
            /// assert_eq!(online.network, fresh.network);
            /// # Ok::<(), stackprop::Error>(())
            /// ```
            pub fn reset_state(&mut self) {
                self.state.reset();
            }
        }

        impl<N: Trainable + Debug, Opt: Optimizer + Debug> Debug for $trainer<N, Opt> {
            fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($trainer))
                    .field("network", &self.network)
                    .field("optimizer", &self.optimizer)
                    .field("guard", &self.guard)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use common;
