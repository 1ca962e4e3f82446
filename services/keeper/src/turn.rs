//! Which of several keepers acts first. Each waits another time before it acts, in every window another one, and looks again
//! behind that: whoever comes later finds nothing left to do. Nobody needs to know of the others.

use std::time::Duration;

use sha2::{Digest, Sha256};
use solana_address::Address;

/// Whatever is configured.
const LONGEST: Duration = Duration::from_secs(3_600);

/// How long this keeper waits, at most `longest`, with what is due at `moment`, unix seconds. `salt` is its own: two that pay from
/// one wallet wait differently, too.
pub fn pause(keeper: &Address, salt: u64, moment: i64, longest: Duration) -> Duration {
    let mut hash = Sha256::new();
    hash.update(keeper.as_ref());
    hash.update(salt.to_le_bytes());
    hash.update(moment.to_le_bytes());
    let [first, second, ..] = <[u8; 32]>::from(hash.finalize());
    let part = f64::from(u16::from_le_bytes([first, second])) / f64::from(u16::MAX);
    longest.min(LONGEST).mul_f64(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_differ_between_keepers_and_between_windows() {
        let [one, two] = [[1; 32], [2; 32]].map(Address::new_from_array);
        let longest = Duration::from_secs(2);
        // A fair coin falls between these with all but certainty.
        let is_fair = |first: &dyn Fn(i64) -> bool| {
            let turns = (0..1_000).filter(|moment| first(*moment)).count();
            assert!((400..600).contains(&turns), "{turns}");
        };
        is_fair(&|moment| pause(&one, 0, moment, longest) < pause(&two, 0, moment, longest));
        is_fair(&|moment| pause(&one, 1, moment, longest) < pause(&one, 2, moment, longest));
        assert!((0..1_000).all(|moment| pause(&one, 0, moment, longest) <= longest));
        assert_eq!(pause(&one, 0, 7, Duration::ZERO), Duration::ZERO);
        assert!(pause(&one, 0, 7, Duration::MAX) <= LONGEST);
    }
}
