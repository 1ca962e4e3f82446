//! `grow_table`: steps to full length, and nothing works before.

use joulebook_client::{
    market::{accounts, errors::MarketError},
    tables::TableError,
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::{forged_owner, sweep},
    market::{bend::swap, first_start, make},
    refused::{refused, refused_when, TOO_POOR},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::create_market::founded;

const STEP: usize = 10_240;

/// A market with tables of more than 10 KiB, all at the length they are created with.
fn short_tables() -> World {
    let mut world = founded();
    world.setup = Setup {
        seats: 400,
        orders: 1024,
        ticks: 2048,
        history: 300,
        ..world.setup
    };
    let create = world.create_market_instruction();
    world.chain.send(&[create], &[&world.authority]).unwrap();
    world.at = world.at.clone().with_sizes(&world.market());
    let start = first_start(&world);
    let slot = world.window_slot_of(start);
    for create in [
        make::create_ledger(&world),
        make::create_history(&world),
        make::create_window(&world, slot),
    ] {
        world.chain.send(&[create], &[&world.authority]).unwrap();
    }
    world
}

trait Slots {
    fn window_slot_of(&self, start: i64) -> u16;
}

impl Slots for World {
    fn window_slot_of(&self, start: i64) -> u16 {
        joulebook_client::ring::slot(start, self.setup.window_seconds, self.setup.ring).unwrap()
    }
}

fn tables(world: &World) -> [(Address, usize); 3] {
    use joulebook_client::tables::{HistoryRecord, NodeState, Order, Position, Seat};
    let ledger = accounts::Ledger::LEN + 400 * size_of::<Seat>();
    let history = accounts::History::LEN + 300 * size_of::<HistoryRecord>();
    let window = accounts::Window::LEN
        + size_of::<NodeState>()
        + (32 + 2048) * 16
        + 400 * size_of::<Position>()
        + 1024 * size_of::<Order>();
    [
        (world.at.ledger, ledger),
        (world.at.history, history),
        (world.at.window(first_start(world)), window),
    ]
}

fn len(world: &World, table: &Address) -> usize {
    world.chain.data(table).len()
}

#[test]
fn given_a_large_table_when_it_is_grown_then_it_takes_steps_to_its_full_length_and_stays() {
    let mut world = short_tables();
    for (table, full) in tables(&world) {
        let grow = make::grow(&world, table);
        let mut due = STEP;
        assert_eq!(len(&world, &table), due);
        while due < full {
            world.chain.send(std::slice::from_ref(&grow), &[]).unwrap();
            due = (due + STEP).min(full);
            assert_eq!(len(&world, &table), due);
            let rent = world.chain.svm.minimum_balance_for_rent_exemption(due);
            assert!(world.chain.lamports(&table) >= rent);
        }
        let before = world.chain.svm.get_account(&table);
        world.chain.send(&[grow], &[]).unwrap();
        assert_eq!(world.chain.svm.get_account(&table), before);
    }
    assert_eq!(world.ledger().seats.len(), 400);
}

#[test]
fn given_anyone_with_lamports_when_it_grows_a_table_then_it_pays() {
    let mut world = short_tables();
    let payer = Keypair::new();
    let table = world.at.ledger;
    let grow = World::grow_market_table(payer.pubkey(), table);
    refused(&mut world.chain, &grow, &[&payer], TOO_POOR);

    world.chain.fund(&payer.pubkey());
    let (mine, its) = (
        world.chain.lamports(&payer.pubkey()),
        world.chain.lamports(&table),
    );
    sweep(&mut world.chain, &grow, &[&payer]);
    let paid = mine - world.chain.lamports(&payer.pubkey());
    assert_eq!(world.chain.lamports(&table), its + paid);
    assert!(paid > 0);
}

#[test]
fn given_something_else_when_it_is_grown_then_it_is_not_a_table() {
    let mut world = short_tables();
    let forged = forged_owner(&mut world.chain, &world.at.ledger);
    for (what, other) in [
        ("the market", world.at.market),
        ("the vault", world.at.vault),
        ("the community", world.at.community),
        ("a wallet", world.supplier.address()),
        ("nothing", Address::new_unique()),
        ("a ledger of another program", forged),
    ] {
        let grow = make::grow(&world, other);
        refused_when(what, &mut world.chain, &grow, &[], MarketError::NotATable);
    }
}

#[test]
fn given_tables_short_of_their_length_when_they_are_used_then_they_must_be_grown_first() {
    let mut world = short_tables();
    let start = first_start(&world);
    let (ledger, window) = (world.at.ledger, world.at.window(start));
    let why = || MarketError::TableNotGrown;
    let supplier = world.supplier.wallet.insecure_clone();
    let seat = world.open_seat_of(&world.supplier);
    refused_when("ledger", &mut world.chain, &seat, &[&supplier], why());
    let sweep = make::sweep_surplus(&world);
    refused_when("ledger", &mut world.chain, &sweep, &[], why());
    let open = world.at.open_window(start);
    refused_when("window", &mut world.chain, &open, &[], why());
    let clear = world.at.clear(start);
    refused_when("window", &mut world.chain, &clear, &[], why());

    grow_up(&mut world, ledger);
    world.chain.send(&[seat], &[&supplier]).unwrap();
    let place = world.at.place_orders(
        &supplier.pubkey(),
        &world.supplier,
        start,
        vec![joulebook_tests::market::buy(1, 0)],
    );
    refused_when("window", &mut world.chain, &place, &[&supplier], why());
    let allocate = world.at.allocate(start, 1, None);
    refused_when("window", &mut world.chain, &allocate, &[], why());
    let settle = world.at.settle(start, 1, None);
    refused_when("window", &mut world.chain, &settle, &[], why());

    grow_up(&mut world, window);
    world.crank(&[open]).unwrap();
    refused_when("history", &mut world.chain, &settle, &[], why());
    let other = make::create_window(&world, 0);
    world.chain.send(&[other], &[&world.authority]).unwrap();
    // The other slot is still short.
    let clear = swap(&clear, window, world.at.window_slot(0));
    refused_when("another slot", &mut world.chain, &clear, &[], why());
}

#[test]
fn given_a_table_cut_short_when_a_client_reads_it_then_it_says_so() {
    let world = short_tables();
    let data = world.chain.data(&world.at.ledger);
    let table = joulebook_client::tables::LedgerTable::from_bytes(&data);
    assert_eq!(table.map(|_| ()), Err(TableError::Length));
}

fn grow_up(world: &mut World, table: Address) {
    let grow = make::grow(world, table);
    for _ in 0..6 {
        world.chain.send(std::slice::from_ref(&grow), &[]).unwrap();
    }
}
