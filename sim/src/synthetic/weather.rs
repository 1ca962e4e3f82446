use joulebook_units::{Seconds, SECONDS_PER_HOUR};
use rand_chacha::ChaCha8Rng;

use super::noise::Autoregressive;

/// A cloud stays over the community for about so many hours.
const CLOUD_HOURS: f64 = 1.5;

/// How much of the clear sky's light comes through, interval by interval.
#[derive(Debug)]
pub struct Weather {
    clouds: Autoregressive,
    rng: ChaCha8Rng,
}

impl Weather {
    /// For intervals of `length`.
    pub fn new(length: Seconds, mut rng: ChaCha8Rng) -> Weather {
        let memory = CLOUD_HOURS * SECONDS_PER_HOUR as f64 / length.0 as f64;
        Weather {
            clouds: Autoregressive::new(memory, &mut rng),
            rng,
        }
    }

    /// The next interval's share: a tenth under dark clouds, a little above 1 between bright ones.
    pub fn next(&mut self) -> f64 {
        (0.7 + 0.3 * self.clouds.next(&mut self.rng)).clamp(0.1, 1.05)
    }
}
