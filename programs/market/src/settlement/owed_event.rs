//! What is logged when somebody can't pay.

use anchor_lang::solana_program::log::sol_log_data;
use bytemuck::{Pod, Zeroable};
use joulebook_layout::Address;

use crate::events::{discriminator, ClaimIncurred, DebtIncurred};

#[cold]
#[inline(never)]
pub fn log_debt(market: Address, number: u64, window: i64, seat: u16, amount: u64) {
    log(Owed {
        discriminator: discriminator::<DebtIncurred>(),
        market,
        number,
        window,
        seat,
        amount,
    });
}

#[cold]
#[inline(never)]
pub fn log_claim(market: Address, number: u64, window: i64, seat: u16, amount: u64) {
    log(Owed {
        discriminator: discriminator::<ClaimIncurred>(),
        market,
        number,
        window,
        seat,
        amount,
    });
}

fn log(owed: Owed) {
    sol_log_data(&[bytemuck::bytes_of(&owed)]);
}

/// The bytes of a [`DebtIncurred`] or a [`ClaimIncurred`], on the stack: there may be one for every position, and what borsh
/// takes from the heap is not given back.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, packed)]
struct Owed {
    discriminator: [u8; 8],
    market: Address,
    number: u64,
    window: i64,
    seat: u16,
    amount: u64,
}
