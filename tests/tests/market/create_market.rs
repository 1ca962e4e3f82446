//! `create_market`: who may, and with which accounts.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::registry::Participant,
    market::{errors::MarketError, events::MarketEvent, types::MarketCreated},
};
use joulebook_sim::{Addresses, Chain, LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{altered::swap, instructions, market_events, with_other_community},
    refused::{refused, NamedError, ALREADY_IN_USE},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A community that is ready for its market.
pub fn founded() -> LocalCommunity {
    let chain = Chain::new(&Chain::programs_dir(), 0).unwrap();
    LocalCommunity::without_market(chain, Parameters::default(), 0).unwrap()
}

#[test]
fn given_a_community_when_its_authority_creates_the_market_then_it_is_as_asked_for() {
    let mut community = founded();
    let create = community.create_market_instruction();
    let receipt = sweep(&mut community.chain, &create, &[&community.authority]);

    let created = MarketCreated {
        market: community.addresses.market,
        number: 0,
        community: community.addresses.community,
        quote_mint: community.addresses.quote_mint,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::MarketCreated(created)]
    );
    let (market, parameters) = (community.market(), &community.parameters);
    assert_eq!(market.community, community.addresses.community);
    assert_eq!(market.meter_table, community.addresses.meter_table);
    assert_eq!(market.quote_mint, community.addresses.quote_mint);
    assert_eq!(market.token_program, community.addresses.token_program);
    assert_eq!(market.vault, community.addresses.vault);
    assert_eq!(market.terms, parameters.terms);
    assert_eq!(market.planned_terms, parameters.terms);
    assert_eq!(
        (market.number, market.window_seconds, market.books),
        (0, parameters.window_seconds, parameters.books)
    );
    // Those of the meter table.
    assert_eq!(
        (market.page_windows, market.pages, market.correction_seconds),
        (
            parameters.page_windows,
            parameters.pages,
            parameters.correction_seconds
        )
    );
    assert_eq!(
        (market.seats, market.orders, market.ticks, market.history),
        (
            parameters.seats,
            parameters.orders,
            parameters.ticks,
            parameters.history
        )
    );
    assert_eq!(
        (market.max_orders_per_seat, market.room_per_seat),
        (parameters.max_orders_per_seat, parameters.room_per_seat)
    );
    assert_eq!(
        (market.lowest_price, market.highest_price),
        (parameters.lowest_price, parameters.highest_price)
    );
    assert_eq!(market.highest_grid_fee, parameters.highest_grid_fee);
    assert_eq!(market.notice_seconds, parameters.notice_seconds);
    assert_eq!((market.first_supplier, market.grid_operator), (0, 1));
    assert_eq!((market.book_accounts, market.page_accounts), (0, 0));
    assert_eq!((market.has_ledger, market.has_history), (0, 0));
    assert_eq!((market.last_page, market.ends_at), (i64::MIN, i64::MAX));
    assert_eq!((market.nodes, market.rule, market.version), (1, 0, 1));
    for day in market.tariffs.iter().chain(&market.planned_tariffs) {
        assert!(day
            .half_hours
            .iter()
            .all(|entry| *entry == parameters.tariff));
    }

    refused(
        &mut community.chain,
        &create,
        &[&community.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_stranger_when_it_creates_a_market_then_it_is_not_the_authority() {
    let mut community = founded();
    let stranger = Keypair::new();
    community.chain.fund(&stranger.pubkey());
    let create = community.create_market_instruction();
    let create = swap(&create, community.authority.pubkey(), stranger.pubkey());
    refused(
        &mut community.chain,
        &create,
        &[&stranger],
        MarketError::NotAuthority,
    );
}

/// Another number is another market, whose address only it has.
#[test]
fn given_the_address_of_another_number_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    let create = community.create_market_instruction();
    let mut altered = create.clone();
    // Behind the discriminator.
    altered.data[8..10].copy_from_slice(&1u16.to_le_bytes());
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        ErrorCode::ConstraintSeeds,
    );
    // Market 1 itself is not the one that the meter table settles with.
    community.parameters.market = 1;
    let at = &community.addresses;
    let rings = community.parameters.rings();
    let next = Addresses::new(at.community, at.quote_mint, at.token_program, rings);
    let altered = swap(&altered, at.market, next.market);
    let altered = swap(&altered, at.vault, next.vault);
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::WrongSettlement,
    );
}

