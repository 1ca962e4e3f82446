//! The keys of whoever is on a chain: all of them follow from its seed.

use rand::Rng;
use rand_chacha::{rand_core::SeedableRng, ChaCha20Rng};
use solana_keypair::Keypair;

use super::Chain;

/// Keys without end. Addresses, and with them what programs take to find them, depend on these alone.
pub(super) struct Keys(ChaCha20Rng);

impl Keys {
    pub fn from_seed(seed: u64) -> Keys {
        Keys(ChaCha20Rng::seed_from_u64(seed))
    }

    pub fn next(&mut self) -> Keypair {
        let mut secret = [0; 32];
        self.0.fill_bytes(&mut secret);
        Keypair::new_from_array(secret)
    }
}

impl Chain {
    /// A key that nobody has yet: the next one of the chain's seed.
    pub fn new_key(&mut self) -> Keypair {
        self.keys.next()
    }
}
