//! A classifier of the rows of a CSV file: a split, shuffled mini-batches, early stopping on
//! validation rows, and a confusion matrix of rows that it has not seen.
//!
//! ```text
//! cargo run --release --example classifier
//! ```

use stackprop::{
    Adam, ConfusionMatrix, Dataset, EarlyStopping, Normalizer, Random, Relu, SoftmaxCe,
    Standardize, Trainer, net,
};

type Classifier = net![4, Standardize => 8, Relu => 3, SoftmaxCe];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Four lengths of a flower in cm, and its species.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/iris.csv");
    let records = csv::Reader::from_path(path)?.into_deserialize();
    let all: Vec<([f32; 4], u8)> = records.collect::<Result<_, _>>()?;
    let (rows, labels): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let data = Dataset::new(&rows, &labels)?;

    let mut random = Random::new(1);
    let mut order = random.permutation::<150>();
    let (train, others) = order.split_at_mut(90);
    let (validation, test) = data.select(others)?.split_at(30);

    let normalizer = Normalizer::fit(data.select(train)?.iter().map(|(row, _)| row))?;
    let mut trainer = Trainer::new(Classifier::new(1), Adam::new(0.01));
    trainer.network.layers.0 = Standardize::from(&normalizer);

    let mut best = EarlyStopping::new(&trainer.network, 20); // epochs without progress
    while !best.observe(trainer.network.evaluate(validation)?, &trainer.network) {
        random.shuffle(train);
        trainer.epoch_of(data.select(train)?, 16)?;
    }
    best.restore(&mut trainer.network);

    let network = trainer.network;
    let mut seen = ConfusionMatrix::new();
    let loss = network.evaluate_with(test, |y_hat, target| seen.observe(y_hat, target))?;
    println!(
        "{network}\n\n{}",
        seen.named(["setosa", "versicolor", "virginica"])
    );
    println!("loss {loss:.4}, in validation {:.4}", best.loss());
    Ok(())
}
