//! `create_ledger`, `create_history`, `create_window`.

use joulebook_client::{
    layout::market::Phase,
    market::errors::MarketError,
    tables::{HistoryTable, LedgerTable, WindowTable},
    Addresses,
};
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    hostile::sweep,
    market::{altered::swap, instructions},
    refused::{refused, refused_when, ALREADY_IN_USE},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::create_market::founded;

/// A market without tables.
fn bare_market() -> LocalCommunity {
    let mut community = founded();
    let create = community.create_market_instruction();
    community
        .chain
        .send(&[create], &[&community.authority])
        .unwrap();
    community.addresses = Addresses::of_market(&community.market());
    community
}

#[test]
fn given_a_market_when_its_ledger_is_created_then_it_is_empty_and_there_is_one() {
    let mut community = bare_market();
    let create = instructions::create_ledger(&community);
    sweep(&mut community.chain, &create, &[&community.authority]);

    let ledger =
        LedgerTable::from_bytes(&community.chain.data(&community.addresses.ledger)).unwrap();
    assert_eq!(ledger.header.market, community.addresses.market);
    assert_eq!(ledger.seats.len(), usize::from(community.parameters.seats));
    assert!(ledger
        .seats
        .iter()
        .all(|seat| !seat.is_open() && seat.free == 0));
    assert_eq!(community.market().has_ledger, 1);
    refused(
        &mut community.chain,
        &create,
        &[&community.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_market_when_its_history_is_created_then_it_is_empty_and_there_is_one() {
    let mut community = bare_market();
    let create = instructions::create_history(&community);
    sweep(&mut community.chain, &create, &[&community.authority]);

    let history =
        HistoryTable::from_bytes(&community.chain.data(&community.addresses.history)).unwrap();
    assert_eq!(history.header.market, community.addresses.market);
    assert_eq!(
        history.records.len(),
        usize::from(community.parameters.history)
    );
    assert_eq!(community.market().has_history, 1);
    refused(
        &mut community.chain,
        &create,
        &[&community.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_market_when_a_window_slot_is_created_then_it_is_free() {
    let mut community = bare_market();
    for slot in [0, community.parameters.ring - 1] {
        let create = instructions::create_window(&community, slot);
        sweep(&mut community.chain, &create, &[&community.authority]);
        let data = community.chain.data(&community.addresses.window_slot(slot));
        let window = WindowTable::from_bytes(&data).unwrap();
        assert_eq!(window.phase(), Some(Phase::Free));
        assert_eq!((window.header.slot, window.header.start), (slot, i64::MIN));
        assert_eq!(window.header.market, community.addresses.market);
        assert_eq!(window.header.community, community.addresses.community);
        assert_eq!(window.header.meter_table, community.addresses.meter_table);
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            ALREADY_IN_USE,
        );
    }
    assert_eq!(community.market().windows, 2);
}

#[test]
fn given_a_slot_beyond_the_ring_when_it_is_created_then_there_is_no_such_slot() {
    let mut community = bare_market();
    for slot in [community.parameters.ring, u16::MAX] {
        let create = instructions::create_window(&community, slot);
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            MarketError::NoSuchSlot,
        );
    }
}

#[test]
fn given_a_stranger_when_it_creates_a_table_then_it_is_not_the_authority() {
    let mut community = bare_market();
    let stranger = Keypair::new();
    community.chain.fund(&stranger.pubkey());
    let tables: [(&str, solana_instruction::Instruction); 3] = [
        ("ledger", instructions::create_ledger(&community)),
        ("history", instructions::create_history(&community)),
        ("window", instructions::create_window(&community, 0)),
    ];
    for (what, create) in tables {
        let create = swap(&create, community.authority.pubkey(), stranger.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(what, &mut community.chain, &create, &[&stranger], why);
    }
}

#[test]
fn given_an_address_that_is_not_the_tables_when_it_is_created_then_it_is_refused() {
    let mut community = bare_market();
    // Slot 1's address for slot 0, and an address of nobody.
    let create = instructions::create_window(&community, 0);
    for address in [community.addresses.window_slot(1), Address::new_unique()] {
        let altered = swap(&create, community.addresses.window_slot(0), address);
        let why = anchor_lang::error::ErrorCode::ConstraintSeeds;
        refused(&mut community.chain, &altered, &[&community.authority], why);
    }
}
