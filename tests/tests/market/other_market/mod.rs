//! Accounts of another market, which never mix with one's own.

mod governing;
mod standing;
mod trading;
mod windows;

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::swap, check_invariants, first_start, trade, with_other_community, OtherCommunity,
    },
    refused::{refused_when, NamedError},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;

/// Two communities with an open window at the same time, and orders in it.
fn two_markets() -> (LocalCommunity, OtherCommunity, i64) {
    let mut start = 0;
    let (mut community, other) = with_other_community(Parameters::default(), |other| {
        start = first_start(other);
        other.open_window(start).unwrap();
        trade(other, start);
    });
    community.open_window(start).unwrap();
    trade(&mut community, start);
    (community, other, start)
}

/// One account of ours and theirs that stands in its place, and the answer.
type Swap = (Address, Address, Failure);

/// Tries an instruction with each swap alone.
#[track_caller]
fn try_each(
    community: &mut LocalCommunity,
    what: &str,
    instruction: &Instruction,
    signers: &[&Keypair],
    swaps: &[Swap],
) {
    for (index, (from, to, why)) in swaps.iter().enumerate() {
        let altered = swap(instruction, *from, *to);
        let case = format!("{what}, swap {index}");
        refused_when(&case, &mut community.chain, &altered, signers, why.clone());
    }
    check_invariants(community);
}

fn other_market() -> Failure {
    MarketError::WrongMarket.failure()
}

fn other_community() -> Failure {
    MarketError::WrongCommunity.failure()
}

fn other_mint() -> Failure {
    MarketError::WrongMint.failure()
}

fn other_meter_table() -> Failure {
    MarketError::WrongMeterTable.failure()
}
