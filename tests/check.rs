//! The gradient checker: what is right passes, each kind of mistake is found where it is, and what proves nothing
//! is not taken for a proof.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets;
use fastrand::Rng;
use stackprop::check::{self, Part, Wrong};
use stackprop::lane::Lane;
use stackprop::layers::Pass;
use stackprop::{Head, Layer, Linear, Params, Relu, SoftmaxCe, Tanh, net};

/// What is wrong with a layer or a head.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    DroppedTerm,
    SwappedOutputs,
    SwappedInputs,
    ForgottenFactor,
    BiasNotSummed,
    Zero,
    Overwrites,
    NotANumber,
    InputAlone,
    DescendsInDisorder,
    DescendsNotAtAll,
}

/// A linear layer with a mistake in its backward.
#[derive(Clone, Copy)]
struct Wronged(Linear<3, 2>, Mistake);

impl Params for Wronged {
    type Of<T: Copy> = <Linear<3, 2> as Params>::Of<T>;
    const COUNT: usize = Linear::<3, 2>::COUNT;

    fn params(&self) -> Self::Of<f32> {
        self.0
    }

    fn update<B: Copy, C: Copy>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [f32], &[B], &mut [C]),
    ) {
        self.0.update(b, c, f);
    }

    fn fill<T: Copy>(value: T) -> Self::Of<T> {
        Linear::<3, 2>::fill(value)
    }

    fn zip<A: Copy, B: Copy, C: Copy>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
        Linear::<3, 2>::zip(a, b, c, f);
    }
}

impl Layer<3, 2> for Wronged {
    type Hidden<V: Lane> = ();

    fn forward<V: Lane>(&self, x: &[V; 3], (): &mut (), y: &mut [V; 2]) {
        self.0.forward(x, &mut (), y);
    }

    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, (), 3, 2>,
        dy: &[V; 2],
        grad: &mut Self::Of<V::Acc>,
        (): &mut (),
        dx: &mut [V; 3],
    ) {
        let (before, mut dy) = (grad.bias, *dy);
        match self.1 {
            Mistake::DroppedTerm => dy[1] = V::ZERO,
            Mistake::SwappedOutputs => dy.swap(0, 1),
            Mistake::ForgottenFactor => dy = dy.map(|dy| dy * V::splat(0.9)),
            Mistake::Overwrites => *grad = Self::fill(V::Acc::ZERO),
            _ => {}
        }
        self.0.backward(pass, &dy, grad, &mut (), dx);
        match self.1 {
            Mistake::SwappedInputs => dx.swap(0, 2),
            Mistake::BiasNotSummed => grad.bias = before,
            Mistake::Zero => *dx = [V::ZERO; 3],
            Mistake::NotANumber => dx[1] = V::splat(f32::NAN),
            _ => {}
        }
    }

    fn backward_input<V: Lane>(
        &self,
        pass: Pass<'_, V, (), 3, 2>,
        dy: &[V; 2],
        (): &mut (),
        dx: &mut [V; 3],
    ) {
        self.backward(pass, dy, &mut Self::fill(V::Acc::ZERO), &mut (), dx);
        if self.1 == Mistake::InputAlone {
            dx[2] = dx[2] + dx[2];
        }
    }

    fn descend<S: Copy, A: Copy>(
        &mut self,
        pass: Pass<'_, f32, (), 3, 2>,
        dy: &[f32; 2],
        (): &(),
        state: &mut Self::Of<S>,
        acc: A,
        f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    ) -> A {
        match self.1 {
            Mistake::DescendsInDisorder => self.0.weight.reverse(),
            Mistake::DescendsNotAtAll => return acc,
            _ => {}
        }
        self.0.descend(pass, dy, &(), state, acc, f)
    }
}

fn wronged(mistake: Mistake) -> Result<check::Report, Wrong> {
    let linear = Linear::new([[0.5, -0.3, 0.8], [-0.6, 0.2, 0.4]], [0.1, -0.2]);
    check::layer(&Wronged(linear, mistake), &[1.5, -0.7, 0.9])
}

