//! What of a configuration can't be together. Everything that the programs would refuse in the end is named before anything is
//! deployed.

use joulebook_client::layout::{
    market::limits as market, oracle::limits as oracle, registry::limits as registry,
};

use crate::{CommunityConfiguration, Configuration, MarketConfiguration};

const SECONDS_PER_DAY: u32 = 86_400;

/// Collects what is wrong, each in a sentence.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn need(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.0.push(otherwise.into());
        }
    }
}

impl Configuration {
    /// What contradicts itself or can't be on chain, each in a sentence with its keys; none if nothing does.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Findings::default();
        self.operators(&mut found);
        self.community.names(&mut found);
        self.market.times(&mut found);
        self.market.sizes(&mut found);
        self.market.prices(&mut found);
        found.0
    }

    fn operators(&self, found: &mut Findings) {
        let both = [
            ("supplier", &self.keys.supplier, &self.community.supplier),
            (
                "grid-operator",
                &self.keys.grid_operator,
                &self.community.grid_operator,
            ),
        ];
        for (name, key, wallet) in both {
            found.need(
                key.is_none() || wallet.is_none(),
                format!("keys.{name} and community.{name} both say who it is; leave one out"),
            );
        }
    }
}

impl CommunityConfiguration {
    fn names(&self, found: &mut Findings) {
        let fits = |text: &str, most: u8| !text.is_empty() && text.len() <= usize::from(most);
        let most = registry::MAX_COMMUNITY_NAME;
        found.need(
            fits(&self.name, most),
            format!("community.name: has 1 to {most} bytes"),
        );
        let most = registry::MAX_ZONES;
        found.need(
            (1..=usize::from(most)).contains(&self.zones.len()),
            format!("community.zones: there are 1 to {most}"),
        );
        let most = registry::MAX_ZONE_NAME;
        found.need(
            self.zones.iter().all(|zone| fits(zone, most)),
            format!("community.zones: each name has 1 to {most} bytes"),
        );
    }
}

impl MarketConfiguration {
    fn times(&self, found: &mut Findings) {
        let length = self.window_seconds();
        let divides = length > 0 && SECONDS_PER_DAY.is_multiple_of(length);
        found.need(
            divides,
            "market.window-minutes: a day must be a whole number of windows",
        );
        let most = oracle::MAX_PAGE_INTERVALS;
        found.need(
            (1..=most).contains(&self.windows_per_page),
            format!("market.windows-per-page: is 1 to {most}"),
        );
        found.need(
            self.verifier_hours <= self.correction_hours,
            "market.verifier-hours: a verifier can't have more than all of correction-hours",
        );
        let hours = oracle::MAX_CORRECTION_SECONDS / 3_600;
        found.need(
            self.correction_hours <= hours,
            format!("market.correction-hours: is at most {hours}"),
        );
        found.need(
            self.gate_lead_minutes < self.horizon_minutes,
            "market.gate-lead-minutes: the gate would close before the window opens; choose less than horizon-minutes",
        );
        let most = market::MAX_BOOKS;
        found.need(
            self.books() <= most,
            format!("market.horizon-minutes: more than {most} windows would be open at once"),
        );
        let most = oracle::MAX_PAGE_RING;
        found.need(
            self.pages() <= most,
            format!("market.correction-hours: more than {most} pages would be kept; choose more windows-per-page"),
        );
        let minutes = market::MAX_UTC_OFFSET / 60;
        found.need(
            self.utc_offset_minutes.unsigned_abs() <= minutes,
            format!("market.utc-offset-minutes: is at most {minutes} either way"),
        );
    }

