//! Accounts of a program, found by what is in them.

use std::sync::Arc;

use solana_account::Account;
use solana_account_decoder_client_types::{UiAccountEncoding, UiDataSliceConfig};
use solana_address::Address;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};

use crate::{Cluster, ClusterError};

/// Bytes that a filter compares at most.
const LONGEST: usize = 128;

/// What an account has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFilter {
    /// So many bytes.
    Len(usize),
    /// These bytes at that place; at most 128.
    Bytes { offset: usize, bytes: Vec<u8> },
}

impl Cluster {
    /// The program's accounts that pass all filters, of each the first `len` bytes, in the sequence of their addresses. A node
    /// looks through all accounts of the program for them: for people who ask now and then.
    ///
    /// # Errors
    /// [`ClusterError`]; also if there are more than `most`.
    pub async fn program_accounts(
        &self,
        program: Address,
        filters: &[AccountFilter],
        len: Option<usize>,
        most: usize,
    ) -> Result<Vec<(Address, Account)>, ClusterError> {
        let what = "accounts of a program";
        let ask = |client: Arc<RpcClient>| async move {
            let config = RpcProgramAccountsConfig {
                filters: Some(filters.iter().map(filter).collect()),
                account_config: RpcAccountInfoConfig {
                    encoding: Some(UiAccountEncoding::Base64),
                    data_slice: len.map(|length| UiDataSliceConfig { offset: 0, length }),
                    commitment: None,
                    min_context_slot: self.seen(),
                },
                ..RpcProgramAccountsConfig::default()
            };
            client
                .get_program_ui_accounts_with_config(&program, config)
                .await
        };
        let answer = self.ask(what, ask).await?;
        if answer.len() > most {
            return Err(ClusterError::TooMany { what, most });
        }
        let found = answer.into_iter().map(|(address, found)| {
            let account = found.to_account();
            let account = account.ok_or(ClusterError::Unreadable { what: "an account" })?;
            Ok((address, account))
        });
        let mut found = found.collect::<Result<Vec<_>, ClusterError>>()?;
        found.sort_unstable_by_key(|(address, _)| *address);
        Ok(found)
    }
}

fn filter(filter: &AccountFilter) -> RpcFilterType {
    match filter {
        AccountFilter::Len(len) => RpcFilterType::DataSize(*len as u64),
        AccountFilter::Bytes { offset, bytes } => {
            let bytes = &bytes[..bytes.len().min(LONGEST)];
            RpcFilterType::Memcmp(Memcmp::new_base58_encoded(*offset, bytes))
        }
    }
}
