//! A market's terms in words.

use joulebook_client::layout::market::MarketTerms;

use crate::Amount;

const DECIMALS_OF_LEDGER: u8 = 3;

/// Each term that differs, as a line: what it is to be, and what it is now. `decimals` are the token's.
pub fn term_changes(now: &MarketTerms, new: &MarketTerms, decimals: u8) -> Vec<String> {
    let price = |atoms: i64| Amount::of_units(atoms, decimals).to_string();
    let reward = |milli: u64| {
        let milli = i64::try_from(milli).unwrap_or(i64::MAX);
        Amount::of_units(milli, decimals.saturating_add(DECIMALS_OF_LEDGER)).to_string()
    };
    let all = |terms: &MarketTerms| {
        let per_kwh = |atoms: i64| format!("{} per kWh", price(atoms));
        vec![
            (
                "keeper's reward",
                format!("{} tokens", reward(terms.keeper_reward)),
            ),
            ("horizon", format!("{} s", terms.horizon)),
            ("gate lead", format!("{} s", terms.gate_lead)),
            ("metering grace", format!("{} s", terms.metering_grace)),
            ("floor price", per_kwh(terms.floor_price.into())),
            ("tick size", per_kwh(terms.tick_size.into())),
            ("smallest order", format!("{} Wh", terms.min_quantity)),
            ("grid fee", per_kwh(terms.grid_fee.into())),
            (
                "local time is ahead of UTC by",
                format!("{} s", terms.utc_offset),
            ),
            ("holidays, in days since 1970", holidays(terms)),
            ("least lock", per_kwh(terms.min_lock.into())),
            ("market fee", format!("{} basis points", terms.fee_bps)),
            (
                "silent windows before orders stop",
                terms.max_silent.to_string(),
            ),
            (
                "silent windows before the standard draw",
                terms.draw_after.to_string(),
            ),
        ]
    };
    let pairs = all(now).into_iter().zip(all(new));
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    differing
        .map(|((what, before), (_, after))| format!("{what}: {after}, now {before}"))
        .collect()
}

fn holidays(terms: &MarketTerms) -> String {
    let set = terms.holidays.iter().filter(|day| **day != 0);
    let days: Vec<String> = set.map(u32::to_string).collect();
    match days.is_empty() {
        true => "none".into(),
        false => days.join(" "),
    }
}
