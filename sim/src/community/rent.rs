//! The accounts that a market and its meters keep, and the rent they lock.

use joulebook_client::layout::{
    market::{limits, Book, History, Ledger, Market, Page, StandingOrders},
    oracle::{IntervalPage, MeterTable},
};
use schemars::JsonSchema;
use serde::Serialize;
use solana_address::Address;

use super::LocalCommunity;
use crate::{chain::token, Chain, Parameters};

const STANDING_ORDERS: &str = "standing orders";

/// All accounts of one kind, and the rent that they lock. They go when the market is closed, and the rent comes
/// back; what the registry keeps of a community and its participants stays, and is not among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountRent {
    /// What they are.
    pub name: &'static str,
    /// Number of them.
    pub accounts: u16,
    /// Length of all of them together, bytes.
    pub bytes: u64,
    /// Rent locked in all of them, lamports; it comes back when they are closed.
    pub rent_lamports: u64,
}

/// Lamports for people: in SOL, to the nearest thousandth.
pub fn in_sol(lamports: u64) -> String {
    let thousandths = lamports.saturating_add(500_000) / 1_000_000;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

impl Parameters {
    /// What a community of these parameters will keep, at the rent that `chain` asks for.
    pub fn account_rents(&self, chain: &Chain) -> Vec<AccountRent> {
        let book = Book::full_len(limits::NODES, self.ticks, self.seats, self.orders);
        let page = Page::full_len(self.page_windows, self.seats);
        let interval_page = IntervalPage::full_len(self.meters, self.page_windows);
        let kinds = [
            ("market", 1, Market::LEN),
            ("vault", 1, token::account_len(self.token)),
            ("ledger", 1, Ledger::full_len(self.seats)),
            ("history", 1, History::full_len(self.history)),
            (
                STANDING_ORDERS,
                self.standing_orders.into(),
                StandingOrders::full_len(self.seats),
            ),
            ("books", self.books, book),
            ("pages", self.pages, page),
            ("meter table", 1, MeterTable::full_len(self.meters)),
            ("interval pages", self.pages, interval_page),
        ];
        kinds
            .into_iter()
            .filter(|(_, accounts, _)| *accounts > 0)
            .map(|(name, accounts, len)| AccountRent {
                name,
                accounts,
                bytes: u64::from(accounts) * len as u64,
                rent_lamports: u64::from(accounts)
                    * chain.svm.minimum_balance_for_rent_exemption(len),
            })
            .collect()
    }
}

impl LocalCommunity {
    /// What there is on chain now.
    pub fn account_rents(&self) -> Vec<AccountRent> {
        let addresses = &self.addresses;
        let Parameters { books, pages, .. } = self.parameters;
        let books = (0..books).map(|slot| addresses.book_slot(slot));
        let interval_pages = (0..pages).map(|slot| addresses.interval_page_slot(slot));
        let pages = (0..pages).map(|slot| addresses.page_slot(slot));
        let standing_orders = match self.parameters.standing_orders {
            true => vec![addresses.standing_orders],
            false => vec![],
        };
        let kinds: [(&'static str, Vec<Address>); 9] = [
            ("market", vec![addresses.market]),
            ("vault", vec![addresses.vault]),
            ("ledger", vec![addresses.ledger]),
            ("history", vec![addresses.history]),
            (STANDING_ORDERS, standing_orders),
            ("books", books.collect()),
            ("pages", pages.collect()),
            ("meter table", vec![addresses.meter_table]),
            ("interval pages", interval_pages.collect()),
        ];
        kinds
            .into_iter()
            .filter(|(_, addresses)| !addresses.is_empty())
            .map(|(name, addresses)| {
                let found: Vec<_> = addresses
                    .iter()
                    .filter_map(|address| self.chain.svm.get_account(address))
                    .filter(|account| account.lamports > 0)
                    .collect();
                AccountRent {
                    name,
                    accounts: found.len() as u16,
                    bytes: found.iter().map(|account| account.data.len() as u64).sum(),
                    rent_lamports: found.iter().map(|account| account.lamports).sum(),
                }
            })
            .collect()
    }
}
