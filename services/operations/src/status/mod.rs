//! What is behind: from a market's accounts and the chain's clock, without asking anybody else.

mod behind;
mod seats;
#[cfg(test)]
mod tests;

use joulebook_client::{
    layout::registry::{Participant, ParticipantStatus},
    steps::MarketState,
    Addresses,
};
use schemars::JsonSchema;
use serde::Serialize;
use solana_address::Address;

use crate::{names::pauses_of, words::name_of, OperationError, Session};

pub use behind::{MeterCounts, PriceStatus, StepCount, WindowCounts};
pub use seats::{SeatOwing, SupplierStatus};

/// How a community and its market stand. Amounts are in milli-atoms of the token, times in unix seconds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Of this format: 1.
    pub version: u8,
    /// The chain's clock.
    pub now: i64,
    /// Name of the community.
    pub community: String,
    /// Address of the market.
    pub market: String,
    /// Address of who governs the community.
    pub authority: String,
    /// Address that was offered the authority and has not accepted it.
    pub pending_authority: Option<String>,
    /// What is paused: registration, trading.
    pub paused: Vec<String>,
    /// When the market ends, if that is set.
    pub ends_at: Option<i64>,
    /// Start of the first window that planned terms hold for, if they do not yet.
    pub terms_from: Option<i64>,
    /// Start of the first window that a planned tariff holds for, if it does not yet.
    pub tariff_from: Option<i64>,
    /// Steps that a keeper could take now, by kind.
    pub due: Vec<StepCount>,
    /// Windows and pages.
    pub windows: WindowCounts,
    /// Meters.
    pub meters: MeterCounts,
    /// Wallets that wait for approval, the longest first.
    pub applicants: Vec<String>,
    /// How many more applicants operators may approve.
    pub approvals: u16,
    /// Participants that are active.
    pub participants: usize,
    /// Seats that owe a supplier something.
    pub debts: Vec<SeatOwing>,
    /// Seats that a supplier owes something.
    pub claims: Vec<SeatOwing>,
    /// The supplier named last.
    pub supplier: SupplierStatus,
    /// Prices of windows to come.
    pub prices: PriceStatus,
    /// Balances that were looked at.
    pub balances: Vec<Balance>,
    /// Files that wait for a second signature.
    pub open_files: usize,
}

/// Lamports of a wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// As the configuration calls it.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Lamports.
    pub lamports: u64,
    /// Whether that is less than the configuration wants.
    pub is_low: bool,
}

impl Status {
    /// Of a market's accounts as they were at `now`, unix seconds.
    pub fn of(
        addresses: &Addresses,
        state: &MarketState,
        participants: &[Participant],
        now: i64,
    ) -> Status {
        let (community, market) = (&state.community, &state.market);
        let planned = |from: i64| Some(from).filter(|from| *from > now);
        let pending = Address::from(community.pending_authority.0);
        let mut applied: Vec<&Participant> = participants
            .iter()
            .filter(|one| one.is(ParticipantStatus::Applied))
            .collect();
        applied.sort_by_key(|one| one.applied_at);
        Status {
            version: 1,
            now,
            community: name_of(&community.name),
            market: addresses.market.to_string(),
            authority: Address::from(community.authority.0).to_string(),
            pending_authority: (pending != Address::default()).then(|| pending.to_string()),
            paused: pauses_of(community.paused),
            ends_at: Some(market.ends_at).filter(|end| *end != i64::MAX),
            terms_from: planned(market.planned_terms_from),
            tariff_from: planned(market.planned_tariffs_from),
            due: behind::due(state, now),
            windows: behind::windows(state, now),
            meters: behind::meters(addresses, state, now),
            applicants: applied.iter().map(|one| one.wallet.to_string()).collect(),
            approvals: community.approvals,
            participants: participants.iter().filter(|one| one.is_active()).count(),
            debts: seats::debts(&state.ledger),
            claims: seats::claims(&state.ledger),
            supplier: seats::supplier(&state.ledger),
            prices: behind::prices(state, now),
            balances: vec![],
            open_files: 0,
        }
    }

    /// What somebody has to see to, each in a sentence.
    pub fn concerns(&self) -> Vec<String> {
        let mut concerns = vec![];
        let mut add = |is_so: bool, text: String| {
            if is_so {
                concerns.push(text);
            }
        };
        let windows = &self.windows;
        add(
            windows.uncleared > 0,
            format!(
                "{} windows have closed and are not cleared: is a keeper running?",
                windows.uncleared
            ),
        );
        add(
            windows.unfinished_pages > 0,
            format!(
                "{} pages could be final and are not: is a keeper running?",
                windows.unfinished_pages
            ),
        );
        add(
            windows.overdue_positions > 0,
            format!(
                "{} positions wait for meters though no reading can come any more; see to replacement values",
                windows.overdue_positions
            ),
        );
        add(
            !self.meters.silent.is_empty(),
            format!("{} meters are silent", self.meters.silent.len()),
        );
        add(
            !self.meters.quarantined.is_empty(),
            format!("{} meters are quarantined", self.meters.quarantined.len()),
        );
        add(
            !self.applicants.is_empty(),
            format!("{} applicants wait for approval", self.applicants.len()),
        );
        add(
            !self.debts.is_empty(),
            format!("{} seats have debts, and can't order", self.debts.len()),
        );
        add(
            !self.claims.is_empty(),
            "the supplier owes seats something: it has to deposit".to_owned(),
        );
        add(
            self.supplier.free < self.supplier.margin,
            "the supplier has less than its margin: it has to deposit".to_owned(),
        );
        add(
            !self.paused.is_empty(),
            format!("{} is paused", self.paused.join(" and ")),
        );
        for balance in self.balances.iter().filter(|one| one.is_low) {
            add(
                true,
                format!("{} has {} lamports left", balance.name, balance.lamports),
            );
        }
        concerns
    }
}

impl Session {
    /// How everything stands now.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn status(&self) -> Result<Status, OperationError> {
        let read = self.cluster.market_accounts(&self.addresses).await?;
        let state = read
            .state(&self.addresses)
            .map_err(joulebook_cluster::MarketError::from)?;
        let participants = self.participants().await?;
        let now = read.now.unix_timestamp;
        let mut status = Status::of(&self.addresses, &state, &participants, now);
        let mut wallets = vec![("your key".to_owned(), self.wallet())];
        wallets.extend(self.watched.iter().cloned());
        let addresses: Vec<Address> = wallets.iter().map(|(_, wallet)| *wallet).collect();
        let found = self.cluster.heads(&addresses, 0).await?;
        let balances = wallets.into_iter().zip(found.accounts);
        status.balances = balances
            .map(|((name, wallet), account)| {
                let lamports = account.map_or(0, |account| account.lamports);
                Balance {
                    name,
                    address: wallet.to_string(),
                    lamports,
                    is_low: lamports < self.low_balance,
                }
            })
            .collect();
        status.open_files = self.nonces().await?.len();
        Ok(status)
    }
}
