//! Reads a network in the words of `net!`.

use crate::mlp::{Activation, Head};

/// A network without its weights.
#[derive(Debug, PartialEq)]
pub(crate) struct List {
    /// Whether the layers have biases.
    pub(crate) bias: bool,
    /// Whether the inputs are standardised first.
    pub(crate) standardize: bool,
    /// Numbers in a row of input.
    pub(crate) inputs: usize,
    /// The width of each layer, and its activations.
    pub(crate) layers: Vec<(usize, Vec<Activation>)>,
    /// The end.
    pub(crate) head: Head,
}

/// Reads `inputs [, Standardize] => outputs [, Activation] ... , Head`.
pub(crate) fn parse(text: &str) -> Result<List, String> {
    let (bias, text) = bias(text.trim())?;
    let mut parts = text.split("=>").map(items);
    let (inputs, before) = width(parts.next().unwrap_or_default())?;
    let standardize = match &before[..] {
        [] => false,
        [stage] if stage == "Standardize" => true,
        [other, ..] => {
            return Err(format!(
                "\"{other}\" stands before the first layer; only Standardize can"
            ));
        }
    };
    let mut layers = parts.map(width).collect::<Result<Vec<_>, _>>()?;
    let (outputs, last) = layers
        .last_mut()
        .ok_or("there is no layer, such as 3 => 4")?;
    let head = head(last.pop(), *outputs)?;
    let layers = layers
        .into_iter()
        .map(|(width, names)| Ok((width, activations(&names)?)))
        .collect::<Result<_, String>>()?;
    Ok(List {
        bias,
        standardize,
        inputs,
        layers,
        head,
    })
}

/// Whether the layers have biases, and the rest of the text.
fn bias(text: &str) -> Result<(bool, &str), String> {
    match text.split_once(';') {
        None => Ok((true, text)),
        Some((before, after)) if before.split_whitespace().eq(["bias", "=", "false"]) => {
            Ok((false, after))
        }
        Some((before, _)) => Err(format!(
            "\"{before};\" is not \"bias = false;\", with which a network without biases begins"
        )),
    }
}

/// What stands between commas. A comma between < and > separates nothing.
fn items(part: &str) -> Vec<String> {
    let mut inside = false;
    let apart = |c: char| {
        inside = (inside || c == '<') && c != '>';
        c == ',' && !inside
    };
    part.split(apart)
        .map(|item| String::from(item.trim()))
        .collect()
}

/// The width in front, and the names behind it.
fn width(items: Vec<String>) -> Result<(usize, Vec<String>), String> {
    let mut items = items.into_iter();
    let first = items.next().unwrap_or_default();
    match first.parse() {
        Ok(width) if width > 0 => Ok((width, items.collect())),
        _ => Err(format!("\"{first}\" is not a width, a number from 1 on")),
    }
}

fn head(name: Option<String>, outputs: usize) -> Result<Head, String> {
    match name.as_deref() {
        Some("Mse") => Ok(Head::Mse),
        Some("SigmoidBce") => Ok(Head::SigmoidBce),
        Some("SoftmaxCe") if outputs > 1 => Ok(Head::SoftmaxCe),
        Some("SoftmaxCe") => Err(String::from(
            "SoftmaxCe over one output is always 1; SigmoidBce is for one",
        )),
        Some(other) => Err(format!(
            "the list ends in \"{other}\", not in Mse, SigmoidBce or SoftmaxCe"
        )),
        None => Err(String::from(
            "the list ends in no head: Mse, SigmoidBce or SoftmaxCe",
        )),
    }
}

fn activations(names: &[String]) -> Result<Vec<Activation>, String> {
    names.iter().map(|name| activation(name)).collect()
}

fn activation(name: &str) -> Result<Activation, String> {
    let plain = [
        Activation::Relu,
        Activation::Elu,
        Activation::HardTanh,
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Softplus,
    ];
    let unknown = || format!("\"{name}\" is not an activation that the importer knows");
    if name == "LeakyRelu" {
        return Ok(Activation::LeakyRelu(1, 100));
    }
    let slope = name
        .strip_prefix("LeakyRelu<")
        .and_then(|rest| rest.strip_suffix('>'));
    match slope {
        Some(slope) => fraction(slope).ok_or_else(unknown),
        None => plain
            .into_iter()
            .find(|known| known.to_string() == name)
            .ok_or_else(unknown),
    }
}

/// Two integers below 2^24, the second one not 0.
fn fraction(text: &str) -> Option<Activation> {
    let (numerator, denominator) = text.split_once(',')?;
    let number = |text: &str| text.trim().parse().ok().filter(|n: &u32| *n < 1 << 24);
    let denominator = number(denominator).filter(|d| *d > 0)?;
    Some(Activation::LeakyRelu(number(numerator)?, denominator))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::mlp::{Activation, Head};

    #[test]
    fn everything_at_once() {
        let list = parse("bias = false; 3, Standardize => 4, LeakyRelu<1, 5>, Tanh=>2 => 1, Mse");
        let list = list.unwrap();
        assert!(!list.bias && list.standardize);
        assert_eq!((list.inputs, list.head), (3, Head::Mse));
        let first = vec![Activation::LeakyRelu(1, 5), Activation::Tanh];
        assert_eq!(list.layers, [(4, first), (2, vec![]), (1, vec![])]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, name) in [
            ("", "\"\" is not a width"),
            ("3", "no layer"),
            ("3, Mse", "\"Mse\" stands before"),
            ("3 => 4", "no head"),
            ("3 => 0, Mse", "\"0\""),
            ("3 => 4, Relu", "\"Relu\", not in Mse"),
            ("3 => 4, Gelu => 1, Mse", "\"Gelu\""),
            ("3 => 1, SoftmaxCe", "SigmoidBce"),
            ("bias = true; 3 => 1, Mse", "\"bias = true;\""),
            ("3 => 4, LeakyRelu<1, 0> => 1, Mse", "LeakyRelu<1, 0>"),
            ("3 => 4, LeakyRelu<1> => 1, Mse", "LeakyRelu<1>"),
            ("3 => 4,, Mse", "\"\" is not an activation"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(name), "{text}: {error}");
        }
    }
}
