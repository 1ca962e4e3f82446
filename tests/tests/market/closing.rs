//! `close_window`, `close_history`, `close_ledger`, `close_market`: nothing stays behind.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::MarketClosed};
use joulebook_testkit::{Household, Setup, Token, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, close_gate, contracted, deliver, deliver_and_settle, first_start, govern, make,
        market_events, sound, trade, village, BUYER,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[track_caller]
fn in_use(world: &mut World, what: &str, close: &Instruction) {
    let why = MarketError::StillInUse;
    refused_when(what, &mut world.chain, close, &[&world.authority], why);
}

/// Takes all whole atoms out of a seat, and closes it.
fn leave(world: &mut World, household: &Household) {
    let free = world.ledger().seats[usize::from(household.seat)].free;
    let mut instructions = vec![make::close_seat(world, household)];
    if free >= 1000 {
        instructions.insert(0, world.at.withdraw(household, free / 1000));
    }
    world
        .chain
        .send(&instructions, &[&household.wallet])
        .unwrap();
}

fn everyone(world: &World) -> Vec<Household> {
    let all = world.households.iter();
    all.chain([&world.supplier, &world.grid_operator])
        .map(|household| Household {
            name: household.name.clone(),
            wallet: household.wallet.insecure_clone(),
            devices: vec![],
            ..*household
        })
        .collect()
}

/// Closes all but the market itself; returns where the tokens are now.
fn wind_up(world: &mut World) -> Vec<Address> {
    for slot in 0..world.setup.ring {
        let close = make::close_window(world, slot);
        govern(world, close).unwrap();
    }
    let all = everyone(world);
    for household in &all {
        leave(world, household);
    }
    let authority = world.authority.pubkey();
    let purse = world
        .token
        .account(&mut world.chain, &authority, 0)
        .unwrap();
    let fees = world.ledger().header.fees;
    assert_eq!(
        fees % 1000,
        0,
        "the vault holds whole atoms, and so does the rest"
    );
    if fees > 0 {
        let withdraw = make::withdraw_fees(world, purse, fees / 1000);
        govern(world, withdraw).unwrap();
    }
    let close = [make::close_history(world), make::close_ledger(world)];
    world.chain.send(&close, &[&world.authority]).unwrap();
    let purses = all.iter().map(|household| household.tokens);
    purses.chain([purse]).collect()
}

#[test]
fn given_a_market_that_has_lived_when_it_is_wound_up_then_rent_and_tokens_are_with_their_owners() {
    let mut world = village();
    let first = first_start(&world);
    // An odd Wh leaves half an atom here and there.
    world.open_window(first).unwrap();
    world
        .place(BUYER, first, vec![joulebook_tests::market::buy(333, 60)])
        .unwrap();
    world
        .place(1, first, vec![joulebook_tests::market::sell(331, 50)])
        .unwrap();
    close_gate(&mut world, first);
    world.clear_and_allocate(first).unwrap();
    deliver_and_settle(&mut world, first, &[(340, 1), (0, 329)]);

    let tables = tables(&world);
    let locked: u64 = tables.iter().map(|table| world.chain.lamports(table)).sum();
    let authority = world.authority.pubkey();
    let before = world.chain.lamports(&authority);
    let purses = wind_up(&mut world);
    let close = make::close_market(&world);
    let receipt = sweep(&mut world.chain, &close, &[&world.authority]);
    let closed = MarketClosed {
        market: world.at.market,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::MarketClosed(closed)]);

    assert_eq!(world.chain.lamports(&authority), before + locked);
    for table in &tables {
        assert_eq!(world.chain.lamports(table), 0);
    }
    let kept: u64 = purses
        .iter()
        .map(|purse| Token::balance(&world.chain, purse))
        .sum();
    assert_eq!(kept, world.token.supply(&world.chain));
    assert_eq!(kept, world.minted);
}

fn tables(world: &World) -> Vec<Address> {
    let at = &world.at;
    let mut tables = vec![at.market, at.vault, at.ledger, at.history];
    tables.extend((0..world.setup.ring).map(|slot| at.window_slot(slot)));
    tables
}

#[test]
fn given_a_market_wound_up_when_the_meters_are_too_then_their_rent_is_back() {
    let mut world = village();
    wind_up(&mut world);
    let close = make::close_market(&world);
    govern(&mut world, close).unwrap();
    for slot in 0..world.setup.interval_ring {
        let close = make::close_interval(&world, slot);
        govern(&mut world, close).unwrap();
    }
    let close = make::close_meter_table(&world, world.at.market);
    govern(&mut world, close).unwrap();
    assert_eq!(world.chain.lamports(&world.at.meter_table), 0);
}

#[test]
fn given_a_market_wound_up_when_its_community_creates_another_then_it_starts_afresh() {
    let (mut world, start) = contracted(Setup::default());
    deliver_and_settle(&mut world, start, &[(1000, 0), (0, 1000)]);
    wind_up(&mut world);
    let close = make::close_market(&world);
    govern(&mut world, close).unwrap();
    world.create_market().unwrap();
    assert_eq!(world.ledger().header.open_seats, 0);
    assert_eq!(world.history().header.windows, 0);
    sound(&world);
}

