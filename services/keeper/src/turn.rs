//! Which of several keepers acts first. Each waits another time before it acts, in every window another one, and looks again
//! behind that: whoever comes later finds nothing left to do. Nobody needs to know of the others.

use std::time::Duration;

use sha2::{Digest, Sha256};
use solana_address::Address;

/// How long this keeper waits, at most `longest`, with what is due at `moment`, unix seconds.
pub fn pause(keeper: &Address, moment: i64, longest: Duration) -> Duration {
    let mut hash = Sha256::new();
    hash.update(keeper.as_ref());
    hash.update(moment.to_le_bytes());
    let [first, second, ..] = <[u8; 32]>::from(hash.finalize());
    longest * u32::from(u16::from_le_bytes([first, second])) / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_differ_between_keepers_and_between_windows() {
        let [one, two] = [[1; 32], [2; 32]].map(Address::new_from_array);
        let longest = Duration::from_secs(2);
        let first = |moment| pause(&one, moment, longest) < pause(&two, moment, longest);
        let turns = (0..1_000).filter(|moment| first(*moment)).count();
        // A fair coin falls between these with all but certainty.
        assert!((400..600).contains(&turns), "{turns}");
        assert!((0..1_000).all(|moment| pause(&one, moment, longest) <= longest));
        assert_eq!(pause(&one, 7, Duration::ZERO), Duration::ZERO);
    }
}
