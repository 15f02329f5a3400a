//! The numbers of an optimiser's state, to be written on.

use stackprop::optim::{Amsgrad, Buffered, Centered, Moments};

pub trait Numbers {
    fn count(&self) -> usize;
    fn set(&mut self, index: usize, value: f32);
}

impl Numbers for () {
    fn count(&self) -> usize {
        0
    }

    fn set(&mut self, _: usize, _: f32) {}
}

impl Numbers for f32 {
    fn count(&self) -> usize {
        1
    }

    fn set(&mut self, _: usize, value: f32) {
        *self = value;
    }
}

impl Numbers for Moments {
    fn count(&self) -> usize {
        2
    }

    fn set(&mut self, index: usize, value: f32) {
        *[&mut self.m, &mut self.v][index] = value;
    }
}

impl Numbers for Amsgrad {
    fn count(&self) -> usize {
        3
    }

    fn set(&mut self, index: usize, value: f32) {
        match index {
            2 => self.largest = value,
            index => self.moments.set(index, value),
        }
    }
}

impl Numbers for Centered {
    fn count(&self) -> usize {
        2
    }

    fn set(&mut self, index: usize, value: f32) {
        *[&mut self.variance, &mut self.mean][index] = value;
    }
}

impl<S: Numbers> Numbers for Buffered<S> {
    fn count(&self) -> usize {
        1 + self.averages.count()
    }

    fn set(&mut self, index: usize, value: f32) {
        match index {
            0 => self.buffer = value,
            index => self.averages.set(index - 1, value),
        }
    }
}
