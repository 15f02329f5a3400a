//! The text of what a record holds, and its fingerprints.

use crate::{Learner, Small, bytes_of, crc32, refuses};
use stackprop::optim::{Amsgrad, Centered, NotCentered, RmsMomentum};
use stackprop::record::{AnyF32, Contents, Error, Part, Sink, Source};
use stackprop::{
    Adagrad, Adam, AdamW, BinaryConfusionMatrix, ConfusionMatrix, EarlyStopping, Losses, Mean,
    NAdam, Normalizer, Online, Record, Regression, Relu, Replay, RmsProp, Samples, Sgd, SigmoidBce,
    Sums, Trainer, net, record,
};

type Other = net![3 => 4, Relu => 1, SigmoidBce];

/// The fingerprint is that of the text, and the bytes are those that are written.
fn agrees<P: Part>(text: &str) {
    let contents = P::CONTENTS;
    assert_eq!(contents.to_string(), text);
    assert_eq!(contents.fingerprint(), crc32(text.as_bytes()));
    assert_eq!(P::RECORD_BYTES, 32 + contents.bytes());
}

#[test]
fn contents_are_written_as_a_text() {
    agrees::<u8>("u8");
    agrees::<[[bool; 3]; 2]>("[2][3]bool");
    agrees::<Other>("Network[21]f32");
    agrees::<Mean>("Mean{sum:ExactSum{words:[11]u32,up:bool,down:bool},count:u64}");
    agrees::<Losses<3>>("Losses{length:u32,losses:[3]f32bits}");
    agrees::<Samples<3, 1, 4>>("Samples{length:u32,samples:[4]Sample{row:[3]f32,target:[1]f32}}");
    agrees::<Replay<1, 2, 3>>(
        "Replay{samples:Samples{length:u32,samples:[3]Sample{row:[1]f32,target:[2]f32}},seen:u64}",
    );
    agrees::<EarlyStopping<Other>>(
        "EarlyStopping{params:Network[21]f32,loss:f32bits,waited:u32,patience:u32,min_delta:f32}",
    );
    agrees::<Sums<Other>>("Sums{count:u64,loss:f32,weight:f32,grad:Network[21]f32}");
    agrees::<BinaryConfusionMatrix>(
        "BinaryConfusionMatrix{true_positives:u32,false_positives:u32,\
         true_negatives:u32,false_negatives:u32}",
    );
    agrees::<ConfusionMatrix<4>>("ConfusionMatrix{counts:[4][4]u32}");
    agrees::<Regression>("Regression{count:u64,absolute:f64,squares:f64,mean:f64,around:f64}");
    agrees::<Normalizer<5>>(
        "Normalizer{mean:[5]f64,rest:[5]f64,variance:[5]f64,count:f64,forget:f64}",
    );
}

/// The contents of training with an optimiser of these contents.
fn text(optimizer: &str, shared: &str, state: &str) -> String {
    format!(
        "Training{{network:Network[21]f32,optimizer:{optimizer},\
         guard:Guard{{max_norm:f32bits,max_weight:f32bits}},shared:{shared},state:[21]{state}}}"
    )
}

#[test]
fn the_contents_of_training_are_a_text() {
    let corrections = "Corrections{m:f32,v:f32,rest:[2]f32}";
    let adam = "{lr:f32,beta1:f32,beta2:f32,eps:f32,weight_decay:f32}";
    let sgd = text("Sgd{lr:f32}", "()", "()");
    agrees::<Online<Other, Sgd>>(&sgd);
    agrees::<Trainer<Other, Sgd>>(&sgd);
    let moments = "Moments{m:f32,v:f32}";
    agrees::<Online<Other, Adam>>(&text(&format!("Adam{adam}"), corrections, moments));
    agrees::<Online<Other, AdamW>>(&text(&format!("AdamW{adam}"), corrections, moments));
    let largest = "Moments{m:f32,v:f32,largest:f32}";
    let amsgrad = text(&format!("Amsgrad{adam}"), corrections, largest);
    agrees::<Online<Other, Adam<Amsgrad>>>(&amsgrad);
    let amsgrad = text(&format!("AmsgradW{adam}"), corrections, largest);
    agrees::<Online<Other, AdamW<Amsgrad>>>(&amsgrad);
    let nadam = "NAdam{lr:f32,beta1:f32,beta2:f32,eps:f32,weight_decay:f32,\
                 momentum_decay:f32,decoupled_weight_decay:bool}";
    let shared = format!("NAdamShared{{steps:u32,corrections:{corrections}}}");
    agrees::<Trainer<Other, NAdam>>(&text(nadam, &shared, moments));
    let adagrad = "Adagrad{lr:f32,lr_decay:f32,weight_decay:f32,\
                   initial_accumulator_value:f32,eps:f32}";
    agrees::<Online<Other, Adagrad>>(&text(adagrad, "u32", "f32"));
}

