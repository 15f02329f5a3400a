//! A classifier of the rows of a CSV file: a split, shuffled mini-batches, early stopping on
//! validation rows, a confusion matrix of unseen ones: `cargo run --release --example classifier`.

use stackprop::{
    Adam, ConfusionMatrix, Dataset, EarlyStopping, Normalizer, Random, Relu, SoftmaxCe,
    Standardize, Trainer, net,
};

type Classifier = net![4, Standardize => 8, Relu => 3, SoftmaxCe];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Four lengths of a flower in cm, and its species: 0, 1 or 2.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/iris.csv");
    let records = csv::Reader::from_path(path)?.into_deserialize();
    let all: Vec<([f32; 4], u8)> = records.collect::<Result<_, _>>()?;
    let (rows, labels): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let data = Dataset::new(&rows, &labels)?;

    let mut random = Random::new(1);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    random.shuffle(&mut order);
    let (train, others) = order.split_at_mut(90);
    let (validation, test) = data.select(others)?.split_at(30);

    let normalizer = Normalizer::fit(data.select(train)?.iter().map(|(row, _)| row))?;
    let mut trainer = Trainer::new(Classifier::new(1), Adam::new(0.01));
    trainer.network.layers.0 = Standardize::from(&normalizer);
    let mut best = EarlyStopping::new(&trainer.network, 20); // epochs without progress
    while !best.observe(trainer.network.evaluate(validation)?, &trainer.network) {
        random.shuffle(train);
        trainer.epoch_of(data.select(train)?, 16)?; // mini-batches of 16
    }
    best.restore(&mut trainer.network);

    let mut seen = ConfusionMatrix::new();
    let look = |y_hat: &_, target: &_| seen.observe(y_hat, target);
    trainer.network.evaluate_with(test, look)?;
    let names = ["setosa", "versicolor", "virginica"];
    println!("{}\n\n{}", trainer.network, seen.named(names));
    Ok(())
}
