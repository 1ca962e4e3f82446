//! Nonce accounts of whoever asks for a co-signature. Their addresses follow from the wallet and a number, so that they are found
//! again; each file has one of its own.

use joulebook_cluster::{Account, Nonce, NONCE_LEN};
use solana_address::Address;
use solana_sdk_ids::system_program;
use solana_system_interface::instruction as system;

use crate::{OperationError, Plan, Session};

/// Files that can be open at the same time.
pub const MAX_NONCES: u8 = 16;

/// A nonce account of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenNonce {
    pub number: u8,
    pub nonce: Nonce,
    /// What closing it gives back.
    pub lamports: u64,
}

fn seed(number: u8) -> String {
    format!("joulebook {number}")
}

fn address(wallet: &Address, number: u8) -> Address {
    // Fails for seeds longer than 32 bytes alone.
    Address::create_with_seed(wallet, &seed(number), &system_program::ID).unwrap_or_default()
}

impl Session {
    /// Those that exist.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn nonces(&self) -> Result<Vec<OpenNonce>, OperationError> {
        let found = self.nonce_accounts().await?;
        let open = found.into_iter().filter_map(|(number, account)| {
            let account = account?;
            let nonce = Nonce::of(address(&self.wallet(), number), &account)?;
            Some(OpenNonce {
                number,
                nonce,
                lamports: account.lamports,
            })
        });
        Ok(open.collect())
    }

    /// What makes the next one, and its address.
    ///
    /// # Errors
    /// [`OperationError::NoFreeNonce`] if there are as many as there can be.
    pub async fn new_nonce(&self) -> Result<(Plan, Address), OperationError> {
        let found = self.nonce_accounts().await?;
        // Lamports that somebody sent to the address make no account of it.
        let is_free = |account: &Option<Account>| match account {
            Some(account) => account.data.is_empty() && account.owner == system_program::ID,
            None => true,
        };
        let mut free = found.into_iter().filter(|(_, account)| is_free(account));
        let (number, account) = free.next().ok_or(OperationError::NoFreeNonce(MAX_NONCES))?;
        let (wallet, seed) = (self.wallet(), seed(number));
        let nonce = address(&wallet, number);
        let rent = self.cluster.rent(NONCE_LEN).await?;
        let missing = rent.saturating_sub(account.map_or(0, |account| account.lamports));
        let owner = system_program::ID;
        let len = NONCE_LEN as u64;
        let mut instructions = vec![
            system::transfer(&wallet, &nonce, missing),
            system::allocate_with_seed(&nonce, &wallet, &seed, len, &owner),
        ];
        // The first of the two refuses an address that has lamports.
        let create =
            system::create_nonce_account_with_seed(&wallet, &nonce, &wallet, &seed, &wallet, rent);
        instructions.extend(create.into_iter().last());
        let plan = Plan {
            what: format!("nonce account {number}"),
            instructions,
            rent: missing,
        };
        Ok((plan, nonce))
    }

    /// What closes one, and with it the file that was made with it.
    ///
    /// # Errors
    /// [`OperationError::NoNonce`].
    pub async fn close_nonce(&self, number: u8) -> Result<(Plan, u64), OperationError> {
        let open = self.nonces().await?;
        let one = open.into_iter().find(|one| one.number == number);
        let one = one.ok_or(OperationError::NoNonce(number))?;
        let wallet = self.wallet();
        let close =
            system::withdraw_nonce_account(&one.nonce.account, &wallet, &wallet, one.lamports);
        let plan = Plan::new(format!("closing nonce account {number}"), close);
        Ok((plan, one.lamports))
    }

    async fn nonce_accounts(&self) -> Result<Vec<(u8, Option<Account>)>, OperationError> {
        let wallet = self.wallet();
        let addresses: Vec<Address> = (0..MAX_NONCES)
            .map(|number| address(&wallet, number))
            .collect();
        let found = self.cluster.accounts(&addresses).await?;
        Ok((0..MAX_NONCES).zip(found.accounts).collect())
    }
}
