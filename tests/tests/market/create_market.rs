//! `create_market`: who may, with which accounts and which token.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent, types::MarketCreated},
    registry::accounts::Participant,
};
use joulebook_testkit::{Chain, Forbidden, Harmless, Setup, Token, TokenKind, World};
use joulebook_tests::{
    hostile::sweep,
    market::{bend::swap, beside, make, market_events, village_of},
    refused::{refused, Named, ALREADY_IN_USE},
};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A community that is ready for its market.
pub fn founded() -> World {
    let chain = Chain::new(&Chain::programs_dir()).unwrap();
    World::founded(chain, Setup::default(), 0).unwrap()
}

#[test]
fn given_a_community_when_its_authority_creates_the_market_then_it_is_as_asked_for() {
    let mut world = founded();
    let create = world.create_market_instruction();
    let receipt = sweep(&mut world.chain, &create, &[&world.authority]);

    let created = MarketCreated {
        market: world.at.market,
        community: world.at.community,
        quote_mint: world.at.quote_mint,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::MarketCreated(created)]
    );
    let (market, setup) = (world.market(), &world.setup);
    assert_eq!(market.community, world.at.community);
    assert_eq!(market.meter_table, world.at.meter_table);
    assert_eq!(market.quote_mint, world.at.quote_mint);
    assert_eq!(market.token_program, world.at.token_program);
    assert_eq!(market.vault, world.at.vault);
    assert_eq!(market.terms, setup.terms);
    assert_eq!(
        (market.window_seconds, market.ring, market.interval_ring),
        (setup.window_seconds, setup.ring, setup.interval_ring)
    );
    assert_eq!(
        (market.seats, market.orders, market.ticks, market.history),
        (setup.seats, setup.orders, setup.ticks, setup.history)
    );
    assert_eq!(market.max_orders_per_seat, setup.max_orders_per_seat);
    assert_eq!((market.supplier, market.grid_operator), (0, 1));
    assert_eq!(
        (market.windows, market.has_ledger, market.has_history),
        (0, 0, 0)
    );
    assert_eq!((market.nodes, market.rule, market.version), (1, 0, 1));
    for day in &market.tariffs {
        assert!(day.half_hours.iter().all(|entry| *entry == setup.tariff));
    }

    refused(
        &mut world.chain,
        &create,
        &[&world.authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_stranger_when_it_creates_a_market_then_it_is_not_the_authority() {
    let mut world = founded();
    let stranger = Keypair::new();
    world.chain.fund(&stranger.pubkey());
    let create = world.create_market_instruction();
    let create = swap(&create, world.authority.pubkey(), stranger.pubkey());
    refused(
        &mut world.chain,
        &create,
        &[&stranger],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_a_meter_table_that_settles_elsewhere_when_a_market_is_created_then_it_is_refused() {
    let mut world = founded();
    let create = world.create_market_instruction();
    for elsewhere in [Address::default(), Address::new_unique()] {
        let present = match elsewhere == Address::default() {
            true => world.at.market,
            false => Address::default(),
        };
        let set = make::set_settlement(&world, present, elsewhere);
        world.chain.send(&[set], &[&world.authority]).unwrap();
        refused(
            &mut world.chain,
            &create,
            &[&world.authority],
            MarketError::NotSettlement,
        );
    }
}

#[test]
fn given_accounts_of_another_community_when_a_market_is_created_then_each_is_refused() {
    let (home, abroad) = beside(Setup::default(), |_| ());
    let mut world = World::founded(home.chain, Setup::default(), 2).unwrap();
    let create = world.create_market_instruction();
    let mut refuse = |from: Address, to: Address, why: joulebook_testkit::Failure| {
        let bent = swap(&create, from, to);
        refused(&mut world.chain, &bent, &[&world.authority], why);
    };
    let at = &world.at;
    refuse(
        at.meter_table,
        abroad.at.meter_table,
        MarketError::OtherCommunity.failure(),
    );
    let foreign_supplier = abroad.supplier.participant;
    let bad_seat = MarketError::BadOperatorSeat.failure();
    refuse(
        world.supplier.participant,
        foreign_supplier,
        bad_seat.clone(),
    );
    refuse(world.grid_operator.participant, foreign_supplier, bad_seat);
    refuse(
        at.quote_mint,
        abroad.at.quote_mint,
        MarketError::OtherMint.failure(),
    );
    let seeds = ErrorCode::ConstraintSeeds.failure();
    refuse(at.community, abroad.at.community, seeds.clone());
    refuse(at.market, abroad.at.market, seeds.clone());
    refuse(at.vault, abroad.at.vault, seeds);
}

#[test]
fn given_a_supplier_that_is_not_active_when_a_market_is_created_then_it_is_refused() {
    let mut world = founded();
    let suspend = make::suspend(&world, &world.supplier);
    world.chain.send(&[suspend], &[&world.authority]).unwrap();
    let create = world.create_market_instruction();
    refused(
        &mut world.chain,
        &create,
        &[&world.authority],
        MarketError::BadOperatorSeat,
    );
}

#[test]
fn given_an_operator_beyond_the_seats_when_a_market_is_created_then_it_is_refused() {
    let mut world = founded();
    world.setup.seats = 1;
    let create = world.create_market_instruction();
    refused(
        &mut world.chain,
        &create,
        &[&world.authority],
        MarketError::BadOperatorSeat,
    );
}

#[test]
fn given_one_participant_as_supplier_and_grid_operator_when_a_market_is_created_then_both_are_it() {
    let mut world = founded();
    world.setup.seats = 1;
    let (from, to) = (world.grid_operator.participant, world.supplier.participant);
    let create = swap(&world.create_market_instruction(), from, to);
    world.chain.send(&[create], &[&world.authority]).unwrap();
    let market = world.market();
    let record = Participant::from_bytes(&world.chain.data(&to)).unwrap();
    assert_eq!(
        (market.supplier, market.grid_operator),
        (record.index, record.index)
    );
}

#[test]
fn given_the_other_token_program_when_a_market_is_created_then_it_is_refused() {
    let mut world = founded();
    let create = world.create_market_instruction();
    let token_2022 = spl_token_2022_interface::ID;
    let bent = swap(&create, world.at.token_program, token_2022);
    let why = InstructionError::IncorrectProgramId;
    refused(&mut world.chain, &bent, &[&world.authority], why);
    let bent = swap(&create, world.at.token_program, world.at.community);
    let why = ErrorCode::InvalidProgramId;
    refused(&mut world.chain, &bent, &[&world.authority], why);
}

#[test]
fn given_a_mint_that_someone_can_reach_through_when_a_market_is_created_then_it_is_refused() {
    for forbidden in [
        Forbidden::PermanentDelegate,
        Forbidden::DefaultAccountState,
        Forbidden::NonTransferable,
        Forbidden::TransferHook,
        Forbidden::Pausable,
    ] {
        let setup = Setup {
            token: TokenKind::Token2022WithForbidden(forbidden),
            ..Setup::default()
        };
        let chain = Chain::new(&Chain::programs_dir()).unwrap();
        let mut world = World::founded(chain, setup, 0).unwrap();
        let create = world.create_market_instruction();
        refused(
            &mut world.chain,
            &create,
            &[&world.authority],
            MarketError::MintExtension,
        );
    }
}

#[test]
fn given_a_mint_with_a_harmless_extension_when_a_market_is_created_then_it_takes_deposits() {
    for harmless in [
        Harmless::MintCloseAuthority,
        Harmless::InterestBearing,
        Harmless::MetadataPointer,
    ] {
        let world = village_of(Setup {
            token: TokenKind::Token2022With(harmless),
            ..Setup::default()
        });
        assert!(Token::balance(&world.chain, &world.at.vault) > 0);
        joulebook_tests::market::sound(&world);
    }
}
