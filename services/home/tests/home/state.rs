//! What the sensors show of what was seen.

use joulebook_client::layout::market::WindowPrices;
use joulebook_home::{
    calendar::Calendar,
    indexed::{Bill, Flows, Indexed, Today},
    state::State,
    view::{Money, NoSeat, Outcome, View, Window, MOST_WINDOWS},
};
use joulebook_units::Price;
use serde_json::{json, Value};

const LENGTH: i64 = 900;
/// 2026-11-27 10:00 UTC, and when the day and the month began.
const NOW: i64 = 1_795_773_600;
const DAY: i64 = 1_795_737_600;
const MONTH: i64 = 1_793_491_200;
/// The most attributes of an entity that Home Assistant's recorder keeps, bytes.
const RECORDED: usize = 16_384;

fn calendar() -> Calendar {
    Calendar {
        day: DAY,
        month: MONTH,
        month_name: "2026-11".into(),
        zone: "UTC".into(),
    }
}

fn window(number: i64, outcome: Option<Outcome>) -> Window {
    let start = NOW + number * LENGTH;
    Window {
        start,
        end: start + LENGTH,
        gate: start - 60,
        prices: Some(WindowPrices {
            short: 300_000,
            long: 80_000,
            grid_fee: 20_000,
        }),
        outcome,
    }
}

fn outcome(price: Option<i32>, volume: u64, is_fixed: bool) -> Option<Outcome> {
    Some(Outcome {
        price: price.map(Price),
        volume,
        is_fixed,
    })
}

fn view() -> View {
    View {
        now: NOW + 5,
        windows: vec![
            window(0, outcome(Some(212_500), 1_250, true)),
            window(1, outcome(Some(190_001), 60, false)),
        ],
        next_gate: Some((NOW + LENGTH - 60, NOW + LENGTH)),
        money: Ok(Money {
            free: 12_000_000_001,
            locked: 500_000_000,
            held: 0,
            debt: 0,
            claim: 7,
        }),
        approved_at: Some(MONTH),
        heard_until: Some(NOW - LENGTH),
    }
}

fn indexed() -> Indexed {
    Indexed {
        calendar: calendar(),
        today: Today {
            flows: Some(Flows {
                from_neighbours: 1_400,
                from_supplier: 501,
                to_neighbours: 0,
                to_supplier: 20,
            }),
            until: Some(NOW),
            unheard: 2,
        },
        bill: Some(Bill {
            milli_atoms: -1_500_000,
            until: NOW,
            is_complete: true,
        }),
    }
}

fn shown(view: &View, indexed: Option<&Indexed>) -> (String, Value) {
    let state = State::of(view, indexed, &calendar(), 6);
    let text = serde_json::to_string(&state).expect("JSON");
    let value = serde_json::from_str(&text).expect("JSON");
    (text, value)
}

#[test]
fn given_all_that_is_known_when_shown_then_it_is_exact_and_in_the_units_of_people() {
    let (text, state) = shown(&view(), Some(&indexed()));
    let expected = json!({
        "price_now": 0.2125,
        "price_next": 0.190001,
        "retail_price": 0.3,
        "feed_in_tariff": 0.08,
        "balance": 12.500000001,
        "free": 12.000000001,
        "heard_until": "2026-11-27T09:45:00Z",
        "gate_closure": "2026-11-27T10:14:00Z",
        "community_share": 73.6,
        "from_neighbours": 1.4,
        "from_supplier": 0.501,
        "to_neighbours": 0,
        "to_supplier": 0.02,
        "bill": -0.0015,
        "day_start": "2026-11-27T00:00:00Z",
        "month_start": "2026-11-01T00:00:00Z",
        "seen_at": "2026-11-27T10:00:05Z",
        "attributes": {
            "price_now": {
                "start": "2026-11-27T10:00:00Z", "end": "2026-11-27T10:15:00Z",
                "volume_kwh": 1.25, "grid_fee": 0.02,
                "prices": [
                    { "start": "2026-11-27T10:00:00Z", "price": 0.2125, "retail_price": 0.3, "feed_in_tariff": 0.08 },
                    { "start": "2026-11-27T10:15:00Z", "price": null, "retail_price": 0.3, "feed_in_tariff": 0.08 },
                ],
            },
            "price_next": {
                "start": "2026-11-27T10:15:00Z", "end": "2026-11-27T10:30:00Z", "gate": "2026-11-27T10:14:00Z",
                "is_fixed": false, "volume_kwh": 0.06, "grid_fee": 0.02,
            },
            "balance": { "locked": 0.5, "held": 0, "debt": 0, "claim": 0.000000007 },
            "community_share": { "until": "2026-11-27T10:00:00Z", "windows_unheard": 2 },
            "bill": { "until": "2026-11-27T10:00:00Z", "is_complete": true },
        },
    });
    assert_eq!(state, expected);
    // To the last digit, whoever reads it: no exponents.
    for exact in ["\"balance\":12.500000001,", "\"claim\":0.000000007}"] {
        assert!(text.contains(exact), "{exact}: {text}");
    }
}

