//! The gradient checker: what is right passes, each kind of mistake is found where it is, and what
//! proves nothing is not taken for a proof.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets;
use fastrand::Rng;
use stackprop::architecture::Architecture;
use stackprop::check::{self, Part, Wrong};
use stackprop::layers::Pass;
use stackprop::params::{Tensor, TensorId, TensorMut, Visit};
use stackprop::simd::Vector;
use stackprop::{Head, Layer, Linear, Params, Relu, SoftmaxCe, Tanh, Zero, net};

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
    FoldsInDisorder,
    FoldsNotAtAll,
    FoldsByOtherNames,
    FoldsWhatIsFrozen,
}

/// A linear layer with a mistake in its backward.
#[derive(Clone, Copy)]
struct Wronged(Linear<3, 2>, Mistake);

impl Params for Wronged {
    type Of<T: Zero> = <Linear<3, 2> as Params>::Of<T>;
    const COUNT: usize = Linear::<3, 2>::COUNT;
    const TENSORS: usize = Linear::<3, 2>::TENSORS;
    const ARCHITECTURE: Architecture = Linear::<3, 2>::ARCHITECTURE;

    fn values(&self) -> Self::Of<f32> {
        self.0
    }

    fn zip_params<B: Zero, C: Zero>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(TensorId, &mut [f32], &[B], &mut [C]),
    ) {
        self.0.zip_params(b, c, f);
    }

    fn fill<T: Zero>(value: T) -> Self::Of<T> {
        Linear::<3, 2>::fill(value)
    }

    fn zip_tensors<A: Zero, B: Zero, C: Zero>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
        Linear::<3, 2>::zip_tensors(a, b, c, f);
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_>> {
        self.0.tensor(index)
    }

    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>> {
        self.0.tensor_mut(index)
    }

    fn tensor_of<T: Zero>(tensors: &Self::Of<T>, index: usize) -> Option<Tensor<'_, T>> {
        Linear::<3, 2>::tensor_of(tensors, index)
    }
}

impl Layer<3, 2> for Wronged {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; 3], (): &mut (), y: &mut [V; 2]) {
        self.0.forward(x, &mut (), y);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), 3, 2>,
        dy: &[V; 2],
        mut grad: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        mut dx: Option<&mut [V; 3]>,
    ) {
        let (before, mut dy) = (grad.as_ref().map(|grad| grad.bias), *dy);
        match self.1 {
            Mistake::DroppedTerm => dy[1] = V::ZERO,
            Mistake::SwappedOutputs => dy.swap(0, 1),
            Mistake::ForgottenFactor => dy = dy.map(|dy| dy * V::splat(0.9)),
            Mistake::Overwrites => {
                if let Some(grad) = &mut grad {
                    **grad = Self::fill(V::Partial::ZERO);
                }
            }
            _ => {}
        }
        self.0
            .backward(pass, &dy, grad.as_deref_mut(), &mut (), dx.as_deref_mut());
        let alone = grad.is_none();
        if let (Mistake::BiasNotSummed, Some(grad), Some(before)) = (self.1, grad, before) {
            grad.bias = before;
        }
        let Some(dx) = dx else { return };
        match self.1 {
            Mistake::SwappedInputs => dx.swap(0, 2),
            Mistake::Zero => *dx = [V::ZERO; 3],
            Mistake::NotANumber => dx[1] = V::splat(f32::NAN),
            Mistake::InputAlone if alone => dx[2] = dx[2] + dx[2],
            _ => {}
        }
    }

    fn fold_gradient<S: Zero, A: Copy, F>(
        &mut self,
        pass: Pass<'_, f32, (), 3, 2>,
        dy: &[f32; 2],
        (): &(),
        state: &mut Self::Of<S>,
        acc: A,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    {
        match self.1 {
            Mistake::FoldsInDisorder => self.0.weight.reverse(),
            Mistake::FoldsNotAtAll => return acc,
            Mistake::FoldsByOtherNames => {
                let f = |id: TensorId| f(id.after::<Self>());
                return self.0.fold_gradient(pass, dy, &(), state, acc, f);
            }
            Mistake::FoldsWhatIsFrozen => {
                let f = |id| Visit::new(f(id).each);
                return self.0.fold_gradient(pass, dy, &(), state, acc, f);
            }
            _ => {}
        }
        self.0.fold_gradient(pass, dy, &(), state, acc, f)
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
    let not_the_same = Err(Wrong::InputGrad { index: 2 });
    assert_eq!(wronged(Mistake::InputAlone), not_the_same);
    for (mistake, index) in [
        (Mistake::FoldsInDisorder, 0),
        (Mistake::FoldsNotAtAll, 0),
        (Mistake::FoldsByOtherNames, 0),
        (Mistake::FoldsWhatIsFrozen, 8),
    ] {
        assert_eq!(wronged(mistake), Err(Wrong::FoldGradient { index }));
    }
}

/// Cross-entropy with a mistake in its gradient, or in its own `loss`.
#[derive(Clone, Copy)]
struct WrongHead(Mistake);

impl Head<3> for WrongHead {
    const DEFAULT: Self = Self(Mistake::None);

    fn predict<V: Vector>(&self, logits: &[V; 3], y_hat: &mut [V; 3]) {
        SoftmaxCe.predict(logits, y_hat);
    }

    fn loss_grad<V: Vector>(&self, z: &[V; 3], y: &[V; 3], dz: &mut [V; 3]) -> V {
        let loss = SoftmaxCe.loss_grad(z, y, dz);
        match self.0 {
            Mistake::DroppedTerm => dz[1] = dz[1] + y[1],
            Mistake::SwappedInputs => dz.swap(0, 1),
            Mistake::ForgottenFactor => *dz = dz.map(|dz| dz * V::splat(1.0 / 3.0)),
            _ => {}
        }
        loss
    }

    fn loss<V: Vector>(&self, z: &[V; 3], y: &[V; 3]) -> V {
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
    // At the kink of ReLU and where it is 0: nothing to compare, and nothing wrong.
    for x in [[0.0], [-1e-5], [-1.0]] {
        assert_eq!(
            check::layer(&Relu, &x),
            Err(Wrong::NothingCompared(Part::Input))
        );
    }
    // Next to it small steps see a slope of 1.
    assert_eq!(check::layer(&Relu, &[1e-5]).unwrap().input.compared, 1);
    let report = check::layer(&Relu, &[1.0, 0.0, 2.0, -3.0]).unwrap();
    assert_eq!((report.input.compared, report.input.inconclusive), (2, 2));
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
    let (mut compared, mut inconclusive) = (0, 0);
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
            inconclusive += tally.inconclusive;
        }
    }
    println!("{compared} compared, {inconclusive} inconclusive");
    assert!(compared > 4 * inconclusive);
}
