//! One whole life of a window and its page on the real bank, with two keepers at work at once.

mod bank;
mod community;
mod founding;
mod keeper;

use joulebook_client::{
    layout::market::{NewOrder, PositionStatus, Side},
    steps::Step,
    Addresses,
};
use joulebook_sim::Parameters;

use bank::{Bank, FEE, INITIAL_LAMPORTS};
use community::BankCommunity;
use founding::ATOMS;
use keeper::Keeper;

const HOUSEHOLDS: usize = 4;
const SEATS: u16 = 8;
/// Import and export of each household in the window, Wh.
const FLOWS: [(u64, u64); HOUSEHOLDS] = [(700, 0), (310, 20), (0, 480), (15, 300)];
/// In the rest of the page, of which no meter says when, Wh.
const LATER: [(u64, u64); HOUSEHOLDS] = [(90, 0), (40, 15), (0, 60), (120, 0)];

/// Pages of four windows; each takes orders for four minutes, from five minutes before it starts.
fn parameters() -> Parameters {
    let mut parameters = Parameters {
        books: 4,
        pages: 5,
        meters: 8,
        seats: SEATS,
        orders: 32,
        ticks: 512,
        history: 8,
        ..Parameters::default()
    };
    parameters.terms.horizon = 300;
    parameters.terms.metering_grace = 300;
    parameters.terms.tick_size = 500;
    parameters
}

/// Buyers and sellers who meet at tick 200, where there is too little to buy.
fn orders(household: usize) -> Vec<NewOrder> {
    let order = |side, quantity, tick| NewOrder {
        quantity,
        tick,
        side: side as u8,
        ..NewOrder::default()
    };
    let buy = |quantity, tick| order(Side::Buy, quantity, tick);
    let sell = |quantity, tick| order(Side::Sell, quantity, tick);
    match household {
        0 => vec![buy(400, 300), buy(301, 200), buy(77, 10)],
        1 => vec![buy(199, 200), buy(50, 200), buy(60, 120)],
        2 => vec![sell(450, 100), sell(90, 200), sell(70, 400)],
        _ => vec![sell(111, 20), sell(50, 200)],
    }
}

async fn keeper(bank: &Bank, limit: u16) -> Keeper {
    let (wallet, _) = bank.funded_wallet(0).await;
    Keeper {
        client: bank.client(),
        wallet,
        limit,
        sent: 0,
        waits: 0,
    }
}

/// Both work on the same market, each in a task of its own.
async fn together(first: Keeper, second: Keeper, community: &BankCommunity) -> (Keeper, Keeper) {
    let work = |mut keeper: Keeper, addresses: Addresses| async move {
        keeper.work(&addresses).await;
        keeper
    };
    let (first, second) = tokio::join!(
        tokio::spawn(work(first, community.addresses.clone())),
        tokio::spawn(work(second, community.addresses.clone())),
    );
    let both = "a keeper gets to the end";
    (first.expect(both), second.expect(both))
}

async fn has_paid_its_fees_only(keeper: &Keeper) {
    let left = keeper.client.lamports(&keeper.address()).await;
    assert_eq!(left, INITIAL_LAMPORTS - u64::from(keeper.sent) * FEE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_two_keepers_at_once_when_a_page_is_final_then_it_is_as_one_keeper_leaves_it() {
    let bank = Bank::open().await;
    let now = 1_793_577_600;
    bank.set_time(now).await;
    // The same people with the same orders: one community has one keeper, the other has two.
    let mut single = BankCommunity::found(&bank, parameters(), HOUSEHOLDS).await;
    let mut shared = BankCommunity::found(&bank, parameters(), HOUSEHOLDS).await;
    let mut only = keeper(&bank, u16::MAX).await;
    let mut first = keeper(&bank, 2).await;
    let mut second = keeper(&bank, 3).await;

    // The first window of the next page: meters are in service from then on.
    let start = now + 1200;
    let end = start + 300;
    bank.set_time(start - 300).await;
    let pages = [now, start, start + 1200].map(|start| Step::OpenPage { start });
    for community in [&single, &shared] {
        let opened = only.open(&community.addresses).await;
        assert_eq!(opened, [&pages[..], &[Step::OpenWindow { start }]].concat());
        for household in 0..HOUSEHOLDS {
            community.place(household, start, orders(household)).await;
        }
        community.conserves().await;
    }

    // The gate closes.
    bank.set_time(start - 60).await;
    only.work(&single.addresses).await;
    (first, second) = together(first, second, &shared).await;
    let allocated = single.outcome(start).await;
    assert_eq!(shared.outcome(start).await, allocated);
    assert_eq!(single.page(start).await.windows[0].volume, 701);

    // Delivery.
    for (boundary, flows) in [(start, &[(0, 0); HOUSEHOLDS]), (end, &FLOWS)] {
        bank.set_time(boundary).await;
        for community in [&mut single, &mut shared] {
            only.sent += community.read(&only.wallet, start, boundary, flows).await;
        }
    }
    assert_eq!(only.client.now().await, end);
    only.work(&single.addresses).await;
    (first, second) = together(first, second, &shared).await;
    let settled = single.outcome(start).await;
    assert_eq!(shared.outcome(start).await, settled);
    assert_ne!(settled.money, allocated.money);
    let page = single.page(start).await;
    for household in &single.households {
        let position = page.position(0, household.seat);
        assert!(position.is_some_and(|position| position.is(PositionStatus::Confirmed)));
    }

    // The end of the page, then the end of its corrections.
    let page_end = start + 1200;
    bank.set_time(page_end).await;
    for community in [&mut single, &mut shared] {
        only.sent += community.read(&only.wallet, start, page_end, &LATER).await;
    }
    bank.set_time(page_end + 1200).await;
    only.work(&single.addresses).await;
    (first, second) = together(first, second, &shared).await;
    let last = single.outcome(start).await;
    assert_eq!(shared.outcome(start).await, last);
    assert_ne!(last.money, settled.money);
    assert_eq!(last.escrow, 0);
    assert_ne!(last.history, settled.history);
    assert!(single.page(start).await.header.is_final());
    tokio::join!(
        first.repeat(&shared.addresses, start),
        second.repeat(&shared.addresses, start)
    );
    assert_eq!(shared.outcome(start).await, last);
    println!(
        "{} and {} transactions, {} and {} waits",
        first.sent, second.sent, first.waits, second.waits
    );
    for keeper in [&only, &first, &second] {
        has_paid_its_fees_only(keeper).await;
    }

    for community in [&single, &shared] {
        community.conserves().await;
        community.withdraw_all().await;
        community.conserves().await;
        // What is left are fees and what is less than an atom of each.
        let members = 2 + HOUSEHOLDS as u64;
        let vault = community.client.tokens(&community.addresses.vault).await;
        let fees = community.ledger().await.header.fees;
        assert!(vault * 1000 >= fees && vault * 1000 < fees + 1000 * members);
        let mut outside = vault;
        for member in community.members() {
            outside += community.client.tokens(&member.tokens).await;
        }
        assert_eq!(outside, members * ATOMS);
    }
}
