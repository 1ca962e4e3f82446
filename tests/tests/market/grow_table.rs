//! `grow_table`: steps to full length, and nothing works before.

use joulebook_client::{
    layout::market::{
        Book, BookSeat, History, HistoryRecord, Ledger, Level, NodeState, Order, Page, PageWindow,
        Position, Seat,
    },
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

/// A market with tables of more than 10 KiB, all at the length they are created with: one book and one page of them, which
/// the next window uses.
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
    let (book, page) = slots(&community);
    for create in [
        instructions::create_ledger(&community),
        instructions::create_history(&community),
        instructions::create_book(&community, book),
        instructions::create_page(&community, page),
    ] {
        community
            .chain
            .send(&[create], &[&community.authority])
            .unwrap();
    }
    community
}

/// Of the next window: of its book, and of its page.
fn slots(community: &LocalCommunity) -> (u16, u16) {
    let start = first_start(community);
    let (parameters, at) = (&community.parameters, &community.addresses);
    let slot = |start, length, slots| joulebook_client::ring::slot(start, length, slots).unwrap();
    let page = at.page_start(start);
    (
        slot(start, parameters.window_seconds.into(), parameters.books),
        slot(page, at.page_seconds(), parameters.pages),
    )
}

fn tables(community: &LocalCommunity) -> [(Address, usize); 4] {
    let ledger = Ledger::LEN + 400 * size_of::<Seat>();
    let history = History::LEN + 300 * size_of::<HistoryRecord>();
    // 32 blocks of 64 ticks.
    let book = Book::LEN
        + size_of::<NodeState>()
        + (32 + 2048) * size_of::<Level>()
        + 400 * size_of::<BookSeat>()
        + 1024 * size_of::<Order>();
    let page = Page::LEN + 4 * (size_of::<PageWindow>() + 400 * size_of::<Position>());
    let start = first_start(community);
    let at = &community.addresses;
    [
        (at.ledger, ledger),
        (at.history, history),
        (at.book(start), book),
        (at.page(start), page),
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
    assert_eq!(
        community.page(first_start(&community)).positions.len(),
        1600
    );
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
        ("the meter table", community.addresses.meter_table),
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
    let at = community.addresses.clone();
    let why = || MarketError::TableNotGrown;
    let supplier = community.supplier.wallet.insecure_clone();
    let seat = community.seat_of(&community.supplier);
    let settle = instructions::settle(&community, start);
    let finish = instructions::finish_page(&community, start);
    refused_when("ledger", &mut community.chain, &seat, &[&supplier], why());
    let clear = at.clear(start);
    refused_when("book", &mut community.chain, &clear, &[], why());
    for (what, call) in [("settle", &settle), ("finish_page", &finish)] {
        refused_when(what, &mut community.chain, call, &[], why());
    }

    grow_up(&mut community, at.ledger);
    community.chain.send(&[seat], &[&supplier]).unwrap();
    let owner = community.supplier.address();
    let place = at.place_orders(
        supplier.pubkey(),
        &owner,
        start,
        vec![joulebook_tests::market::buy(1, 0)],
    );
    refused_when("book", &mut community.chain, &place, &[&supplier], why());
    let allocate = at.allocate(start, 1, None);
    let (page, window) = (at.open_page(start), at.open_window(start));
    for (what, call) in [
        ("allocate", &allocate),
        ("open_page", &page),
        ("open_window", &window),
        ("settle", &settle),
        ("finish_page", &finish),
    ] {
        refused_when(what, &mut community.chain, call, &[], why());
    }

    grow_up(&mut community, at.page(start));
    refused_when("book", &mut community.chain, &window, &[], why());
    refused_when("book", &mut community.chain, &allocate, &[], why());
    grow_up(&mut community, at.book(start));
    community.send_with_full_budget(&[page, window]).unwrap();

    // Another slot is still short.
    let (slot, _) = slots(&community);
    let other = (slot + 1) % community.parameters.books;
    let create = instructions::create_book(&community, other);
    community
        .chain
        .send(&[create], &[&community.authority])
        .unwrap();
    let clear = swap(&clear, at.book(start), at.book_slot(other));
    refused_when("another slot", &mut community.chain, &clear, &[], why());
}

/// The history is needed last.
#[test]
fn given_a_history_short_of_its_length_when_a_page_is_finished_then_it_must_be_grown_first() {
    let mut community = short_tables();
    let start = first_start(&community);
    let at = community.addresses.clone();
    grow_up(&mut community, at.ledger);
    grow_up(&mut community, at.page(start));
    community.pass_until(start);
    community.open_pages(start).unwrap();
    community.pass_until(start + community.page_length() + 1200);
    let oracle = instructions::finish_interval_page(&community, start);
    community.send_with_full_budget(&[oracle]).unwrap();
    let finish = instructions::finish_page(&community, start);
    let why = MarketError::TableNotGrown;
    refused(&mut community.chain, &finish, &[], why);
    grow_up(&mut community, at.history);
    community.send_with_full_budget(&[finish]).unwrap();
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
    loop {
        let before = len(community, &table);
        community
            .chain
            .send(std::slice::from_ref(&grow), &[])
            .unwrap();
        if len(community, &table) == before {
            return;
        }
    }
}
