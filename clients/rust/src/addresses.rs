//! Where a community's accounts are.

use solana_address::Address;

use crate::{
    layout::market::{seeds, Market},
    market::pdas::{
        find_admission_pda, find_book_pda, find_history_pda, find_hold_pda, find_ledger_pda,
        find_market_pda, find_page_pda, find_standing_orders_pda, find_vault_pda,
    },
    oracle::pdas::{find_meter_table_pda, find_page_pda as find_interval_page_pda},
    registry::pdas::{find_community_pda, find_participant_pda},
    ring,
};

/// The accounts of one community and its market. Everything follows from the community's address, the token's, and the
/// sizes of the rings; the instructions built from it ([`crate::instructions`]) find their accounts here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub community: Address,
    pub meter_table: Address,
    pub market: Address,
    pub vault: Address,
    pub ledger: Address,
    pub history: Address,
    pub standing_orders: Address,
    pub quote_mint: Address,
    pub token_program: Address,
    /// Length of a window, and of an interval, in seconds.
    pub window_seconds: u32,
    /// Windows, and intervals, of a page.
    pub page_windows: u16,
    /// Slots of the market's book ring.
    pub books: u16,
    /// Slots of the market's page ring, and of the meter table's.
    pub pages: u16,
}

/// What the addresses of a market and of its rings depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rings {
    /// The market's number among the community's.
    pub market: u16,
    /// Length of a window, and of an interval, in seconds.
    pub window_seconds: u32,
    /// Windows, and intervals, of a page.
    pub page_windows: u16,
    /// Slots of the market's book ring.
    pub books: u16,
    /// Slots of the market's page ring, and of the meter table's.
    pub pages: u16,
}

impl Addresses {
    /// Of a community whose market is to have these rings.
    pub fn new(
        community: Address,
        quote_mint: Address,
        token_program: Address,
        rings: Rings,
    ) -> Addresses {
        let market = find_market_pda(&community, rings.market).0;
        Addresses {
            community,
            meter_table: find_meter_table_pda(&community).0,
            market,
            vault: find_vault_pda(&market).0,
            ledger: find_ledger_pda(&market).0,
            history: find_history_pda(&market).0,
            standing_orders: find_standing_orders_pda(&market).0,
            quote_mint,
            token_program,
            window_seconds: rings.window_seconds,
            page_windows: rings.page_windows,
            books: rings.books,
            pages: rings.pages,
        }
    }

    /// Of a community whose market exists.
    pub fn of_market(market: &Market) -> Addresses {
        Addresses::new(
            market.community.0.into(),
            market.quote_mint.0.into(),
            market.token_program.0.into(),
            Rings {
                market: market.number,
                window_seconds: market.window_seconds,
                page_windows: market.page_windows,
                books: market.books,
                pages: market.pages,
            },
        )
    }

    /// The address that the founder's community number `id` has.
    pub fn community_of(founder: &Address, id: u64) -> Address {
        find_community_pda(founder, id).0
    }

    /// The record of whoever owns `wallet`.
    pub fn participant(&self, wallet: &Address) -> Address {
        find_participant_pda(&self.community, wallet).0
    }

    /// That of a program which seats may hold money for.
    pub fn admission(&self, program: &Address) -> Address {
        find_admission_pda(&self.market, program).0
    }

    /// What the seat holds for `program`.
    pub fn hold_of(&self, program: &Address, seat: u16) -> Address {
        find_hold_pda(&self.admission(program), seat).0
    }

    /// Signs for `program`, which alone can.
    pub fn program_signer(&self, program: &Address) -> Address {
        let of = &[seeds::PROGRAM_SIGNER, self.market.as_ref()];
        Address::find_program_address(of, program).0
    }
}

/// Rings. A time, unix seconds, stands for the window or the page that holds it.
impl Addresses {
    /// A slot of the market's book ring.
    pub fn book_slot(&self, slot: u16) -> Address {
        find_book_pda(&self.market, slot).0
    }

    /// A slot of the market's page ring.
    pub fn page_slot(&self, slot: u16) -> Address {
        find_page_pda(&self.market, slot).0
    }

    /// A slot of the meter table's page ring.
    pub fn interval_page_slot(&self, slot: u16) -> Address {
        find_interval_page_pda(&self.meter_table, slot).0
    }

