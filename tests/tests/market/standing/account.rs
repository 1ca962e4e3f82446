//! `create_standing_orders`, `grow_table`, `close_standing_orders`.

use joulebook_client::{
    layout::market::{StandingOrders, StandingSeat},
    market::errors::MarketError,
    tables::{StandingTable, TableError},
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, close_gate, community_with_open_window, govern,
        instructions, trading_community, BUYER, SELLER,
    },
    refused::{refused, refused_when, ALREADY_IN_USE},
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{apply, applying, create, enter, entering, entry, rule, with_standing_orders};
use crate::create_market::founded;

const STEP: usize = 10_240;

fn creating(community: &LocalCommunity) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.create_standing_orders(authority)
}

fn closing(community: &LocalCommunity) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.close_standing_orders(authority)
}

#[track_caller]
fn refuse(community: &mut LocalCommunity, instruction: &Instruction, why: MarketError) {
    let key = community.authority.insecure_clone();
    refused(&mut community.chain, instruction, &[&key], why);
}

#[test]
fn given_a_market_when_its_standing_orders_are_created_then_there_is_one_account_and_it_is_empty() {
    let mut community = trading_community();
    let create = creating(&community);
    let key = community.authority.insecure_clone();
    sweep(&mut community.chain, &create, &[&key]);
    assert_eq!(community.market().has_standing_orders, 1);
    refused(&mut community.chain, &create, &[&key], ALREADY_IN_USE);

    // 32 seats of 1,544 bytes.
    let table = community.addresses.standing_orders;
    let full = StandingOrders::LEN + 32 * size_of::<StandingSeat>();
    assert_eq!(full, 48 + 49_408);
    let grow = instructions::grow(&community, table);
    let mut due = STEP;
    while due < full {
        assert_eq!(community.chain.data(&table).len(), due);
        let data = community.chain.data(&table);
        let short = StandingTable::from_bytes(&data).map(|_| ());
        assert_eq!(short, Err(TableError::Length));
        let grow = std::slice::from_ref(&grow);
        community.chain.send(grow, &[]).unwrap();
        due = (due + STEP).min(full);
    }
    let before = community.chain.svm.get_account(&table);
    community.chain.send(&[grow], &[]).unwrap();
    assert_eq!(community.chain.svm.get_account(&table), before);
    let grown = StandingTable::from_bytes(&community.chain.data(&table)).unwrap();
    assert_eq!(grown.header.market, community.addresses.market);
    assert_eq!(grown.seats, vec![StandingSeat::default(); 32]);
    check_invariants(&community);
}

#[test]
fn given_somebody_else_when_it_creates_or_closes_then_it_is_not_the_authority() {
    let mut community = trading_community();
    let stranger = Keypair::new();
    community.chain.fund(&stranger.pubkey());
    let authority = community.authority.pubkey();
    let why = || MarketError::NotAuthority;
    let create = swap(&creating(&community), authority, stranger.pubkey());
    refused(&mut community.chain, &create, &[&stranger], why());
    let own = creating(&community);
    govern(&mut community, own).unwrap();
    let close = swap(&closing(&community), authority, stranger.pubkey());
    refused(&mut community.chain, &close, &[&stranger], why());
}

#[test]
fn given_an_account_short_of_its_length_when_it_is_used_then_it_must_be_grown_first() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let own = creating(&community);
    govern(&mut community, own).unwrap();
    let buyer = community.households[BUYER].wallet.insecure_clone();
    let set = entering(&community, BUYER, vec![entry(0, rule())]);
    let review = community.addresses.review_participant(&buyer.pubkey());
    let apply = applying(&community, start);
    for (what, instruction) in [("set", set), ("review", review), ("apply", apply)] {
        let why = MarketError::TableNotGrown;
        refused_when(what, &mut community.chain, &instruction, &[&buyer], why);
    }
}

/// 10 MiB, the longest that an account can be, are 6,791 seats; a ledger may have 16,384.
#[test]
fn given_more_seats_than_an_account_holds_when_it_is_created_then_it_would_never_be_whole() {
    for (seats, fits) in [(6_791, true), (6_792, false), (16_384, false)] {
        let mut community = founded();
        community.parameters = Parameters {
            seats,
            ..community.parameters
        };
        let market = community.create_market_instruction();
        govern(&mut community, market).unwrap();
        let market = community.market();
        community.addresses = joulebook_client::Addresses::of_market(&market);
        let create = creating(&community);
        match fits {
            true => govern(&mut community, create).map(|_| ()).unwrap(),
            false => refuse(&mut community, &create, MarketError::SizeInvalid),
        }
    }
}

#[test]
fn given_books_or_pages_when_standing_orders_are_closed_then_they_are_in_use() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let close = closing(&community);
    refuse(&mut community, &close, MarketError::StillInUse);
    apply(&mut community, start).unwrap();
    refuse(&mut community, &close, MarketError::StillInUse);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    community.finish_page(start).unwrap();
    refuse(&mut community, &close, MarketError::StillInUse);

    community.end_market().unwrap();
    let books = 0..community.parameters.books;
    let pages = 0..community.parameters.pages;
    let books = books.map(|slot| instructions::close_book(&community, slot));
    let pages = pages.map(|slot| instructions::close_page(&community, slot));
    let all: Vec<Instruction> = books.chain(pages).collect();
    for slot in all {
        refuse(&mut community, &close, MarketError::StillInUse);
        govern(&mut community, slot).unwrap();
    }
    let key = community.authority.insecure_clone();
    let table = community.addresses.standing_orders;
    let rent = community.chain.lamports(&table);
    let before = community.chain.lamports(&key.pubkey());
    sweep(&mut community.chain, &close, &[&key]);
    let after = community.chain.lamports(&key.pubkey());
    assert_eq!(after, before + rent);
    assert_eq!(community.chain.lamports(&table), 0);
    assert_eq!(community.market().has_standing_orders, 0);
}

#[test]
fn given_a_market_without_books_when_it_creates_closes_and_creates_then_what_is_new_is_empty() {
    let mut community = founded();
    let market = community.create_market_instruction();
    govern(&mut community, market).unwrap();
    community.addresses = joulebook_client::Addresses::of_market(&community.market());
    let (create, close) = (creating(&community), closing(&community));
    for _ in 0..2 {
        govern(&mut community, create.clone()).unwrap();
        // Short of its length.
        govern(&mut community, close.clone()).unwrap();
        assert_eq!(community.market().has_standing_orders, 0);
    }
    super::create(&mut community);
    let table = community.addresses.standing_orders;
    let grown = StandingTable::from_bytes(&community.chain.data(&table)).unwrap();
    assert!(grown.seats.iter().all(|seat| seat.entered == 0));
}

#[test]
fn given_standing_orders_when_a_market_is_closed_then_they_must_go_first() {
    let mut community = trading_community();
    create(&mut community);
    for place in [BUYER, SELLER] {
        community.leave(place).unwrap();
    }
    let refusal = community.close_everything().unwrap_err();
    assert_eq!(refusal, Failure::Market(MarketError::StillInUse));
    let authority = community.authority.pubkey();
    let at = community.addresses.clone();
    let tables = [at.close_history(authority), at.close_ledger(authority)];
    for close in tables {
        govern(&mut community, close).unwrap();
    }
    let market = at.close_market(authority);
    refuse(&mut community, &market, MarketError::StillInUse);
    let close = closing(&community);
    govern(&mut community, close).unwrap();
    govern(&mut community, market).unwrap();
}
