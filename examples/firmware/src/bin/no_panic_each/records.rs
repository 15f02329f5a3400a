//! Records of every part that there is.

use core::hint::black_box;
use stackprop::optim::{Amsgrad, Buffered, Centered, Corrections, Moments, NAdamShared};
use stackprop::record::{AnyF32, Contents, Error, Header, Part, Record, Sink, Source};
use stackprop::{
    Adagrad, Adam, AdamW, BinaryConfusionMatrix, ConfusionMatrix, EarlyStopping, Groups, Guard,
    Losses, Mean, NAdam, Network, Normalizer, Online, Random, Regression, Relu, Replay, RmsProp,
    Samples, Setting, Sgd, SigmoidBce, Sums, Trainer, net,
};

type Net = net![3 => 4, Relu => 1, SigmoidBce];

/// All of them.
pub(crate) fn records() -> Result<(), Error> {
    numbers()?;
    optimisers()?;
    states()?;
    learners()?;
    streams()?;
    black_box(Error::from(black_box(Setting::Lr)));
    let header = black_box(&[0; 40][..]);
    black_box((Header::read(header)?, Header::verify(header)?));
    let contents: &Contents = black_box(&<Kept<Net>>::CONTENTS);
    black_box((contents.bytes(), contents.numbers()));
    black_box((contents.fingerprint(), contents.network()));
    Ok(())
}

/// A part that passes on what it is asked, and has a number of its own.
struct Kept<P>(P, u8);

impl<P: Part> Part for Kept<P> {
    const CONTENTS: Contents =
        Contents::Fields("Kept", &[("0", &P::CONTENTS), ("1", &u8::CONTENTS)]);

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.0.write(sink)?;
        sink.put(self.1)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        self.0.read(source)?;
        let number = source.next()?;
        black_box(source.keeps());
        source.keep(&mut self.1, number);
        Ok(())
    }
}

/// A record with this part, written and read.
#[inline(never)]
fn record<P: Part>(part: P) -> Result<(), Error> {
    let mut part = black_box(Kept(part, 1));
    let mut bytes = [0; 1024];
    let bytes = black_box(&mut bytes[..]);
    part.to_bytes(black_box(1), bytes)?;
    black_box(part.from_bytes(bytes)?);
    black_box(part);
    Ok(())
}

fn numbers() -> Result<(), Error> {
    record(())?;
    record::<bool>(true)?;
    record::<u8>(1)?;
    record::<u16>(1)?;
    record::<u32>(1)?;
    record::<u64>(1)?;
    record::<i8>(1)?;
    record::<i16>(1)?;
    record::<i32>(1)?;
    record::<i64>(1)?;
    record::<f32>(1.0)?;
    record::<f64>(1.0)?;
    record(AnyF32(1.0))?;
    record([1_u32; 3])
}

fn optimisers() -> Result<(), Error> {
    record(Sgd::new(0.1))?;
    record(Sgd::new(0.1).weight_decay(0.1))?;
    record(Sgd::new(0.1).momentum(0.9))?;
    record(Sgd::new(0.1).momentum(0.9).weight_decay(0.1))?;
    record(Adam::new(0.1))?;
    record(Adam::new(0.1).amsgrad())?;
    record(AdamW::new(0.1))?;
    record(AdamW::new(0.1).amsgrad())?;
    record(NAdam::new(0.1))?;
    record(Adagrad::new(0.1))?;
    record(RmsProp::new(0.1))?;
    record(RmsProp::new(0.1).momentum(0.9))?;
    record(RmsProp::new(0.1).centered())?;
    record(RmsProp::new(0.1).centered().momentum(0.9))?;
    record(Groups::by_kind(Sgd::new(0.1), Sgd::new(0.2)))
}

fn states() -> Result<(), Error> {
    record(Moments::default())?;
    record(Amsgrad::default())?;
    record(Centered::default())?;
    record(<Buffered<f32>>::default())?;
    record(<Buffered<Centered>>::default())?;
    record(Corrections::default())?;
    record(NAdamShared::default())
}

fn learners() -> Result<(), Error> {
    let net = Net::zeros();
    record(<Network<_, _, 3, 1>>::from_layers(net.layers, net.head))?;
    record(Trainer::new(net, Sgd::new(0.1)))?;
    record(Online::new(net, Adam::new(0.1)))?;
    record(EarlyStopping::new(&net, 3))?;
    record(<Sums<Net>>::new())?;
    record(Guard::new())
}

fn streams() -> Result<(), Error> {
    record(<Normalizer<3>>::new())?;
    record(<Losses<4>>::new())?;
    record(Mean::new())?;
    record(Regression::new())?;
    record(BinaryConfusionMatrix::new())?;
    record(<ConfusionMatrix<3>>::new())?;
    record(<Samples<3, 1, 4>>::new())?;
    record(<Replay<3, 1, 4>>::new())?;
    record(Random::new(1))
}
