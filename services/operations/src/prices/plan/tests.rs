use joulebook_client::layout::market::Page;

use super::*;

const LENGTH: i64 = 900;

/// Windows of 900 s, pages of four, notice of half an hour.
fn market() -> Market {
    let mut market: Market = bytemuck_zeroed();
    market.window_seconds = LENGTH as u32;
    market.page_windows = 4;
    market.notice_seconds = 1_800;
    market.lowest_price = -100_000;
    market.highest_price = 500_000;
    market.highest_grid_fee = 50_000;
    market
}

fn bytemuck_zeroed<T: joulebook_client::layout::Account>() -> T {
    joulebook_client::layout::account::read_header(&{
        let mut data = T::DISCRIMINATOR.to_vec();
        data.resize(8 + size_of::<T>(), 0);
        data
    })
    .expect("zeros are one")
}

fn page(start: i64) -> PageTable {
    let mut header: Page = bytemuck_zeroed();
    header.start = start;
    header.window_seconds = LENGTH as u32;
    header.windows = 4;
    let window = |_| {
        let data = [0; size_of::<PageWindow>()];
        let mut window: PageWindow = bytemuck::pod_read_unaligned(&data);
        window.short = 300_000;
        window.long = 80_000;
        window.grid_fee = 10_000;
        window
    };
    PageTable {
        header,
        windows: (0..4).map(window).collect(),
        positions: vec![],
    }
}

fn entry(start: i64, end: i64, short: i32) -> Entry {
    Entry {
        start,
        end,
        short,
        long: 80_000,
        grid_fee: None,
    }
}

fn prices(short: i32) -> WindowPrices {
    WindowPrices {
        short,
        long: 80_000,
        grid_fee: 10_000,
    }
}

#[test]
fn given_prices_of_all_windows_when_some_are_within_the_notice_then_those_stand() {
    // Two pages, from 0 and 3,600; at 1,000 the notice is over at 2,800, so the window at 3,600 is the first but one.
    let entries = [entry(0, 7_200, 250_000)];
    let plan = plan(&market(), &[page(3_600), page(0)], 1_000, &entries).expect("a plan");
    // The one at 2,700 starts before 2,800.
    assert_eq!(plan.too_late, 4);
    assert_eq!(
        plan.posts,
        [Post {
            start: 3_600,
            prices: vec![prices(250_000); 4]
        }]
    );
    assert_eq!((plan.unchanged, plan.later_until), (0, None));
}

#[test]
fn given_prices_as_posted_when_planned_then_nothing_is_sent() {
    let entries = [entry(0, 10_800, 300_000)];
    let plan = plan(&market(), &[page(0), page(3_600)], 0, &entries).expect("a plan");
    assert_eq!((plan.posts.len(), plan.unchanged), (0, 8));
    assert_eq!(plan.later_until, Some(10_800));
}

#[test]
fn given_windows_of_two_pages_or_with_a_gap_when_planned_then_each_run_is_a_post_of_its_own() {
    let mut pages = [page(3_600), page(7_200)];
    pages[0].windows[2].short = 250_000;
    pages[1].windows[3].status = WindowStatus::Open as u8;
    let entries = [entry(3_600, 10_800, 250_000)];
    let plan = plan(&market(), &pages, 0, &entries).expect("a plan");
    let runs: Vec<(i64, usize)> = plan
        .posts
        .iter()
        .map(|post| (post.start, post.prices.len()))
        .collect();
    assert_eq!(runs, [(3_600, 2), (6_300, 1), (7_200, 3)]);
    assert_eq!((plan.unchanged, plan.too_late), (1, 1));
    assert_eq!(plan.windows(), 6);
}

#[test]
fn given_prices_out_of_bounds_when_they_could_be_posted_then_nothing_is() {
    let plan_of = |entry: Entry, now| plan(&market(), &[page(3_600)], now, &[entry]);
    for (change, said) in [
        (entry(3_600, 7_200, 500_001), "short 500001 is above 500000"),
        (
            entry(3_600, 7_200, 79_999),
            "long 80000 is above short 79999",
        ),
        (
            Entry {
                long: -100_001,
                ..entry(3_600, 7_200, 0)
            },
            "long -100001 is below -100000",
        ),
        (
            Entry {
                grid_fee: Some(50_001),
                ..entry(3_600, 7_200, 300_000)
            },
            "grid fee 50001 is above 50000",
        ),
        (
            Entry {
                grid_fee: Some(-1),
                ..entry(3_600, 7_200, 300_000)
            },
            "grid fee -1 is below 0",
        ),
    ] {
        let error = plan_of(change, 0).expect_err("refused").to_string();
        assert!(error.contains(said), "{error}");
    }
    // What is over was posted, or not, and is no reason to post nothing else.
    let past = plan_of(entry(0, 3_600, 999_999), 3_600);
    assert_eq!(past, Ok(PricePlan::default()));
}

#[test]
fn given_rows_shorter_than_a_window_when_they_differ_then_they_are_refused() {
    let halves = |second| [entry(3_600, 4_050, 250_000), entry(4_050, 4_500, second)];
    let plan_of = |entries: &[Entry]| plan(&market(), &[page(3_600)], 0, entries);
    let error = plan_of(&halves(260_000)).expect_err("refused").to_string();
    assert!(error.contains("1970-01-01 01:00:00Z"), "{error}");
    let same = plan_of(&halves(250_000)).expect("the same");
    assert_eq!(same.windows(), 1);
}
