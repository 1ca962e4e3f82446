//! The accounts that a community's market needs, and the instructions that create them, in the sequence in which they are to be
//! sent. Nothing here sends anything; who has to sign is in the instructions.

use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    layout::{
        market::{Book, History, Ledger, Market, Page, StandingOrders},
        oracle::{IntervalPage, MeterTable},
        registry::Community,
        DISCRIMINATOR_LEN,
    },
    market::instructions::CreateMarketInstructionArgs,
    oracle::{instructions::CreateMeterTableInstructionArgs, types::MeterTableParams},
    Addresses,
};

/// What an account is created with at most, and grows by in one instruction, bytes.
pub const GROWTH: usize = 10_240;
/// Growing instructions that fit one transaction.
const GROWTHS_PER_TRANSACTION: usize = 8;
/// The settlement of a new meter table.
pub const NOBODY: Address = Address::new_from_array([0; 32]);

/// The instructions of one transaction.
pub type Transaction = Vec<Instruction>;

/// Who founds a community, and who pays for its tables to grow.
#[derive(Clone, Copy, Debug)]
pub struct Founder {
    pub authority: Address,
    pub payer: Address,
}

/// An account that is created, and grown to its full length where that is more than one instruction can do.
#[derive(Clone, Debug)]
pub struct Table {
    /// For people: what it is, and which of several.
    pub name: String,
    pub address: Address,
    /// Bytes.
    pub full_len: usize,
    create: Instruction,
    /// Takes it one step towards its full length.
    grow: Option<Instruction>,
}

impl Table {
    /// What is to be sent until it has its full length; `len` is that of the account, `None` if there is none.
    pub fn missing(&self, len: Option<usize>) -> Vec<Transaction> {
        let created = match len {
            None => vec![vec![self.create.clone()]],
            Some(_) => vec![],
        };
        let len = len.unwrap_or(self.full_len.min(GROWTH));
        let steps = self.full_len.saturating_sub(len).div_ceil(GROWTH);
        let growths = self.grow.iter().flat_map(|grow| {
            let all = vec![grow.clone(); steps];
            let batches = all.chunks(GROWTHS_PER_TRANSACTION);
            batches.map(<[_]>::to_vec).collect::<Vec<_>>()
        });
        created.into_iter().chain(growths).collect()
    }
}

/// The community, with nothing in it. `id` is any number that its authority has not used for another.
pub fn community(
    addresses: &Addresses,
    authority: Address,
    id: u64,
    name: &str,
    zones: &[String],
) -> Table {
    Table {
        name: "community".into(),
        address: addresses.community,
        full_len: DISCRIMINATOR_LEN + size_of::<Community>(),
        create: addresses.create_community(authority, id, name, zones),
        grow: None,
    }
}

/// The meter table as it is created: nobody settles it, and it has no pages. Its market names the lengths.
pub fn meter_table(addresses: &Addresses, founder: Founder, params: MeterTableParams) -> Table {
    let full_len = MeterTable::full_len(params.capacity);
    let create = CreateMeterTableInstructionArgs { params };
    Table {
        name: "meter table".into(),
        address: addresses.meter_table,
        full_len,
        create: addresses.create_meter_table(founder.authority, create),
        grow: Some(addresses.grow_oracle_table(founder.payer, addresses.meter_table)),
    }
}

/// The slots of the ring of pages that a meter table with these parameters has.
pub fn interval_pages(
    addresses: &Addresses,
    founder: Founder,
    params: &MeterTableParams,
) -> Vec<Table> {
    let page = |slot| {
        let address = addresses.interval_page_slot(slot);
        Table {
            name: format!("page {slot} of intervals"),
            address,
            full_len: IntervalPage::full_len(params.capacity, params.page_intervals),
            create: addresses.create_interval_page(founder.authority, slot),
            grow: Some(addresses.grow_oracle_table(founder.payer, address)),
        }
    };
    (0..params.ring).map(page).collect()
}

/// The market itself; `supplier` and `grid_operator` are the wallets of these participants.
pub fn market(
    addresses: &Addresses,
    authority: Address,
    parameters: CreateMarketInstructionArgs,
    supplier: &Address,
    grid_operator: &Address,
) -> Table {
    Table {
        name: "market".into(),
        address: addresses.market,
        full_len: DISCRIMINATOR_LEN + size_of::<Market>(),
        create: addresses.create_market(authority, supplier, grid_operator, parameters),
        grow: None,
    }
}

/// The tables of a market with these parameters, with standing orders or without.
pub fn market_tables(
    addresses: &Addresses,
    founder: Founder,
    parameters: &CreateMarketInstructionArgs,
    standing_orders: bool,
) -> Vec<Table> {
    let Founder { authority, payer } = founder;
    let CreateMarketInstructionArgs {
        nodes,
        ticks,
        seats,
        orders,
        history,
        ..
    } = *parameters;
    let table = |name: String, address, full_len, create| Table {
        name,
        address,
        full_len,
        create,
        grow: Some(addresses.grow_market_table(payer, address)),
    };
    let mut tables = vec![
        table(
            "ledger".into(),
            addresses.ledger,
            Ledger::full_len(seats),
            addresses.create_ledger(authority),
        ),
        table(
            "history".into(),
            addresses.history,
            History::full_len(history),
            addresses.create_history(authority),
        ),
    ];
    if standing_orders {
        tables.push(table(
            "standing orders".into(),
            addresses.standing_orders,
            StandingOrders::full_len(seats),
            addresses.create_standing_orders(authority),
        ));
    }
    tables.extend((0..addresses.books).map(|slot| {
        table(
            format!("book {slot}"),
            addresses.book_slot(slot),
            Book::full_len(nodes, ticks, seats, orders),
            addresses.create_book(authority, slot),
        )
    }));
    tables.extend((0..addresses.pages).map(|slot| {
        table(
            format!("page {slot}"),
            addresses.page_slot(slot),
            Page::full_len(addresses.page_windows, seats),
            addresses.create_page(authority, slot),
        )
    }));
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(full_len: usize) -> Table {
        let instruction = |byte| Instruction::new_with_bytes([byte; 32].into(), &[], vec![]);
        Table {
            name: "ledger".into(),
            address: Address::default(),
            full_len,
            create: instruction(1),
            grow: Some(instruction(2)),
        }
    }

    fn steps(full_len: usize, len: Option<usize>) -> Vec<usize> {
        let missing = table(full_len).missing(len);
        missing.iter().map(Vec::len).collect()
    }

    #[test]
    fn given_no_account_when_asked_what_is_missing_then_it_is_created_and_grown() {
        assert_eq!(steps(0, None), [1]);
        assert_eq!(steps(GROWTH, None), [1]);
        assert_eq!(steps(GROWTH + 1, None), [1, 1]);
        assert_eq!(steps(GROWTH * 2, None), [1, 1]);
        assert_eq!(steps(GROWTH * 10, None), [1, 8, 1]);
    }

    #[test]
    fn given_an_account_when_asked_what_is_missing_then_it_is_the_rest_of_its_growth() {
        assert_eq!(steps(GROWTH * 10, Some(GROWTH * 10)), [0; 0]);
        assert_eq!(steps(GROWTH * 10, Some(GROWTH * 9)), [1]);
        assert_eq!(steps(GROWTH * 10, Some(GROWTH * 10 - 1)), [1]);
    }
}
