//! Accounts of another market, which never mix with one's own.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, types::TariffEntry};
use joulebook_testkit::{world::CONSUMER, Failure, Setup, World};
use joulebook_tests::{
    market::{
        bend::swap, beside, buy, close_gate, first_start, id, make, pass_until, sound, trade,
        Abroad, BUYER,
    },
    refused::{refused_when, Named},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Two villages with an open window at the same time, and orders in it.
fn neighbours() -> (World, Abroad, i64) {
    let mut start = 0;
    let (mut world, abroad) = beside(Setup::default(), |abroad| {
        start = first_start(abroad);
        abroad.open_window(start).unwrap();
        trade(abroad, start);
    });
    world.open_window(start).unwrap();
    trade(&mut world, start);
    (world, abroad, start)
}

/// One account of ours and theirs that stands in its place, and the answer.
type Swap = (Address, Address, Failure);

/// Tries an instruction with each swap alone.
#[track_caller]
fn try_each(
    world: &mut World,
    what: &str,
    instruction: &Instruction,
    signers: &[&Keypair],
    swaps: &[Swap],
) {
    for (index, (from, to, why)) in swaps.iter().enumerate() {
        let bent = swap(instruction, *from, *to);
        let case = format!("{what}, swap {index}");
        refused_when(&case, &mut world.chain, &bent, signers, why.clone());
    }
    sound(world);
}

fn market() -> Failure {
    MarketError::OtherMarket.failure()
}

fn community() -> Failure {
    MarketError::OtherCommunity.failure()
}

fn mint() -> Failure {
    MarketError::OtherMint.failure()
}

fn interval() -> Failure {
    MarketError::OtherInterval.failure()
}

#[test]
fn given_two_markets_when_money_is_moved_then_their_accounts_do_not_mix() {
    let (mut world, abroad, _) = neighbours();
    let (at, theirs) = (world.at.clone(), abroad.at.clone());
    let buyer = world.households[BUYER].wallet.insecure_clone();
    let tokens = world.households[BUYER].tokens;
    world.token.mint_to(&mut world.chain, &tokens, 9).unwrap();
    let purse = [
        (at.market, theirs.market, market()),
        (at.ledger, theirs.ledger, market()),
        (at.vault, theirs.vault, market()),
        (at.quote_mint, theirs.quote_mint, mint()),
    ];
    let deposit = world
        .at
        .deposit(&world.households[BUYER], world.households[BUYER].seat, 1);
    try_each(&mut world, "deposit", &deposit, &[&buyer], &purse);
    let withdraw = world.at.withdraw(&world.households[BUYER], 1);
    try_each(&mut world, "withdraw", &withdraw, &[&buyer], &purse);

    let authority = world.authority.insecure_clone();
    let fees = make::withdraw_fees(&world, tokens, 1);
    try_each(&mut world, "withdraw_fees", &fees, &[&authority], &purse);
    let other_community = [(at.community, theirs.community, community())];
    try_each(
        &mut world,
        "withdraw_fees",
        &fees,
        &[&authority],
        &other_community,
    );
    // Everything there, but for the key.
    let all = [
        (at.community, theirs.community),
        (at.market, theirs.market),
        (at.ledger, theirs.ledger),
        (at.vault, theirs.vault),
        (at.quote_mint, theirs.quote_mint),
    ];
    let bent = all
        .iter()
        .fold(fees, |bent, (from, to)| swap(&bent, *from, *to));
    let why = MarketError::NotAuthority;
    refused_when("robbery", &mut world.chain, &bent, &[&authority], why);

    let surplus = make::sweep_surplus(&world);
    try_each(&mut world, "sweep_surplus", &surplus, &[], &purse[..3]);
}

#[test]
fn given_two_markets_when_seats_are_opened_and_closed_then_their_accounts_do_not_mix() {
    let (mut world, abroad, _) = neighbours();
    let (at, theirs) = (world.at.clone(), abroad.at.clone());
    let newcomer = world.admit("newcomer", CONSUMER).unwrap();
    let open = world.open_seat_of(&newcomer);
    let swaps = [
        (at.market, theirs.market, community()),
        (
            newcomer.participant,
            abroad.buyer().participant,
            community(),
        ),
        (at.ledger, theirs.ledger, market()),
    ];
    try_each(&mut world, "open_seat", &open, &[&newcomer.wallet], &swaps);

    let buyer = world.households[BUYER].wallet.insecure_clone();
    let close = make::close_seat(&world, &world.households[BUYER]);
    let swaps = [
        (at.market, theirs.market, market()),
        (at.ledger, theirs.ledger, market()),
    ];
    try_each(&mut world, "close_seat", &close, &[&buyer], &swaps);

    let name = make::set_delegate(&world, &world.households[BUYER], None);
    let swaps = [(at.ledger, theirs.ledger, MarketError::NotOwner.failure())];
    try_each(&mut world, "set_delegate", &name, &[&buyer], &swaps);
}

#[test]
fn given_two_markets_when_orders_are_placed_and_cancelled_then_their_accounts_do_not_mix() {
    let (mut world, abroad, start) = neighbours();
    let (at, theirs) = (world.at.clone(), abroad.at.clone());
    let buyer = world.households[BUYER].wallet.insecure_clone();
    let household = &world.households[BUYER];
    let place = at.place_orders(&buyer.pubkey(), household, start, vec![buy(1, 1)]);
    let swaps = [
        (at.community, theirs.community, community()),
        (
            household.participant,
            abroad.buyer().participant,
            community(),
        ),
        (at.ledger, theirs.ledger, market()),
        (at.window(start), theirs.window(start), market()),
    ];
    try_each(&mut world, "place_orders", &place, &[&buyer], &swaps);
    let both = swap(&place, at.ledger, theirs.ledger);
    let both = swap(&both, at.window(start), theirs.window(start));
    let why = MarketError::OtherCommunity;
    refused_when("a book abroad", &mut world.chain, &both, &[&buyer], why);

    let seat = world.households[BUYER].seat;
    let cancel = at.cancel_orders(&buyer.pubkey(), seat, start, vec![id(0, 0)]);
    try_each(&mut world, "cancel_orders", &cancel, &[&buyer], &swaps[2..]);
    let both = swap(&cancel, at.ledger, theirs.ledger);
    let both = swap(&both, at.window(start), theirs.window(start));
    let why = MarketError::NotTrader;
    refused_when("an order abroad", &mut world.chain, &both, &[&buyer], why);
    assert_eq!(abroad.window(&world.chain, start).header.live_orders, 2);
    assert!(abroad.ledger(&world.chain).header.open_seats > 0);
}

#[test]
fn given_two_markets_when_windows_are_cranked_then_their_accounts_do_not_mix() {
    let (mut world, abroad, start) = neighbours();
    let (at, theirs) = (world.at.clone(), abroad.at.clone());
    let window = || (at.window(start), theirs.window(start), market());
    let ledger = || (at.ledger, theirs.ledger, market());
    let next = at.open_window(start + 300);
    let swaps = [
        (at.market, theirs.market, market()),
        (at.window(start + 300), theirs.window(start + 300), market()),
    ];
    try_each(&mut world, "open_window", &next, &[], &swaps);

    close_gate(&mut world, start);
    let clears = [at.clear(start), theirs.clear(start)];
    world.crank(&clears).unwrap();
    let allocate = at.allocate(start, 99, None);
    try_each(
        &mut world,
        "allocate",
        &allocate,
        &[],
        &[ledger(), window()],
    );
    let allocates = [allocate, theirs.allocate(start, 99, None)];
    world.crank(&allocates).unwrap();

    pass_until(&mut world, start);
    let intervals = [at.open_interval(start), theirs.open_interval(start)];
    world.crank(&intervals).unwrap();
    pass_until(&mut world, start + 900);
    let meter = at.meter(start);
    let metering = [
        (at.market, theirs.market, interval()),
        window(),
        (at.meter_table, theirs.meter_table, interval()),
        (at.interval(start), theirs.interval(start), interval()),
    ];
    try_each(&mut world, "meter", &meter, &[], &metering);
    let skip = make::release_skipped(&world, start);
    try_each(&mut world, "release_skipped", &skip, &[], &metering);
    world.crank(&[meter, theirs.meter(start)]).unwrap();

    let settle = at.settle(start, 99, None);
    let swaps = [ledger(), window(), (at.history, theirs.history, market())];
    try_each(&mut world, "settle", &settle, &[], &swaps);
    world
        .crank(&[settle, theirs.settle(start, 99, None)])
        .unwrap();
}

#[test]
fn given_two_markets_when_one_authority_governs_then_only_its_own_accounts() {
    let (mut world, abroad, _) = neighbours();
    let (at, theirs) = (world.at.clone(), abroad.at.clone());
    let authority = world.authority.insecure_clone();
    let entry = TariffEntry { short: 2, long: 1 };
    let governed = [
        ("set_terms", make::set_terms(&world, Setup::default().terms)),
        ("set_tariff", make::set_tariff(&world, true, 0, vec![entry])),
        ("close_window", make::close_window(&world, 0)),
        ("close_history", make::close_history(&world)),
        ("close_ledger", make::close_ledger(&world)),
        ("close_market", make::close_market(&world)),
    ];
    for (what, instruction) in governed {
        let swaps = [(at.community, theirs.community, community())];
        try_each(&mut world, what, &instruction, &[&authority], &swaps);
        let whole = whole_abroad(&instruction, &world, &abroad);
        let why = MarketError::NotAuthority;
        refused_when(what, &mut world.chain, &whole, &[&authority], why);
    }

    let window = make::close_window(&world, 0);
    let history = make::close_history(&world);
    let ledger = make::close_ledger(&world);
    let swaps = [
        (&window, at.window_slot(0), theirs.window_slot(0)),
        (&window, at.market, theirs.market),
        (&history, at.history, theirs.history),
        (&history, at.market, theirs.market),
        (&ledger, at.ledger, theirs.ledger),
        (&ledger, at.market, theirs.market),
    ];
    for (instruction, from, to) in swaps {
        let swaps = [(from, to, market())];
        try_each(&mut world, "a table", instruction, &[&authority], &swaps);
    }
    let close = make::close_market(&world);
    let swaps = [
        (at.vault, theirs.vault, market()),
        (at.market, theirs.market, market()),
    ];
    try_each(&mut world, "close_market", &close, &[&authority], &swaps);
}

/// The same instruction, all of it on the other market but for the signer.
fn whole_abroad(instruction: &Instruction, world: &World, abroad: &Abroad) -> Instruction {
    let (at, theirs) = (&world.at, &abroad.at);
    let pairs = [
        (at.community, theirs.community),
        (at.market, theirs.market),
        (at.ledger, theirs.ledger),
        (at.history, theirs.history),
        (at.vault, theirs.vault),
        (at.window_slot(0), theirs.window_slot(0)),
    ];
    let mut bent = instruction.clone();
    for meta in &mut bent.accounts {
        if let Some((_, to)) = pairs.iter().find(|(from, _)| *from == meta.pubkey) {
            meta.pubkey = *to;
        }
    }
    bent
}

#[test]
fn given_two_markets_when_one_authority_creates_tables_then_only_for_its_own() {
    let (mut world, abroad, _) = neighbours();
    // Slots, a ledger and a history that are not there yet.
    let mut theirs = abroad.at.clone();
    theirs.ring = world.at.ring;
    let authority = world.authority.insecure_clone();
    let close = make::close_window(&world, 0);
    world.chain.send(&[close], &[&authority]).unwrap();
    let create = make::create_window(&world, 0);
    let swaps = [
        (world.at.community, theirs.community, community()),
        (
            world.at.market,
            theirs.market,
            ErrorCode::ConstraintSeeds.failure(),
        ),
        (
            world.at.window_slot(0),
            theirs.window_slot(0),
            ErrorCode::ConstraintSeeds.failure(),
        ),
    ];
    try_each(&mut world, "create_window", &create, &[&authority], &swaps);
    world.chain.send(&[create], &[&authority]).unwrap();
    sound(&world);
}
