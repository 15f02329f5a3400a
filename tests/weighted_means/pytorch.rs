//! Steps on batches, as PyTorch takes them.

use super::Net;
use super::common::check::share;
use super::common::{golden, tensors, weight_bits};
use serde_json::Value;
use stackprop::heads::MeanOver;
use stackprop::{Head, Huber, L1, Sgd, SmoothL1, Trainer, WeightedBce, WeightedCe};

fn three(value: &Value) -> [f32; 3] {
    core::array::from_fn(|k| golden::numbers(value)[k] as f32)
}

/// The network of the file.
fn network<H: Head<3>>(file: &Value, head: H) -> Net<H> {
    let mut net = Net::<H>::new(1);
    let numbers = golden::numbers(&file["batches"]["parameters"]);
    let numbers: Vec<f32> = numbers.into_iter().map(|v| v as f32).collect();
    net.copy_from_slice(&numbers).unwrap();
    net.head = head;
    net
}

/// The loss and every gradient of a step, and the step.
fn is_pytorch<H: Head<3>>(name: &str, head: H) {
    let file = golden::read("losses.json");
    let case = &file["batches"]["cases"][name];
    let (x, y) = (
        golden::rows(&file["batches"]["x"]),
        golden::rows(&case["y"]),
    );
    let net = network(&file, head);
    let mut grad = Net::<H>::zero_grad();
    let loss = net.gradient_batch(&x, &y, &mut grad).unwrap();
    let mut worst = share(&[loss], &golden::numbers(&case["loss"]), &[]);
    for (found, exact) in tensors::<Net<H>>(&grad)
        .iter()
        .zip(case["grads"].as_array().unwrap())
    {
        worst = worst.max(share(found, &golden::numbers(exact), &[]));
    }
    println!("{name}: {worst:.2} of the tolerance");
    assert!(worst <= 1.0, "{name}: {worst}");
    let (mut trainer, mut expected) = (Trainer::new(net, Sgd::new(1.0)), net);
    assert_eq!(trainer.step(&x, &y), Ok(loss));
    let grads = tensors::<Net<H>>(&grad).concat();
    let mut numbers = vec![0.0; grads.len()];
    net.copy_to_slice(&mut numbers).unwrap();
    numbers.iter_mut().zip(grads).for_each(|(w, g)| *w -= g);
    expected.copy_from_slice(&numbers).unwrap();
    assert_eq!(
        weight_bits(&trainer.network),
        weight_bits(&expected),
        "{name}"
    );
}

#[test]
fn means_of_batches_are_pytorchs() {
    let file = golden::read("losses.json");
    let weighted = WeightedCe::new(three(&file["weight"]));
    is_pytorch("weights", weighted);
    is_pytorch("ignore_index", weighted);
    is_pytorch("ignore_index_alone", WeightedCe::default());
    is_pytorch(
        "label_smoothing",
        WeightedCe::default().label_smoothing(0.1),
    );
    is_pytorch("all", weighted.label_smoothing(0.1));
    let samples = weighted.mean_over(MeanOver::Samples);
    is_pytorch("samples", samples.label_smoothing(0.1));
    let bce = WeightedBce::new(three(&file["pos_weight"])).weight(three(&file["weight"]));
    is_pytorch("weighted_bce", bce);
    is_pytorch("huber", Huber::default());
    is_pytorch("huber_0_3", Huber { delta: 0.3 });
    is_pytorch("smooth_l1", SmoothL1::default());
    is_pytorch("smooth_l1_0_3", SmoothL1 { beta: 0.3 });
    is_pytorch("smooth_l1_0", SmoothL1 { beta: 0.0 });
    is_pytorch("l1", L1);
}

/// The class indices of the file, of which -100 is ignored, become its targets.
#[test]
fn class_indices_become_targets() {
    let file = golden::read("losses.json");
    let head = WeightedCe::<3>::default().ignore_index(100);
    let labels = golden::numbers(&file["batches"]["labels"]);
    let target = |label: f64| head.class_target(label.abs() as usize).unwrap();
    let targets: Vec<[f32; 3]> = labels.into_iter().map(target).collect();
    let case = &file["batches"]["cases"]["ignore_index"];
    assert_eq!(targets, golden::rows::<3>(&case["y"]));
}
