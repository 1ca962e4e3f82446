//! For each instruction: who must have signed, what kinds of accounts may change, and which seats.

use joulebook_client::layout::registry::Roles;

/// Who must have signed.
#[derive(Clone, Copy)]
pub enum Who {
    Anyone,
    /// The community's.
    Authority,
    /// To whom the authority was offered.
    PendingAuthority,
    /// The authority, or an active participant with one of the roles.
    Role(Roles),
    /// The same, and the owner of the meter.
    RoleAndOwner(Roles),
    /// The wallet of the participant that changes.
    Wallet,
    /// The same, or the authority or an active participant with one of the roles.
    WalletOrRole(Roles),
    /// The meter table's settlement key, if it has one.
    Settlement,
    /// Owner or delegate of the seat that supplies the pages that change.
    Supplier,
    /// The authority and the owner of the seat that supplies pages to come, or is to.
    AuthorityAndSupplier,
    /// The program that the money is held for.
    Program,
}

/// What may happen to rows of the ledger.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seats {
    /// Nothing.
    None,
    /// Anything to those whose owners sign. Others gain, such as the supplier what was owed to it.
    Owners,
    /// One becomes empty: its owner's, or of an ended market. Claims are paid.
    Closing,
    /// Free money is locked or unlocked where owner or delegate sign, and nothing happens to the others.
    Traders,
    /// They gain.
    Gain,
    /// What contracts, meters and prices say: whatever the checks of the whole state find right.
    Settled,
    /// Debts and claims are paid.
    Claims,
    /// Likewise, and what is open with a former supplier is dropped long after.
    Replaced,
    /// In an ended market one loses what its owner's token account gets; others gain.
    PaidOut,
    /// What is held loses, free money gains.
    Held,
    /// Free money is locked as far as the seat's standing orders go.
    Standing,
}

pub struct Power {
    pub name: &'static str,
    pub who: Who,
    /// As in `Ledger`; `Ledger.events` where no more than the count of its events may change.
    kinds: &'static [&'static str],
    pub seats: Seats,
}

impl Power {
    pub fn may_change(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }

    pub fn may_count_events(&self, kind: &str) -> bool {
        let mut counting = self
            .kinds
            .iter()
            .filter_map(|it| it.strip_suffix(".events"));
        counting.any(|counting| counting == kind)
    }
}

const fn power(name: &'static str, who: Who, kinds: &'static [&'static str]) -> Power {
    Power {
        name,
        who,
        kinds,
        seats: Seats::None,
    }
}

const fn seats(
    name: &'static str,
    who: Who,
    kinds: &'static [&'static str],
    seats: Seats,
) -> Power {
    Power {
        name,
        who,
        kinds,
        seats,
    }
}

const OPERATOR: Roles = Roles::OPERATOR;
const VERIFIER: Roles = Roles::VERIFIER;
const STOPPING: Roles = Roles::VERIFIER.union(Roles::EMERGENCY);

