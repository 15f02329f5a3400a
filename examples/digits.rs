//! Handwritten digits of 8 x 8 pixels: a network of 64-32-10 with smoothed labels.
//!
//! ```text
//! cargo run --release --example digits
//! ```

use stackprop::{
    AdamW, ConfusionMatrix, Dataset, EarlyStopping, Random, Relu, Trainer, WeightedCe, net,
};

type Digits = net![64 => 32, Relu => 10, WeightedCe<10>];

/// 1797 digits: 64 pixels from 0 to 16, and which digit it is.
static DATA: &[u8] = include_bytes!("data/digits.bin");

fn main() -> Result<(), stackprop::Error> {
    let (digits, _) = DATA.as_chunks::<65>();
    let pixels = |digit: &[u8; 65]| core::array::from_fn(|n| f32::from(digit[n]) / 16.0);
    let rows: Vec<[f32; 64]> = digits.iter().map(pixels).collect();
    let labels: Vec<u8> = digits.iter().map(|digit| digit[64]).collect();
    let data = Dataset::new(&rows, &labels)?;

    let mut random = Random::new(1);
    let mut order = random.permutation::<1797>();
    let (train, others) = order.split_at_mut(1200);
    let (validation, test) = data.select(others)?.split_at(200);

    let mut trainer = Trainer::new(Digits::new(1), AdamW::new(0.003));
    trainer.network.head = WeightedCe::default().label_smoothing(0.1);
    let mut best = EarlyStopping::new(&trainer.network, 20);
    while !best.observe(trainer.network.evaluate(validation)?, &trainer.network) {
        random.shuffle(train);
        trainer.epoch_of(data.select(train)?, 32)?;
    }
    best.restore(&mut trainer.network);

    let mut seen = ConfusionMatrix::new();
    let look = |y_hat: &_, target: &_| seen.observe(y_hat, target);
    trainer.network.evaluate_with(test, look)?;
    println!("{}\n\n{seen}", trainer.network);
    Ok(())
}
