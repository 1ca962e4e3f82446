use jiff::Timestamp;
use joulebook_cluster::Amount;
use joulebook_units::Price;
use serde::{ser::Error, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{
    calendar::Calendar,
    indexed::Indexed,
    view::{Money, View, Window},
};

/// A milli-atom is a thousandth of an atom, a Wh of a kWh, a per mille a tenth of a per cent.
const THOUSANDTHS: u8 = 3;
const TENTHS: u8 = 1;

/// What the sensors show; null where it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    price_now: Option<Exact>,
    price_next: Option<Exact>,
    retail_price: Option<Exact>,
    feed_in_tariff: Option<Exact>,
    balance: Option<Exact>,
    free: Option<Exact>,
    heard_until: Option<Moment>,
    gate_closure: Option<Moment>,
    community_share: Option<Exact>,
    from_neighbours: Option<Exact>,
    from_supplier: Option<Exact>,
    to_neighbours: Option<Exact>,
    to_supplier: Option<Exact>,
    bill: Option<Exact>,
    day_start: Option<Moment>,
    month_start: Option<Moment>,
    /// By the chain's clock.
    seen_at: Option<Moment>,
    attributes: Attributes,
}

/// What there is more to say of some of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Attributes {
    price_now: PriceNow,
    price_next: PriceNext,
    balance: Balance,
    community_share: Share,
    bill: Billed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct PriceNow {
    start: Option<Moment>,
    end: Option<Moment>,
    volume_kwh: Option<Exact>,
    grid_fee: Option<Exact>,
    prices: Vec<Prices>,
}

