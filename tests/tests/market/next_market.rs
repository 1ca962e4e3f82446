//! `release_meter_table`, and the market after it: it settles the same meters, and nothing of what they moved before.

use joulebook_client::{
    layout::market::Page,
    market::errors::MarketError,
    oracle::{errors::OracleError, types::ReadingResult},
    ring::next_page_start,
};
use joulebook_sim::{Addresses, LocalCommunity, Parameters, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, check_invariants, check_settled, contract, contracted,
        deliver_and_settle, govern, instructions, pass_until, send_as, trading_community,
        with_other_community, BUYER, DEPOSIT, FREE, SELLER,
    },
    metered_community::results,
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_signer::Signer;

use crate::final_energy::{read, silence, NO_SILENCE};

const NOBODY: Address = Address::new_from_array([0; 32]);

/// A market that has ended: the buyer took the 1000 Wh that it bought, and the seller delivered them.
fn ended() -> LocalCommunity {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    community.end_market().unwrap();
    community
}

/// The addresses of the community's market number 1.
fn next_addresses(community: &LocalCommunity) -> Addresses {
    let at = &community.addresses;
    let parameters = Parameters {
        market: 1,
        ..community.parameters.clone()
    };
    let rings = parameters.rings();
    Addresses::new(at.community, at.quote_mint, at.token_program, rings)
}

/// Founds market number 1 for the meters that nobody settles; all have their seats, buyer and seller 10 tokens in them.
/// Returns the addresses of the market before.
fn found_next(community: &mut LocalCommunity) -> Addresses {
    let before = community.addresses.clone();
    let market = next_addresses(community).market;
    let set = instructions::set_settlement(community, NOBODY, market);
    govern(community, set).unwrap();
    community.parameters.market = 1;
    community.create_market().unwrap();
    take_seats(community);
    before
}

fn take_seats(community: &mut LocalCommunity) {
    for operator in [&community.supplier, &community.grid_operator] {
        let open = community.seat_of(operator);
        let key = operator.wallet.insecure_clone();
        community.chain.send(&[open], &[&key]).unwrap();
    }
    community.fund_supplier(DEPOSIT).unwrap();
    for place in [BUYER, SELLER] {
        let open = community.seat_of(&community.households[place]);
        send_as(community, place, open).unwrap();
        community.deposit(place, DEPOSIT).unwrap();
    }
}

/// Opens the pages that are due, as a keeper does who comes at any time, and has every meter read at the start of the first
/// of them, as it shows now.
fn begin(community: &mut LocalCommunity) -> i64 {
    let table = community.meters().header;
    let now = community.chain.now();
    let first = next_page_start(&table, now).unwrap();
    community.open_pages(first).unwrap();
    let receipts = community.read_start(first).unwrap();
    let read = receipts.iter().flat_map(results);
    assert!(read
        .into_iter()
        .all(|result| result == ReadingResult::Counted));
    first
}

#[test]
fn given_an_ended_market_when_anyone_releases_its_meters_then_nobody_settles_them() {
    let mut community = ended();
    assert_eq!(
        community.meters().header.settlement,
        community.addresses.market
    );
    let release = community.addresses.release_meter_table();
    assert!(release.accounts.iter().all(|meta| !meta.is_signer));
    sweep(&mut community.chain, &release, &[]);
    let table = community.meters().header;
    assert_eq!(table.settlement, NOBODY);
    assert_eq!(table.settled_from, i64::MIN);
    let why = OracleError::WrongSettlement;
    refused(&mut community.chain, &release, &[], why);
    check_invariants(&community);
}

#[test]
fn given_a_market_that_has_not_ended_when_its_meters_are_released_then_it_is_refused() {
    let mut community = trading_community();
    let release = community.addresses.release_meter_table();
    let refuse = |community: &mut LocalCommunity, when| {
        let why = MarketError::NotEnded;
        refused_when(when, &mut community.chain, &release, &[], why);
    };
    // Anybody could otherwise keep a new market from its first page.
    refuse(&mut community, "before its first page");
    let start = community.first_start();
    contract(&mut community, start);
    refuse(&mut community, "with a contract");
    community.finish_page(start).unwrap();
    refuse(&mut community, "with all pages final");
    community.end_market().unwrap();
    community.chain.send(&[release], &[]).unwrap();
}

