use joulebook_layout::{account::read_header, market::Market, registry::Community};
use solana_address::Address;

use crate::{
    tables::{
        BookHead, IntervalPageTable, LedgerTable, MeterRecords, PageTable, StandingTable,
        TableError,
    },
    Addresses,
};

/// All accounts that a market's windows depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketState {
    pub community: Community,
    pub market: Market,
    pub ledger: LedgerTable,
    pub meter_table: MeterRecords,
    /// `None` if the market has none that can be used.
    pub standing_orders: Option<StandingTable>,
    /// Book slots that can be used.
    pub books: Vec<BookHead>,
    /// Page slots that can be used.
    pub pages: Vec<PageTable>,
    /// The oracle's page slots that can be used.
    pub interval_pages: Vec<IntervalPageTable>,
}

/// An account that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error("{0} is not the account it should be; check the community's address")]
    WrongAccount(Address),
    #[error("{0} has not its full length yet; call grow_table until it has")]
    NotGrown(Address),
    #[error(
        "not as many accounts as were asked for; pass the data of each, empty if it does not exist"
    )]
    WrongCount,
}

impl MarketState {
    /// The accounts to read: community, market, ledger, meter table, standing orders, then the slots of the rings: books, pages,
    /// interval pages. Of a book, the first [`BookHead::len`] bytes are enough to ask a node for.
    pub fn accounts(addresses: &Addresses) -> Vec<Address> {
        let books = (0..addresses.books).map(|slot| addresses.book_slot(slot));
        let pages = (0..addresses.pages).map(|slot| addresses.page_slot(slot));
        let interval_pages = (0..addresses.pages).map(|slot| addresses.interval_page_slot(slot));
        let tables = [
            addresses.community,
            addresses.market,
            addresses.ledger,
            addresses.meter_table,
            addresses.standing_orders,
        ];
        tables
            .into_iter()
            .chain(books)
            .chain(pages)
            .chain(interval_pages)
            .collect()
    }

    /// Decodes the data of [`MarketState::accounts`], in their sequence; empty for an account that does not exist, which
    /// only standing orders and slots may. Slots that can't be used, because they have not their full length yet, are left out like those
    /// that do not exist.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn decode(
        addresses: &Addresses,
        data: &[impl AsRef<[u8]>],
    ) -> Result<MarketState, StateError> {
        let asked = MarketState::accounts(addresses);
        if data.len() != asked.len() {
            return Err(StateError::WrongCount);
        }
        let accounts: Vec<(Address, &[u8])> = asked
            .into_iter()
            .zip(data.iter().map(AsRef::as_ref))
            .collect();
        let [community, market, ledger, meter_table, standing_orders, slots @ ..] = &accounts[..]
        else {
            return Err(StateError::WrongCount);
        };
        let (books, slots) = slots.split_at(addresses.books.into());
        let (pages, interval_pages) = slots.split_at(addresses.pages.into());
        Ok(MarketState {
            community: read_header(community.1).ok_or(StateError::WrongAccount(community.0))?,
            market: read_header(market.1).ok_or(StateError::WrongAccount(market.0))?,
            ledger: whole(*ledger, LedgerTable::from_bytes)?,
            meter_table: whole(*meter_table, MeterRecords::from_bytes)?,
            standing_orders: usable(&[*standing_orders], StandingTable::from_bytes)?.pop(),
            books: usable(books, BookHead::from_bytes)?,
            pages: usable(pages, PageTable::from_bytes)?,
            interval_pages: usable(interval_pages, IntervalPageTable::from_bytes)?,
        })
    }
}

fn whole<T>(
    (address, data): (Address, &[u8]),
    read: impl Fn(&[u8]) -> Result<T, TableError>,
) -> Result<T, StateError> {
    read(data).map_err(|error| match error {
        TableError::Discriminator => StateError::WrongAccount(address),
        TableError::Length => StateError::NotGrown(address),
    })
}

fn usable<T>(
    slots: &[(Address, &[u8])],
    read: impl Fn(&[u8]) -> Result<T, TableError>,
) -> Result<Vec<T>, StateError> {
    slots
        .iter()
        .filter(|(_, data)| !data.is_empty())
        .map(|slot| whole(*slot, &read))
        .filter(|table| !matches!(table, Err(StateError::NotGrown(_))))
        .collect()
}
