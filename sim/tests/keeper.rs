//! A keeper on the real programs: each step that it finds due goes through, and no window or page is left behind.

use joulebook_client::{
    instructions::Actor,
    layout::market::{NewOrder, Page, Side, WindowStatus},
    oracle::types::ReplacedValue,
    steps::{next_steps, Step},
};
use joulebook_sim::{
    checks::{invariants, settled},
    LocalCommunity, Parameters,
};
use solana_signer::Signer;

const WEEK: i64 = 7 * 86_400;
const BUYER: usize = 0;
const SELLER: usize = 1;

fn community() -> LocalCommunity {
    community_with(Parameters::default())
}

fn community_with(parameters: Parameters) -> LocalCommunity {
    let mut community = LocalCommunity::new(parameters).expect("founded");
    community.join("buyer", 10_000_000).expect("joins");
    community.join("seller", 10_000_000).expect("joins");
    community.fund_supplier(1_000_000_000).expect("deposits");
    community
}

fn order(side: Side) -> Vec<NewOrder> {
    vec![NewOrder {
        quantity: 1000,
        tick: 60,
        side: side as u8,
        ..NewOrder::default()
    }]
}

fn trade(community: &mut LocalCommunity, start: i64) {
    for (place, side) in [(BUYER, Side::Buy), (SELLER, Side::Sell)] {
        community.place(place, start, order(side)).expect("placed");
    }
}

#[track_caller]
fn keep(community: &mut LocalCommunity) -> Vec<Step> {
    let done = community.keep().expect("what is due goes through");
    invariants(community).expect("everything adds up");
    for page in community.pages() {
        if page.header.start != Page::NEVER {
            settled(community, page.header.start).expect("nothing is left to settle");
        }
    }
    let now = community.chain.now();
    assert_eq!(next_steps(&community.market_state(), now), []);
    done
}

/// Starts of the windows that steps opened.
fn opened(steps: &[Step]) -> Vec<i64> {
    let start = |step: &Step| match step {
        Step::OpenWindow { start } => Some(*start),
        _ => None,
    };
    steps.iter().filter_map(start).collect()
}

/// Starts of the pages that steps made final.
fn finished(steps: &[Step]) -> Vec<i64> {
    let page = |step: &Step| match step {
        Step::FinishPage { page } => Some(*page),
        _ => None,
    };
    steps.iter().filter_map(page).collect()
}

/// Opens the window at the start of the meters' first page, trades in it, and lets it begin with its meters read.
fn traded(community: &mut LocalCommunity) -> i64 {
    let start = community.first_start();
    community.pass_until(start - 600);
    assert!(opened(&keep(community)).contains(&start));
    trade(community, start);
    community.pass_until(start);
    keep(community);
    community.read_start(start).expect("sent");
    start
}

#[test]
fn given_a_keeper_that_comes_each_minute_when_meters_are_heard_then_each_window_settles_at_its_end()
{
    let mut community = community();
    let first = community.first_start();
    let length = community.window_length();
    let mut traded = vec![];
    let mut ended = vec![];
    for minute in 0..120 {
        let now = first - 900 + 60 * minute;
        community.chain.set_time(now);
        if now >= first && (now - first) % length == 0 {
            // The devices sign just before the keeper comes.
            let readings = community.read_meters(now - length, &[(1000, 0), (0, 1000)]);
            community.submit(now - length, readings).expect("sent");
        }
        for step in keep(&mut community) {
            match step {
                Step::OpenWindow { start } if start >= first => {
                    trade(&mut community, start);
                    traded.push(start);
                }
                Step::Settle { page, windows, .. } => {
                    let (window, 1) = windows else {
                        panic!("one window ends at a time: {step:?}")
                    };
                    let end = page + (i64::from(window) + 1) * length;
                    assert_eq!(end, now);
                    ended.push(end - length);
                }
                _ => {}
            }
        }
    }
    assert!(ended.len() >= 20, "{ended:?}");
    assert_eq!(ended, traded[..ended.len()]);
    // The keeper came last 6,240 s after the start. The fourth page ended after 4,800 s, and was corrected for 1,200 s.
    let last_final = community.ledger().header.last_final;
    assert_eq!(last_final, first + 3 * 1200);
    assert!(community.seat(SELLER).free > 10_000_000_000);
}