#[test]
fn the_contents_of_rmsprop_are_a_text() {
    let settings = "lr:f32,alpha:f32,eps:f32,weight_decay:f32";
    let plain = format!("RmsProp{{{settings}}}");
    agrees::<Online<Other, RmsProp>>(&text(&plain, "()", "f32"));
    let centered = format!("CenteredRmsProp{{{settings}}}");
    let state = "Centered{mean:f32,variance:f32}";
    agrees::<Online<Other, RmsProp<Centered>>>(&text(&centered, "()", state));
    let momentum = format!("RmsProp{{{settings},momentum:f32}}");
    let state = "Buffered{v:f32,buffer:f32}";
    agrees::<Trainer<Other, RmsProp<NotCentered, RmsMomentum>>>(&text(&momentum, "()", state));
    let both = format!("CenteredRmsProp{{{settings},momentum:f32}}");
    let state = "Buffered{mean:f32,variance:f32,buffer:f32}";
    agrees::<Trainer<Other, RmsProp<Centered, RmsMomentum>>>(&text(&both, "()", state));
}

/// A struct with a constant, and one without names of fields.
#[derive(Clone)]
struct Two<const N: usize> {
    nets: [Small; N],
    other: Other,
}
record!(Two<const N: usize> { nets, other });

struct Numbers(u16, [i8; 2], AnyF32);
record!(Numbers { 0, 1, 2 });

#[test]
fn the_fingerprint_of_several_networks_is_that_of_theirs() {
    assert_eq!(Numbers::CONTENTS.network(), 0);
    assert_eq!(Learner::CONTENTS.network(), Small::FINGERPRINT);
    let networks = [Small::FINGERPRINT, Small::FINGERPRINT, Other::FINGERPRINT];
    let bytes: Vec<u8> = networks.iter().flat_map(|n| n.to_le_bytes()).collect();
    assert_eq!(<Two<2>>::CONTENTS.network(), crc32(&bytes));
    agrees::<Two<2>>("Two{nets:[2]Network[9]f32,other:Network[21]f32}");

    let nets = [Small::new(1), Small::new(2)];
    let (mut two, other) = (
        Two {
            nets,
            other: Other::new(3),
        },
        Other::new(4),
    );
    let mut read = Two {
        nets: [nets[1]; 2],
        other,
    };
    read.from_bytes(&bytes_of(&two, 0)).unwrap();
    assert_eq!((read.nets, read.other), (two.nets, two.other));
    let one = Two {
        nets: [nets[0]],
        other,
    };
    assert!(matches!(
        refuses(&mut two, &bytes_of(&one, 0)),
        Error::OtherNetwork { .. }
    ));
}

#[test]
fn numbers_of_a_struct_come_back() {
    agrees::<Numbers>("Numbers{0:u16,1:[2]i8,2:f32bits}");
    let bytes = bytes_of(&Numbers(0x1234, [-1, 5], AnyF32(f32::NEG_INFINITY)), 9);
    assert_eq!(bytes[28..36], [0x34, 0x12, 0xff, 5, 0, 0, 0x80, 0xff]);
    let mut read = Numbers(0, [0; 2], AnyF32(0.0));
    assert_eq!(read.from_bytes(&bytes), Ok(9));
    assert_eq!(
        (read.0, read.1, read.2.0),
        (0x1234, [-1, 5], f32::NEG_INFINITY)
    );
}

#[test]
fn a_tree_counts_numbers_and_bytes() {
    const LEAF: Contents = Contents::Number("u16", 2);
    const TREE: Contents =
        Contents::Array(3, &Contents::Fields("A", &[("a", &LEAF), ("b", &LEAF)]));
    assert_eq!((TREE.numbers(), TREE.bytes()), (6, 12));
    assert_eq!(Learner::CONTENTS.numbers(), 9 + 4 + 2 + 1 + 9 + 8 + 1 + 1);
}

/// A part by hand that has not as many numbers as its contents say.
#[derive(Clone, Copy)]
struct Wrong<const N: usize>(u8);

impl<const N: usize> Part for Wrong<N> {
    const CONTENTS: Contents = <[u8; N]>::CONTENTS;

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        [self.0; 2].write(sink)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        self.0.read(source)?;
        self.0.read(source)
    }
}

#[test]
fn a_part_that_is_not_its_contents_is_refused() {
    bytes_of(&Wrong::<2>(1), 0);
    let (expected, found) = (35, 34);
    let short = Wrong::<3>(1).to_bytes(0, &mut [0; 35]);
    assert_eq!(short, Err(Error::Length { expected, found }));
    // Long by one byte, which would be the checksum's.
    assert!(Wrong::<1>(1).to_bytes(0, &mut [0; 33]).is_err());
}

/// The best weights of another network are refused, though they are as many.
#[test]
fn best_weights_have_a_network() {
    let mut best = EarlyStopping::new(&<net![3 => 4, Relu => 1, SigmoidBce]>::new(1), 3);
    let other = EarlyStopping::new(&<net![3 => 4, stackprop::Tanh => 1, SigmoidBce]>::new(1), 3);
    let error = refuses(&mut best, &bytes_of(&other, 0));
    assert!(matches!(error, Error::OtherNetwork { .. }), "{error}");
}