#[test]
fn given_meters_of_another_community_when_a_market_releases_them_then_it_is_refused() {
    let (mut community, other) = with_other_community(Parameters::default(), |_| ());
    community.end_market().unwrap();
    let release = community.addresses.release_meter_table();
    let (at, theirs) = (community.addresses.clone(), other.addresses);
    for (what, from, to, why) in [
        (
            "meter table",
            at.meter_table,
            theirs.meter_table,
            MarketError::WrongMeterTable,
        ),
        ("ledger", at.ledger, theirs.ledger, MarketError::WrongMarket),
        (
            "market",
            at.market,
            theirs.market,
            MarketError::WrongMeterTable,
        ),
    ] {
        let altered = swap(&release, from, to);
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
    // All of it theirs, which goes on.
    let theirs = theirs.release_meter_table();
    let why = MarketError::NotEnded;
    refused(&mut community.chain, &theirs, &[], why);
}

/// Between the markets 5000 Wh were drawn and 3000 fed in: they are some other supplier's.
#[test]
fn given_energy_between_two_markets_when_the_next_one_settles_then_it_is_not_billed() {
    let mut community = ended();
    let release = community.addresses.release_meter_table();
    community.chain.send(&[release], &[]).unwrap();
    community.households[BUYER].devices[0].flow(5000, 0);
    community.households[SELLER].devices[0].flow(0, 3000);
    let later = community.chain.now() + 10 * community.page_length();
    pass_until(&mut community, later);
    found_next(&mut community);
    begin(&mut community);

    let start = community.addresses.page_start(later) + 2 * community.page_length();
    pass_until(&mut community, start - 600);
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1100, 0), (0, 1000)]);
    check_invariants(&community);
    check_settled(&community, start);
    community.finish_page(start).unwrap();
    check_invariants(&community);
    // What it bought, and 100 Wh at 300,000.
    let paid = amounts::PAID + 30_000_000;
    assert_eq!(community.seat(BUYER).free, FREE - paid);
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    let supplier = DEPOSIT * 1000 + 30_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
}

/// What it moved between the markets, and in the first page of this one, nobody can tell apart: it is silent. The other one,
/// that is heard, fed in 3000 Wh between them and is billed nothing.
#[test]
fn given_an_old_meter_silent_when_the_next_market_begins_then_it_pays_for_what_it_can_have_drawn() {
    let mut community = ended();
    let release = community.addresses.release_meter_table();
    community.chain.send(&[release], &[]).unwrap();
    community.households[BUYER].devices[0].flow(5000, 0);
    community.households[SELLER].devices[0].flow(0, 3000);
    let later = community.chain.now() + 10 * community.page_length();
    pass_until(&mut community, later);
    found_next(&mut community);
    let table = community.meters().header;
    let first = next_page_start(&table, later).unwrap();
    community.open_pages(first).unwrap();
    let second = first + community.page_length();
    let all = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, first, (SELLER, 0), &all);
    community.households[BUYER].devices[0].flow(700, 0);
    for place in [BUYER, SELLER] {
        read(&mut community, second, (place, 0), &all);
    }
    community.finish_page(second).unwrap();
    check_invariants(&community);
    // 5,700 × 300,000: all that it shows more than the market before has settled.
    assert_eq!(community.seat(BUYER).free, FREE - 1_710_000_000);
    assert_eq!(community.seat(SELLER).free, FREE);
    for place in [BUYER, SELLER] {
        assert_eq!(silence(&community.seat(place)), NO_SILENCE);
    }
}

#[test]
fn given_a_next_market_when_owners_of_the_one_before_come_then_their_money_is_still_there() {
    let mut community = ended();
    let release = community.addresses.release_meter_table();
    community.chain.send(&[release], &[]).unwrap();
    let before = found_next(&mut community);
    let buyer = &community.households[BUYER];
    let (owner, tokens, seat) = (buyer.address(), buyer.tokens, buyer.seat);
    let seller = &community.households[SELLER];
    let sellers = seller.tokens;
    let pay_out = before.pay_out(&seller.address(), sellers, seller.seat);
    let withdraw = before.withdraw(owner, tokens, seat, 9_828_500);
    send_as(&mut community, BUYER, withdraw).unwrap();
    community.chain.send(&[pay_out], &[]).unwrap();
    // 10 tokens less 171,500 atoms that it paid, and 150,000 atoms more.
    let paid = [tokens, sellers].map(|tokens| Token::balance(&community.chain, &tokens));
    assert_eq!(paid, [9_828_500, 10_150_000]);
    assert_eq!(community.seat(BUYER).free, FREE);
    assert_eq!(community.seat(SELLER).free, FREE);
    check_invariants(&community);
}