#[test]
fn given_keepers_away_for_a_week_when_one_comes_then_it_ends_all_windows_and_pages() {
    let mut community = community();
    let start = community.first_start();
    community.chain.set_time(start - 300);
    let windows = opened(&keep(&mut community));
    assert_eq!(windows, [start, start + 300, start + 600]);
    for window in &windows {
        trade(&mut community, *window);
    }
    let pages: Vec<i64> = community
        .pages()
        .iter()
        .map(|page| page.header.start)
        .filter(|page| *page != Page::NEVER)
        .collect();
    assert!(pages.contains(&start) && pages.len() > 1, "{pages:?}");

    community.chain.set_time(start + WEEK);
    let done = keep(&mut community);
    for page in pages {
        assert!(finished(&done).contains(&page), "{page} of {done:?}");
    }
    let seat = community.seat(BUYER);
    assert_eq!((seat.locked, seat.engaged), (0, 0));
    // Of two pages in which its meter was in service, and never heard.
    assert_eq!(seat.silent_windows, 8);
    let record = community.history();
    let mut records = record.records.iter();
    let record = records.find(|record| record.start == start);
    assert_eq!(record.map(|record| record.volume), Some(1000));
}

#[test]
fn given_meters_heard_late_when_the_keeper_comes_again_then_it_settles_what_was_silent() {
    let mut community = community();
    let start = traded(&mut community);
    let grace = i64::from(community.parameters.terms.metering_grace);
    community.chain.set_time(start + 300 + grace);
    let before = keep(&mut community);
    assert!(!before
        .iter()
        .any(|step| matches!(step, Step::Settle { .. })));
    assert!(community.seat(SELLER).locked > 0);

    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    community.submit(start, readings).expect("sent");
    let settle = Step::Settle {
        page: start,
        windows: (0, 1),
        seats: (community.households[BUYER].seat, 2),
    };
    assert_eq!(keep(&mut community), [settle]);
    assert_eq!(community.seat(SELLER).locked, 0);
}

#[test]
fn given_a_corrected_value_when_the_keeper_comes_then_the_difference_is_settled() {
    let mut community = community();
    let start = traded(&mut community);
    community.chain.set_time(start + 300);
    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    community.submit(start, readings).expect("sent");
    keep(&mut community);
    let before = community.seat(SELLER).free;

    let closes = i64::from(community.parameters.reading_seconds);
    let end = start + community.page_length();
    community.chain.set_time(end + closes);
    keep(&mut community);
    let seller = &community.households[SELLER];
    let (seat, meter) = (seller.seat, seller.devices[0].number);
    let values = vec![ReplacedValue {
        import: 0,
        export: 900,
    }];
    let actor = Actor::authority(community.authority.pubkey());
    let owner = seller.address();
    let at = &community.addresses;
    let replace = at.replace_values(actor, owner, start, meter, 0, values, 7);
    let signers = [&community.authority, &seller.wallet];
    let sent = community.chain.send(&[replace], &signers);
    sent.expect("replaced");
    invariants(&community).expect("everything adds up, though a position is behind");
    assert!(settled(&community, start).is_err());
    let settle = Step::Settle {
        page: start,
        windows: (0, 1),
        seats: (seat, 1),
    };
    assert_eq!(keep(&mut community), [settle]);
    // 100 Wh short at the retail price.
    assert_eq!(community.seat(SELLER).free, before - 100 * 300_000);
}

#[test]
fn given_a_page_that_nobody_opened_a_window_in_when_the_keeper_comes_then_its_energy_is_settled() {
    let mut community = community();
    let start = community.first_start();
    community.chain.set_time(start);
    community.open_pages(start).expect("opened");
    community.read_start(start).expect("sent");
    community.chain.set_time(start + 300);
    let readings = community.read_meters(start, &[(0, 0), (0, 500)]);
    community.submit(start, readings).expect("sent");
    let done = keep(&mut community);
    assert!(done.iter().any(|step| matches!(step, Step::Settle { .. })));
    assert!(community.window(start).is(WindowStatus::Unopened));
    // Fed in at the long price.
    let free = community.seat(SELLER).free;
    assert_eq!(free, 10_000_000_000 + 500 * 80_000);
}

#[test]
fn given_pages_all_around_the_ring_when_a_keeper_comes_hourly_then_the_ring_goes_on() {
    let mut parameters = Parameters::default();
    // Nobody is heard.
    parameters.terms.max_silent = 0;
    let mut community = community_with(parameters);
    let first = community.first_start();
    let mut final_pages = vec![];
    for hour in 0..24 {
        community.chain.set_time(first + hour * 3600);
        let done = keep(&mut community);
        for window in opened(&done) {
            if (window - first) % 3600 == 0 {
                trade(&mut community, window);
            }
        }
        final_pages.extend(finished(&done));
    }
    let starts = final_pages.iter();
    let all = starts.clone().is_sorted() && starts.len() > 3 * 24 - 6;
    assert!(all, "{final_pages:?}");
}
