//! The words of `net!` as stages.

use super::model::Stage;

/// Inputs and stages of a network; the head is left out.
pub(crate) fn read(words: &str) -> (usize, Vec<Stage>) {
    let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let (bias, list) = match words.strip_prefix("bias=false;") {
        Some(list) => (false, list),
        None => (true, words.as_str()),
    };
    let (list, _head) = list.rsplit_once(',').unwrap();
    let mut parts = list.split("=>");
    let first = parts.next().unwrap();
    let (inputs, mut stages) = match first.split_once(',') {
        Some((inputs, _)) => (inputs, vec![Stage::Standardize]),
        None => (first, Vec::new()),
    };
    for part in parts {
        let mut words = part.split(',');
        let outputs = words.next().unwrap().parse().unwrap();
        stages.push(Stage::Linear { outputs, bias });
        stages.extend(words.map(activation));
    }
    (inputs.parse().unwrap(), stages)
}

fn activation(name: &str) -> Stage {
    match name {
        "Relu" => Stage::Relu,
        "Leaky" => Stage::LeakyRelu(f64::from(0.2_f32)),
        "HardTanh" => Stage::HardTanh,
        "Sigmoid" => Stage::Sigmoid,
        "Tanh" => Stage::Tanh,
        "Softplus" => Stage::Softplus,
        "Elu" => Stage::Elu,
        other => panic!("{other} is no activation"),
    }
}
