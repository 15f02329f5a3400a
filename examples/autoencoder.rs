//! An autoencoder that has seen normal rows only: what it cannot reproduce is an anomaly.
//!
//! ```text
//! cargo run --release --example autoencoder
//! ```

#[path = "shuttle/learning/rows.rs"]
mod rows;

use stackprop::metrics::roc_auc;
use stackprop::{
    Adam, BinaryConfusionMatrix, Dataset, Mse, Normalizer, Random, Tanh, Trainer, net,
};

type Autoencoder = net![9 => 6, Tanh => 3, Tanh => 6, Tanh => 9, Mse];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Nine sensors of a space shuttle. Of the first 4000 rows it is known which are normal.
    let all: Vec<_> = rows::rows().collect();
    let (known, stream) = all.split_at(rows::ROWS * 2 / 5);
    let mut normal: Vec<_> = known.iter().filter(|row| !row.1).map(|row| row.0).collect();
    let mut random = Random::new(1);
    random.shuffle(&mut normal);
    let normalizer = Normalizer::fit(&normal)?;
    normal
        .iter_mut()
        .for_each(|row| *row = normalizer.scale(row));
    let (train, held_out) = Dataset::new(&normal, &normal)?.split_at(3000);

    let mut order = random.permutation::<3000>();
    let mut trainer = Trainer::new(Autoencoder::new(1), Adam::new(0.003));
    for epoch in 1..=60 {
        random.shuffle(&mut order);
        trainer.epoch_of(train.select(&order)?, 32)?;
        if epoch % 10 == 0 {
            let unseen = trainer.network.evaluate(held_out)?;
            println!("epoch {epoch}: mean squared error of unseen normal rows {unseen:.4}");
        }
    }

    let error = |row: &[f32; 9]| trainer.network.loss(row, row);
    let mut errors: Vec<f32> = held_out.iter().map(|(row, _)| error(row)).collect();
    errors.sort_by(f32::total_cmp);
    let threshold = errors[errors.len() * 99 / 100]; // one false alarm in a hundred

    let (mut seen, mut scores) = (BinaryConfusionMatrix::new(), Vec::new());
    for (row, anomaly) in stream {
        let error = error(&normalizer.scale(row));
        seen.observe(error > threshold, *anomaly);
        scores.push((error, *anomaly));
    }
    println!(
        "\nthreshold {threshold:.4}, {} rows after it:\n{seen}",
        scores.len()
    );
    println!(
        "area under the ROC curve {:.4}",
        roc_auc(&mut scores).unwrap_or(f64::NAN)
    );
    Ok(())
}
