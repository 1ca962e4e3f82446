//! `create_ledger`, `create_history`, `create_book`, `create_page`.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::market::{Book, Page, Phase},
    market::errors::MarketError,
    tables::{BookTable, HistoryTable, LedgerTable, PageTable},
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
fn given_a_market_when_a_book_is_created_then_it_is_free() {
    let mut community = bare_market();
    for slot in [0, community.parameters.books - 1] {
        let create = instructions::create_book(&community, slot);
        sweep(&mut community.chain, &create, &[&community.authority]);
        let data = community.chain.data(&community.addresses.book_slot(slot));
        let book = BookTable::from_bytes(&data).unwrap();
        assert_eq!(book.phase(), Some(Phase::Free));
        assert_eq!((book.header.slot, book.header.start), (slot, Book::NEVER));
        assert_eq!(book.header.market, community.addresses.market);
        assert_eq!(book.header.community, community.addresses.community);
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            ALREADY_IN_USE,
        );
    }
    assert_eq!(community.market().book_accounts, 2);
}

#[test]
fn given_a_market_when_a_page_is_created_then_it_was_never_used() {
    let mut community = bare_market();
    for slot in [0, community.parameters.pages - 1] {
        let create = instructions::create_page(&community, slot);
        sweep(&mut community.chain, &create, &[&community.authority]);
        let data = community.chain.data(&community.addresses.page_slot(slot));
        let page = PageTable::from_bytes(&data).unwrap();
        assert_eq!(page.header.market, community.addresses.market);
        assert_eq!((page.header.slot, page.header.start), (slot, Page::NEVER));
        assert_eq!(page.header.previous, Page::NEVER);
        assert_eq!((page.windows.len(), page.positions.len()), (4, 4 * 32));
        assert!(page.header.is_final());
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            ALREADY_IN_USE,
        );
    }
    assert_eq!(community.market().page_accounts, 2);
}

#[test]
fn given_a_slot_beyond_the_ring_when_it_is_created_then_there_is_no_such_slot() {
    let mut community = bare_market();
    let refuse = |community: &mut LocalCommunity, create| {
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            MarketError::NoSuchSlot,
        );
    };
    for slot in [community.parameters.books, u16::MAX] {
        let create = instructions::create_book(&community, slot);
        refuse(&mut community, create);
    }
    for slot in [community.parameters.pages, u16::MAX] {
        let create = instructions::create_page(&community, slot);
        refuse(&mut community, create);
    }
}

#[test]
fn given_a_market_that_is_over_when_a_slot_is_created_then_it_is_of_no_use_any_more() {
    let mut community = bare_market();
    let ends_at = community.parameters.now;
    let end = community
        .addresses
        .end_market(community.authority.pubkey(), ends_at);
    community
        .chain
        .send(&[end], &[&community.authority])
        .unwrap();
    let creates = [
        instructions::create_book(&community, 0),
        instructions::create_page(&community, 0),
    ];
    // The last values of a page before the end could come until now.
    community.chain.set_time(ends_at + 1200);
    for create in &creates {
        let why = MarketError::MarketEnded;
        refused(&mut community.chain, create, &[&community.authority], why);
    }
    community.chain.set_time(ends_at + 1199);
    community
        .chain
        .send(&creates, &[&community.authority])
        .unwrap();
}

#[test]
fn given_a_stranger_when_it_creates_a_table_then_it_is_not_the_authority() {
    let mut community = bare_market();
    let stranger = Keypair::new();
    community.chain.fund(&stranger.pubkey());
    let tables: [(&str, solana_instruction::Instruction); 4] = [
        ("ledger", instructions::create_ledger(&community)),
        ("history", instructions::create_history(&community)),
        ("book", instructions::create_book(&community, 0)),
        ("page", instructions::create_page(&community, 0)),
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
    let at = community.addresses.clone();
    let book = instructions::create_book(&community, 0);
    for address in [at.book_slot(1), Address::new_unique()] {
        let altered = swap(&book, at.book_slot(0), address);
        let why = ErrorCode::ConstraintSeeds;
        refused(&mut community.chain, &altered, &[&community.authority], why);
    }
    let page = instructions::create_page(&community, 0);
    for address in [at.page_slot(1), at.book_slot(0), Address::new_unique()] {
        let altered = swap(&page, at.page_slot(0), address);
        let why = ErrorCode::ConstraintSeeds;
        refused(&mut community.chain, &altered, &[&community.authority], why);
    }
}