    /// The orders of the window at `time`.
    pub fn book(&self, time: i64) -> Address {
        self.book_slot(slot_at(time, self.window_seconds.into(), self.books))
    }

    /// What the windows of the page at `time` leave behind.
    pub fn page(&self, time: i64) -> Address {
        self.page_slot(slot_at(time, self.page_seconds(), self.pages))
    }

    /// What meters moved in the intervals of the page at `time`.
    pub fn interval_page(&self, time: i64) -> Address {
        self.interval_page_slot(slot_at(time, self.page_seconds(), self.pages))
    }

    /// Length of a page, seconds.
    pub fn page_seconds(&self) -> i64 {
        i64::from(self.window_seconds) * i64::from(self.page_windows)
    }

    /// The start of the page at `time`, unix seconds.
    pub fn page_start(&self, time: i64) -> i64 {
        ring::start(time, self.page_seconds()).unwrap_or(time)
    }

    /// Which of its page's windows the one at `time` is, from 0 on.
    pub fn window_number(&self, time: i64) -> u16 {
        let since = time.saturating_sub(self.page_start(time));
        let number = since.checked_div(self.window_seconds.into());
        // Below `page_windows`.
        number.unwrap_or_default() as u16
    }
}

/// The slot for the window or the page at `time`; 0 in a ring without lengths or slots.
fn slot_at(time: i64, length: i64, slots: u16) -> u16 {
    let start = ring::start(time, length);
    let slot = start.and_then(|start| ring::slot(start, length, slots));
    slot.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows of 300 s, pages of 1,200 s.
    fn addresses() -> Addresses {
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        Addresses::new(
            community,
            mint,
            program,
            Rings {
                market: 0,
                window_seconds: 300,
                page_windows: 4,
                books: 8,
                pages: 5,
            },
        )
    }

    #[test]
    fn given_a_time_when_its_accounts_are_asked_for_then_each_ring_goes_by_its_own_length() {
        let addresses = addresses();
        // Window 31 is the last of page 7.
        let start = 300 * 31;
        assert_eq!(addresses.book(start), addresses.book_slot(7));
        assert_eq!(addresses.page(start), addresses.page_slot(2));
        assert_eq!(
            addresses.interval_page(start),
            addresses.interval_page_slot(2)
        );
        assert_eq!(addresses.page_start(start), 8_400);
        assert_eq!(addresses.window_number(start), 3);
    }

    #[test]
    fn given_a_time_before_1970_when_its_accounts_are_asked_for_then_the_rings_go_on_backwards() {
        let addresses = addresses();
        assert_eq!(addresses.book(-300), addresses.book_slot(7));
        assert_eq!(addresses.page(-300), addresses.page_slot(4));
        assert_eq!(addresses.page_start(-300), -1_200);
        assert_eq!(addresses.window_number(-300), 3);
    }

    #[test]
    fn given_a_time_within_a_window_when_its_accounts_are_asked_for_then_they_are_those_of_its_start(
    ) {
        let addresses = addresses();
        assert_eq!(addresses.book(2_699), addresses.book(2_400));
        assert_eq!(addresses.page(3_599), addresses.page(2_400));
        assert_eq!(addresses.page_start(3_599), 2_400);
        assert_eq!(addresses.window_number(2_999), 1);
    }

    #[test]
    fn given_a_round_of_a_ring_when_it_is_over_then_the_same_account_comes_again() {
        let addresses = addresses();
        assert_eq!(addresses.book(0), addresses.book(300 * 8));
        assert_ne!(addresses.book(0), addresses.book(300 * 7));
        assert_eq!(addresses.page(0), addresses.page(1_200 * 5));
        assert_ne!(addresses.page(0), addresses.page(1_200 * 4));
    }

    #[test]
    fn given_rings_without_lengths_when_accounts_are_asked_for_then_they_are_those_of_slot_0() {
        let rings = Rings {
            market: 0,
            window_seconds: 0,
            page_windows: 0,
            books: 0,
            pages: 0,
        };
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        let addresses = Addresses::new(community, mint, program, rings);
        assert_eq!(addresses.book(301), addresses.book_slot(0));
        assert_eq!(addresses.page(301), addresses.page_slot(0));
        assert_eq!(addresses.page_start(301), 301);
        assert_eq!(addresses.window_number(301), 0);
    }
}
