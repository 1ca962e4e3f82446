//! A community's market in maps and whole numbers without end: slow, obvious, and
//! sharing no arithmetic with the programs.
//!
//! Each instruction is a method that either changes the model or gives every reason why the programs
//! must refuse. Which of several reasons a program names first is its own business.

mod allocation;
mod auction;
mod books;
mod door;
mod ending;
mod final_values;
mod interval_pages;
mod meters;
mod new_meters;
mod orders;
mod pages;
mod prices;
mod readings;
mod reasons;
mod replaced;
mod seats;
mod settlement;
mod silence;
mod standing;
mod suppliers;
mod terms;
mod time;

use std::collections::BTreeMap;

use joulebook_client::layout::market::MarketTerms;
use joulebook_sim::Parameters;
use solana_address::Address;

pub use auction::{auction, Bid, Outcome};
pub use books::{Book, Phase};
pub use door::{Admission, Move};
pub use interval_pages::{Energy, Entry, IntervalPage, MeterPage};
pub use meters::{row, Meter, MeterStatus};
pub use new_meters::NewMeter;
pub use orders::{Order, Placement};
pub use pages::{Page, PageWindow, Position, WindowStatus};
pub use reasons::Reasons;
pub use replaced::Replacement;
pub use seats::Seat;
pub use silence::{Record, SilentWindow};
pub use standing::{Applied, StandingSeat, Tried};
pub use suppliers::Turn;
pub use terms::{Planned, Tariffs};

/// Seats of the two operators that the market begins with: the first two who were approved.
pub const SUPPLIER: u16 = 0;
pub const GRID_OPERATOR: u16 = 1;

pub const REGISTRATION: u8 = 1;
pub const TRADING: u8 = 2;

#[derive(Clone)]
pub struct Model {
    /// Unix seconds.
    pub now: i64,
    pub sizes: Parameters,
    /// Bits of what is paused.
    pub paused: u8,
    pub terms: Planned<MarketTerms>,
    pub tariffs: Planned<Tariffs>,
    pub members: BTreeMap<u16, Member>,
    /// Those that have anything, the closed ones too. Money in milli-atoms, energy in Wh.
    pub seats: BTreeMap<u16, Seat>,
    pub fees: i128,
    /// The programs that seats may hold money for, by number.
    pub admissions: BTreeMap<u16, Admission>,
    /// Atoms in the vault.
    pub vault: u64,
    /// Of these, atoms that came without a deposit and were not swept yet.
    pub gifts: u64,
    /// The latest book of each slot that was ever used.
    pub books: BTreeMap<i64, Book>,
    /// The market's pages, likewise.
    pub pages: BTreeMap<i64, Page>,
    /// The oracle's, likewise.
    pub interval_pages: BTreeMap<i64, IntervalPage>,
    /// Start of the page that the market opened last; made final last.
    pub last_page: Option<i64>,
    pub last_final: Option<i64>,
    /// Turn of that page.
    pub final_turn: usize,
    /// Start of the page that the oracle opened last; finished last.
    pub last_opened: Option<i64>,
    pub last_finished: Option<i64>,
    /// Start of the first page under the market: energy of before is not settled.
    pub settled_from: Option<i64>,
    pub meters: Vec<Meter>,
    /// The latest record of each history slot that was ever used.
    pub history: BTreeMap<i64, Record>,
    pub recorded: u64,
    pub traded: i128,
    /// No page that starts then or later is opened.
    pub ends_at: Option<i64>,
    /// Suppliers, one after the other.
    pub turns: Vec<Turn>,
    /// What seats order in every window; those that ever entered anything.
    pub standing: BTreeMap<u16, StandingSeat>,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub wallet: Address,
    pub active: bool,
    pub roles: u16,
    /// Atoms in its own token account.
    pub tokens: u64,
}

impl Model {
    pub fn new(sizes: Parameters) -> Model {
        Model {
            now: sizes.now,
            terms: Planned::new(sizes.terms),
            tariffs: Planned::new(terms::all_day(sizes.tariff)),
            sizes,
            paused: 0,
            members: BTreeMap::new(),
            seats: BTreeMap::new(),
            fees: 0,
            admissions: BTreeMap::new(),
            vault: 0,
            gifts: 0,
            books: BTreeMap::new(),
            pages: BTreeMap::new(),
            interval_pages: BTreeMap::new(),
            last_page: None,
            last_final: None,
            final_turn: 0,
            last_opened: None,
            last_finished: None,
            settled_from: None,
            meters: vec![],
            history: BTreeMap::new(),
            recorded: 0,
            traded: 0,
            ends_at: None,
            turns: vec![Turn::new(SUPPLIER, None)],
            standing: BTreeMap::new(),
        }
    }

    pub fn is_paused(&self, what: u8) -> bool {
        self.paused & what != 0
    }

    /// What contracts were paid and have not earned yet.
    pub fn escrow(&self) -> i128 {
        let in_books: i128 = self.books.values().map(|book| book.escrow).sum();
        let positions = self.pages.values().flat_map(Page::contracts);
        in_books + positions.map(|position| position.earns).sum::<i128>()
    }

    /// What all books and pages have locked of a seat.
    pub fn locked(&self, seat: u16) -> i128 {
        let by_orders: i128 = self.books.values().map(|book| book.locked(seat)).sum();
        let positions = self.positions(seat).map(|position| position.locked);
        by_orders + positions.sum::<i128>()
    }

    /// Windows that a seat has orders in, or contracts that are not confirmed.
    pub fn engaged(&self, seat: u16) -> usize {
        let books = self.books.values().filter(|book| book.engages(seat));
        let unconfirmed = |position: &&Position| position.is_contract() && !position.confirmed;
        books.count() + self.positions(seat).filter(unconfirmed).count()
    }

    fn positions(&self, seat: u16) -> impl Iterator<Item = &Position> {
        let all = self.pages.values().flat_map(|page| &page.positions);
        all.filter(move |((_, owner), _)| *owner == seat)
            .map(|(_, position)| position)
    }

    pub fn claims(&self) -> i128 {
        self.seats.values().map(Seat::claim).sum()
    }
}
