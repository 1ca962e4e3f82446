//! Random numbers with a shape.

use rand::{Rng, RngExt};

/// A normally distributed number, mean 0, variance 1 (Box and Muller, 1958).
pub fn normal(rng: &mut impl Rng) -> f64 {
    // 1 less a number below 1 is never 0, whose logarithm there is not.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

/// A first-order autoregressive process, mean 0, variance 1: it forgets by a factor of e within
/// `memory`, both in steps.
#[derive(Clone, Copy, Debug)]
pub struct Autoregressive {
    value: f64,
    keep: f64,
}

impl Autoregressive {
    pub fn new(memory: f64, rng: &mut impl Rng) -> Autoregressive {
        Autoregressive {
            value: normal(rng),
            keep: (-1.0 / memory).exp(),
        }
    }

    pub fn next(&mut self, rng: &mut impl Rng) -> f64 {
        let fresh = (1.0 - self.keep * self.keep).sqrt();
        self.value = self.keep * self.value + fresh * normal(rng);
        self.value
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

    use super::*;

    #[test]
    fn mean_variance_and_memory_are_as_promised() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut process = Autoregressive::new(10.0, &mut rng);
        let values: Vec<f64> = (0..200_000).map(|_| process.next(&mut rng)).collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / count;
        let lagged = values.iter().zip(values.iter().skip(10));
        let correlation = lagged.map(|(a, b)| a * b).sum::<f64>() / count;
        assert!(mean.abs() < 0.05, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
        assert!(
            (correlation - (-1.0_f64).exp()).abs() < 0.05,
            "{correlation}"
        );
    }
}