#[test]
fn given_a_meter_table_that_settles_elsewhere_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    let create = community.create_market_instruction();
    for elsewhere in [Address::default(), Address::new_unique()] {
        let present = match elsewhere == Address::default() {
            true => community.addresses.market,
            false => Address::default(),
        };
        let set = instructions::set_settlement(&community, present, elsewhere);
        community
            .chain
            .send(&[set], &[&community.authority])
            .unwrap();
        refused(
            &mut community.chain,
            &create,
            &[&community.authority],
            MarketError::WrongSettlement,
        );
    }
}

#[test]
fn given_accounts_of_another_community_when_a_market_is_created_then_each_is_refused() {
    let (home, other) = with_other_community(Parameters::default(), |_| ());
    let mut community =
        LocalCommunity::without_market(home.chain, Parameters::default(), 2).unwrap();
    let create = community.create_market_instruction();
    let mut refuse = |from: Address, to: Address, why: joulebook_sim::Failure| {
        let altered = swap(&create, from, to);
        refused(&mut community.chain, &altered, &[&community.authority], why);
    };
    let at = &community.addresses;
    refuse(
        at.meter_table,
        other.addresses.meter_table,
        MarketError::WrongCommunity.failure(),
    );
    let foreign_supplier = other.supplier.participant;
    let bad_seat = MarketError::OperatorSeatInvalid.failure();
    refuse(
        community.supplier.participant,
        foreign_supplier,
        bad_seat.clone(),
    );
    refuse(
        community.grid_operator.participant,
        foreign_supplier,
        bad_seat,
    );
    refuse(
        at.quote_mint,
        other.addresses.quote_mint,
        MarketError::WrongMint.failure(),
    );
    let seeds = ErrorCode::ConstraintSeeds.failure();
    refuse(at.community, other.addresses.community, seeds.clone());
    refuse(at.market, other.addresses.market, seeds.clone());
    refuse(at.vault, other.addresses.vault, seeds);
}

#[test]
fn given_a_supplier_that_is_not_active_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    let suspend = instructions::suspend(&community, &community.supplier);
    community
        .chain
        .send(&[suspend], &[&community.authority])
        .unwrap();
    let create = community.create_market_instruction();
    refused(
        &mut community.chain,
        &create,
        &[&community.authority],
        MarketError::OperatorSeatInvalid,
    );
}

/// Who trades must not be able to stop others from trading.
#[test]
fn given_an_operator_that_may_pause_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    let authority = community.authority.insecure_clone();
    for is_supplier in [true, false] {
        let who = match is_supplier {
            true => &community.supplier,
            false => &community.grid_operator,
        };
        let emergency = instructions::set_roles(&community, who, 1 << 7);
        let ordinary = instructions::set_roles(&community, who, 1);
        community.chain.send(&[emergency], &[&authority]).unwrap();
        let create = community.create_market_instruction();
        let why = MarketError::OperatorSeatInvalid;
        refused(&mut community.chain, &create, &[&authority], why);
        community.chain.send(&[ordinary], &[&authority]).unwrap();
    }
    let create = community.create_market_instruction();
    community.chain.send(&[create], &[&authority]).unwrap();
}

#[test]
fn given_an_operator_beyond_the_seats_when_a_market_is_created_then_it_is_refused() {
    let mut community = founded();
    community.parameters.seats = 1;
    let create = community.create_market_instruction();
    refused(
        &mut community.chain,
        &create,
        &[&community.authority],
        MarketError::OperatorSeatInvalid,
    );
}

#[test]
fn given_one_participant_as_supplier_and_grid_operator_when_a_market_is_created_then_both_are_it() {
    let mut community = founded();
    community.parameters.seats = 1;
    let (from, to) = (
        community.grid_operator.participant,
        community.supplier.participant,
    );
    let create = swap(&community.create_market_instruction(), from, to);
    community
        .chain
        .send(&[create], &[&community.authority])
        .unwrap();
    let market = community.market();
    let record = Participant::from_bytes(&community.chain.data(&to)).unwrap();
    assert_eq!(
        (market.first_supplier, market.grid_operator),
        (record.index, record.index)
    );
}