#[test]
fn given_a_next_market_when_the_one_before_goes_on_then_it_settles_nothing_and_opens_nothing() {
    let mut community = ended();
    let release = community.addresses.release_meter_table();
    community
        .chain
        .send(std::slice::from_ref(&release), &[])
        .unwrap();
    let before = found_next(&mut community);
    let first = begin(&mut community);
    // The page of the same times, which its own page account does not hold.
    let settle = before.settle(first, 0..4, 0..32);
    let finish = before.finish_page(first, u16::MAX);
    for (what, call) in [("settle", settle), ("finish_page", finish)] {
        let why = MarketError::WrongPage;
        refused_when(what, &mut community.chain, &call, &[], why);
    }
    let open = before.open_page(first + community.page_length());
    let why = MarketError::WrongSettlement;
    refused(&mut community.chain, &open, &[], why);
    let why = OracleError::WrongSettlement;
    refused(&mut community.chain, &release, &[], why);
}

/// The table still names a market that was closed, and from when on it was settled.
#[test]
fn given_a_closed_market_when_one_is_created_in_its_place_then_its_meters_are_set_anew_first() {
    let mut community = ended();
    for place in [BUYER, SELLER] {
        community.leave(place).unwrap();
    }
    close_market(&mut community);
    let create = community.create_market_instruction();
    let authority = community.authority.insecure_clone();
    let why = MarketError::WrongSettlement;
    refused(&mut community.chain, &create, &[&authority], why);

    let market = community.addresses.market;
    let set = instructions::set_settlement(&community, market, market);
    govern(&mut community, set).unwrap();
    community.create_market().unwrap();
    assert_eq!(community.ledger().header.open_seats, 0);
    assert_eq!(community.history().header.windows, 0);
    check_invariants(&community);
}

/// All but the meters, once the households have left.
fn close_market(community: &mut LocalCommunity) {
    let mut calls = vec![];
    for slot in 0..community.parameters.books {
        calls.push(instructions::close_book(community, slot));
    }
    for slot in 0..community.parameters.pages {
        calls.push(instructions::close_page(community, slot));
    }
    let at = &community.addresses;
    for operator in [&community.supplier, &community.grid_operator] {
        calls.push(at.pay_out(&operator.address(), operator.tokens, operator.seat));
        calls.push(at.close_seat(operator.address(), operator.seat));
    }
    let fees = community.ledger().header.fees / 1000;
    let to = community.grid_operator.tokens;
    calls.push(instructions::withdraw_fees(community, to, fees));
    calls.push(instructions::close_history(community));
    calls.push(instructions::close_ledger(community));
    calls.push(instructions::close_market(community));
    for call in calls {
        let LocalCommunity {
            chain,
            authority,
            supplier,
            grid_operator,
            ..
        } = community;
        let keys = [&*authority, &supplier.wallet, &grid_operator.wallet];
        let signers = joulebook_tests::refused::needed(&call, &keys);
        chain.send(&[call], &signers).unwrap();
    }
}

/// Its windows would read the entries of other meters if its table could be made anew with other intervals.
#[test]
fn given_a_market_without_a_page_when_the_authority_would_take_its_meter_table_then_it_is_in_use() {
    let mut community = trading_community();
    assert_eq!(community.market().last_page, Page::NEVER);
    let at = community.addresses.clone();
    let authority = community.authority.pubkey();
    let nobody = joulebook_client::instructions::SYSTEM_PROGRAM;
    let key = community.authority.insecure_clone();
    let take = at.set_settlement(authority, at.market, nobody);
    let why = OracleError::SettlementInUse;
    refused(&mut community.chain, &take, &[&key], why);
}
