//! A market on a cluster: whether it is one, and its accounts.

use joulebook_client::{
    layout::{
        account::{read_header, Account as _},
        market::Market,
        oracle::MeterTable,
    },
    steps::{MarketState, StateError},
    Addresses, MARKET_ID,
};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;

use crate::{ChainTime, Cluster, ClusterError, Snapshot};

/// Why a market can't be worked with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarketError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("this cluster has no market program ({MARKET_ID}); deploy the programs, or check the RPC addresses")]
    NoProgram,
    #[error("{0}: there is no such account; check address and cluster")]
    NoAccount(Address),
    #[error("{0} is no market; check its address")]
    NoMarket(Address),
    #[error("{account} has the layout {found}, and this program knows {known}; take programs and daemons of one release")]
    OtherLayout {
        account: Address,
        found: u8,
        known: u8,
    },
    #[error("{market} was made for the cluster with the genesis hash {named}, and this is {found}; check the RPC addresses")]
    OtherCluster {
        market: Address,
        named: Address,
        found: Address,
    },
    #[error(transparent)]
    State(#[from] StateError),
}

/// All accounts of a market, and the chain's clock, as they were at about the same time.
#[derive(Clone, Debug)]
pub struct MarketAccounts {
    pub now: ChainTime,
    snapshot: Snapshot,
}

impl MarketAccounts {
    /// The bytes of those that [`MarketState::accounts`] names, in that sequence.
    pub fn data(&self) -> Vec<&[u8]> {
        self.snapshot.all_data().split_off(1)
    }

    /// # Errors
    /// [`StateError`].
    pub fn state(&self, addresses: &Addresses) -> Result<MarketState, StateError> {
        MarketState::decode(addresses, &self.data())
    }
}

fn check_layout(account: Address, found: u8, known: u8) -> Result<(), MarketError> {
    match found == known {
        true => Ok(()),
        false => Err(MarketError::OtherLayout {
            account,
            found,
            known,
        }),
    }
}

impl Cluster {
    /// Where the accounts of a market are, which was made for this cluster.
    ///
    /// # Errors
    /// [`MarketError`].
    pub async fn market(&self, market: Address) -> Result<Addresses, MarketError> {
        let Some(account) = self.account(market).await? else {
            let program = self.account(MARKET_ID).await?;
            return Err(match program.is_some_and(|program| program.executable) {
                true => MarketError::NoAccount(market),
                false => MarketError::NoProgram,
            });
        };
        let parameters = read_header::<Market>(&account.data);
        let parameters = parameters.filter(|_| account.owner == MARKET_ID);
        let parameters = parameters.ok_or(MarketError::NoMarket(market))?;
        check_layout(market, parameters.version, Market::VERSION)?;
        let addresses = Addresses::of_market(&parameters);
        let table = self.account(addresses.meter_table).await?;
        let table = table.and_then(|account| read_header::<MeterTable>(&account.data));
        let table = table.ok_or(MarketError::NoMarket(market))?;
        check_layout(addresses.meter_table, table.version, MeterTable::VERSION)?;
        let named = table.cluster.into();
        let found = self.genesis_hash().await?.to_bytes().into();
        match found == named {
            true => Ok(addresses),
            false => Err(MarketError::OtherCluster {
                market,
                named,
                found,
            }),
        }
    }

    /// # Errors
    /// [`ClusterError`].
    pub async fn market_accounts(
        &self,
        addresses: &Addresses,
    ) -> Result<MarketAccounts, ClusterError> {
        let mut accounts = vec![clock::ID];
        accounts.extend(MarketState::accounts(addresses));
        let snapshot = self.accounts(&accounts).await?;
        let now = ChainTime::from_bytes(snapshot.data(0));
        let now = now.ok_or(ClusterError::Unreadable {
            what: "the chain's clock",
        })?;
        Ok(MarketAccounts { now, snapshot })
    }
}
