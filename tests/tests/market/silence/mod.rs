//! Being silent pays nobody: what an outside review gained by it in the first version, each in money.
//!
//! | finding | test |
//! | --- | --- |
//! | sell dear, deliver nothing, be heard in the cheap window | `worst_prices` |
//! | sell dear and buy cheap with no flow at all; the same handed back and forth between two seats | `worst_prices` |
//! | a load that withholds its peak readings | `worst_prices` |
//! | energy drawn over twenty silent windows, and everything withdrawn | `twenty_windows` |
//! | what must stay in a seat leaves through a friend | `escape` |
//! | the order of calls changes money | `order_of_calls` |
//!
//! What stays with who is silent for longer, and may not order any more: `too_long`.

mod beside;
mod escape;
mod gap;
mod order_of_calls;
mod retired;
mod too_long;
mod twenty_windows;
mod worst_prices;

use joulebook_client::layout::market::WindowPrices;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    buy, check_invariants, check_settled, first_start, govern, instructions, pass_until, sell,
    DEPOSIT, FREE, SUPPLIER_DEPOSIT,
};

/// Places of the households: who is silent, a friend who may be, and everybody else, who never is.
const SILENT: usize = 0;
const FRIEND: usize = 1;
const OTHER: usize = 2;

/// Boundaries of a page, by their index.
const ALWAYS: &[i64] = &[0, 1, 2, 3, 4];

/// What is read at each of them where nothing flows.
const QUIET: [(i64, (u64, u64)); 5] = [
    (0, (0, 0)),
    (1, (0, 0)),
    (2, (0, 0)),
    (3, (0, 0)),
    (4, (0, 0)),
];

/// Short and long price of each of a page's windows, atoms per kWh.
type Prices = [(i32, i32); 4];

/// One trade: number of the window, seller and buyer, Wh, and the tick of both orders, which is the price.
struct Deal(i64, usize, usize, u32, u16);

/// What a household draws and feeds in, window by window, Wh, and the boundaries at which its meter is heard.
#[derive(Clone, Copy)]
struct Metered {
    flows: [(u64, u64); 4],
    heard: &'static [i64],
}

const NOTHING: Metered = Metered {
    flows: [(0, 0); 4],
    heard: ALWAYS,
};

impl Metered {
    /// The same, heard at these boundaries alone.
    fn heard_at(self, heard: &'static [i64]) -> Metered {
        Metered { heard, ..self }
    }
}

/// A community without fees whose next page has these prices, and that page's start.
fn priced(prices: Prices) -> (LocalCommunity, i64) {
    let mut parameters = Parameters::default();
    parameters.terms.grid_fee = 0;
    parameters.terms.fee_bps = 0;
    let mut community = LocalCommunity::new(parameters).unwrap();
    for name in ["silent", "friend", "other"] {
        community.join(name, DEPOSIT).unwrap();
    }
    community.fund_supplier(SUPPLIER_DEPOSIT).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    community.open_pages(start).unwrap();
    let prices = prices.map(|(short, long)| WindowPrices {
        short,
        long,
        grid_fee: 0,
    });
    let post = instructions::post_prices(&community, start, prices.to_vec());
    govern(&mut community, post).unwrap();
    (community, start)
}

/// Makes the deals, each when its window opens, and lets the page pass.
fn deal(community: &mut LocalCommunity, page: i64, deals: &[Deal]) {
    let start = |number: i64| page + number * 300;
    for Deal(number, seller, buyer, energy, tick) in deals {
        let window = start(*number);
        pass_until(community, window - 900);
        community.open_window(window).unwrap();
        let (sell, buy) = (sell(*energy, *tick), buy(*energy, *tick));
        community.place(*seller, window, vec![sell]).unwrap();
        community.place(*buyer, window, vec![buy]).unwrap();
    }
    pass_until(community, start(4));
    for Deal(number, ..) in deals {
        community.clear_and_allocate(start(*number)).unwrap();
    }
}

/// Has the meters of a page that has passed heard where they are.
fn hear(community: &mut LocalCommunity, page: i64, meters: &[Metered]) {
    let binding = community.binding();
    let mut readings = vec![];
    for (household, metered) in community.households.iter_mut().zip(meters) {
        let device = &mut household.devices[0];
        for index in 0..=4 {
            if let Ok(window) = usize::try_from(index - 1) {
                let (import, export) = metered.flows[window];
                device.flow(import, export);
            }
            if metered.heard.contains(&index) {
                readings.push(device.signed(&binding, page + index * 300));
            }
        }
    }
    community.submit(page, readings).unwrap();
    community.settle_page(page).unwrap();
    check_invariants(community);
    check_settled(community, page);
}

/// By how much a household's money has changed, less its debt, milli-atoms.
fn change(community: &LocalCommunity, place: usize) -> i64 {
    let seat = community.seat(place);
    assert_eq!((seat.locked, seat.claim()), (0, 0));
    seat.free as i64 - seat.debt() as i64 - FREE as i64
}

/// What each household has gained once the page is final, milli-atoms.
fn play(prices: Prices, deals: &[Deal], meters: [Metered; 3]) -> [i64; 3] {
    let (mut community, page) = priced(prices);
    deal(&mut community, page, deals);
    hear(&mut community, page, &meters);
    community.finish_page(page).unwrap();
    check_invariants(&community);
    let changes = [SILENT, FRIEND, OTHER].map(|place| change(&community, place));
    let supplier = community.supplier_seat().free as i64 - SUPPLIER_DEPOSIT as i64 * 1000;
    assert_eq!(changes.iter().sum::<i64>() + supplier, 0);
    changes
}
