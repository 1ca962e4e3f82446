use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use joulebook_client::{
    layout::{
        account::read_header,
        market::Seat,
        registry::{Participant, Pause},
    },
    steps::MarketState,
    tables::BookTable,
    Addresses,
};
use solana_address::Address;

use crate::standing::Standing;

/// Accounts that [`MarketState::accounts`] names before the books.
const BEFORE_BOOKS: usize = 5;

/// A market, as the chain has it.
#[derive(Clone, Debug)]
pub struct View {
    /// The chain's clock, unix seconds.
    pub now: i64,
    pub state: MarketState,
    /// With all their orders.
    pub books: Vec<BookTable>,
    /// What the registry says of those who trade by the agent, by seat.
    pub members: BTreeMap<u16, Participant>,
    /// The owners that the agent orders for; `None` for whoever names it.
    pub listed: Option<BTreeSet<Address>>,
}

impl View {
    /// From the data of [`MarketState::accounts`].
    ///
    /// # Errors
    /// If an account is not what it should be.
    pub fn decode(addresses: &Addresses, now: i64, data: &[impl AsRef<[u8]>]) -> Result<View> {
        let state = MarketState::decode(addresses, data)?;
        let books = data.iter().skip(BEFORE_BOOKS).take(addresses.books.into());
        let books = books.filter_map(|data| BookTable::from_bytes(data.as_ref()).ok());
        Ok(View {
            now,
            state,
            books: books.collect(),
            members: BTreeMap::new(),
            listed: None,
        })
    }

    /// Seats that the delegate orders for: they have named it, their owners are listed, and they trade. Those of suppliers don't,
    /// whose money is others'.
    pub fn seats_of(&self, delegate: &Address) -> Vec<(u16, &Seat)> {
        let mut seats = self.named(delegate);
        seats.retain(|(_, seat)| self.serves(seat));
        seats
    }

    /// How many seats have named it whose owners are not listed.
    pub fn unlisted(&self, delegate: &Address) -> usize {
        let named = self.named(delegate).into_iter();
        named.filter(|(_, seat)| !self.serves(seat)).count()
    }

    fn named(&self, delegate: &Address) -> Vec<(u16, &Seat)> {
        let ledger = &self.state.ledger;
        let named = |seat: &Seat| seat.is_open() && seat.delegate.0 == delegate.to_bytes();
        (0u16..)
            .zip(&ledger.seats)
            .filter(|(index, seat)| named(seat) && !ledger.header.has_place(*index))
            .collect()
    }

    fn serves(&self, seat: &Seat) -> bool {
        let listed = self.listed.as_ref();
        listed.is_none_or(|listed| listed.contains(&Address::from(seat.owner.0)))
    }

    /// Notes what the registry says of a seat's owner.
    ///
    /// # Errors
    /// If the account is no participant.
    pub fn note_member(&mut self, seat: u16, data: &[u8]) -> Result<()> {
        let member = read_header(data);
        let member =
            member.with_context(|| format!("the owner of seat {seat} is no participant"))?;
        self.members.insert(seat, member);
        Ok(())
    }

    pub fn is_paused(&self) -> bool {
        self.state.community.is_paused(Pause::TRADING)
    }

    /// The book of the window that starts at `start`, while it takes orders.
    pub fn open_book(&self, start: i64) -> Option<&BookTable> {
        let is_it = |book: &&BookTable| book.header.start == start && self.now < book.header.gate;
        let book = self.books.iter().find(is_it)?;
        (book.phase() == Some(joulebook_client::layout::market::Phase::Open)).then_some(book)
    }

    /// The seat's standing orders that hold, with those that another delegate entered left out.
    pub fn standing(&self, index: u16, seat: &Seat) -> Standing<'_> {
        let row = self.state.standing_orders.as_ref();
        let row = row.and_then(|table| table.seats.get(usize::from(index)));
        let row = row.filter(|row| row.owner == seat.owner);
        let holds = |place: &u8| {
            let order = row.and_then(|row| row.orders.get(usize::from(*place)));
            let is_entered = row.is_some_and(|row| row.has(*place));
            let lapsed = row.is_some_and(|row| row.delegate != seat.delegate);
            is_entered && order.is_some_and(|order| order.by_delegate == 0 || !lapsed)
        };
        let is_delegates = |place: &u8| {
            let order = row.and_then(|row| row.orders.get(usize::from(*place)));
            order.is_some_and(|order| order.by_delegate != 0)
        };
        let (by_delegate, by_owner) = (0..8).filter(holds).partition(is_delegates);
        Standing {
            row,
            by_delegate,
            by_owner,
        }
    }
}
