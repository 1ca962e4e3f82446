use anyhow::{Context, Result};
use joulebook_units::MILLI_ATOMS_PER_ATOM;

use super::Run;
use crate::simulation::{summary, Costs, Party, Report, Venue};

impl<W: Venue> Run<'_, W> {
    /// Everybody leaves, and the market closes.
    pub(super) fn close(mut self, costs: Costs) -> Result<Report> {
        let tables = self.venue.account_rents();
        let mut bills = Vec::with_capacity(self.households.len());
        let mut deposited = u128::from(self.supplier.deposited.0);
        let mut withdrawn = 0;
        let households = self.households.iter().zip(&self.scenario.households);
        let everybody: Vec<_> = households
            .map(|(household, connection)| (household.funding.deposited, &connection.name))
            .collect();
        for (index, (paid_in, name)) in everybody.into_iter().enumerate() {
            let balance_before = self.venue.balance(Party::Household(index))?;
            let paid_out = self
                .venue
                .leave(index)
                .with_context(|| format!("household {index} leaving the market"))?;
            self.check_state("leaving")?;
            let balance = i128::from(paid_in.0) * i128::from(MILLI_ATOMS_PER_ATOM)
                - i128::from(balance_before.free.0)
                + i128::from(balance_before.debt.0);
            let due = self.settled.bill_of(index).total();
            self.checks.bills.that(balance == due, || {
                format!("{name}: {balance} milli-atoms, not {due}")
            });
            deposited += u128::from(paid_in.0);
            withdrawn += u128::from(paid_out.0);
            bills.push(summary::bill(
                name,
                paid_in,
                paid_out,
                balance_before.debt,
                self.settled.supplier_alone(index),
            )?);
        }
        let payouts = self.venue.close().context("closing the market")?;
        withdrawn += [payouts.supplier, payouts.grid_operator, payouts.fees]
            .map(|amount| u128::from(amount.0))
            .iter()
            .sum::<u128>();
        self.checks.returned.that(deposited == withdrawn, || {
            format!("{deposited} atoms deposited, {withdrawn} withdrawn")
        });
        let locked: u64 = tables.iter().map(|table| table.rent_lamports).sum();
        let rent = payouts.rent_lamports;
        let gone = self
            .venue
            .account_rents()
            .iter()
            .all(|table| table.accounts == 0);
        self.checks.rent.that(rent == locked && gone, || {
            format!("{locked} lamports were locked, {rent} came back")
        });
        let money = summary::Money {
            deposited,
            withdrawn,
            supplier_deposited: self.supplier.deposited,
            payouts,
            bills,
        };
        summary::report(
            self.profiles,
            self.scenario,
            &self.totals,
            self.settled,
            &self.checks,
            money,
            summary::OnChain { costs, tables },
        )
    }
}
