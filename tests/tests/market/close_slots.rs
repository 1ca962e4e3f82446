//! `close_book`, `close_page`: once the market has ended, and not before.

use joulebook_client::{
    layout::market::{Book, Phase},
    market::errors::MarketError,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::change, check_invariants, contracted, govern, instructions, trading_community,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

#[test]
fn given_a_market_that_goes_on_when_a_slot_of_it_is_closed_then_it_has_not_ended() {
    let (mut community, start) = contracted(Parameters::default());
    let at = community.addresses.clone();
    let authority = community.authority.insecure_clone();
    let closes = [
        ("book", at.close_book(authority.pubkey(), 0)),
        ("page", at.close_page(authority.pubkey(), 0)),
    ];
    let refuse = |community: &mut LocalCommunity, when: &str| {
        for (what, close) in &closes {
            let case = format!("{what}, {when}");
            let why = MarketError::NotEnded;
            refused_when(&case, &mut community.chain, close, &[&authority], why);
        }
    };
    refuse(&mut community, "with a contract");
    community.finish_page(start).unwrap();
    refuse(&mut community, "with all that was opened final");
    let ends_at = start + 4 * community.page_length();
    let end = at.end_market(authority.pubkey(), ends_at);
    govern(&mut community, end).unwrap();
    refuse(&mut community, "with an end that is still to come");
    community.pass_until(ends_at + 1200 - 1);
    refuse(&mut community, "while values of the last page could come");

    community.pass_until(ends_at + 1200);
    let [(_, book), (_, page)] = &closes;
    sweep(&mut community.chain, book, &[&authority]);
    sweep(&mut community.chain, page, &[&authority]);
    let market = community.market();
    let parameters = &community.parameters;
    assert_eq!(market.book_accounts, parameters.books - 1);
    assert_eq!(market.page_accounts, parameters.pages - 1);
}

/// Nobody came before its end: what is open must be finished first.
#[test]
fn given_a_page_that_is_not_final_when_the_market_is_over_then_it_has_not_ended() {
    let (mut community, start) = contracted(Parameters::default());
    let ends_at = start + community.page_length();
    let authority = community.authority.pubkey();
    let end = community.addresses.end_market(authority, ends_at);
    govern(&mut community, end).unwrap();
    community.pass_until(ends_at + 100 * community.page_length());
    let close = instructions::close_page(&community, 0);
    let key = community.authority.insecure_clone();
    let why = MarketError::NotEnded;
    refused(&mut community.chain, &close, &[&key], why);
    community.finish_page(start).unwrap();
    govern(&mut community, close).unwrap();
    check_invariants(&community);
}

/// A window that nobody cleared keeps its page from becoming final, and so the market from ending; a book can't hold one
/// then but by a fault of the program.
#[test]
fn given_a_book_with_orders_when_it_is_closed_then_it_is_in_use() {
    let mut community = trading_community();
    community.end_market().unwrap();
    let book = community.addresses.book_slot(0);
    let phase = Book::LEN - size_of::<Book>() + core::mem::offset_of!(Book, phase);
    let close = instructions::close_book(&community, 0);
    let authority = community.authority.insecure_clone();
    for busy in [Phase::Open, Phase::Cleared] {
        change(&mut community.chain, &book, |account| {
            account.data[phase] = busy as u8;
        });
        let why = MarketError::StillInUse;
        refused(&mut community.chain, &close, &[&authority], why);
    }
}

#[test]
fn given_a_market_without_a_page_yet_when_its_slots_are_closed_then_nothing_needs_them() {
    let mut community = trading_community();
    let [book, page] = [
        instructions::close_book(&community, 7),
        instructions::close_page(&community, 5),
    ];
    govern(&mut community, book).unwrap();
    govern(&mut community, page).unwrap();
    let at = &community.addresses;
    for slot in [at.book_slot(7), at.page_slot(5)] {
        assert_eq!(community.chain.lamports(&slot), 0);
    }
    // And may have them back.
    let [book, page] = [
        instructions::create_book(&community, 7),
        instructions::create_page(&community, 5),
    ];
    govern(&mut community, book).unwrap();
    govern(&mut community, page).unwrap();
    let parameters = &community.parameters;
    assert_eq!(community.market().book_accounts, parameters.books);
    assert_eq!(community.market().page_accounts, parameters.pages);
}
