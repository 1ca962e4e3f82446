//! `grow_table`: steps to full length, and nothing works before.

use joulebook_client::{
    layout::market::{History, HistoryRecord, Ledger, NodeState, Order, Position, Seat, Window},
    market::errors::MarketError,
    tables::TableError,
    Addresses,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::{forged_owner, sweep},
    market::{altered::swap, first_start, instructions},
    refused::{refused, refused_when, TOO_POOR},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::create_market::founded;

const STEP: usize = 10_240;

/// A market with tables of more than 10 KiB, all at the length they are created with.
fn short_tables() -> LocalCommunity {
    let mut community = founded();
    community.parameters = Parameters {
        seats: 400,
        orders: 1024,
        ticks: 2048,
        history: 300,
        ..community.parameters
    };
    let create = community.create_market_instruction();
    community
        .chain
        .send(&[create], &[&community.authority])
        .unwrap();
    community.addresses = Addresses::of_market(&community.market());
    let start = first_start(&community);
    let slot = community.window_slot_of(start);
    for create in [
        instructions::create_ledger(&community),
        instructions::create_history(&community),
        instructions::create_window(&community, slot),
    ] {
        community
            .chain
            .send(&[create], &[&community.authority])
            .unwrap();
    }
    community
}

trait Slots {
    fn window_slot_of(&self, start: i64) -> u16;
}

impl Slots for LocalCommunity {
    fn window_slot_of(&self, start: i64) -> u16 {
        joulebook_client::ring::slot(start, self.parameters.window_seconds, self.parameters.ring)
            .unwrap()
    }
}

fn tables(community: &LocalCommunity) -> [(Address, usize); 3] {
    let ledger = Ledger::LEN + 400 * size_of::<Seat>();
    let history = History::LEN + 300 * size_of::<HistoryRecord>();
    let window = Window::LEN
        + size_of::<NodeState>()
        + (32 + 2048) * 16
        + 400 * size_of::<Position>()
        + 1024 * size_of::<Order>();
    [
        (community.addresses.ledger, ledger),
        (community.addresses.history, history),
        (community.addresses.window(first_start(community)), window),
    ]
}

fn len(community: &LocalCommunity, table: &Address) -> usize {
    community.chain.data(table).len()
}

#[test]
fn given_a_large_table_when_it_is_grown_then_it_takes_steps_to_its_full_length_and_stays() {
    let mut community = short_tables();
    for (table, full) in tables(&community) {
        let grow = instructions::grow(&community, table);
        let mut due = STEP;
        assert_eq!(len(&community, &table), due);
        while due < full {
            community
                .chain
                .send(std::slice::from_ref(&grow), &[])
                .unwrap();
            due = (due + STEP).min(full);
            assert_eq!(len(&community, &table), due);
            let rent = community.chain.svm.minimum_balance_for_rent_exemption(due);
            assert!(community.chain.lamports(&table) >= rent);
        }
        let before = community.chain.svm.get_account(&table);
        community.chain.send(&[grow], &[]).unwrap();
        assert_eq!(community.chain.svm.get_account(&table), before);
    }
    assert_eq!(community.ledger().seats.len(), 400);
}

#[test]
fn given_anyone_with_lamports_when_it_grows_a_table_then_it_pays() {
    let mut community = short_tables();
    let payer = Keypair::new();
    let table = community.addresses.ledger;
    let grow = community.addresses.grow_market_table(payer.pubkey(), table);
    refused(&mut community.chain, &grow, &[&payer], TOO_POOR);

    community.chain.fund(&payer.pubkey());
    let (mine, its) = (
        community.chain.lamports(&payer.pubkey()),
        community.chain.lamports(&table),
    );
    sweep(&mut community.chain, &grow, &[&payer]);
    let paid = mine - community.chain.lamports(&payer.pubkey());
    assert_eq!(community.chain.lamports(&table), its + paid);
    assert!(paid > 0);
}

#[test]
fn given_something_else_when_it_is_grown_then_it_is_not_a_table() {
    let mut community = short_tables();
    let forged = forged_owner(&mut community.chain, &community.addresses.ledger);
    for (what, other) in [
        ("the market", community.addresses.market),
        ("the vault", community.addresses.vault),
        ("the community", community.addresses.community),
        ("a wallet", community.supplier.address()),
        ("nothing", Address::new_unique()),
        ("a ledger of another program", forged),
    ] {
        let grow = instructions::grow(&community, other);
        refused_when(
            what,
            &mut community.chain,
            &grow,
            &[],
            MarketError::NotATable,
        );
    }
}

#[test]
fn given_tables_short_of_their_length_when_they_are_used_then_they_must_be_grown_first() {
    let mut community = short_tables();
    let start = first_start(&community);
    let (ledger, window) = (
        community.addresses.ledger,
        community.addresses.window(start),
    );
    let why = || MarketError::TableNotGrown;
    let supplier = community.supplier.wallet.insecure_clone();
    let seat = community.seat_of(&community.supplier);
    refused_when("ledger", &mut community.chain, &seat, &[&supplier], why());
    let open = community.addresses.open_window(start);
    refused_when("window", &mut community.chain, &open, &[], why());
    let clear = community.addresses.clear(start);
    refused_when("window", &mut community.chain, &clear, &[], why());

    grow_up(&mut community, ledger);
    community.chain.send(&[seat], &[&supplier]).unwrap();
    let place = community.addresses.place_orders(
        supplier.pubkey(),
        &community.supplier.address(),
        start,
        vec![joulebook_tests::market::buy(1, 0)],
    );
    refused_when("window", &mut community.chain, &place, &[&supplier], why());
    let allocate = community.addresses.allocate(start, 1, None);
    refused_when("window", &mut community.chain, &allocate, &[], why());
    let settle = community.addresses.settle(start, 1, None);
    refused_when("window", &mut community.chain, &settle, &[], why());

    grow_up(&mut community, window);
    community.send_with_full_budget(&[open]).unwrap();
    refused_when("history", &mut community.chain, &settle, &[], why());
    let other = instructions::create_window(&community, 0);
    community
        .chain
        .send(&[other], &[&community.authority])
        .unwrap();
    // The other slot is still short.
    let clear = swap(&clear, window, community.addresses.window_slot(0));
    refused_when("another slot", &mut community.chain, &clear, &[], why());
}

#[test]
fn given_a_table_cut_short_when_a_client_reads_it_then_it_says_so() {
    let community = short_tables();
    let data = community.chain.data(&community.addresses.ledger);
    let table = joulebook_client::tables::LedgerTable::from_bytes(&data);
    assert_eq!(table.map(|_| ()), Err(TableError::Length));
}

fn grow_up(community: &mut LocalCommunity, table: Address) {
    let grow = instructions::grow(community, table);
    for _ in 0..6 {
        community
            .chain
            .send(std::slice::from_ref(&grow), &[])
            .unwrap();
    }
}
