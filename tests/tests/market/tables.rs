//! `create_ledger`, `create_history`, `create_window`.

use joulebook_client::{
    market::errors::MarketError,
    tables::{HistoryTable, LedgerTable, Phase, WindowTable},
};
use joulebook_testkit::World;
use joulebook_tests::{
    hostile::sweep,
    market::{bend::swap, make},
    refused::{refused, refused_when, ALREADY_IN_USE},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::create_market::founded;

/// A market without tables.
fn bare_market() -> World {
    let mut world = founded();
    let create = world.create_market_instruction();
    world.chain.send(&[create], &[&world.authority]).unwrap();
    world.at = world.at.clone().with_sizes(&world.market());
    world
}

#[test]
fn given_a_market_when_its_ledger_is_created_then_it_is_empty_and_there_is_one() {
    let mut world = bare_market();
    let create = make::create_ledger(&world);
    sweep(&mut world.chain, &create, &[&world.authority]);

    let ledger = LedgerTable::from_bytes(&world.chain.data(&world.at.ledger)).unwrap();
    assert_eq!(ledger.header.market, world.at.market);
    assert_eq!(ledger.seats.len(), usize::from(world.setup.seats));
    assert!(ledger
        .seats
        .iter()
        .all(|seat| !seat.is_open() && seat.free == 0));
    assert_eq!(world.market().has_ledger, 1);
    refused(
        &mut world.chain,
        &create,
        &[&world.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_market_when_its_history_is_created_then_it_is_empty_and_there_is_one() {
    let mut world = bare_market();
    let create = make::create_history(&world);
    sweep(&mut world.chain, &create, &[&world.authority]);

    let history = HistoryTable::from_bytes(&world.chain.data(&world.at.history)).unwrap();
    assert_eq!(history.header.market, world.at.market);
    assert_eq!(history.records.len(), usize::from(world.setup.history));
    assert_eq!(world.market().has_history, 1);
    refused(
        &mut world.chain,
        &create,
        &[&world.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_market_when_a_window_slot_is_created_then_it_is_free() {
    let mut world = bare_market();
    for slot in [0, world.setup.ring - 1] {
        let create = make::create_window(&world, slot);
        sweep(&mut world.chain, &create, &[&world.authority]);
        let data = world.chain.data(&world.at.window_slot(slot));
        let window = WindowTable::from_bytes(&data).unwrap();
        assert_eq!(window.phase(), Some(Phase::Free));
        assert_eq!((window.header.slot, window.header.start), (slot, i64::MIN));
        assert_eq!(window.header.market, world.at.market);
        assert_eq!(window.header.community, world.at.community);
        assert_eq!(window.header.meter_table, world.at.meter_table);
        refused(
            &mut world.chain,
            &create,
            &[&world.authority],
            ALREADY_IN_USE,
        );
    }
    assert_eq!(world.market().windows, 2);
}

#[test]
fn given_a_slot_beyond_the_ring_when_it_is_created_then_there_is_no_such_slot() {
    let mut world = bare_market();
    for slot in [world.setup.ring, u16::MAX] {
        let create = make::create_window(&world, slot);
        refused(
            &mut world.chain,
            &create,
            &[&world.authority],
            MarketError::NoSuchSlot,
        );
    }
}

#[test]
fn given_a_stranger_when_it_creates_a_table_then_it_is_not_the_authority() {
    let mut world = bare_market();
    let stranger = Keypair::new();
    world.chain.fund(&stranger.pubkey());
    let tables: [(&str, solana_instruction::Instruction); 3] = [
        ("ledger", make::create_ledger(&world)),
        ("history", make::create_history(&world)),
        ("window", make::create_window(&world, 0)),
    ];
    for (what, create) in tables {
        let create = swap(&create, world.authority.pubkey(), stranger.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(what, &mut world.chain, &create, &[&stranger], why);
    }
}

#[test]
fn given_an_address_that_is_not_the_tables_when_it_is_created_then_it_is_refused() {
    let mut world = bare_market();
    // Slot 1's address for slot 0, and an address of nobody.
    let create = make::create_window(&world, 0);
    for address in [world.at.window_slot(1), Address::new_unique()] {
        let bent = swap(&create, world.at.window_slot(0), address);
        let why = anchor_lang::error::ErrorCode::ConstraintSeeds;
        refused(&mut world.chain, &bent, &[&world.authority], why);
    }
}
