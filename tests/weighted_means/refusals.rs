//! Batches that have no mean.

use super::common::{bits, in_slices, weight_bits};
use super::{Classes, HEAD, after, network_of};
use stackprop::heads::MeanOver;
use stackprop::{Adam, Error, NotFinite, Online, Params, Setting, Sgd, Trainer, WeightedCe};

/// Nothing to learn from: no way takes a step, and nothing changes, of the optimiser neither.
#[test]
fn batches_of_ignored_samples_are_empty() {
    let rows = [[0.5, 1.0]; 20];
    let free = WeightedCe::new([-0.0, 0.0, 1.0]);
    let ignored = [0.0; 3];
    for (head, target) in [
        (HEAD, ignored),
        (HEAD.label_smoothing(0.5), ignored),
        (HEAD.mean_over(MeanOver::Samples), ignored),
        (free, [1.0, 0.0, 0.0]),
    ] {
        let (net, targets) = (network_of(head), [target; 20]);
        let mut grad = net.values();
        let empty = Err(Error::Empty);
        assert_eq!(net.gradient_batch(&rows, &targets, &mut grad), empty);
        assert_eq!(bits::<Classes>(&grad), weight_bits(&net), "unchanged");
        let mut trainer = Trainer::new(net, Adam::new(0.1));
        let mut online = Online::new(net, Adam::new(0.1));
        assert_eq!(trainer.step(&rows, &targets), empty);
        assert_eq!(trainer.epoch(&rows, &targets, 3), empty);
        assert_eq!(in_slices(&mut trainer, &rows, &targets, 3), empty);
        trainer.accumulate(&rows, &targets).unwrap();
        assert_eq!(trainer.update(), empty);
        assert_eq!(online.step(&rows[0], &target), empty);
        assert_eq!((trainer.network, online.network), (net, net));
        // The first step of Adam is that of a new trainer.
        let y = [0.0, 0.0, 1.0];
        let first = after(net, |trainer| trainer.step(&rows[..1], &[y]));
        assert_eq!(trainer.step(&rows[..1], &[y]), first.0);
        assert_eq!(online.step(&rows[0], &y), first.0);
        assert_eq!(weight_bits(&trainer.network), first.1);
        assert_eq!(weight_bits(&online.network), first.1);
        // Among others they are not there.
        let mixed = after(net, |trainer| trainer.step(&rows[..2], &[y, target]));
        if head.mean_over == MeanOver::Weights || target == ignored {
            assert_eq!(mixed, first);
        }
    }
}

/// A sum of weights that overflows makes no mean of 0.
#[test]
fn weights_that_overflow_are_refused() {
    let mut net = network_of(WeightedCe::new([3e38; 3]));
    net.layers.1.1.bias = [60.0, 0.0, 0.0]; // the loss is near 1e-26
    let (rows, targets) = ([[0.0; 2]; 2], [[1.0, 0.0, 0.0]; 2]);
    let refused = Err(Error::NotFinite(NotFinite::Loss));
    let mut trainer = Trainer::new(net, Sgd::new(0.1));
    assert_eq!(trainer.step(&rows, &targets), refused);
    assert_eq!(
        net.gradient_batch(&rows, &targets, &mut Classes::zero_grad()),
        refused
    );
    assert!(trainer.step(&rows[..1], &targets[..1]).unwrap() < 1e-20);
}

/// A wrong setting is named, also by an ignored sample.
#[test]
fn settings_are_refused_first() {
    let (rows, targets) = ([[0.5, 1.0]], [[0.0; 3]]);
    let refused = Err(Error::Setting(Setting::LabelSmoothing));
    let net = network_of(HEAD.label_smoothing(1.5));
    assert_eq!(
        Trainer::new(net, Sgd::new(0.1)).step(&rows, &targets),
        refused
    );
    assert_eq!(
        Online::new(net, Sgd::new(0.1)).step(&rows[0], &targets[0]),
        refused
    );
    // The weights of the samples are looked at before the optimiser, on both ways.
    let net = network_of(HEAD);
    assert_eq!(
        Trainer::new(net, Sgd::new(-0.1)).step(&rows, &targets),
        Err(Error::Empty)
    );
    assert_eq!(
        Online::new(net, Sgd::new(-0.1)).step(&rows[0], &targets[0]),
        Err(Error::Empty)
    );
}
