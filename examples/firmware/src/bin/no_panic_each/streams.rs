//! What goes along with a stream: scaling, buffers, scores, random numbers.

use core::hint::black_box;
use rand_core::TryRng;
use stackprop::{
    BinaryConfusionMatrix, ConfusionMatrix, Error, Losses, Mean, Normalizer, Random, Regression,
    Replay, Samples, metrics,
};

/// All of them.
pub(crate) fn streams() -> Result<(), Error> {
    scaled(black_box(&[[0.5; 3]; 5][..]))?;
    collected(black_box([0.5; 3]), black_box([1.0]))?;
    means(black_box(0.5));
    decisions();
    classes(black_box([0.5; 3]))?;
    scores(black_box(0.5));
    random()
}

#[inline(never)]
fn scaled(rows: &[[f32; 3]]) -> Result<(), Error> {
    let mut normalizer = Normalizer::new().half_life(black_box(100.0));
    for row in rows {
        normalizer.observe(row)?;
        black_box((normalizer.scale(row), normalizer.unscale(row)));
    }
    black_box((normalizer.count(), normalizer.mean()));
    black_box((normalizer.variance(), normalizer.deviation()));
    black_box(Normalizer::fit(rows)?);
    let of = black_box([0.5; 3]);
    black_box(Normalizer::from_mean_variance(of, of, black_box(10.0)));
    black_box(Normalizer::<3>::default());
    Ok(())
}

#[inline(never)]
fn collected(x: [f32; 3], y: [f32; 1]) -> Result<(), Error> {
    let mut samples = Samples::<3, 1, 4>::new();
    samples.push(x, y)?;
    black_box((samples.rows(), samples.targets()));
    samples.clear();
    black_box(samples);
    black_box(Samples::<3, 1, 4>::default());
    let (mut replay, mut random) = (Replay::<3, 1, 4>::new(), Random::new(black_box(3)));
    replay.observe(x, y, &mut random)?;
    black_box((replay.rows(), replay.targets(), replay.sample(&mut random)));
    black_box(Replay::<3, 1, 4>::default());
    Ok(())
}

#[inline(never)]
fn means(x: f32) {
    let mut mean = black_box(Mean::new());
    mean.push(x);
    mean.push_times(x, black_box(5));
    black_box((mean.count(), mean.mean(), Mean::default()));
    let mut losses = black_box(Losses::<10>::new());
    losses.push(x);
    losses.iter().for_each(|loss| {
        black_box(loss);
    });
    black_box((losses.mean(), losses.clone(), Losses::<10>::default()));
}

#[inline(never)]
fn decisions() {
    let mut seen = black_box(BinaryConfusionMatrix::new());
    seen.observe(black_box(true), black_box(false));
    black_box([seen.accuracy(), seen.precision(), seen.recall(), seen.f1()]);
    black_box(BinaryConfusionMatrix::default());
    let mut scores = [black_box((0.5, true)); 20];
    black_box(metrics::roc_auc(black_box(&mut scores[..])));
}

#[inline(never)]
fn classes(y: [f32; 3]) -> Result<(), Error> {
    let (mut seen, class) = (black_box(ConfusionMatrix::<3>::new()), black_box(2));
    seen.observe(&y, black_box(&y));
    seen.observe_class(class, black_box(1))?;
    black_box([seen.precision(class), seen.recall(class), seen.f1(class)]);
    black_box([seen.macro_precision(), seen.macro_recall(), seen.macro_f1()]);
    black_box((seen.accuracy(), seen.total()));
    black_box(seen.named(black_box(["a", "b", "c"])));
    black_box(ConfusionMatrix::<3>::default());
    Ok(())
}

#[inline(never)]
fn scores(x: f32) {
    let mut errors = black_box(Regression::new());
    errors.observe(x, black_box(x));
    black_box((errors.count(), errors.mae(), errors.rmse(), errors.r2()));
    black_box(Regression::default());
}

#[inline(never)]
fn random() -> Result<(), Error> {
    let mut random = Random::new(black_box(3));
    black_box((
        random.bits(),
        random.below(black_box(6)),
        random.uniform(black_box(0.5)),
    ));
    let mut order = black_box(random.permutation::<4>());
    random.shuffle(black_box(&mut order[..]));
    let mut other = black_box([0.5; 4]);
    random.shuffle_together(black_box(&mut order[..]), black_box(&mut other[..]))?;
    let mut bytes = [0; 7];
    let _ = black_box((random.try_next_u32(), random.try_next_u64()));
    let _ = black_box(random.try_fill_bytes(black_box(&mut bytes[..])));
    black_box(bytes);
    Ok(())
}
