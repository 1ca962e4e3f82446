//! Where a community's accounts are.

use solana_address::Address;

use crate::{
    layout::market::{seeds, Market},
    market::pdas::{
        find_admission_pda, find_history_pda, find_hold_pda, find_ledger_pda, find_market_pda,
        find_vault_pda, find_window_pda,
    },
    oracle::pdas::{find_interval_pda, find_meter_table_pda},
    registry::pdas::{find_community_pda, find_participant_pda},
    ring,
};

/// The accounts of one community and its market. Everything follows from the community's address, the
/// token's, and the sizes of the two rings; the instructions built from it ([`crate::instructions`]) find
/// their accounts here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub community: Address,
    pub meter_table: Address,
    pub market: Address,
    pub vault: Address,
    pub ledger: Address,
    pub history: Address,
    pub quote_mint: Address,
    pub token_program: Address,
    /// Length of a window, and of an interval, in seconds.
    pub window_seconds: u32,
    /// Slots of the market's window ring.
    pub ring: u16,
    /// Slots of the meter table's interval ring.
    pub interval_ring: u16,
}

/// What ring addresses depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rings {
    /// Length of a window, and of an interval, in seconds.
    pub window_seconds: u32,
    /// Slots of the market's window ring.
    pub windows: u16,
    /// Slots of the meter table's interval ring.
    pub intervals: u16,
}

impl Addresses {
    /// Of a community whose market is to have these rings.
    pub fn new(
        community: Address,
        quote_mint: Address,
        token_program: Address,
        rings: Rings,
    ) -> Addresses {
        let market = find_market_pda(&community).0;
        Addresses {
            community,
            meter_table: find_meter_table_pda(&community).0,
            market,
            vault: find_vault_pda(&market).0,
            ledger: find_ledger_pda(&market).0,
            history: find_history_pda(&market).0,
            quote_mint,
            token_program,
            window_seconds: rings.window_seconds,
            ring: rings.windows,
            interval_ring: rings.intervals,
        }
    }

    /// Of a community whose market exists.
    pub fn of_market(market: &Market) -> Addresses {
        Addresses::new(
            market.community.0.into(),
            market.quote_mint.0.into(),
            market.token_program.0.into(),
            Rings {
                window_seconds: market.window_seconds,
                windows: market.ring,
                intervals: market.interval_ring,
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

    pub fn window_slot(&self, slot: u16) -> Address {
        find_window_pda(&self.market, slot).0
    }

    pub fn interval_slot(&self, slot: u16) -> Address {
        find_interval_pda(&self.meter_table, slot).0
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

    /// The window account for `start`, unix seconds; that of slot 0 if `start` is not a boundary.
    pub fn window(&self, start: i64) -> Address {
        self.window_slot(ring::slot(start, self.window_seconds, self.ring).unwrap_or(0))
    }

    /// The interval account for `start`, unix seconds; that of slot 0 if `start` is not a boundary.
    pub fn interval(&self, start: i64) -> Address {
        self.interval_slot(ring::slot(start, self.window_seconds, self.interval_ring).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        Addresses::new(
            community,
            mint,
            program,
            Rings {
                window_seconds: 300,
                windows: 8,
                intervals: 5,
            },
        )
    }

    #[test]
    fn given_a_time_when_its_accounts_are_asked_for_then_each_ring_goes_by_its_own_length() {
        let addresses = addresses();
        assert_eq!(addresses.window(300 * 11), addresses.window_slot(3));
        assert_eq!(addresses.interval(300 * 11), addresses.interval_slot(1));
        assert_eq!(addresses.window(-300), addresses.window_slot(7));
        assert_eq!(addresses.interval(-300), addresses.interval_slot(4));
    }

    #[test]
    fn given_a_round_of_the_ring_when_it_is_over_then_the_same_account_comes_again() {
        let addresses = addresses();
        assert_eq!(addresses.window(0), addresses.window(300 * 8));
        assert_ne!(addresses.window(0), addresses.window(300 * 7));
    }

    #[test]
    fn given_no_boundary_when_its_window_is_asked_for_then_it_is_that_of_slot_0() {
        let addresses = addresses();
        assert_eq!(addresses.window(301), addresses.window_slot(0));
    }
}
