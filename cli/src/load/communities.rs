//! How many blocks it takes until the windows of many communities are moved that all begin at the same quarter hour. What one of
//! them sends is measured on the programs; what the others send is the same with accounts of their own.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use joulebook_client::{
    steps::{next_steps, pack, Step},
    Addresses, MARKET_ID, ORACLE_ID,
};
use joulebook_deployment::{SandboxParameters, TestToken};
use joulebook_sim::{simulation::Resident, LocalCommunity, Parameters};
use joulebook_units::SECONDS_PER_DAY;
use schemars::JsonSchema;
use serde::Serialize;
use solana_address::Address;
use solana_signer::Signer;

use super::block::{cost, fill, Account, Block, BlockLimits, Work};

const SECONDS_PER_QUARTER_HOUR: u64 = 900;
const MS_PER_SECOND: u64 = 1_000;
/// What is asked for beyond what was measured, as the daemons do: a tenth, and what the limits themselves take.
const LIMITS_UNITS: u64 = 450;

/// How many blocks the windows of many communities need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CommunitiesReport {
    /// Communities whose windows begin at the same time.
    pub communities: u64,
    /// Households of each.
    pub households: u64,
    /// From one block to the next, milliseconds.
    pub slot_ms: u64,
    /// What a block takes, compute units.
    pub block_units: u64,
    /// What a block takes of transactions that write the same account, compute units.
    pub account_units: u64,
    /// A usual quarter hour, and the one in which a day is settled.
    pub moments: Vec<Moment>,
}

/// What is due at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// Which time.
    pub what: String,
    /// Transactions of one community.
    pub transactions: u64,
    /// What they count for by the validator's cost model, compute units.
    pub cost: u64,
    /// What they compute, compute units.
    pub units: u64,
    /// Accounts that transactions of two communities write, beside who pays.
    pub shared_accounts: u64,
    /// One keeper pays for all communities.
    pub one_keeper: Placed,
    /// Each community has a keeper of its own.
    pub own_keepers: Placed,
}

/// How the transactions of all communities come into blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Placed {
    /// Blocks until all are done, if nobody else wants anything.
    pub blocks: u64,
    /// How long that takes, milliseconds.
    pub milliseconds: u64,
    /// How much of the blocks of a quarter hour all of it takes, parts in a million.
    pub share_of_quarter_hour_ppm: u64,
    /// The most that one account has in a block, compute units.
    pub busiest_account: u64,
    /// Whether that is the wallet of the one who pays for all.
    pub busiest_is_payer: bool,
    /// Communities of this size that fit one block.
    pub communities_per_block: u64,
    /// Communities of this size that blocks take in a quarter hour, if nobody else wants anything.
    pub communities_per_quarter_hour: u64,
}

/// Steps of one transaction, and what it took.
struct Measured {
    steps: Vec<Step>,
    /// What it computed.
    used: u64,
    /// What is asked for.
    units: u64,
    /// Account data, programs included, bytes.
    loaded: u64,
}

/// # Errors
/// What the virtual machine refused.
pub fn simulate(
    parameters: &SandboxParameters,
    residents: &[Resident],
    communities: u64,
    slot_ms: u64,
) -> Result<CommunitiesReport> {
    let limits = BlockLimits::default();
    let mut community = settle_in(parameters, residents)?;
    let quarter_hour = quarter_hour(&mut community)?;
    let midnight = midnight(&mut community)?;
    let counts = (communities, slot_ms);
    Ok(CommunitiesReport {
        communities,
        households: residents.len() as u64,
        slot_ms,
        block_units: limits.block,
        account_units: limits.account,
        moments: vec![
            moment("a quarter hour", &community, &quarter_hour, counts, limits)?,
            moment("a day is settled", &community, &midnight, counts, limits)?,
        ],
    })
}

