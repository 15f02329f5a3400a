//! The settings that are run.

use super::ours;
use super::rule::{Kind, Rule, to_f32};
use stackprop::{Adagrad, Adam, AdamW, NAdam, Optimizer, RmsProp, Sgd};

/// An optimiser for the model, and a run of the crate's.
pub(crate) struct Setting<'a> {
    pub(crate) name: &'a str,
    pub(crate) rule: Rule,
    pub(crate) run: &'a dyn Fn(fn(u32) -> f32) -> Vec<f64>,
}

/// PyTorch's defaults.
const fn rule(kind: Kind, lr: f64) -> Rule {
    Rule {
        kind,
        lr,
        betas: [0.9, 0.999],
        eps: match kind {
            Kind::Adagrad { .. } => 1e-10,
            _ => 1e-8,
        },
        weight_decay: 0.0,
        decoupled: false,
    }
}

impl Rule {
    const fn betas(mut self, betas: [f64; 2]) -> Self {
        self.betas = betas;
        self
    }

    const fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    const fn decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    const fn decoupled(mut self) -> Self {
        self.decoupled = true;
        self
    }

    /// With settings that are numbers of f32.
    fn narrow(mut self) -> Self {
        for setting in [&mut self.lr, &mut self.eps, &mut self.weight_decay] {
            *setting = to_f32(*setting);
        }
        self.betas = self.betas.map(to_f32);
        let [a, b] = match &mut self.kind {
            Kind::Sgd {
                momentum,
                dampening,
                ..
            } => [Some(momentum), Some(dampening)],
            Kind::NAdam { momentum_decay } => [Some(momentum_decay), None],
            Kind::RmsProp {
                alpha, momentum, ..
            } => [Some(alpha), Some(momentum)],
            Kind::Adagrad { lr_decay, initial } => [Some(lr_decay), Some(initial)],
            Kind::Adam { .. } => [None, None],
        };
        for setting in [a, b].into_iter().flatten() {
            *setting = to_f32(*setting);
        }
        self
    }
}

const fn sgd(momentum: f64, dampening: f64, nesterov: bool) -> Rule {
    let kind = Kind::Sgd {
        momentum,
        dampening,
        nesterov,
    };
    rule(kind, 0.01)
}

const fn adam(amsgrad: bool) -> Rule {
    rule(Kind::Adam { amsgrad }, 0.001)
}

const fn nadam(momentum_decay: f64) -> Rule {
    rule(Kind::NAdam { momentum_decay }, 0.001)
}

const fn rmsprop(alpha: f64, momentum: f64, centered: bool) -> Rule {
    let kind = Kind::RmsProp {
        alpha,
        momentum,
        centered,
    };
    rule(kind, 0.001)
}

const fn adagrad(lr_decay: f64, initial: f64) -> Rule {
    rule(Kind::Adagrad { lr_decay, initial }, 0.001)
}

/// Those that PyTorch has run, with its settings in f64.
pub(crate) const fn of_pytorch() -> [(&'static str, Rule); 7] {
    [
        ("adam", adam(false)),
        ("nadam", nadam(0.004)),
        ("nadam_fast", nadam(0.5).betas([0.99, 0.999])),
        ("rmsprop", rmsprop(0.99, 0.0, false)),
        ("rmsprop_centered", rmsprop(0.99, 0.0, true)),
        ("rmsprop_all", rmsprop(0.99, 0.9, true)),
        ("adagrad", adagrad(0.0, 0.0)),
    ]
}

/// Calls `f` for each setting.
pub(crate) fn each(mut f: impl FnMut(Setting)) {
    let f = &mut f;
    let plain = Sgd::new(0.01);
    one(f, "sgd", plain, sgd(0.0, 0.0, false));
    one(
        f,
        "sgd, decay",
        plain.weight_decay(0.1),
        sgd(0.0, 0.0, false).decay(0.1),
    );
    let heavy = plain.momentum(0.9);
    one(f, "momentum", heavy, sgd(0.9, 0.0, false));
    one(f, "dampened", heavy.dampening(0.5), sgd(0.9, 0.5, false));
    one(f, "nesterov", heavy.nesterov(), sgd(0.9, 0.0, true));
    let all = heavy.weight_decay(0.1);
    one(f, "momentum, decay", all, sgd(0.9, 0.0, false).decay(0.1));
    one(
        f,
        "nesterov, decay",
        all.nesterov(),
        sgd(0.9, 0.0, true).decay(0.1),
    );
    of_adam(f);
    of_nadam(f);
    let rms = RmsProp::new(0.001);
    one(f, "rmsprop", rms, rmsprop(0.99, 0.0, false));
    let fast = rms.alpha(0.9).eps(1e-3).weight_decay(0.1);
    one(
        f,
        "rmsprop, fast",
        fast,
        rmsprop(0.9, 0.0, false).eps(1e-3).decay(0.1),
    );
    one(
        f,
        "rmsprop, momentum",
        rms.momentum(0.9),
        rmsprop(0.99, 0.9, false),
    );
    one(
        f,
        "rmsprop, centred",
        rms.centered(),
        rmsprop(0.99, 0.0, true),
    );
    let all = fast.centered().momentum(0.9);
    one(
        f,
        "rmsprop, all",
        all,
        rmsprop(0.9, 0.9, true).eps(1e-3).decay(0.1),
    );
    let ada = Adagrad::new(0.001);
    one(f, "adagrad", ada, adagrad(0.0, 0.0));
    let all = ada.lr_decay(1e-3).initial_accumulator_value(0.1);
    let all_settings = adagrad(1e-3, 0.1).eps(1e-3).decay(0.1);
    one(
        f,
        "adagrad, all",
        all.eps(1e-3).weight_decay(0.1),
        all_settings,
    );
}

fn of_adam(f: &mut impl FnMut(Setting)) {
    let plain = Adam::new(0.001);
    one(f, "adam", plain, adam(false));
    let fast = plain.betas(0.8, 0.99).eps(1e-3);
    one(
        f,
        "adam, fast",
        fast,
        adam(false).betas([0.8, 0.99]).eps(1e-3),
    );
    one(
        f,
        "adam, decay",
        plain.weight_decay(0.1),
        adam(false).decay(0.1),
    );
    one(f, "adam, amsgrad", plain.amsgrad(), adam(true));
    let decoupled = AdamW::new(0.001).weight_decay(0.1);
    one(f, "adamw", decoupled, adam(false).decay(0.1).decoupled());
    let amsgrad = adam(true).decay(0.1).decoupled();
    one(f, "adamw, amsgrad", decoupled.amsgrad(), amsgrad);
}

fn of_nadam(f: &mut impl FnMut(Setting)) {
    let plain = NAdam::new(0.001);
    one(f, "nadam", plain, nadam(0.004));
    let fast = plain.betas(0.99, 0.999).momentum_decay(0.5).eps(1e-3);
    one(
        f,
        "nadam, fast",
        fast,
        nadam(0.5).betas([0.99, 0.999]).eps(1e-3),
    );
    let decaying = plain.weight_decay(0.1);
    one(f, "nadam, decay", decaying, nadam(0.004).decay(0.1));
    let decoupled = decaying.decoupled_weight_decay();
    one(
        f,
        "nadam, decoupled",
        decoupled,
        nadam(0.004).decay(0.1).decoupled(),
    );
}

fn one<Opt: Optimizer>(f: &mut impl FnMut(Setting), name: &str, optimizer: Opt, rule: Rule) {
    let run = &|gradient: fn(u32) -> f32| ours(optimizer, gradient);
    let rule = rule.narrow();
    f(Setting { name, rule, run });
}
