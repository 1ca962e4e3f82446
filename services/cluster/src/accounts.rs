use std::sync::Arc;

use solana_account::Account;
use solana_account_decoder_client_types::{UiAccountEncoding, UiDataSliceConfig};
use solana_address::Address;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::RpcAccountInfoConfig;

use crate::{Cluster, ClusterError};

/// Accounts that one request may ask for.
const AT_ONCE: usize = 100;

/// Accounts as they were at about the same time.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The oldest slot that one of them is from.
    pub slot: u64,
    /// The newest one.
    pub newest_slot: u64,
    /// In the sequence in which they were asked for; `None` for one that does not exist.
    pub accounts: Vec<Option<Account>>,
    /// Likewise, how long the whole account is, bytes, however much of it was asked for.
    pub lens: Vec<Option<usize>>,
}

impl Snapshot {
    /// The bytes of the account at that place; none if it does not exist.
    pub fn data(&self, place: usize) -> &[u8] {
        let account = self.accounts.get(place).and_then(Option::as_ref);
        account.map_or(&[], |account| &account.data)
    }

    /// The bytes of each account; none of one that does not exist.
    pub fn all_data(&self) -> Vec<&[u8]> {
        (0..self.accounts.len())
            .map(|place| self.data(place))
            .collect()
    }
}

impl Cluster {
    /// # Errors
    /// [`ClusterError`].
    pub async fn accounts(&self, addresses: &[Address]) -> Result<Snapshot, ClusterError> {
        self.read(addresses, None).await
    }

    /// The first `len` bytes of each account.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn heads(&self, addresses: &[Address], len: usize) -> Result<Snapshot, ClusterError> {
        let slice = UiDataSliceConfig {
            offset: 0,
            length: len,
        };
        self.read(addresses, Some(slice)).await
    }

    /// `len` bytes of an account from `offset` on, fewer where it ends before; `None` if it does not exist.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn part(
        &self,
        address: Address,
        offset: usize,
        len: usize,
    ) -> Result<Option<Vec<u8>>, ClusterError> {
        let slice = UiDataSliceConfig {
            offset,
            length: len,
        };
        let snapshot = self.read(&[address], Some(slice)).await?;
        let account = snapshot.accounts.into_iter().flatten().next();
        Ok(account.map(|account| account.data))
    }

    /// The bytes of one account; `None` if it does not exist.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn account(&self, address: Address) -> Result<Option<Account>, ClusterError> {
        let snapshot = self.accounts(&[address]).await?;
        Ok(snapshot.accounts.into_iter().flatten().next())
    }

    /// Lamports; 0 of an account that does not exist.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn balance(&self, address: Address) -> Result<u64, ClusterError> {
        let snapshot = self.heads(&[address], 0).await?;
        let account = snapshot.accounts.into_iter().flatten().next();
        Ok(account.map_or(0, |account| account.lamports))
    }

    /// What an account of `len` bytes must hold, lamports.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn rent(&self, len: usize) -> Result<u64, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            client.get_minimum_balance_for_rent_exemption(len).await
        };
        self.ask("the rent of an account", ask).await
    }

    async fn read(
        &self,
        addresses: &[Address],
        slice: Option<UiDataSliceConfig>,
    ) -> Result<Snapshot, ClusterError> {
        let mut read = Snapshot {
            slot: u64::MAX,
            newest_slot: 0,
            accounts: Vec::with_capacity(addresses.len()),
            lens: Vec::with_capacity(addresses.len()),
        };
        for batch in addresses.chunks(AT_ONCE) {
            let config = || RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                data_slice: slice,
                commitment: None,
                min_context_slot: self.seen(),
            };
            let ask = |client: Arc<RpcClient>| {
                let config = config();
                async move {
                    client
                        .get_multiple_ui_accounts_with_config(batch, config)
                        .await
                }
            };
            let answer = self.ask("accounts", ask).await?;
            self.saw(answer.context.slot);
            read.slot = read.slot.min(answer.context.slot);
            read.newest_slot = read.newest_slot.max(answer.context.slot);
            for found in answer.value {
                let account = found.as_ref().map(|found| {
                    found
                        .to_account()
                        .ok_or(ClusterError::Unreadable { what: "an account" })
                });
                let account = account.transpose()?;
                let len = account.as_ref().map(|account| account.data.len());
                let whole = found.and_then(|found| found.space);
                read.lens.push(match slice {
                    Some(_) => whole.and_then(|len| usize::try_from(len).ok()).or(len),
                    None => len,
                });
                read.accounts.push(account);
            }
        }
        match read.accounts.len() == addresses.len() {
            true => Ok(read),
            false => Err(ClusterError::Unreadable {
                what: "the list of accounts",
            }),
        }
    }
}
