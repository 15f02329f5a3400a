//! The hot functions for the networks of the benches, each under a name of its own. The test
//! `machine_code` reads their instructions.

use stackprop::notebook::{BOOK_NET, NetBook};
use stackprop::{Head, Layer, Network, Relu, SigmoidBce, net};

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// The layers of a network.
trait Layers {
    type Layers;
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Layers for Network<L, H, I, O> {
    type Layers = L;
}

/// Functions that stay functions.
macro_rules! functions {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty $body:block)*) => {
        $(
            #[inline(never)]
            fn $name($($argument: $type),*) -> $result $body
        )*
    };
}

/// A module of the hot functions of a network. `call` calls them, so that they are linked.
macro_rules! hot {
    ($name:ident, $net:ty, $inputs:literal, $outputs:literal) => {
        mod $name {
            use stackprop::{Adam, Dataset, Error, Grad, Online, Sgd, Trainer};
            use std::hint::black_box;

            type Net = $net;
            type Row = [f32; $inputs];
            type Target = [f32; $outputs];
            type Gradient = Grad<<Net as super::Layers>::Layers>;
            type Loss = Result<f32, Error>;

            functions! {
                forward(net: &Net, x: &Row) -> Target { net.forward(x) }
                sgd_step(net: &mut Net, x: &Row, y: &Target) -> f32 { net.sgd_step(x, y, 0.1) }
                online_sgd(online: &mut Online<Net, Sgd>, x: &Row, y: &Target) -> Loss {
                    online.step(x, y)
                }
                online_adam(online: &mut Online<Net, Adam>, x: &Row, y: &Target) -> Loss {
                    online.step(x, y)
                }
                forward_batch(net: &Net, x: &[Row], y_hat: &mut [Target]) -> Result<(), Error> {
                    net.forward_batch(x, y_hat)
                }
                gradient_batch(net: &Net, x: &[Row], y: &[Target], grad: &mut Gradient) -> Loss {
                    net.gradient_batch(x, y, grad)
                }
                evaluate(net: &Net, data: Dataset<'_, Row, Target>) -> Loss { net.evaluate(data) }
                trainer_sgd(trainer: &mut Trainer<Net, Sgd>, x: &[Row], y: &[Target]) -> Loss {
                    trainer.step(x, y)
                }
                trainer_adam(trainer: &mut Trainer<Net, Adam>, x: &[Row], y: &[Target]) -> Loss {
                    trainer.step(x, y)
                }
                trainer_step_of(
                    trainer: &mut Trainer<Net, Sgd>,
                    data: Dataset<'_, Row, Target>
                ) -> Loss {
                    trainer.step_of(data)
                }
            }

            pub(super) fn call(mut net: Net, count: usize) -> Result<(), Error> {
                let (rows, targets) = (vec![[0.5; $inputs]; count], vec![[0.5; $outputs]; count]);
                let (x, y) = (&[0.5; $inputs], &[0.5; $outputs]);
                let (sgd, adam) = (Sgd::new(0.1), Adam::new(0.1));
                let data = Dataset::new(&rows, &targets)?;
                let (mut grad, mut y_hat) = (Net::zero_grad(), targets.clone());
                black_box(forward(&net, x));
                black_box(sgd_step(&mut net, x, y));
                online_sgd(&mut Online::new(net, sgd), x, y)?;
                online_adam(&mut Online::new(net, adam), x, y)?;
                forward_batch(&net, &rows, &mut y_hat)?;
                gradient_batch(&net, &rows, &targets, &mut grad)?;
                evaluate(&net, data)?;
                trainer_sgd(&mut Trainer::new(net, sgd), &rows, &targets)?;
                trainer_adam(&mut Trainer::new(net, adam), &rows, &targets)?;
                trainer_step_of(&mut Trainer::new(net, sgd), data)?;
                Ok(())
            }
        }
    };
}

hot!(book, super::NetBook, 3, 1);
hot!(mlp16, super::Mlp16, 16, 4);

/// Functions with a fault each, which the test has to find.
mod control {
    use std::hint::black_box;

    functions! {
        moves(numbers: &mut [f32], from: usize) -> () {
            numbers.copy_within(from.., 0)
        }
        copies(from: &[f32; 128], to: &mut [f32; 128]) -> () {
            *to = *from
        }
        gathers(numbers: &[[f32; 100]], sums: &mut [f32]) -> () {
            for (row, sum) in numbers.iter().zip(sums) {
                *sum += row[7]
            }
        }
        calls(numbers: &mut [f32], from: usize) -> () {
            moves(numbers, from);
            black_box(numbers);
        }
    }

    pub(super) fn call(count: usize) {
        let mut numbers = [0.0; 128];
        moves(&mut numbers, count);
        calls(&mut numbers, count);
        copies(&black_box([0.0; 128]), &mut numbers);
        gathers(&vec![[0.0; 100]; count], &mut numbers);
        black_box(numbers);
    }
}

fn main() -> Result<(), stackprop::Error> {
    // Known to nobody who compiles this.
    let count = std::env::args().count();
    control::call(count);
    book::call(BOOK_NET, count)?;
    mlp16::call(Mlp16::new(1), count)
}
