//! Accounts before and after, and whose they are.

use bytemuck::AnyBitPattern;
use joulebook_client::layout::{
    account::read_header,
    market::{Admission, Book, History, Ledger, Market, Page, SeatHold, StandingOrders},
    oracle::{IntervalPage, MeterTable},
    registry::Participant,
    Account as Layout,
};
use litesvm::LiteSVM;
use solana_account::Account;
use solana_address::Address;

use super::Attempt;

pub struct Change {
    pub address: Address,
    pub before: Option<Account>,
    pub after: Option<Account>,
    /// As in `Ledger`; `None` for what is none of the three programs'.
    pub kind: Option<String>,
}

#[derive(Clone, Copy)]
pub struct Home {
    pub community: Address,
    pub market: Option<Address>,
}

impl Change {
    pub fn of(attempt: &Attempt, address: Address) -> Change {
        let account = |svm: &LiteSVM| svm.get_account(&address);
        let (before, after) = (account(attempt.before), account(attempt.after));
        let kind_of = |account: &Option<Account>| {
            let kind = account
                .as_ref()
                .and_then(|account| attempt.idl.kind(account));
            kind.map(str::to_string)
        };
        Change {
            address,
            kind: kind_of(&before).or_else(|| kind_of(&after)),
            before,
            after,
        }
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// Its header before; after, if it is new.
    pub fn header<T: Layout>(&self) -> Result<T, String> {
        let header = |account: &Option<Account>| read_header::<T>(&account.as_ref()?.data);
        let header = header(&self.before).or_else(|| header(&self.after));
        header.ok_or_else(|| format!("{} has no header", self.address))
    }
}

/// The header of an account, before or, if it is new, after.
fn header_at<T: Layout>(attempt: &Attempt, address: Address) -> Result<T, String> {
    Change::of(attempt, address).header()
}

impl Attempt<'_> {
    /// Whose the changed account is.
    pub(super) fn home(&self, change: &Change) -> Result<Home, String> {
        let of_market = |market: [u8; 32]| -> Result<Home, String> {
            let market = Address::from(market);
            let header: Market = header_at(self, market)?;
            Ok(Home {
                community: header.community.0.into(),
                market: Some(market),
            })
        };
        let of_community = |community: [u8; 32]| {
            Ok(Home {
                community: community.into(),
                market: None,
            })
        };
        match change.kind.as_deref().unwrap_or_default() {
            "Community" => of_community(change.address.to_bytes()),
            "Participant" => of_community(change.header::<Participant>()?.community.0),
            "MeterTable" => of_community(change.header::<MeterTable>()?.community.0),
            "IntervalPage" => {
                let table = change.header::<IntervalPage>()?.meter_table.0;
                let table: MeterTable = header_at(self, table.into())?;
                of_community(table.community.0)
            }
            "Market" => of_market(change.address.to_bytes()),
            "Ledger" => of_market(change.header::<Ledger>()?.market.0),
            "History" => of_market(change.header::<History>()?.market.0),
            "Book" => of_market(change.header::<Book>()?.market.0),
            "Page" => of_market(change.header::<Page>()?.market.0),
            "StandingOrders" => of_market(change.header::<StandingOrders>()?.market.0),
            "Admission" => of_market(change.header::<Admission>()?.market.0),
            "SeatHold" => {
                let admission = change.header::<SeatHold>()?.admission.0;
                let admission: Admission = header_at(self, admission.into())?;
                of_market(admission.market.0)
            }
            kind => Err(format!(
                "whose is a {kind}? Say so in tests/tests/bent/powers/change.rs"
            )),
        }
    }

    pub(super) fn header_at<T: Layout>(&self, address: Address) -> Result<T, String> {
        header_at(self, address)
    }
}

/// The rows of one kind that fill an account's data to its end.
pub fn rows<H: Layout, R: AnyBitPattern>(account: &Option<Account>) -> Vec<R> {
    let data = account.as_ref().map_or(&[][..], |account| &account.data);
    let data = data.get(8 + size_of::<H>()..).unwrap_or_default();
    let rows = data.chunks_exact(size_of::<R>());
    rows.map(bytemuck::pod_read_unaligned).collect()
}
