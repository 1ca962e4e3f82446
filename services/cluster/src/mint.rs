use solana_address::Address;
use spl_token_2022_interface::{extension::StateWithExtensions, state::Mint as MintState};

use crate::{Account, Cluster, ClusterError};

/// A token, by its mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    /// The token program.
    pub program: Address,
    /// 10^`decimals` atoms are a token.
    pub decimals: u8,
}

impl Mint {
    /// `None` if the account is no mint, of either token program.
    pub fn read(account: &Account) -> Option<Mint> {
        let programs = [spl_token_interface::ID, spl_token_2022_interface::ID];
        let is_known = programs.contains(&account.owner);
        let state = StateWithExtensions::<MintState>::unpack(&account.data).ok();
        Some(Mint {
            program: account.owner,
            decimals: state.filter(|_| is_known)?.base.decimals,
        })
    }
}

impl Cluster {
    /// `None` if that address is no mint's, of either token program.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn mint(&self, mint: Address) -> Result<Option<Mint>, ClusterError> {
        let account = self.account(mint).await?;
        Ok(account.as_ref().and_then(Mint::read))
    }
}