#[test]
fn given_a_window_on_its_way_when_it_is_closed_then_it_is_in_use() {
    let mut world = village();
    let start = first_start(&world);
    let slot = joulebook_client::ring::slot(start, 300, 8).unwrap();
    let close = make::close_window(&world, slot);
    world.open_window(start).unwrap();
    in_use(&mut world, "open", &close);
    trade(&mut world, start);
    close_gate(&mut world, start);
    let clear = world.at.clear(start);
    world.crank(&[clear]).unwrap();
    in_use(&mut world, "cleared", &close);
    let allocate = world.at.allocate(start, 99, None);
    world.crank(&[allocate]).unwrap();
    in_use(&mut world, "allocated", &close);
    deliver(&mut world, start, &[]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    in_use(&mut world, "metered", &close);
    let settle = world.at.settle(start, 1, None);
    world.crank(&[settle]).unwrap();
    in_use(&mut world, "settled in part", &close);
    world.meter_and_settle(start).unwrap();
    let windows = world.market().windows;
    sweep(&mut world.chain, &close, &[&world.authority]);
    assert_eq!(world.market().windows, windows - 1);
}

#[test]
fn given_what_is_in_use_when_it_is_closed_then_it_stays() {
    let mut world = village();
    let history = make::close_history(&world);
    let ledger = make::close_ledger(&world);
    let market = make::close_market(&world);
    in_use(&mut world, "history, with windows", &history);
    in_use(&mut world, "ledger, with windows", &ledger);
    in_use(&mut world, "market, with windows", &market);
    for slot in 0..world.setup.ring {
        let close = make::close_window(&world, slot);
        govern(&mut world, close).unwrap();
    }
    in_use(&mut world, "ledger, with seats", &ledger);
    in_use(&mut world, "market, with tables", &market);
    sweep(&mut world.chain, &history, &[&world.authority]);
    assert_eq!(world.market().has_history, 0);
    in_use(&mut world, "market, with a ledger", &market);

    for household in everyone(&world) {
        leave(&mut world, &household);
    }
    give(&mut world, 5);
    let sweep_up = make::sweep_surplus(&world);
    world.chain.send(&[sweep_up], &[]).unwrap();
    in_use(&mut world, "ledger, with fees", &ledger);
    let purse = give(&mut world, 0);
    let fees = make::withdraw_fees(&world, purse, 5);
    govern(&mut world, fees).unwrap();
    sweep(&mut world.chain, &ledger, &[&world.authority]);
    assert_eq!(world.market().has_ledger, 0);
    govern(&mut world, market).unwrap();
}

/// Sends atoms to the vault from nowhere; returns a token account of the authority.
fn give(world: &mut World, atoms: u64) -> Address {
    let authority = world.authority.pubkey();
    let vault = world.at.vault;
    if atoms > 0 {
        world
            .token
            .mint_to(&mut world.chain, &vault, atoms)
            .unwrap();
    }
    world
        .token
        .account(&mut world.chain, &authority, 0)
        .unwrap()
}

#[test]
fn given_an_atom_sent_to_the_vault_in_the_last_moment_when_the_market_closes_then_it_can_be_swept()
{
    let mut world = village();
    wind_up(&mut world);
    let purse = give(&mut world, 1);
    let close = make::close_market(&world);
    in_use(&mut world, "an atom", &close);
    let instructions = [
        make::create_ledger(&world),
        make::sweep_surplus(&world),
        make::withdraw_fees(&world, purse, 1),
        make::close_ledger(&world),
        close,
    ];
    world
        .chain
        .send(&instructions, &[&world.authority])
        .unwrap();
    assert_eq!(Token::balance(&world.chain, &purse), 1);
    assert_eq!(world.chain.lamports(&world.at.market), 0);
}

#[test]
fn given_anyone_but_the_authority_when_it_closes_something_then_it_is_refused() {
    let mut world = village();
    let stranger = world.households[BUYER].wallet.insecure_clone();
    let closes = [
        ("window", make::close_window(&world, 0)),
        ("history", make::close_history(&world)),
        ("ledger", make::close_ledger(&world)),
        ("market", make::close_market(&world)),
    ];
    for (what, close) in closes {
        let bent = swap(&close, world.authority.pubkey(), stranger.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(what, &mut world.chain, &bent, &[&stranger], why);
    }
    let other = Keypair::new();
    let close = make::close_market(&world);
    let mint = world
        .token
        .account(&mut world.chain, &other.pubkey(), 0)
        .unwrap();
    let bent = swap(&close, world.at.vault, mint);
    refused(
        &mut world.chain,
        &bent,
        &[&world.authority],
        MarketError::OtherMarket,
    );
    let token_2022 = spl_token_2022_interface::ID;
    let bent = swap(&close, world.at.token_program, token_2022);
    refused(
        &mut world.chain,
        &bent,
        &[&world.authority],
        MarketError::OtherMint,
    );
}
