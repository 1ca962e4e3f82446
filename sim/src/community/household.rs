use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::Device;

/// A member of the community with its wallet, seat and meters.
pub struct Household {
    pub name: String,
    pub wallet: Keypair,
    pub participant: Address,
    /// Index of the participant and of its seat.
    pub seat: u16,
    /// Where its tokens are.
    pub tokens: Address,
    pub devices: Vec<Device>,
}

impl Household {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }
}
