//! A community's market in maps and whole numbers without end: slow, obvious, and
//! sharing no arithmetic with the programs.
//!
//! Each instruction is a method that either changes the model or gives every reason why the programs
//! must refuse. Which of several reasons a program names first is its own business.

mod auction;
mod door;
mod intervals;
mod meters;
mod orders;
mod readings;
mod seats;
mod settlement;
mod terms;
mod windows;

use std::collections::{BTreeMap, VecDeque};

use joulebook_client::layout::market::{ImbalancePrices, MarketTerms};
use joulebook_sim::{Failure, Parameters};
use joulebook_tests::refused::NamedError;
use solana_address::Address;

pub use auction::{auction, Bid, Outcome};
pub use door::{Admission, Move};
pub use intervals::{Interval, Quality};
pub use meters::{Meter, MeterStatus};
pub use orders::{Order, Placement};
pub use seats::Seat;
pub use settlement::Record;
pub use windows::{Phase, Position, Window};

/// Seats of the two operators: the first two who were approved.
pub const SUPPLIER: u16 = 0;
pub const GRID_OPERATOR: u16 = 1;

pub const REGISTRATION: u8 = 1;
pub const METERING: u8 = 2;
pub const TRADING: u8 = 4;

pub struct Model {
    /// Unix seconds.
    pub now: i64,
    pub sizes: Parameters,
    /// Bits of what is paused.
    pub paused: u8,
    pub terms: MarketTerms,
    /// By working day or not, and half hour of the day.
    pub tariffs: BTreeMap<(bool, i64), ImbalancePrices>,
    pub members: BTreeMap<u16, Member>,
    /// The open ones. Money in milli-atoms, energy in Wh.
    pub seats: BTreeMap<u16, Seat>,
    pub fees: i128,
    /// The programs that seats may hold money for, by number.
    pub admissions: BTreeMap<u16, Admission>,
    /// Atoms in the vault.
    pub vault: u64,
    /// Of these, atoms that came without a deposit and were not swept yet.
    pub gifts: u64,
    /// The latest window of each ring slot that was ever used.
    pub windows: BTreeMap<i64, Window>,
    /// Likewise of intervals.
    pub intervals: BTreeMap<i64, Interval>,
    pub meters: Vec<Meter>,
    /// The latest record of each history slot that was ever used.
    pub history: BTreeMap<i64, Record>,
    pub recorded: u64,
    pub traded: i128,
    /// Starts of the windows that are allocated and not settled: that is the order in which they settle.
    pub unsettled: VecDeque<i64>,
    pub last_allocated: i64,
    /// Window accounts that exist.
    pub window_accounts: u16,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub wallet: Address,
    pub active: bool,
    pub roles: u16,
    /// Atoms in its own token account.
    pub tokens: u64,
}

/// Why an instruction can't be, every reason that holds.
#[derive(Debug, Default)]
pub struct Reasons(Vec<Failure>);

impl Reasons {
    pub fn when(&mut self, holds: bool, reason: impl NamedError) {
        if holds {
            self.0.push(reason.failure());
        }
    }

    pub fn because(reason: impl NamedError) -> Reasons {
        Reasons(vec![reason.failure()])
    }

    pub fn found(self) -> Result<(), Reasons> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }

    pub fn include(&self, failure: &Failure) -> bool {
        self.0.contains(failure)
    }
}

impl Model {
    pub fn new(sizes: Parameters) -> Model {
        let tariff = &sizes.tariff;
        let tariffs = [true, false]
            .into_iter()
            .flat_map(|working| (0..48).map(move |half_hour| (working, half_hour)))
            .map(|when| (when, *tariff))
            .collect();
        Model {
            now: sizes.now,
            terms: sizes.terms,
            tariffs,
            unsettled: VecDeque::new(),
            last_allocated: 0,
            window_accounts: sizes.ring,
            sizes,
            paused: 0,
            members: BTreeMap::new(),
            seats: BTreeMap::new(),
            fees: 0,
            admissions: BTreeMap::new(),
            vault: 0,
            gifts: 0,
            windows: BTreeMap::new(),
            intervals: BTreeMap::new(),
            meters: vec![],
            history: BTreeMap::new(),
            recorded: 0,
            traded: 0,
        }
    }

    /// Length of a window, seconds.
    pub fn length(&self) -> i64 {
        i64::from(self.sizes.window_seconds)
    }

    pub fn slot(&self, start: i64) -> i64 {
        (start / self.length()) % i64::from(self.sizes.ring)
    }

    pub fn interval_slot(&self, start: i64) -> i64 {
        (start / self.length()) % i64::from(self.sizes.interval_ring)
    }

    /// The last boundary not after now.
    pub fn boundary(&self) -> i64 {
        self.now - self.now % self.length()
    }

    pub fn is_paused(&self, what: u8) -> bool {
        self.paused & what != 0
    }

    /// What all windows have in escrow.
    pub fn escrow(&self) -> i128 {
        self.windows.values().map(|window| window.escrow).sum()
    }

    /// What all windows have locked of a seat.
    pub fn locked(&self, seat: u16) -> i128 {
        self.windows
            .values()
            .map(|window| window.locked(seat))
            .sum()
    }

    /// Windows that a seat has orders or contracts in.
    pub fn engaged(&self, seat: u16) -> usize {
        self.windows
            .values()
            .filter(|window| window.engages(seat))
            .count()
    }
}
