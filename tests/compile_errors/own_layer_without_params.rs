//! A layer of one's own whose parameters are not named.
// E0277

use stackprop::{Layer, layers::Pass, simd::Vector};

#[derive(Clone, Copy)]
struct Scale<T = f32> {
    factor: T,
}
impl Layer<3, 3> for Scale {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; 3], (): &mut (), y: &mut [V; 3]) {
        *y = x.map(|x| V::splat(self.factor) * x);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), 3, 3>,
        dy: &[V; 3],
        grad: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; 3]>,
    ) {
    }
}

fn main() {}
