use std::collections::BTreeSet;

use anyhow::{Context, Result};
use jiff::Timestamp;
use joulebook_client::{
    layout::market::{Page, PageWindow, PositionStatus, WindowStatus},
    Addresses,
};
use joulebook_cluster::Cluster;
use joulebook_deployment::Sandbox;
use solana_address::Address;

/// What has come of a market's windows, one line each, as they come.
pub struct Summary {
    addresses: Addresses,
    /// Starts of windows that were told of.
    allocated: BTreeSet<i64>,
    settled: BTreeSet<i64>,
}

impl Summary {
    /// # Errors
    /// If the market can't be read.
    pub async fn of(cluster: &Cluster, sandbox: &Sandbox) -> Result<Summary> {
        let market: Address = sandbox.market.parse().context("the sandbox's market")?;
        Ok(Summary {
            addresses: cluster.market(market).await?,
            allocated: BTreeSet::new(),
            settled: BTreeSet::new(),
        })
    }

    /// Lines about what is new.
    ///
    /// # Errors
    /// If the market can't be read.
    pub async fn news(&mut self, cluster: &Cluster) -> Result<Vec<String>> {
        let read = cluster.market_accounts(&self.addresses).await?;
        let state = read.state(&self.addresses)?;
        let mut lines = vec![];
        let mut pages: Vec<_> = state.pages.iter().collect();
        pages.sort_by_key(|page| page.header.start);
        for page in pages
            .into_iter()
            .filter(|page| page.header.start != Page::NEVER)
        {
            for (number, window) in (0u16..).zip(&page.windows) {
                let end = page.header.end_of(number);
                let start = end.saturating_sub(page.header.window_seconds.into());
                if window.is(WindowStatus::Allocated) && self.allocated.insert(start) {
                    lines.push(allocated(start, window));
                }
                let seats = 0..page.header.seats;
                let positions = seats.filter_map(|seat| page.position(number, seat));
                let contracts: Vec<_> = positions
                    .filter(|position| position.bought > 0 || position.sold > 0)
                    .collect();
                let confirmed = |of: &&&_| {
                    let position: &joulebook_client::layout::market::Position = of;
                    position.is(PositionStatus::Confirmed)
                };
                let all = contracts.len();
                if all > 0
                    && contracts.iter().filter(confirmed).count() == all
                    && self.settled.insert(start)
                {
                    lines.push(format!(
                        "{}  settled: {all} contracts confirmed by meters",
                        at(start)
                    ));
                }
            }
        }
        Ok(lines)
    }

    /// Windows that have cleared and were allocated.
    pub fn windows(&self) -> usize {
        self.allocated.len()
    }

    /// Windows whose contracts meters have confirmed.
    pub fn settled(&self) -> usize {
        self.settled.len()
    }
}

fn allocated(start: i64, window: &PageWindow) -> String {
    let at = at(start);
    match window.volume {
        0 => format!("{at}  cleared: {} orders, nothing traded", window.orders),
        volume => format!(
            "{at}  cleared: {} orders, {}.{:03} kWh at {}{}.{:06} tokens per kWh",
            window.orders,
            volume / 1_000,
            volume % 1_000,
            if window.price < 0 { "-" } else { "" },
            window.price.unsigned_abs() / 1_000_000,
            window.price.unsigned_abs() % 1_000_000,
        ),
    }
}

fn at(start: i64) -> String {
    let time = Timestamp::from_second(start).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%a %H:%M").to_string()
}