    fn sizes(&self, found: &mut Findings) {
        let sizes = [
            ("seats", self.seats, market::MAX_SEATS),
            ("orders", self.orders, market::MAX_ORDERS),
            ("ticks", self.ticks, market::MAX_TICKS),
            ("history", self.history, market::MAX_HISTORY),
            ("meters", self.meters, oracle::MAX_METERS),
        ];
        for (name, size, most) in sizes {
            found.need(
                (1..=most).contains(&size),
                format!("market.{name}: is 1 to {most}"),
            );
        }
        let room = u32::from(self.seats).saturating_mul(self.room_per_seat.into());
        found.need(
            room <= self.orders.into(),
            "market.room-per-seat: times seats, it is more than orders",
        );
        found.need(
            self.room_per_seat <= self.max_orders_per_seat,
            "market.room-per-seat: is more than max-orders-per-seat, which nobody can use",
        );
        found.need(self.min_quantity > 0, "market.min-quantity: is at least 1");
        found.need(self.power_cap > 0, "market.power-cap: is at least 1");
        let most = market::MAX_FEE_BPS;
        found.need(
            self.market_fee_bps <= most,
            format!("market.market-fee-bps: is at most {most}"),
        );
    }

    fn prices(&self, found: &mut Findings) {
        found.need(
            self.feed_in_tariff <= self.retail_price,
            "market.feed-in-tariff: leaving energy over would earn more than retail-price costs",
        );
        found.need(
            self.lowest_price <= self.feed_in_tariff,
            "market.feed-in-tariff: is below lowest-price",
        );
        found.need(
            self.retail_price <= self.highest_price,
            "market.retail-price: is above highest-price",
        );
        found.need(
            self.grid_fee <= self.highest_grid_fee,
            "market.grid-fee: is above highest-grid-fee",
        );
        found.need(
            !self.grid_fee.is_negative(),
            "market.grid-fee: is not below 0",
        );
        found.need(self.tick_size.is_positive(), "market.tick-size: is above 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(change: impl Fn(&mut Configuration)) -> String {
        let mut configuration = Configuration::example();
        change(&mut configuration);
        configuration.contradictions().join("\n")
    }

    #[test]
    fn given_the_example_when_it_is_looked_through_then_nothing_contradicts() {
        assert_eq!(said(|_| {}), "");
    }

    #[test]
    fn given_keys_that_contradict_when_they_are_looked_through_then_each_is_named() {
        let amount = |text: &str| text.parse().expect("a number");
        let market = |change: fn(&mut MarketConfiguration)| said(|all| change(&mut all.market));
        assert!(market(|market| market.window_minutes = 0).contains("window-minutes"));
        assert!(market(|market| market.window_minutes = 7).contains("window-minutes"));
        assert!(market(|market| market.verifier_hours = 49).contains("verifier-hours"));
        assert!(market(|market| market.gate_lead_minutes = 15).contains("gate-lead-minutes"));
        assert!(market(|market| market.room_per_seat = 9).contains("room-per-seat"));
        assert!(market(|market| market.seats = 65).contains("times seats"));
        assert!(market(|market| market.market_fee_bps = 1_001).contains("market-fee-bps"));
        assert!(market(|market| market.utc_offset_minutes = -841).contains("utc-offset"));
        let short = said(|all| all.market.retail_price = amount("0.07"));
        assert!(short.contains("feed-in-tariff"), "{short}");
        let high = said(|all| all.market.retail_price = amount("0.61"));
        assert!(high.contains("retail-price"), "{high}");
        let fee = said(|all| all.market.grid_fee = amount("0.051"));
        assert!(fee.contains("highest-grid-fee"), "{fee}");
        let twice = said(|all| {
            all.keys.supplier = Some(all.keys.payer.clone());
            all.community.supplier = Some("ADDRESS".into());
        });
        assert!(twice.contains("keys.supplier and community.supplier"));
        let zones = said(|all| all.community.zones.clear());
        assert!(zones.contains("community.zones"), "{zones}");
        let name = said(|all| all.community.name = "x".repeat(33));
        assert!(name.contains("community.name"), "{name}");
    }

    #[test]
    fn given_extremes_when_they_are_looked_through_then_nothing_panics() {
        said(|all| {
            all.market.window_minutes = u32::MAX;
            all.market.horizon_minutes = u32::MAX;
            all.market.correction_hours = u32::MAX;
            all.market.windows_per_page = 0;
            all.market.utc_offset_minutes = i32::MIN;
            all.market.seats = u16::MAX;
            all.market.room_per_seat = u16::MAX;
        });
    }
}
