//! A regressor on the rows of a CSV file, tested by five-fold cross-validation.
//!
//! ```text
//! cargo run --release --example regressor
//! ```

use stackprop::{AdamW, Dataset, KFold, Mse, Normalizer, Random, Regression, Tanh, Trainer, net};

type Regressor = net![10 => 8, Tanh => 1, Mse];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Ten measurements of a patient, and how far the disease has come a year later.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/diabetes.csv");
    let records = csv::Reader::from_path(path)?.into_deserialize();
    let mut all: Vec<([f32; 10], [f32; 1])> = records.collect::<Result<_, _>>()?;
    let mut random = Random::new(1);
    random.shuffle(&mut all);
    let (rows, targets): (Vec<_>, Vec<_>) = all.into_iter().unzip();

    let order: Vec<usize> = (0..rows.len()).collect();
    let (mut buffer, mut seen) = (order.clone(), Regression::new());
    for fold in KFold::new(order.len(), 5)? {
        let (train, test) = fold.split(&order, &mut buffer)?;
        let x = Normalizer::fit(train.iter().map(|at| &rows[*at]))?;
        let y = Normalizer::fit(train.iter().map(|at| &targets[*at]))?;
        let scaled_rows: Vec<_> = rows.iter().map(|row| x.scale(row)).collect();
        let scaled_targets: Vec<_> = targets.iter().map(|target| y.scale(target)).collect();
        let data = Dataset::new(&scaled_rows, &scaled_targets)?;

        let mut trainer = Trainer::new(Regressor::new(1), AdamW::new(0.003).weight_decay(1.0));
        for _ in 0..60 {
            random.shuffle(train);
            trainer.epoch_of(data.select(train)?, 32)?;
        }
        trainer
            .network
            .evaluate_with(data.select(test)?, |y_hat, target| {
                seen.observe(y.unscale(y_hat)[0], y.unscale(target)[0]);
            })?;
    }
    println!(
        "{} patients, each tested by a network that had not seen it: {seen}",
        seen.count()
    );
    Ok(())
}
