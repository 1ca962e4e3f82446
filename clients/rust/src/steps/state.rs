use joulebook_layout::{
    account::read_header,
    market::{Ledger, Market, Window},
    oracle::Interval,
    Account,
};
use solana_address::Address;

use crate::Addresses;

/// The headers of all accounts that a market's windows depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketState {
    pub market: Market,
    pub ledger: Ledger,
    /// Window slots whose account exists.
    pub windows: Vec<Window>,
    /// Interval slots whose account exists.
    pub intervals: Vec<Interval>,
}

/// An account that is no header of the kind it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error("{0} is not the account it should be; check the community's address")]
    WrongAccount(Address),
    #[error("not as many accounts as were asked for")]
    WrongCount,
}

impl MarketState {
    /// Bytes of each account that matter: no header is longer. Enough to ask a node for.
    pub const HEADER_LEN: usize = Market::LEN;

    /// The accounts to read: market, ledger, then the slots of both rings.
    pub fn accounts(addresses: &Addresses) -> Vec<Address> {
        let windows = (0..addresses.ring).map(|slot| addresses.window_slot(slot));
        let intervals = (0..addresses.interval_ring).map(|slot| addresses.interval_slot(slot));
        [addresses.market, addresses.ledger]
            .into_iter()
            .chain(windows)
            .chain(intervals)
            .collect()
    }

    /// Decodes the data of [`MarketState::accounts`], in their sequence; empty for an account that does
    /// not exist, which only slots may.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn decode(
        addresses: &Addresses,
        data: &[impl AsRef<[u8]>],
    ) -> Result<MarketState, StateError> {
        let (windows, intervals) = (
            usize::from(addresses.ring),
            usize::from(addresses.interval_ring),
        );
        let [market, ledger, slots @ ..] = data else {
            return Err(StateError::WrongCount);
        };
        if slots.len() != windows + intervals {
            return Err(StateError::WrongCount);
        }
        let (windows, intervals) = slots.split_at(windows);
        let exist = |data: &&[u8]| !data.is_empty();
        Ok(MarketState {
            market: header((addresses.market, market.as_ref()))?,
            ledger: header((addresses.ledger, ledger.as_ref()))?,
            windows: windows
                .iter()
                .map(AsRef::as_ref)
                .filter(exist)
                .map(|data| header((addresses.market, data)))
                .collect::<Result<_, _>>()?,
            intervals: intervals
                .iter()
                .map(AsRef::as_ref)
                .filter(exist)
                .map(|data| header((addresses.meter_table, data)))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn header<T: Account>((address, data): (Address, &[u8])) -> Result<T, StateError> {
    read_header(data).ok_or(StateError::WrongAccount(address))
}