pub const POWERS: &[Power] = &[
    power(
        "registry.accept_authority",
        Who::PendingAuthority,
        &["Community"],
    ),
    power("registry.add_zone", Who::Authority, &["Community"]),
    power("registry.apply", Who::Wallet, &["Community", "Participant"]),
    power(
        "registry.apply_again",
        Who::Wallet,
        &["Community", "Participant"],
    ),
    power(
        "registry.approve",
        Who::Role(OPERATOR),
        &["Community", "Participant"],
    ),
    power(
        "registry.approve_successor",
        Who::Authority,
        &["Community", "Participant"],
    ),
    power("registry.close_community", Who::Authority, &["Community"]),
    power(
        "registry.close_participant",
        Who::WalletOrRole(OPERATOR),
        &["Community", "Participant"],
    ),
    power("registry.create_community", Who::Authority, &["Community"]),
    power(
        "registry.leave",
        Who::WalletOrRole(OPERATOR),
        &["Community", "Participant"],
    ),
    power("registry.propose_authority", Who::Authority, &["Community"]),
    power(
        "registry.reinstate",
        Who::Role(OPERATOR),
        &["Community.events", "Participant"],
    ),
    power("registry.rename_zone", Who::Authority, &["Community"]),
    power("registry.set_approvals", Who::Authority, &["Community"]),
    power(
        "registry.set_membership",
        Who::Role(OPERATOR),
        &["Community.events", "Participant"],
    ),
    power(
        "registry.set_pause",
        Who::Role(Roles::EMERGENCY),
        &["Community"],
    ),
    power("registry.set_preferences", Who::Wallet, &["Participant"]),
    power(
        "registry.set_roles",
        Who::Role(OPERATOR),
        &["Community.events", "Participant"],
    ),
    power(
        "registry.suspend",
        Who::Role(OPERATOR),
        &["Community.events", "Participant"],
    ),
    power(
        "oracle.change_device",
        Who::RoleAndOwner(VERIFIER),
        &["MeterTable"],
    ),
    power("oracle.close_meter_table", Who::Authority, &["MeterTable"]),
    power(
        "oracle.close_page",
        Who::Authority,
        &["MeterTable", "IntervalPage"],
    ),
    power("oracle.create_meter_table", Who::Authority, &["MeterTable"]),
    power(
        "oracle.create_page",
        Who::Authority,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.finish_page",
        Who::Anyone,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.grow_table",
        Who::Anyone,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.open_page",
        Who::Settlement,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.prove_checked_key_copied",
        Who::Anyone,
        &["MeterTable"],
    ),
    power("oracle.prove_key_copied", Who::Anyone, &["MeterTable"]),
    power(
        "oracle.quarantine_meter",
        Who::Role(STOPPING),
        &["MeterTable"],
    ),
    power(
        "oracle.register_meter",
        Who::RoleAndOwner(VERIFIER),
        &["MeterTable"],
    ),
    power(
        "oracle.release_settlement",
        Who::Settlement,
        &["MeterTable"],
    ),
    power(
        "oracle.replace_values",
        Who::Role(VERIFIER),
        &["MeterTable.events", "IntervalPage"],
    ),
    power("oracle.restore_meter", Who::Role(VERIFIER), &["MeterTable"]),
    power("oracle.retire_meter", Who::Role(VERIFIER), &["MeterTable"]),
    power(
        "oracle.set_power_limits",
        Who::Role(VERIFIER),
        &["MeterTable"],
    ),
    power("oracle.set_settlement", Who::Authority, &["MeterTable"]),
    power(
        "oracle.set_standard_draw",
        Who::Role(VERIFIER),
        &["MeterTable"],
    ),
    power(
        "oracle.submit_checked_profiles",
        Who::Anyone,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.submit_profiles",
        Who::Anyone,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "oracle.submit_readings",
        Who::Anyone,
        &["MeterTable", "IntervalPage"],
    ),
    power(
        "market.admit",
        Who::Authority,
        &["Market.events", "Admission"],
    ),
    seats(
        "market.allocate",
        Who::Anyone,
        &["Ledger", "Page", "Book"],
        Seats::Settled,
    ),
    seats(
        "market.cancel_orders",
        Who::Anyone,
        &["Ledger", "Book"],
        Seats::Traders,
    ),
    seats(
        "market.capture",
        Who::Program,
        &["Ledger", "SeatHold"],
        Seats::Held,
    ),
    seats(
        "market.apply_standing_orders",
        Who::Anyone,
        &["Ledger", "Book", "StandingOrders"],
        Seats::Standing,
    ),
    power("market.clear", Who::Anyone, &["Book"]),
    power("market.close_admission", Who::Anyone, &["Admission"]),
    power("market.close_book", Who::Authority, &["Market", "Book"]),
    power(
        "market.close_history",
        Who::Authority,
        &["Market", "History"],
    ),
    power("market.close_hold", Who::Anyone, &["Admission", "SeatHold"]),
    power("market.close_ledger", Who::Authority, &["Market", "Ledger"]),
    power("market.close_market", Who::Authority, &["Market"]),
    power("market.close_page", Who::Authority, &["Market", "Page"]),
    power(
        "market.close_standing_orders",
        Who::Authority,
        &["Market", "StandingOrders"],
    ),
    seats(
        "market.close_seat",
        Who::Anyone,
        &["Ledger"],
        Seats::Closing,
    ),
    power("market.create_book", Who::Authority, &["Market", "Book"]),
    power(
        "market.create_history",
        Who::Authority,
        &["Market", "History"],
    ),
    power(
        "market.create_ledger",
        Who::Authority,
        &["Market", "Ledger"],
    ),
    power("market.create_market", Who::Authority, &["Market"]),
    power("market.create_page", Who::Authority, &["Market", "Page"]),
    power(
        "market.create_standing_orders",
        Who::Authority,
        &["Market", "StandingOrders"],
    ),
    seats("market.deposit", Who::Anyone, &["Ledger"], Seats::Gain),
    power("market.end_market", Who::Authority, &["Market"]),
    seats(
        "market.finish_page",
        Who::Anyone,
        &["Ledger", "Page", "History"],
        Seats::Settled,
    ),
    power(
        "market.grow_table",
        Who::Anyone,
        &["Ledger", "History", "Book", "Page", "StandingOrders"],
    ),
    seats(
        "market.hold",
        Who::Anyone,
        &["Admission", "Ledger", "SeatHold"],
        Seats::Owners,
    ),
    power(
        "market.open_page",
        Who::Anyone,
        &["Market", "Ledger", "MeterTable", "Page", "IntervalPage"],
    ),
    seats("market.open_seat", Who::Anyone, &["Ledger"], Seats::Owners),
    power("market.open_window", Who::Anyone, &["Page", "Book"]),
    seats("market.pay_claims", Who::Anyone, &["Ledger"], Seats::Claims),
    seats("market.pay_out", Who::Anyone, &["Ledger"], Seats::PaidOut),
    seats(
        "market.place_orders",
        Who::Anyone,
        &["Ledger", "Book"],
        Seats::Traders,
    ),
    power(
        "market.post_prices",
        Who::Supplier,
        &["Ledger.events", "Page"],
    ),
    seats(
        "market.release",
        Who::Program,
        &["Ledger", "SeatHold"],
        Seats::Held,
    ),
    power("market.release_meter_table", Who::Anyone, &["MeterTable"]),
    seats(
        "market.replace_supplier",
        Who::AuthorityAndSupplier,
        &["Ledger"],
        Seats::Replaced,
    ),
    power(
        "market.retire",
        Who::Authority,
        &["Market.events", "Admission"],
    ),
    power(
        "market.review_participant",
        Who::Anyone,
        &["StandingOrders"],
    ),
    seats(
        "market.set_delegate",
        Who::Anyone,
        &["Ledger"],
        Seats::Owners,
    ),
    power(
        "market.set_standing_orders",
        Who::Anyone,
        &["Ledger.events", "StandingOrders"],
    ),
    power("market.set_tariff", Who::AuthorityAndSupplier, &["Market"]),
    power("market.set_terms", Who::Authority, &["Market"]),
    seats(
        "market.settle",
        Who::Anyone,
        &["Ledger", "Page"],
        Seats::Settled,
    ),
    power("market.sweep_surplus", Who::Anyone, &["Ledger"]),
    seats(
        "market.take_back",
        Who::Anyone,
        &["Ledger", "SeatHold"],
        Seats::Held,
    ),
    seats("market.withdraw", Who::Anyone, &["Ledger"], Seats::Owners),
    power("market.withdraw_fees", Who::Authority, &["Ledger"]),
];

/// # Errors
/// Where to add what is not there.
pub fn of(name: &str) -> Result<&'static Power, String> {
    let power = POWERS.iter().find(|power| power.name == name);
    power.ok_or_else(|| {
        format!(
            "who may do {name}, and what may it change? Say so in tests/tests/bent/powers/table.rs"
        )
    })
}