/// The same community in a virtual machine.
fn settle_in(parameters: &SandboxParameters, residents: &[Resident]) -> Result<LocalCommunity> {
    let market = &parameters.market;
    let created = market.create_market(TestToken::DECIMALS)?;
    let table = market.meter_table([0; 32]);
    let parameters_of_chain = Parameters {
        window_seconds: created.window_seconds,
        books: created.books,
        page_windows: market.windows_per_page,
        pages: market.pages(),
        reading_seconds: table.reading_seconds,
        correction_seconds: table.correction_seconds,
        meters: table.capacity,
        power_cap: table.power_cap,
        seats: created.seats,
        orders: created.orders,
        ticks: created.ticks,
        history: created.history,
        standing_orders: true,
        max_orders_per_seat: created.max_orders_per_seat,
        room_per_seat: created.room_per_seat,
        lowest_price: created.lowest_price,
        highest_price: created.highest_price,
        highest_grid_fee: created.highest_grid_fee,
        tariff: created.tariff,
        terms: created.terms,
        ..Parameters::default()
    };
    let mut community = LocalCommunity::new(parameters_of_chain).map_err(anyhow::Error::msg)?;
    community.fund_supplier(parameters.supplier_deposit)?;
    for resident in residents {
        let place = community.take_seat(&resident.name)?;
        community.add_limited_meter(place, resident.limits)?;
        community.deposit(place, resident.deposit.0)?;
        community.enter_standing_orders(place, resident.standing_orders.clone())?;
    }
    Ok(community)
}

/// The boundary between the second and the third window of a page.
fn quarter_hour(community: &mut LocalCommunity) -> Result<Vec<Measured>> {
    let length = i64::from(community.parameters.window_seconds);
    let page = community.addresses.page_seconds();
    let first = community
        .addresses
        .page_start(community.chain.now())
        .saturating_add(page);
    // Evening: people are at home, and many have something to order.
    let begin = first + EVENING_HOUR * SECONDS_PER_HOUR % page.max(1);
    for time in [begin - length, begin] {
        community.chain.set_time(time);
        community.keep()?;
    }
    community.chain.set_time(begin + length);
    take(community)
}

const EVENING_HOUR: i64 = 18;
const SECONDS_PER_HOUR: i64 = SECONDS_PER_DAY / 24;

/// The first boundary of the next page, when all meters have told what flowed.
fn midnight(community: &mut LocalCommunity) -> Result<Vec<Measured>> {
    let page = community.addresses.page_seconds();
    let start = community.addresses.page_start(community.chain.now());
    let length = i64::from(community.parameters.window_seconds);
    community.chain.set_time(start + page - length);
    community.keep()?;
    community.chain.set_time(start + page);
    let binding = community.binding();
    let windows = usize::from(community.parameters.page_windows);
    let mut profiles = vec![];
    for household in &mut community.households {
        for device in &mut household.devices {
            let values = vec![(200, 50); windows];
            profiles.push(device.signed_profile(&binding, start + page, &values));
        }
    }
    community.submit_profiles(start, profiles)?;
    take(community)
}

/// Does what is due, and measures it.
fn take(community: &mut LocalCommunity) -> Result<Vec<Measured>> {
    let state = community.market_state();
    let steps = next_steps(&state, community.chain.now());
    let payer = community.chain.payer.pubkey();
    let mut measured = vec![];
    for batch in pack(&state, &community.addresses, &payer, &steps, None) {
        let receipt = community.chain.send(&batch.instructions, &[])?;
        let accounts: BTreeSet<Address> = batch
            .instructions
            .iter()
            .flat_map(|one| one.accounts.iter().map(|meta| meta.pubkey))
            .chain([MARKET_ID, ORACLE_ID])
            .collect();
        let loaded = accounts
            .iter()
            .map(|account| community.chain.data(account).len() as u64);
        measured.push(Measured {
            steps: batch.steps,
            used: receipt.compute_units,
            units: receipt.compute_units + receipt.compute_units / 10 + LIMITS_UNITS,
            loaded: loaded.sum(),
        });
    }
    Ok(measured)
}

