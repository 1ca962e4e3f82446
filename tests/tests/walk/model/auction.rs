use std::collections::BTreeMap;

/// An order as the auction sees it.
#[derive(Clone, Copy, Debug)]
pub struct Bid {
    pub buy: bool,
    pub tick: u16,
    /// Wh.
    pub quantity: i128,
}

#[derive(Clone, Debug)]
pub struct Outcome {
    /// Wh.
    pub volume: i128,
    /// The clearing interval, ticks.
    pub low: u16,
    pub high: u16,
    /// Wh by the orders' places in their sequence.
    pub fills: BTreeMap<u16, i128>,
}

/// Matches the best buy with the best sell as long as they agree; `None` if not even the first two do.
pub fn auction(bids: &BTreeMap<u16, Bid>) -> Option<Outcome> {
    let mut buys: Vec<Bid> = bids.values().filter(|bid| bid.buy).copied().collect();
    let mut sells: Vec<Bid> = bids.values().filter(|bid| !bid.buy).copied().collect();
    buys.sort_by_key(|bid| std::cmp::Reverse(bid.tick));
    sells.sort_by_key(|bid| bid.tick);

    let mut volume = 0;
    let mut last_match = None;
    while let (Some(buy), Some(sell)) = (best(&mut buys), best(&mut sells)) {
        if buy.tick < sell.tick {
            break;
        }
        let traded = buy.quantity.min(sell.quantity);
        buy.quantity -= traded;
        sell.quantity -= traded;
        volume += traded;
        last_match = Some((buy.tick, sell.tick));
    }

    let (last_buy, last_sell) = last_match?;
    // An order with something left counts as accepted and as unfilled.
    let low = best(&mut buys).map_or(last_sell, |unfilled| last_sell.max(unfilled.tick));
    let high = best(&mut sells).map_or(last_buy, |unfilled| last_buy.min(unfilled.tick));
    let mut fills = fills_of(bids, true, volume);
    fills.append(&mut fills_of(bids, false, volume));
    Some(Outcome {
        volume,
        low,
        high,
        fills,
    })
}

fn best(sorted: &mut [Bid]) -> Option<&mut Bid> {
    sorted.iter_mut().find(|bid| bid.quantity > 0)
}

/// Gives `volume` to one side tick by tick from the best, and within the tick where it runs out to
/// everyone's share, the running sum rounded down.
fn fills_of(bids: &BTreeMap<u16, Bid>, buy: bool, volume: i128) -> BTreeMap<u16, i128> {
    let of_side = || bids.iter().filter(move |(_, bid)| bid.buy == buy);
    let mut ticks: Vec<u16> = of_side().map(|(_, bid)| bid.tick).collect();
    ticks.sort();
    ticks.dedup();
    if buy {
        ticks.reverse();
    }
    let mut fills = BTreeMap::new();
    let mut left = volume;
    for tick in ticks {
        let at_tick = || of_side().filter(move |(_, bid)| bid.tick == tick);
        let asked: i128 = at_tick().map(|(_, bid)| bid.quantity).sum();
        let given = asked.min(left);
        let mut sum = 0;
        for (index, bid) in at_tick() {
            let before = sum * given / asked;
            sum += bid.quantity;
            fills.insert(*index, sum * given / asked - before);
        }
        left -= given;
    }
    fills
}
