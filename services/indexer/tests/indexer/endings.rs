//! What is charged after silence, against what the ledger took.

use std::{collections::BTreeMap, sync::Arc};

use joulebook_client::layout::market::Seat;
use joulebook_indexer::{
    bill::Bill,
    changes::{changes, Known},
    rows::EndingRow,
    store::{MarketId, Span, Store},
};
use tokio::runtime::Handle;

use crate::{
    community::{Kept, Village, HOUSEHOLDS},
    databases,
};

/// What each household has deposited, and the supplier, milli-atoms.
const DEPOSIT: i128 = 50_000_000_000;
const SUPPLIER_DEPOSIT: i128 = 1_000_000_000_000;

/// Of all windows before `until`.
async fn bill(store: &Store, id: MarketId, seat: u16, until: i64) -> Bill {
    let span = Span { since: 0, until };
    let billed = store.billed(id, seat.into(), span).await;
    Bill::of(&billed.expect("read"))
}

/// All that it has, and what suppliers owe it, less what it owes them, milli-atoms.
fn worth(seat: &Seat) -> i128 {
    let money = seat.money().expect("fits");
    i128::from(money) + i128::from(seat.claim()) - i128::from(seat.debt())
}

/// Meters are silent now and then; all that was bought and sold, moved and kept back, is in the bills: what a household has is what it
/// brought, less its bill. The supplier has the other side of every imbalance.
async fn check_ledger(
    store: &Store,
    id: MarketId,
    village: &Village,
    until: i64,
) -> BTreeMap<usize, Bill> {
    let ledger = village.community.ledger();
    let mut imbalances = 0;
    let mut owed = 0;
    let mut bills = BTreeMap::new();
    for (place, household) in village.community.households.iter().enumerate() {
        let bill = bill(store, id, household.seat, until).await;
        let seat = &ledger.seats[usize::from(household.seat)];
        assert_eq!(bill.unknown_endings, 0, "household {place}");
        assert_eq!(bill.provisional, 0, "household {place}");
        assert_eq!(
            worth(seat),
            DEPOSIT - bill.lines.total(),
            "household {place}: {bill:?}"
        );
        let lines = &bill.lines;
        imbalances += lines.short + lines.long + lines.unheard + lines.after_silence;
        owed += i128::from(seat.debt()) - i128::from(seat.claim());
        bills.insert(place, bill);
    }
    let supplier = village.community.supplier_seat();
    let has = i128::from(supplier.money().expect("fits"));
    assert_eq!(has, SUPPLIER_DEPOSIT + imbalances - owed);
    bills
}

/// Of each seat, what the last page says of its silence is what its row says.
async fn check_silences(store: &Store, id: MarketId, village: &Village) {
    let ledger = village.community.ledger();
    for household in &village.community.households {
        let billed = store.billed(id, household.seat.into(), Span::ALL).await;
        let billed = billed.expect("read");
        let last = billed.endings.last().expect("a page");
        let seat = &ledger.seats[usize::from(household.seat)];
        assert_eq!(last.page, ledger.header.last_final);
        let said = (seat.silent_windows, seat.dearest, seat.lowest, seat.owed);
        let (windows, dearest, lowest, owed) = said;
        assert_eq!(last.silent_windows, Some(windows.into()));
        assert_eq!(
            (last.dearest, last.lowest),
            (Some(dearest.into()), Some(lowest.into()))
        );
        assert_eq!(last.owed, Some(owed));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_meters_that_are_silent_now_and_then_when_pages_are_final_then_bills_are_what_the_ledger_took(
) {
    for database in databases::all().await {
        let mut village = Village::found();
        let mut store = database.store().await;
        let mut kept = Kept::open(&store, &mut village).await;
        let handle = Handle::current();
        for turn in 0..60 {
            // Not at every moment, and not always the same process.
            let mut look = |village: &mut Village| {
                if village.random(3) == 0 {
                    handle.block_on(kept.look(village));
                }
            };
            tokio::task::block_in_place(|| village.window(&mut look));
            if turn % 13 == 12 {
                store = database.store().await;
                kept = Kept::open(&store, &mut village).await;
            }
        }
        let until = tokio::task::block_in_place(|| village.finish());
        kept.look(&mut village).await;
        let id = kept.writing.id;
        let bills = check_ledger(&store, id, &village, until).await;
        check_silences(&store, id, &village).await;
        let charged = bills.values().filter(|bill| bill.lines.after_silence != 0);
        assert!(charged.count() >= HOUSEHOLDS / 2, "{bills:?}");
        let moved: u64 = bills
            .values()
            .map(|one| one.unseen_import + one.unseen_export)
            .sum();
        assert!(moved > 1_000, "{bills:?}");
    }
}

/// From the middle on: what it says is right, and where it can't know, it says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_indexer_that_comes_late_when_it_can_not_know_what_was_silent_then_it_says_so() {
    let database = databases::file();
    let store = database.store().await;
    let late = databases::file();
    let late_store = late.store().await;
    let mut village = Village::found();
    let mut kept = Kept::open(&store, &mut village).await;
    let mut late_kept = None;
    for turn in 0..90 {
        tokio::task::block_in_place(|| village.window(&mut |_| {}));
        kept.look(&mut village).await;
        if turn == 50 {
            late_kept = Some(Kept::open(&late_store, &mut village).await);
        }
        if let Some(late) = &mut late_kept {
            late.look(&mut village).await;
        }
    }
    let id = late_kept.expect("it came").writing.id;
    let all = endings(&store, kept.writing.id, &village).await;
    let told = endings(&late_store, id, &village).await;
    let (mut known, mut unknown) = (0, 0);
    for (key, row) in &told {
        let whole = &all[key];
        assert_eq!(
            (row.import, row.export),
            (whole.import, whole.export),
            "{key:?}"
        );
        match row.amount {
            Some(_) => {
                assert_eq!(
                    (row.amount, row.paid_back),
                    (whole.amount, whole.paid_back),
                    "{key:?}"
                );
                known += 1;
            }
            None => unknown += 1,
        }
        if row.silent_windows.is_some() {
            assert_eq!(
                (row.silent_windows, row.owed),
                (whole.silent_windows, whole.owed),
                "{key:?}"
            );
        }
    }
    assert!(
        unknown > 0 && known > unknown,
        "{known} known, {unknown} not"
    );
    // Accounts alone say as much to whoever proves a bill.
    let view = village.view();
    let proven = changes(None, &Known::default(), &view)
        .expect("fits")
        .endings;
    // Seats of nobody who has a meter are in it, too.
    let proven: Vec<EndingRow> = proven
        .into_iter()
        .filter(|row| all.contains_key(&(row.page, row.seat)))
        .collect();
    assert!(proven.len() >= HOUSEHOLDS);
    for row in proven {
        let whole = &all[&(row.page, row.seat)];
        assert!(
            row.amount.is_none() || row.amount == whole.amount,
            "{row:?} {whole:?}"
        );
    }
}

async fn endings(
    store: &Arc<Store>,
    id: MarketId,
    village: &Village,
) -> BTreeMap<(i64, i64), EndingRow> {
    let mut all = BTreeMap::new();
    for household in &village.community.households {
        let billed = store.billed(id, household.seat.into(), Span::ALL).await;
        for row in billed.expect("read").endings {
            all.insert((row.page, row.seat), row);
        }
    }
    all
}