#[test]
fn given_what_is_not_known_when_shown_then_it_is_null_and_never_zero() {
    let mut view = view();
    view.money = Err(NoSeat::NotOpen);
    view.heard_until = None;
    view.next_gate = None;
    view.windows = vec![window(0, outcome(None, 0, true)), window(1, None)];
    view.windows[1].prices = None;
    let (_, state) = shown(&view, None);
    let unknown = [
        "price_now",
        "price_next",
        "balance",
        "free",
        "heard_until",
        "gate_closure",
        "community_share",
        "from_neighbours",
        "from_supplier",
        "to_neighbours",
        "to_supplier",
        "bill",
    ];
    for key in unknown {
        assert_eq!(state[key], Value::Null, "{key}");
    }
    let attributes = &state["attributes"];
    for (of, key) in [
        ("price_next", "is_fixed"),
        ("price_next", "volume_kwh"),
        ("balance", "debt"),
        ("community_share", "until"),
        ("bill", "is_complete"),
    ] {
        assert_eq!(attributes[of][key], Value::Null, "{of}.{key}");
    }
    // That nothing was traded is known.
    assert_eq!(attributes["price_now"]["volume_kwh"], 0);
    assert_eq!(state["retail_price"], 0.3);
}

#[test]
fn given_a_price_that_orders_may_still_change_when_shown_then_it_is_none_of_the_window_under_delivery(
) {
    let mut view = view();
    view.windows[0].outcome = outcome(Some(200_000), 5, false);
    let (_, state) = shown(&view, None);
    assert_eq!(state["price_now"], Value::Null);
}

#[test]
fn given_a_new_day_or_month_when_shown_then_what_was_said_of_the_last_is_left_out() {
    let mut of_yesterday = indexed();
    of_yesterday.calendar.day -= 86_400;
    let (_, state) = shown(&view(), Some(&of_yesterday));
    assert_eq!(
        (&state["from_supplier"], &state["bill"]),
        (&Value::Null, &json!(-0.0015))
    );
    of_yesterday.calendar.month -= 86_400;
    let (_, state) = shown(&view(), Some(&of_yesterday));
    assert_eq!(state["bill"], Value::Null);
}

#[test]
fn given_as_many_windows_as_can_be_when_shown_then_home_assistant_can_keep_their_prices() {
    let mut view = view();
    let longest = WindowPrices {
        short: i32::MIN,
        long: i32::MIN,
        grid_fee: i32::MIN,
    };
    view.windows = (0..)
        .map(|number| Window {
            prices: Some(longest),
            ..window(number, outcome(Some(i32::MIN), 5, true))
        })
        .take(MOST_WINDOWS)
        .collect();
    let state = State::of(&view, None, &calendar(), 18);
    let state = serde_json::to_value(&state).expect("JSON");
    let kept = state["attributes"]["price_now"].to_string();
    assert!(kept.len() < RECORDED, "{}", kept.len());
    let text = serde_json::to_string(&State::of(&view, None, &calendar(), 18)).expect("JSON");
    assert!(
        text.contains("\"retail_price\":-0.000000002147483648,"),
        "{text}"
    );
}
