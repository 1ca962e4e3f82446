//! One whole life of a window on the real bank, with two keepers at work at once.

mod bank;
mod community;
mod founding;
mod keeper;

use joulebook_client::{
    layout::market::{NewOrder, Transition},
    steps::Step,
    Addresses,
};
use joulebook_sim::Parameters;

use bank::{Bank, FEE, INITIAL_LAMPORTS};
use community::BankCommunity;
use founding::ATOMS;
use keeper::Keeper;

const HOUSEHOLDS: usize = 4;
/// Import and export of each household in the window, Wh.
const FLOWS: [(u64, u64); HOUSEHOLDS] = [(700, 0), (310, 20), (0, 480), (15, 300)];

fn parameters() -> Parameters {
    let mut parameters = Parameters {
        ring: 4,
        interval_ring: 3,
        meters: 8,
        seats: 8,
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
        side,
        node: 0,
    };
    match household {
        0 => vec![order(0, 400, 300), order(0, 301, 200), order(0, 77, 10)],
        1 => vec![order(0, 199, 200), order(0, 50, 200), order(0, 60, 120)],
        2 => vec![order(1, 450, 100), order(1, 90, 200), order(1, 70, 400)],
        _ => vec![order(1, 111, 20), order(1, 50, 200)],
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

/// Both work on the same window, each in a task of its own.
async fn together(
    first: Keeper,
    second: Keeper,
    community: &BankCommunity,
    start: i64,
    last: Transition,
) -> (Keeper, Keeper) {
    let work = |mut keeper: Keeper, addresses: Addresses| async move {
        keeper.work(&addresses, start, last).await;
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
async fn two_keepers_at_once_end_where_one_does() {
    let bank = Bank::open().await;
    let now = 1_793_577_600;
    bank.set_time(now).await;
    // The same people with the same orders: one community has one keeper, the other has two.
    let mut single = BankCommunity::found(&bank, parameters(), HOUSEHOLDS).await;
    let mut shared = BankCommunity::found(&bank, parameters(), HOUSEHOLDS).await;
    let mut only = keeper(&bank, u16::MAX).await;
    let first = keeper(&bank, 2).await;
    let second = keeper(&bank, 3).await;

    let start = now + i64::from(parameters().window_seconds);
    let end = start + i64::from(parameters().window_seconds);
    for community in [&single, &shared] {
        let opening = Step::OpenWindow { start };
        assert_eq!(only.due(&community.addresses).await, [opening]);
        only.take(&community.addresses, opening).await;
        for household in 0..HOUSEHOLDS {
            community.place(household, start, orders(household)).await;
        }
        community.conserves().await;
    }

    bank.set_time(start - i64::from(parameters().terms.gate_lead))
        .await;
    only.work(&single.addresses, start, Transition::Allocate)
        .await;
    let (first, second) = together(first, second, &shared, start, Transition::Allocate).await;
    let allocated = single.outcome(start).await;
    assert_eq!(shared.outcome(start).await, allocated);
    assert_eq!(single.window(start).await.nodes[0].volume, 701);

    bank.set_time(start).await;
    for community in [&single, &shared] {
        let opening = Step::OpenInterval { start };
        let due = only.due(&community.addresses).await;
        assert!(due.contains(&opening), "{due:?}");
        only.take(&community.addresses, opening).await;
    }
    bank.set_time(end).await;
    assert_eq!(only.client.now().await, end);
    for community in [&mut single, &mut shared] {
        community.read(&only.wallet, start, &FLOWS).await;
        // One transaction for all readings, which the keeper paid for.
        only.sent += 1;
    }
    only.work(&single.addresses, start, Transition::Settle)
        .await;
    let (mut first, mut second) = together(first, second, &shared, start, Transition::Settle).await;
    let settled = single.outcome(start).await;
    assert_eq!(shared.outcome(start).await, settled);
    assert_ne!(settled, allocated);
    tokio::join!(
        first.repeat(&shared.addresses, start),
        second.repeat(&shared.addresses, start)
    );
    assert_eq!(shared.outcome(start).await, settled);
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
