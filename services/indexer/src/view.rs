//! All accounts of a market, decoded.

use joulebook_client::{
    layout::market::Page,
    steps::{MarketState, StateError},
    tables::{BookTable, IntervalPageTable, PageTable},
    Addresses,
};

/// Of a token account: where its amount stands.
const AMOUNT_AT: usize = 64;

/// Accounts as they were at about the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The oldest slot that one of them is from.
    pub slot: u64,
    /// The newest one: what is read can't be taken back any more once this is final.
    pub newest_slot: u64,
    /// The chain's clock, unix seconds.
    pub now: i64,
    pub state: MarketState,
    /// Book slots with their orders.
    pub books: Vec<BookTable>,
    /// What the vault holds, atoms; `None` if it can't be read.
    pub vault: Option<u64>,
}

impl View {
    /// From the data of [`MarketState::accounts`], and that of the vault.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn decode(
        addresses: &Addresses,
        (slot, now): (u64, i64),
        data: &[impl AsRef<[u8]>],
        vault: &[u8],
    ) -> Result<View, StateError> {
        let state = MarketState::decode(addresses, data)?;
        let tables = data.len().saturating_sub(rings(addresses));
        let books = data.iter().skip(tables).take(addresses.books.into());
        Ok(View {
            slot,
            newest_slot: slot,
            now,
            state,
            books: books
                .filter_map(|data| BookTable::from_bytes(data.as_ref()).ok())
                .collect(),
            vault: amount(vault),
        })
    }

    /// Pages that hold something, the oldest first.
    pub fn pages(&self) -> Vec<&PageTable> {
        let used = |page: &&PageTable| page.header.start != Page::NEVER;
        let mut pages: Vec<&PageTable> = self.state.pages.iter().filter(used).collect();
        pages.sort_unstable_by_key(|page| page.header.start);
        pages
    }

    /// The page that starts then.
    pub fn page(&self, start: i64) -> Option<&PageTable> {
        let mut pages = self.state.pages.iter();
        pages.find(|page| page.header.start == start)
    }

    /// The oracle's page that starts then.
    pub fn interval_page(&self, start: i64) -> Option<&IntervalPageTable> {
        let mut pages = self.state.interval_pages.iter();
        pages.find(|page| page.header.start == start)
    }

    /// Whether each page has the oracle's page of the same intervals. Otherwise accounts were read at two moments, or not all of
    /// them were told.
    pub fn is_whole(&self) -> bool {
        let mut pages = self.pages().into_iter();
        pages.all(|page| self.interval_page(page.header.start).is_some())
    }

    /// The book that holds the window which starts then.
    pub fn book(&self, start: i64) -> Option<&BookTable> {
        self.books.iter().find(|book| book.header.start == start)
    }
}

/// Slots of all rings.
fn rings(addresses: &Addresses) -> usize {
    usize::from(addresses.books) + 2 * usize::from(addresses.pages)
}

fn amount(token_account: &[u8]) -> Option<u64> {
    let bytes = token_account.get(AMOUNT_AT..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}
