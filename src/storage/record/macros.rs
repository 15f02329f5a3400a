//! A struct as a part of a record.

/// Makes a struct of your own a [`Part`](crate::record::Part) of a record, and so a
/// [`Record`](crate::Record): its fields, in this order. Fields that are not listed are not stored.
///
/// The name of the struct and the names of the fields are part of the fingerprint of the
/// [`Contents`](crate::record::Contents): a record that was written by other names or in another
/// order is refused.
///
/// ```
/// use stackprop::{Adam, Normalizer, Record, Relu, SigmoidBce, Trainer, net, record};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
///
/// struct Learner {
///     trainer: Trainer<Detector, Adam>,
///     normalizer: Normalizer<3>,
///     epoch: u32,
/// }
/// record!(Learner { trainer, normalizer, epoch });
///
/// const _: () = stackprop::memory::assert_within(Learner::RECORD_BYTES, 1024);
/// ```
#[macro_export]
macro_rules! record {
    ($part:ident $(<$(const $name:ident: $type:ty),+>)? { $($field:tt),+ $(,)? }) => {
        impl<$($(const $name: $type,)+)?> $crate::record::Part for $part<$($($name,)+)?> {
            const CONTENTS: $crate::record::Contents = $crate::record::Contents::Fields(
                stringify!($part),
                &[$((
                    stringify!($field),
                    $crate::record::contents_of(|this: &Self| &this.$field),
                )),+],
            );

            fn write<S: $crate::record::Sink>(
                &self,
                sink: &mut S,
            ) -> Result<(), $crate::record::Error> {
                $($crate::record::Part::write(&self.$field, sink)
                    .map_err(|error| error.of_field(stringify!($field)))?;)+
                Ok(())
            }

            fn read<S: $crate::record::Source>(
                &mut self,
                source: &mut S,
            ) -> Result<(), $crate::record::Error> {
                $($crate::record::Part::read(&mut self.$field, source)
                    .map_err(|error| error.of_field(stringify!($field)))?;)+
                Ok(())
            }
        }
    };
}
