//! Checks the lengths in an ONNX file before it is parsed.
//!
//! The parser believes a length as it stands: it would reserve memory for it, or count beyond 2^64.
//! Here every length has to fit into the message around it.

/// How deep messages may lie in each other. A graph of plain nodes needs 7.
const DEPTH: usize = 32;

/// The messages of an ONNX file that have others or packed numbers inside.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Sequence,
    Shape,
    Leaf,
}

/// What a field with a length holds.
enum Content {
    Message(Message),
    /// Numbers of this many bytes.
    Fixed(usize),
    Varints,
    Bytes,
}

impl Message {
    /// The content of a field, by the numbers of `onnx.proto`.
    fn content(self, field: u64) -> Content {
        Content::Message(match (self, field) {
            (Self::Model, 7) | (Self::Attribute, 6) => Self::Graph,
            (Self::Graph, 1) => Self::Node,
            (Self::Node, 5) => Self::Attribute,
            (Self::Graph | Self::Attribute, 5) => Self::Tensor,
            (Self::Graph, 11..=13) => Self::ValueInfo,
            (Self::ValueInfo, 2) | (Self::Sequence, 1) => Self::Type,
            (Self::Type, 1) => Self::TensorType,
            (Self::Type, 4) => Self::Sequence,
            (Self::TensorType, 2) => Self::Shape,
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Self::Leaf,
            (Self::Tensor, 4) => return Content::Fixed(4),
            (Self::Tensor, 10) => return Content::Fixed(8),
            (Self::Tensor, 5 | 7) => return Content::Varints,
            _ => return Content::Bytes,
        })
    }
}

/// Whether the bytes are a model whose lengths all fit.
pub(crate) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    message(Message::Model, bytes, DEPTH)
}

fn message(kind: Message, mut bytes: &[u8], depth: usize) -> Result<(), &'static str> {
    if depth == 0 {
        return Err("messages lie too deep in each other");
    }
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        match key & 7 {
            0 => drop(varint(&mut bytes)?),
            1 => drop(take(&mut bytes, 8)?),
            2 => {
                let length = varint(&mut bytes)?;
                let inside = take(&mut bytes, length)?;
                field(kind.content(key >> 3), inside, depth - 1)?;
            }
            5 => drop(take(&mut bytes, 4)?),
            _ => return Err("a field is of a kind that ONNX does not have"),
        }
    }
    Ok(())
}

fn field(content: Content, mut bytes: &[u8], depth: usize) -> Result<(), &'static str> {
    match content {
        Content::Message(kind) => message(kind, bytes, depth),
        Content::Fixed(size) if !bytes.len().is_multiple_of(size) => {
            Err("numbers do not fill their field")
        }
        Content::Varints => {
            while !bytes.is_empty() {
                varint(&mut bytes)?;
            }
            Ok(())
        }
        Content::Fixed(_) | Content::Bytes => Ok(()),
    }
}

/// Takes bytes from the front.
fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], &'static str> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (front, rest) = bytes
        .split_at_checked(length)
        .ok_or("a field is longer than what is around it: the file may be cut off")?;
    *bytes = rest;
    Ok(front)
}

/// Takes an integer of 7 bits a byte from the front.
fn varint(bytes: &mut &[u8]) -> Result<u64, &'static str> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let [byte] = *take(bytes, 1)? else {
            break;
        };
        // The tenth byte has room for one bit.
        if shift == 63 && byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err("an integer has more than 64 bits")
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn lengths_that_do_not_fit() {
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[0x08, 0x0a]), Ok(())); // ir_version 10
        let cut = check(&[0x3a, 0x05, 0x0a]); // a graph of 5 bytes
        assert!(cut.unwrap_err().contains("cut off"));
        let mut huge = vec![0x3a];
        huge.extend([0xff; 9]);
        huge.push(1);
        assert!(check(&huge).unwrap_err().contains("cut off"));
        huge[10] = 2;
        assert!(check(&huge).unwrap_err().contains("64 bits"));
        assert!(check(&[0x0b]).is_err()); // a group
        // A tensor in a graph whose floats are 3 bytes, and an int64 that goes on.
        assert!(check(&[0x3a, 7, 0x2a, 5, 0x22, 3, 1, 2, 3]).is_err());
        assert!(check(&[0x3a, 5, 0x2a, 3, 0x3a, 1, 0x80]).is_err());
    }

    #[test]
    fn graphs_in_attributes_in_graphs() {
        let mut bytes = Vec::new();
        for _ in 0..40 {
            for key in [0x32, 0x2a, 0x0a] {
                let mut length = Vec::new();
                let mut rest = bytes.len();
                while rest > 0x7f {
                    length.push((rest & 0x7f) as u8 | 0x80);
                    rest >>= 7;
                }
                length.push(rest as u8);
                bytes = [&[key], &length[..], &bytes[..]].concat();
            }
        }
        // From the attribute outwards: node, graph, and so on; the model has a graph.
        let graph = bytes[2..].to_vec();
        let length = [(graph.len() & 0x7f) as u8 | 0x80, (graph.len() >> 7) as u8];
        let model = [&[0x3a], &length[..], &graph[..]].concat();
        assert!(check(&model).is_err());
    }
}
