//! The optimisers as PyTorch 2.15 computes them for one parameter (`_single_tensor_*` in
//! `torch/optim`), operation by operation, in f64 or in f32.
//!
//! Numbers that PyTorch keeps in tensors are rounded to the precision of the run; settings and
//! corrections are Python's, so they are f64 in both.

/// What an optimiser is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Sgd {
        momentum: f64,
        dampening: f64,
        nesterov: bool,
    },
    Adam {
        amsgrad: bool,
    },
    NAdam {
        momentum_decay: f64,
    },
    RmsProp {
        alpha: f64,
        momentum: f64,
        centered: bool,
    },
    Adagrad {
        lr_decay: f64,
        initial: f64,
    },
}

/// An optimiser with its settings. Betas and eps are those of the kinds that have them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) kind: Kind,
    pub(crate) lr: f64,
    pub(crate) betas: [f64; 2],
    pub(crate) eps: f64,
    pub(crate) weight_decay: f64,
    /// Whether the decay does not pass through the moments.
    pub(crate) decoupled: bool,
}

/// A mistake in the model, which the comparison has to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mutant {
    Rate,
    Beta1,
    Beta2,
    EpsTwice,
    DecayForgotten,
    DecayTheOtherWay,
    StepsCountedFromTwo,
    DampeningInTheFirstStep,
    MomentumForgotten,
    NesterovForgotten,
    AmsgradForgotten,
    CenteringForgotten,
    MomentumDecayTwice,
    RateDecayForgotten,
    InitialForgotten,
}

pub(crate) const MUTANTS: [Mutant; 15] = [
    Mutant::Rate,
    Mutant::Beta1,
    Mutant::Beta2,
    Mutant::EpsTwice,
    Mutant::DecayForgotten,
    Mutant::DecayTheOtherWay,
    Mutant::StepsCountedFromTwo,
    Mutant::DampeningInTheFirstStep,
    Mutant::MomentumForgotten,
    Mutant::NesterovForgotten,
    Mutant::AmsgradForgotten,
    Mutant::CenteringForgotten,
    Mutant::MomentumDecayTwice,
    Mutant::RateDecayForgotten,
    Mutant::InitialForgotten,
];

/// One parameter and what is remembered of it.
pub(crate) struct Run {
    rule: Rule,
    /// Rounds to the precision of the run.
    round: fn(f64) -> f64,
    first_is_dampened: bool,
    steps: f64,
    pub(crate) w: f64,
    m: f64,
    v: f64,
    /// AMSGrad's largest v, `RMSprop`'s buffer, `NAdam`'s product.
    more: f64,
}

/// Rounds to f32. A result of + - * / or sqrt in f64 that is then rounded to f32 is that of f32,
/// because 53 >= 2 * 24 + 2 bits. Source: Figueroa, "When is double rounding innocuous?", 1995.
pub(crate) fn to_f32(value: f64) -> f64 {
    f64::from(value as f32)
}

impl Run {
    pub(crate) fn new(mut rule: Rule, round: fn(f64) -> f64, mutant: Option<Mutant>) -> Self {
        let is = |which| mutant == Some(which);
        let initial = match rule.kind {
            Kind::Adagrad { initial, .. } if !is(Mutant::InitialForgotten) => initial,
            _ => 0.0,
        };
        if let Some(mutant) = mutant {
            rule.mutate(mutant);
        }
        let nadam = matches!(rule.kind, Kind::NAdam { .. });
        Self {
            rule,
            round,
            first_is_dampened: is(Mutant::DampeningInTheFirstStep),
            steps: if is(Mutant::StepsCountedFromTwo) {
                1.0
            } else {
                0.0
            },
            w: 0.0,
            m: 0.0,
            v: initial,
            more: if nadam { 1.0 } else { 0.0 },
        }
    }

    /// A step with this gradient.
    pub(crate) fn step(&mut self, g: f64) {
        let (r, rule) = (self.round, self.rule);
        self.steps += 1.0;
        let mut g = g;
        if rule.decoupled {
            self.w = r(self.w * (1.0 - rule.lr * rule.weight_decay));
        } else if rule.weight_decay != 0.0 {
            g = r(g + r(rule.weight_decay * self.w));
        }
        match rule.kind {
            Kind::Sgd {
                momentum,
                dampening,
                nesterov,
            } => self.sgd(g, momentum, dampening, nesterov),
            Kind::Adam { amsgrad } => self.adam(g, amsgrad),
            Kind::NAdam { momentum_decay } => self.nadam(g, momentum_decay),
            Kind::RmsProp {
                alpha,
                momentum,
                centered,
            } => self.rmsprop(g, alpha, momentum, centered),
            Kind::Adagrad { lr_decay, .. } => {
                self.v = r(self.v + r(g * g));
                let rate = rule.lr / (1.0 + (self.steps - 1.0) * lr_decay);
                let root = r(r(self.v.sqrt()) + rule.eps);
                self.w = r(self.w - r(rate * r(g / root)));
            }
        }
    }

