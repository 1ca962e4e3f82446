//! Instructions that find their accounts by themselves: participants by their wallets, books and pages by the time of
//! their windows. All are methods of [`Addresses`].
//!
//! | module | who sends them |
//! | --- | --- |
//! | `registry` | whoever joins, and who lets them in |
//! | `meter_table` | the authority: setting up, closing |
//! | `meters` | verifiers, with the owners of the meters |
//! | `readings` | gateways; verifiers who correct them |
//! | `pages`, `windows` | keepers, [`crate::steps`] says which of them are due; prices, the supplier |
//! | `orders`, `standing`, `seats` | participants and their delegates |
//! | `door` | the authority, seat owners, programs that money is held for |
//! | `market` | the authority: setting up, terms, closing |

mod door;
mod market;
mod meter_table;
mod meters;
mod orders;
mod pages;
mod readings;
mod registry;
mod seats;
mod standing;
mod windows;

pub use registry::Application;

use solana_address::Address;

use crate::Addresses;

/// Creates accounts.
pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

/// Who signs what not the authority alone may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub signer: Address,
    /// The signer's record with the role; `None` for the authority itself.
    pub participant: Option<Address>,
}

impl Actor {
    pub fn authority(signer: Address) -> Actor {
        Actor {
            signer,
            participant: None,
        }
    }

    /// The participant with this wallet.
    pub fn participant(addresses: &Addresses, wallet: Address) -> Actor {
        Actor {
            signer: wallet,
            participant: Some(addresses.participant(&wallet)),
        }
    }
}

/// Whose meter it is. A wallet alone stands for an owner who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub wallet: Address,
    /// Whether it agrees to what can cost it something.
    pub signs: bool,
}

impl Owner {
    /// One who need not sign.
    pub fn absent(wallet: Address) -> Owner {
        Owner {
            wallet,
            signs: false,
        }
    }

    fn signer(&self) -> Option<Address> {
        self.signs.then_some(self.wallet)
    }
}

impl From<Address> for Owner {
    fn from(wallet: Address) -> Owner {
        Owner {
            wallet,
            signs: true,
        }
    }
}
