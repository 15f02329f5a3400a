//! Trains a network, writes its weights as a file that PyTorch reads, and reads them again.
//!
//! ```text
//! cargo run --release --example save -- xor.safetensors
//! ```
//!
//! In PyTorch: `model.load_state_dict(safetensors.torch.load_file("xor.safetensors"))`, with
//! `model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))`.

#[path = "shared/safetensors.rs"]
mod file;

use file::{WholeFile, to_bytes};
use stackprop::safetensors::SafeTensors;
use stackprop::{Adam, SigmoidBce, Tanh, Trainer, net};
use std::error::Error;
use std::path::PathBuf;

type Xor = net![2 => 8, Tanh => 1, SigmoidBce];

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let path = path.ok_or("which file? cargo run --release --example save -- xor.safetensors")?;

    let rows = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let targets = [[0.0], [1.0], [1.0], [0.0]];
    let mut trainer = Trainer::new(Xor::new(1), Adam::new(0.05));
    for _ in 0..500 {
        trainer.step(&rows, &targets)?;
    }

    let tensors = trainer.network.tensors();
    let bytes = to_bytes(tensors.map(|t| (t.name.to_string(), t.shape, t.values)))?;
    WholeFile::write(&path, &bytes)?.finish()?;

    let mut network = Xor::zeros();
    SafeTensors::new(&std::fs::read(&path)?)?.load(&mut network)?;
    assert_eq!(network, trainer.network);
    for row in rows {
        println!("{row:?}: {:.3}", network.forward(&row)[0]);
    }
    Ok(())
}