/// Of one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Prices {
    start: Option<Moment>,
    /// Once no order changes it.
    price: Option<Exact>,
    retail_price: Option<Exact>,
    feed_in_tariff: Option<Exact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct PriceNext {
    start: Option<Moment>,
    end: Option<Moment>,
    gate: Option<Moment>,
    /// Whether no order changes it any more; null where nothing is known of the window's orders.
    is_fixed: Option<bool>,
    volume_kwh: Option<Exact>,
    grid_fee: Option<Exact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Balance {
    locked: Option<Exact>,
    held: Option<Exact>,
    debt: Option<Exact>,
    claim: Option<Exact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Share {
    /// End of the latest window that is in it.
    until: Option<Moment>,
    windows_unheard: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Billed {
    until: Option<Moment>,
    is_complete: Option<bool>,
}

/// A number, to the last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Exact(Amount);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = RawValue::from_string(self.0.to_string());
        number.map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// As RFC 3339 writes it, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment(Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl State {
    /// Of a token with so many decimals. What an indexer said of another day or month than that of `calendar` is left out.
    pub fn of(view: &View, indexed: Option<&Indexed>, calendar: &Calendar, decimals: u8) -> State {
        let shown = Shown { decimals };
        let [now, next] = [view.current(), view.next()];
        let money = view.money.as_ref().ok();
        let indexed = indexed.filter(|indexed| indexed.calendar.month == calendar.month);
        let today = indexed.filter(|indexed| indexed.calendar.day == calendar.day);
        let today = today.map(|indexed| indexed.today);
        let flows = today.and_then(|today| today.flows);
        let bill = indexed.and_then(|indexed| indexed.bill);
        let energy = |wh: u64| exact(i64::try_from(wh).ok()?, THOUSANDTHS);
        State {
            price_now: now.and_then(|now| shown.price(now.fixed_price())),
            price_next: next.and_then(|next| shown.price(next.outcome?.price)),
            retail_price: now.and_then(|now| shown.retail_price(now)),
            feed_in_tariff: now.and_then(|now| shown.feed_in_tariff(now)),
            balance: money.and_then(|money| shown.money(money.balance())),
            free: money.and_then(|money| shown.money(Some(money.free))),
            heard_until: view.heard_until.and_then(moment),
            gate_closure: view.next_gate.and_then(|(gate, _)| moment(gate)),
            community_share: flows
                .and_then(|flows| flows.community_share())
                .and_then(|share| exact(share, TENTHS)),
            from_neighbours: flows.and_then(|flows| energy(flows.from_neighbours)),
            from_supplier: flows.and_then(|flows| energy(flows.from_supplier)),
            to_neighbours: flows.and_then(|flows| energy(flows.to_neighbours)),
            to_supplier: flows.and_then(|flows| energy(flows.to_supplier)),
            bill: bill.and_then(|bill| shown.milli_atoms(bill.milli_atoms)),
            day_start: moment(calendar.day),
            month_start: moment(calendar.month),
            seen_at: moment(view.now),
            attributes: Attributes {
                price_now: PriceNow {
                    start: now.and_then(|now| moment(now.start)),
                    end: now.and_then(|now| moment(now.end)),
                    volume_kwh: now.and_then(|now| energy(now.outcome?.volume)),
                    grid_fee: now.and_then(|now| shown.grid_fee(now)),
                    prices: view.windows.iter().map(|one| shown.prices(one)).collect(),
                },
                price_next: PriceNext {
                    start: next.and_then(|next| moment(next.start)),
                    end: next.and_then(|next| moment(next.end)),
                    gate: next.and_then(|next| moment(next.gate)),
                    is_fixed: next.and_then(|next| Some(next.outcome?.is_fixed)),
                    volume_kwh: next.and_then(|next| energy(next.outcome?.volume)),
                    grid_fee: next.and_then(|next| shown.grid_fee(next)),
                },
                balance: shown.balance(money),
                community_share: Share {
                    until: today.and_then(|today| moment(today.until?)),
                    windows_unheard: today.map(|today| today.unheard),
                },
                bill: Billed {
                    until: bill.and_then(|bill| moment(bill.until)),
                    is_complete: bill.map(|bill| bill.is_complete),
                },
            },
        }
    }
}

/// How amounts of a token are shown.
#[derive(Clone, Copy)]
struct Shown {
    decimals: u8,
}

impl Shown {
    /// Tokens per kWh.
    fn price(self, price: Option<Price>) -> Option<Exact> {
        exact(price?.0.into(), self.decimals)
    }

    /// Tokens.
    fn milli_atoms(self, amount: i64) -> Option<Exact> {
        exact(amount, self.decimals.checked_add(THOUSANDTHS)?)
    }

    fn money(self, milli_atoms: Option<u64>) -> Option<Exact> {
        self.milli_atoms(i64::try_from(milli_atoms?).ok()?)
    }

    fn balance(self, money: Option<&Money>) -> Balance {
        let part = |of: fn(&Money) -> u64| self.money(money.map(of));
        Balance {
            locked: part(|money| money.locked),
            held: part(|money| money.held),
            debt: part(|money| money.debt),
            claim: part(|money| money.claim),
        }
    }

    fn retail_price(self, window: &Window) -> Option<Exact> {
        self.price(Some(Price(window.prices?.short)))
    }

    fn feed_in_tariff(self, window: &Window) -> Option<Exact> {
        self.price(Some(Price(window.prices?.long)))
    }

    fn grid_fee(self, window: &Window) -> Option<Exact> {
        self.price(Some(Price(window.prices?.grid_fee)))
    }

    fn prices(self, window: &Window) -> Prices {
        Prices {
            start: moment(window.start),
            price: self.price(window.fixed_price()),
            retail_price: self.retail_price(window),
            feed_in_tariff: self.feed_in_tariff(window),
        }
    }
}

/// The most decimals that [`Amount`] has places for.
pub const MOST_DECIMALS: u8 = 28 - THOUSANDTHS;

fn exact(units: i64, decimals: u8) -> Option<Exact> {
    let has_room = decimals <= MOST_DECIMALS + THOUSANDTHS;
    has_room.then(|| Exact(Amount::of_units(units, decimals)))
}

/// `None` of a time that no calendar has.
fn moment(seconds: i64) -> Option<Moment> {
    Timestamp::from_second(seconds).ok().map(Moment)
}