fn moment(
    what: &str,
    community: &LocalCommunity,
    measured: &[Measured],
    (communities, slot_ms): (u64, u64),
    limits: BlockLimits,
) -> Result<Moment> {
    let mut accounts = Accounts::default();
    let queues: Vec<Vec<Work>> = (0..communities)
        .map(|number| accounts.queue(&of_another(community, number), measured))
        .collect();
    let cost: u64 = queues
        .first()
        .into_iter()
        .flatten()
        .map(|work| work.cost)
        .sum();
    let place = |payers: &dyn Fn(usize) -> Account| {
        let queues: Vec<Vec<Work>> = queues
            .iter()
            .enumerate()
            .map(|(number, queue)| {
                let with_payer = |work: &Work| Work {
                    writes: [&work.writes[..], &[payers(number)]].concat(),
                    cost: work.cost,
                };
                queue.iter().map(with_payer).collect()
            })
            .collect();
        let blocks = fill(&queues, limits).context("the transactions of a community")?;
        Ok::<Vec<Block>, anyhow::Error>(blocks)
    };
    // Above all others.
    let one = |_: usize| Account::MAX;
    let own = |number: usize| Account::MAX - 1 - number as Account;
    let blocks = [place(&one)?, place(&own)?];
    let [one_keeper, own_keepers] = blocks.map(|blocks| {
        let busiest = blocks.iter().map(|block| block.busiest).max();
        let (busiest_account, busiest) = busiest.unwrap_or_default();
        let is_shared = blocks.iter().any(|block| block.busiest.1 == Account::MAX);
        let limit = if is_shared {
            limits.account
        } else {
            limits.block
        };
        let per_block = limit / cost.max(1);
        let slots = SECONDS_PER_QUARTER_HOUR * MS_PER_SECOND / slot_ms.max(1);
        let all = u128::from(cost) * u128::from(communities) * 1_000_000;
        let room = u128::from(limits.block) * u128::from(slots);
        Placed {
            blocks: blocks.len() as u64,
            milliseconds: blocks.len() as u64 * slot_ms,
            share_of_quarter_hour_ppm: u64::try_from(all / room.max(1)).unwrap_or(u64::MAX),
            busiest_account,
            busiest_is_payer: busiest == Account::MAX,
            communities_per_block: per_block,
            communities_per_quarter_hour: u64::try_from(
                u128::from(limit) * u128::from(slots) / u128::from(cost.max(1)),
            )
            .unwrap_or(u64::MAX),
        }
    });
    Ok(Moment {
        what: what.to_owned(),
        transactions: measured.len() as u64,
        cost,
        units: measured.iter().map(|one| one.used).sum(),
        shared_accounts: accounts.shared(),
        one_keeper,
        own_keepers,
    })
}

/// Where a community with that number has its accounts.
fn of_another(community: &LocalCommunity, number: u64) -> Addresses {
    let authority = community.authority.pubkey();
    Addresses::new(
        Addresses::community_of(&authority, number),
        community.addresses.quote_mint,
        community.addresses.token_program,
        community.parameters.rings(),
    )
}

/// Numbers of accounts that are written, and by how many communities.
#[derive(Default)]
struct Accounts {
    numbers: BTreeMap<Address, Account>,
    writers: BTreeMap<Account, u64>,
}

impl Accounts {
    /// What a community at these addresses sends, without who pays.
    fn queue(&mut self, addresses: &Addresses, measured: &[Measured]) -> Vec<Work> {
        let mut own: BTreeSet<Account> = BTreeSet::new();
        let mut queue = vec![];
        for one in measured {
            let instructions: Vec<_> = one
                .steps
                .iter()
                .map(|step| step.instruction(addresses, None))
                .collect();
            let writes: BTreeSet<Address> = instructions
                .iter()
                .flat_map(|instruction| &instruction.accounts)
                .filter(|meta| meta.is_writable)
                .map(|meta| meta.pubkey)
                .collect();
            let writes: Vec<Account> = writes.iter().map(|account| self.number(account)).collect();
            own.extend(&writes);
            let data = instructions.iter().map(|one| one.data.len() as u64).sum();
            // Who pays is written, too.
            let locks = writes.len() as u64 + 1;
            queue.push(Work {
                cost: cost(1, locks, data, one.units, one.loaded),
                writes,
            });
        }
        for account in own {
            *self.writers.entry(account).or_default() += 1;
        }
        queue
    }

    fn number(&mut self, account: &Address) -> Account {
        let next = self.numbers.len() as Account;
        *self.numbers.entry(*account).or_insert(next)
    }

    /// How many are written by more than one community.
    fn shared(&self) -> u64 {
        self.writers
            .values()
            .filter(|writers| **writers > 1)
            .count() as u64
    }
}
