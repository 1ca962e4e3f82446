//! The sizes in `docs/operating.md`.

use indicatif::HumanCount;
use joulebook_client::layout::{
    market::{
        limits, Admission, Book, BookSeat, History, HistoryRecord, Ledger, Level, Market,
        NodeState, Order, Page, PageWindow, Position, Seat, SeatHold, StandingOrders, StandingSeat,
    },
    oracle::{IntervalPage, Meter, MeterTable, PageEntry, PageRegisters},
    registry::{Community, Participant},
    DISCRIMINATOR_LEN,
};
use joulebook_sim::in_sol;

use crate::{page, section};

/// What a community of this size keeps on chain: bytes of each kind of account.
struct Size {
    name: &'static str,
    seats: u16,
    orders: u16,
    ticks: u16,
    meters: u16,
}

const BOOKS: u16 = 8;
/// Quarter hours of a day.
const WINDOWS: u16 = 96;
/// For corrections of two days, and of thirty.
const PAGES: u16 = 6;
const PAGES_OF_A_MONTH: u16 = 34;
const HISTORY: u16 = 2016;
/// Lamports a byte, once and for all, and the bytes that every account counts beyond its own.
const LAMPORTS_PER_BYTE: usize = 6_960;
const OVERHEAD: usize = 128;

impl Size {
    /// The accounts with so many slots in both rings of pages: kind, how many, and bytes of each.
    fn accounts(&self, pages: u16) -> [(&'static str, u16, usize); 9] {
        let book = Book::full_len(limits::NODES, self.ticks, self.seats, self.orders);
        let intervals = IntervalPage::full_len(self.meters, WINDOWS);
        [
            ("market", 1, Market::LEN),
            ("vault (classic token)", 1, 165),
            ("ledger", 1, Ledger::full_len(self.seats)),
            ("history", 1, History::full_len(HISTORY)),
            ("standing orders", 1, StandingOrders::full_len(self.seats)),
            ("book", BOOKS, book),
            ("page", pages, Page::full_len(WINDOWS, self.seats)),
            ("meter table", 1, MeterTable::full_len(self.meters)),
            ("page of intervals", pages, intervals),
        ]
    }

    /// Lamports.
    fn rent(&self, pages: u16) -> usize {
        let accounts = self.accounts(pages).into_iter();
        accounts.map(|(_, count, len)| rent(count, len)).sum()
    }
}

/// Lamports that so many accounts of `len` bytes lock.
fn rent(count: u16, len: usize) -> usize {
    usize::from(count) * (len + OVERHEAD) * LAMPORTS_PER_BYTE
}

/// Whether a section of docs/operating.md has all these rows; says which it should have.
fn check_rows(heading: &str, rows: &[String]) {
    let page = page("operating.md");
    let section = section(&page, heading);
    assert!(
        rows.iter().all(|row| section.contains(row.as_str())),
        "'### {heading}' of docs/operating.md should have these rows:\n{}",
        rows.join("\n")
    );
}

/// Bytes of an account without its rows.
const fn header<T>() -> usize {
    DISCRIMINATOR_LEN + size_of::<T>()
}

#[test]
fn the_bytes_of_each_account() {
    let (nodes, levels) = (size_of::<NodeState>(), size_of::<Level>());
    let [seat, order] = [size_of::<BookSeat>(), size_of::<Order>()];
    let [window, position] = [size_of::<PageWindow>(), size_of::<Position>()];
    let [registers, entry] = [size_of::<PageRegisters>(), size_of::<PageEntry>()];
    let [record, row] = [size_of::<HistoryRecord>(), size_of::<Seat>()];
    let rows = [
        format!("| market | {} |", HumanCount(Market::LEN as u64)),
        format!("| ledger | {} + {row} × seats |", Ledger::LEN),
        format!("| history | {} + {record} × records |", History::LEN),
        format!(
            "| standing orders | {} + {} × seats |",
            StandingOrders::LEN,
            HumanCount(size_of::<StandingSeat>() as u64)
        ),
        format!(
            "| book | {} + {nodes} + {levels} × (ticks + ⌈ticks / 64⌉) + {seat} × seats + {order} × orders |",
            header::<Book>()
        ),
        format!(
            "| page | {} + windows × ({window} + {position} × seats) |",
            header::<Page>()
        ),
        format!(
            "| meter table | {} + {} × meters |",
            MeterTable::LEN,
            size_of::<Meter>()
        ),
        format!(
            "| page of intervals | {} + meters × ({registers} + {entry} × windows) |",
            header::<IntervalPage>()
        ),
        format!("| community | {} |", Community::LEN),
        format!("| participant | {} |", Participant::LEN),
        format!("| admission of a program | {} |", Admission::LEN),
        format!("| hold for a program | {} |", SeatHold::LEN),
    ];
    check_rows("Bytes", &rows);
}

/// The most bytes an account can have.
const MAX_LEN: usize = 10 * 1024 * 1024;

#[test]
fn the_seats_of_a_page() {
    let fits = |seats: &u16| Page::full_len(WINDOWS, *seats) <= MAX_LEN;
    let most = (1..=limits::MAX_SEATS).take_while(fits).last();
    let most = HumanCount(most.expect("one fits").into());
    let sentence = format!("a page of {WINDOWS} windows has room for {most} seats");
    assert!(page("operating.md").contains(&sentence), "{sentence}");
}

#[test]
fn the_rent_of_a_village_and_a_town() {
    let village = Size {
        name: "Village",
        seats: 100,
        orders: 256,
        ticks: 512,
        meters: 128,
    };
    let town = Size {
        name: "Town",
        seats: 1000,
        orders: 4096,
        ticks: 4096,
        meters: 1200,
    };
    for size in [village, town] {
        let mut rows: Vec<String> = vec![];
        for (kind, count, len) in size.accounts(PAGES) {
            rows.push(format!(
                "| {kind} | {count} | {} | {} |",
                HumanCount(len as u64),
                in_sol(rent(count, len) as u64)
            ));
        }
        let all = in_sol(size.rent(PAGES) as u64);
        rows.push(format!("| all, two days | | | {all} |"));
        let all = in_sol(size.rent(PAGES_OF_A_MONTH) as u64);
        rows.push(format!(
            "| all, a month: {PAGES_OF_A_MONTH} pages of each kind | | | {all} |"
        ));
        check_rows(size.name, &rows);
    }
}

/// What one more household adds to tables that are there.
#[test]
fn the_rent_of_a_seat() {
    let once = size_of::<Seat>() + size_of::<Meter>() + usize::from(BOOKS) * size_of::<BookSeat>();
    let a_window = size_of::<Position>() + size_of::<PageEntry>();
    let a_page = usize::from(WINDOWS) * a_window + size_of::<PageRegisters>();
    let row = |days: u16, pages: u16| {
        let len = once + usize::from(pages) * a_page;
        format!(
            "| {days} | {pages} | {} | {} |",
            HumanCount(len as u64),
            in_sol((len * LAMPORTS_PER_BYTE) as u64)
        )
    };
    check_rows(
        "A seat with one meter",
        &[row(2, PAGES), row(30, PAGES_OF_A_MONTH)],
    );
}