    fn sgd(&mut self, g: f64, momentum: f64, dampening: f64, nesterov: bool) {
        let r = self.round;
        let mut g = g;
        if momentum != 0.0 {
            let first = self.steps == 1.0 && !self.first_is_dampened;
            let share = if first { 1.0 } else { 1.0 - dampening };
            self.m = r(r(momentum * self.m) + r(share * g));
            g = if nesterov {
                r(g + r(momentum * self.m))
            } else {
                self.m
            };
        }
        self.w = r(self.w - r(self.rule.lr * g));
    }

    /// The moments, and 1 - beta2^t.
    fn moments(&mut self, g: f64) -> f64 {
        let (r, [beta1, beta2]) = (self.round, self.rule.betas);
        self.m = r(self.m + r((1.0 - beta1) * r(g - self.m)));
        self.v = r(r(beta2 * self.v) + r((1.0 - beta2) * r(g * g)));
        1.0 - beta2.powf(self.steps)
    }

    fn adam(&mut self, g: f64, amsgrad: bool) {
        let (r, rule) = (self.round, self.rule);
        let correction = self.moments(g);
        let mut v = self.v;
        if amsgrad {
            self.more = self.more.max(v);
            v = self.more;
        }
        let root = r(r(r(v.sqrt()) / correction.sqrt()) + rule.eps);
        let size = rule.lr / (1.0 - rule.betas[0].powf(self.steps));
        self.w = r(self.w - r(size * r(self.m / root)));
    }

    fn nadam(&mut self, g: f64, momentum_decay: f64) {
        let (r, rule) = (self.round, self.rule);
        let correction = self.moments(g);
        let mu = |t: f64| rule.betas[0] * (1.0 - 0.5 * 0.96_f64.powf(t * momentum_decay));
        let (mu, next) = (mu(self.steps), mu(self.steps + 1.0));
        self.more *= mu;
        let root = r(r(r(self.v / correction).sqrt()) + rule.eps);
        let of_g = rule.lr * (1.0 - mu) / (1.0 - self.more);
        let of_m = rule.lr * next / (1.0 - self.more * next);
        self.w = r(self.w - r(of_g * r(g / root)));
        self.w = r(self.w - r(of_m * r(self.m / root)));
    }

    fn rmsprop(&mut self, g: f64, alpha: f64, momentum: f64, centered: bool) {
        let (r, rule) = (self.round, self.rule);
        self.v = r(r(alpha * self.v) + r((1.0 - alpha) * r(g * g)));
        let mut square = self.v;
        if centered {
            self.m = r(self.m + r((1.0 - alpha) * r(g - self.m)));
            square = r(self.v - r(self.m * self.m));
        }
        let root = r(r(square.sqrt()) + rule.eps);
        if momentum > 0.0 {
            self.more = r(r(momentum * self.more) + r(g / root));
            self.w = r(self.w - r(rule.lr * self.more));
        } else {
            self.w = r(self.w - r(rule.lr * r(g / root)));
        }
    }
}

impl Rule {
    const fn mutate(&mut self, mutant: Mutant) {
        match mutant {
            Mutant::Rate => self.lr *= 1.0 + 1e-4,
            Mutant::Beta1 => self.betas[0] += 1e-3,
            Mutant::Beta2 => self.betas[1] += 1e-4,
            Mutant::EpsTwice => self.eps *= 2.0,
            Mutant::DecayForgotten => self.weight_decay = 0.0,
            Mutant::DecayTheOtherWay => self.decoupled = !self.decoupled,
            _ => self.kind.mutate(mutant),
        }
    }
}

impl Kind {
    const fn mutate(&mut self, mutant: Mutant) {
        match (self, mutant) {
            (Self::Sgd { momentum, .. }, Mutant::MomentumForgotten)
            | (Self::RmsProp { momentum, .. }, Mutant::MomentumForgotten) => *momentum = 0.0,
            (Self::Sgd { nesterov, .. }, Mutant::NesterovForgotten) => *nesterov = false,
            (Self::Adam { amsgrad }, Mutant::AmsgradForgotten) => *amsgrad = false,
            (Self::RmsProp { centered, .. }, Mutant::CenteringForgotten) => *centered = false,
            (Self::NAdam { momentum_decay }, Mutant::MomentumDecayTwice) => *momentum_decay *= 2.0,
            (Self::Adagrad { lr_decay, .. }, Mutant::RateDecayForgotten) => *lr_decay = 0.0,
            _ => {}
        }
    }
}
