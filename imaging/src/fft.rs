//! The Fourier transform of a square of N × N complex numbers, N a power of two, as correlating two pictures needs it.
//!
//! All rows are transformed at once, a row of the square taking the place of a number, so that the compiler can use the processor's
//! wide registers; no order is restored, since what is multiplied number by number needs none: a library's planner and its many
//! sizes would be most of what the browser loads of this room.

use std::f32::consts::TAU;

/// Real and imaginary parts apart, rows from the top.
#[derive(Clone)]
pub struct Square<const N: usize> {
    pub re: Vec<f32>,
    pub im: Vec<f32>,
}

impl<const N: usize> Square<N> {
    pub fn zero() -> Self {
        Self { re: vec![0.0; N * N], im: vec![0.0; N * N] }
    }

    pub fn clear(&mut self) {
        self.re.fill(0.0);
        self.im.fill(0.0);
    }
}

/// The factors of both directions.
pub struct Fourier<const N: usize> {
    cos: [f32; N],
    sin: [f32; N],
}

impl<const N: usize> Fourier<N> {
    pub fn new() -> Self {
        let angle = |k: usize| TAU * k as f32 / N as f32;
        Self { cos: std::array::from_fn(|k| angle(k).cos()), sin: std::array::from_fn(|k| angle(k).sin()) }
    }

    /// The frequencies, in an order of their own: transposed, and their indices' bits reversed.
    pub fn forward(&self, square: &mut Square<N>) {
        self.columns_forward(square);
        transpose::<N>(&mut square.re);
        transpose::<N>(&mut square.im);
        self.columns_forward(square);
    }

    /// Back from that order, times N².
    pub fn inverse(&self, square: &mut Square<N>) {
        self.columns_inverse(square);
        transpose::<N>(&mut square.re);
        transpose::<N>(&mut square.im);
        self.columns_inverse(square);
    }

    /// From wide butterflies to narrow ones.
    fn columns_forward(&self, square: &mut Square<N>) {
        let mut half = N / 2;
        while half > 0 {
            let step = N / 2 / half;
            for start in (0..N).step_by(2 * half) {
                for k in 0..half {
                    let (cos, sin) = (self.cos[k * step], -self.sin[k * step]);
                    let (re0, re1) = rows::<N>(&mut square.re, start + k, start + k + half);
                    let (im0, im1) = rows::<N>(&mut square.im, start + k, start + k + half);
                    for i in 0..N {
                        let (re, im) = (re0[i] - re1[i], im0[i] - im1[i]);
                        re0[i] += re1[i];
                        im0[i] += im1[i];
                        re1[i] = re * cos - im * sin;
                        im1[i] = re * sin + im * cos;
                    }
                }
            }
            half /= 2;
        }
    }

    /// From narrow butterflies to wide ones.
    fn columns_inverse(&self, square: &mut Square<N>) {
        let mut half = 1;
        while half < N {
            let step = N / 2 / half;
            for start in (0..N).step_by(2 * half) {
                for k in 0..half {
                    let (cos, sin) = (self.cos[k * step], self.sin[k * step]);
                    let (re0, re1) = rows::<N>(&mut square.re, start + k, start + k + half);
                    let (im0, im1) = rows::<N>(&mut square.im, start + k, start + k + half);
                    for i in 0..N {
                        let re = re1[i] * cos - im1[i] * sin;
                        let im = re1[i] * sin + im1[i] * cos;
                        re1[i] = re0[i] - re;
                        im1[i] = im0[i] - im;
                        re0[i] += re;
                        im0[i] += im;
                    }
                }
            }
            half *= 2;
        }
    }
}

fn rows<const N: usize>(values: &mut [f32], one: usize, two: usize) -> (&mut [f32; N], &mut [f32; N]) {
    let (rows, _) = values.as_chunks_mut::<N>();
    let (before, after) = rows.split_at_mut(two);
    (&mut before[one], &mut after[0])
}

fn transpose<const N: usize>(values: &mut [f32]) {
    for y in 0..N {
        for x in y + 1..N {
            values.swap(y * N + x, x * N + y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 64;

    #[test]
    fn there_and_back() {
        let mut square = Square::<N>::zero();
        for i in 0..N * N {
            square.re[i] = (i * 37 % 101) as f32;
            square.im[i] = (i * 53 % 89) as f32;
        }
        let before = square.clone();
        let fourier = Fourier::<N>::new();
        fourier.forward(&mut square);
        fourier.inverse(&mut square);
        for i in 0..N * N {
            assert!((square.re[i] / (N * N) as f32 - before.re[i]).abs() < 1e-2);
            assert!((square.im[i] / (N * N) as f32 - before.im[i]).abs() < 1e-2);
        }
    }

    #[test]
    fn correlation_peaks_at_the_shift() {
        let (mut one, mut two) = (Square::<N>::zero(), Square::<N>::zero());
        for (y, x, value) in [(10, 20, 1.0), (40, 25, 2.0), (33, 50, -1.5)] {
            one.re[(y + 5) * N + x + 7] = value;
            two.re[y * N + x] = value;
        }
        let fourier = Fourier::<N>::new();
        fourier.forward(&mut one);
        fourier.forward(&mut two);
        for i in 0..N * N {
            let (re, im) = (one.re[i] * two.re[i] + one.im[i] * two.im[i], one.im[i] * two.re[i] - one.re[i] * two.im[i]);
            (one.re[i], one.im[i]) = (re, im);
        }
        fourier.inverse(&mut one);
        let peak = (0..N * N).max_by(|a, b| one.re[*a].total_cmp(&one.re[*b])).unwrap();
        assert_eq!((peak / N, peak % N), (5, 7));
    }
}
