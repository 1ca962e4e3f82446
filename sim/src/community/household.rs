use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::Device;

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
    /// Somebody who has not applied yet.
    pub(super) fn unknown(name: &str, wallet: Keypair) -> Household {
        Household {
            name: name.to_string(),
            wallet,
            participant: Address::default(),
            seat: u16::MAX,
            tokens: Address::default(),
            devices: vec![],
        }
    }

    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }
}