#[test]
fn mistakes_in_a_layer_are_found() {
    let report = wronged(Mistake::None).unwrap();
    assert_eq!((report.input.compared, report.parameters.compared), (3, 8));
    let index = |mistake| match wronged(mistake) {
        Err(Wrong::Slope { part, index, .. }) => (part, index),
        other => panic!("{mistake:?}: {other:?}"),
    };
    assert_eq!(index(Mistake::DroppedTerm), (Part::Input, 0));
    assert_eq!(index(Mistake::SwappedOutputs), (Part::Input, 0));
    assert_eq!(index(Mistake::SwappedInputs), (Part::Input, 0));
    assert_eq!(index(Mistake::ForgottenFactor), (Part::Input, 0));
    assert_eq!(index(Mistake::Zero), (Part::Input, 0));
    assert_eq!(index(Mistake::NotANumber), (Part::Input, 1));
    assert_eq!(index(Mistake::BiasNotSummed), (Part::Parameter, 6));
    assert_eq!(
        wronged(Mistake::Overwrites),
        Err(Wrong::NotAdded { index: 0 })
    );
    let not_the_same = Err(Wrong::BackwardInput { index: 2 });
    assert_eq!(wronged(Mistake::InputAlone), not_the_same);
    for (mistake, index) in [
        (Mistake::DescendsInDisorder, 0),
        (Mistake::DescendsNotAtAll, 0),
    ] {
        assert_eq!(wronged(mistake), Err(Wrong::Descend { index }));
    }
}

/// Cross-entropy with a mistake in its gradient, or in its own `loss`.
#[derive(Clone, Copy)]
struct WrongHead(Mistake);

impl Head<3> for WrongHead {
    fn predict<V: Lane>(&self, logits: &[V; 3], y_hat: &mut [V; 3]) {
        SoftmaxCe.predict(logits, y_hat);
    }

    fn loss_grad<V: Lane>(&self, z: &[V; 3], y: &[V; 3], dz: &mut [V; 3]) -> V {
        let loss = SoftmaxCe.loss_grad(z, y, dz);
        match self.0 {
            Mistake::DroppedTerm => dz[1] = dz[1] + y[1],
            Mistake::SwappedInputs => dz.swap(0, 1),
            Mistake::ForgottenFactor => *dz = dz.map(|dz| dz * V::splat(1.0 / 3.0)),
            _ => {}
        }
        loss
    }

    fn loss<V: Lane>(&self, z: &[V; 3], y: &[V; 3]) -> V {
        let loss = self.loss_grad(z, y, &mut [V::ZERO; 3]);
        if self.0 == Mistake::Overwrites {
            loss + loss
        } else {
            loss
        }
    }
}

#[test]
fn mistakes_in_a_head_are_found() {
    let found = |mistake| check::head(&WrongHead(mistake), &[0.4, -0.8, 1.1], &[0.0, 1.0, 0.0]);
    assert_eq!(found(Mistake::None).unwrap().input.compared, 3);
    let index = |mistake| match found(mistake) {
        Err(Wrong::Slope { part, index, .. }) => (part, index),
        other => panic!("{mistake:?}: {other:?}"),
    };
    assert_eq!(index(Mistake::DroppedTerm), (Part::Input, 1));
    assert_eq!(index(Mistake::SwappedInputs), (Part::Input, 0));
    assert_eq!(index(Mistake::ForgottenFactor), (Part::Input, 0));
    assert!(matches!(
        found(Mistake::Overwrites),
        Err(Wrong::Loss { .. })
    ));
}

#[test]
fn what_proves_nothing_is_said() {
    // At the kink of ReLU, next to it, and where it is 0: nothing to compare, and nothing wrong.
    for x in [[0.0], [1e-5], [-1e-5], [-1.0]] {
        assert_eq!(
            check::layer(&Relu, &x),
            Err(Wrong::NothingCompared(Part::Input))
        );
    }
    let report = check::layer(&Relu, &[1.0, 0.0, 2.0, -3.0]).unwrap();
    assert_eq!((report.input.compared, report.input.excused), (2, 2));
    // Saturated.
    assert_eq!(
        check::layer(&Tanh, &[50.0]),
        Err(Wrong::NothingCompared(Part::Input))
    );
    // Not finite.
    assert!(matches!(
        check::layer(&Tanh, &[f32::NAN]),
        Err(Wrong::Slope { .. })
    ));
}

/// Random networks: the checker raises no false alarm, and compares most of what there is.
#[test]
fn no_false_alarm() {
    let mut rng = Rng::with_seed(7);
    let (mut compared, mut excused) = (0, 0);
    for _ in 0..300 {
        let net: net![4 => 6, Tanh => 3, SoftmaxCe] = nets::random(&mut rng);
        let x = nets::rows::<4>(&mut rng, 1)[0];
        let mut y = [0.0; 3];
        y[rng.usize(..3)] = 1.0;
        let report = check::network(&net, &x, &y).unwrap();
        let parts = [check::layer(&net.layers, &x).unwrap(), report];
        for tally in parts
            .iter()
            .flat_map(|report| [report.input, report.parameters])
        {
            compared += tally.compared;
            excused += tally.excused;
        }
    }
    println!("{compared} compared, {excused} excused");
    assert!(compared > 4 * excused);
}
