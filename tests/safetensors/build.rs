//! Files made by hand.

/// A file with this header and these data, with the header's length in front.
pub(crate) fn file(header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), data].concat()
}

/// One tensor of a header.
pub(crate) fn entry(name: &str, shape: &[usize], begin: usize) -> String {
    let end = begin + 4 * shape.iter().product::<usize>();
    format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#)
}

/// A file with tensors of these names and shapes, filled with 0, 1, 2 and so on.
pub(crate) fn tensors(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let (mut entries, mut count) = (Vec::new(), 0);
    for (name, shape) in tensors {
        entries.push(entry(name, shape, 4 * count));
        count += shape.iter().product::<usize>();
    }
    let numbers: Vec<u8> = (0u16..)
        .take(count)
        .flat_map(|number| f32::from(number).to_le_bytes())
        .collect();
    file(&format!("{{{}}}", entries.join(",")), &numbers)
}
