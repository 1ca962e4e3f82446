use joulebook_client::{
    instructions::{Actor, Application},
    layout::{
        market::{Book, History, Ledger, Page, StandingOrders},
        oracle::{AssetKind, EnergySource, IntervalPage, KeyKind, MeterTable},
    },
    oracle::{
        instructions::CreateMeterTableInstructionArgs,
        types::{MeterDetails, MeterTableParams},
    },
    Addresses,
};
use joulebook_metering::register::PowerLimits;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{MeterTableParameters, Parameters};

/// The instructions of one transaction.
pub type Transaction = Vec<Instruction>;

/// What an account is created with at most, and grows by in one instruction, bytes.
const GROWTH: usize = 10_240;
/// Growing instructions that fit one transaction.
const GROWTHS_PER_TRANSACTION: usize = 8;
/// The settlement of a new meter table.
const NOBODY: Address = Address::new_from_array([0; 32]);

/// Who founds a community, and who pays for its tables to grow.
#[derive(Clone, Copy, Debug)]
pub struct Founder {
    pub authority: Address,
    pub payer: Address,
}

/// The community, with nothing in it.
pub fn community(
    addresses: &Addresses,
    founder: Founder,
    id: u64,
    parameters: &Parameters,
) -> Transaction {
    vec![addresses.create_community(founder.authority, id, &parameters.name, &parameters.zones)]
}

/// Somebody applies for roles and is let in.
pub fn admission(
    addresses: &Addresses,
    authority: Address,
    wallet: Address,
    roles: u16,
) -> Transaction {
    let application = Application::for_roles(roles);
    vec![
        addresses.apply(wallet, application.clone()),
        addresses.approve(Actor::authority(authority), &wallet, roles, &application),
    ]
}

/// The meter table as it is created: not grown, and nobody settles it.
pub fn ungrown_meter_table(
    addresses: &Addresses,
    authority: Address,
    parameters: MeterTableParameters,
) -> Transaction {
    vec![addresses.create_meter_table(
        authority,
        CreateMeterTableInstructionArgs {
            params: MeterTableParams {
                interval_seconds: parameters.interval_seconds,
                page_intervals: parameters.page_intervals,
                ring: parameters.ring,
                capacity: parameters.capacity,
                reading_seconds: parameters.reading_seconds,
                correction_seconds: parameters.correction_seconds,
                power_cap: parameters.power_cap,
                violation_limit: parameters.violation_limit,
                cluster: parameters.cluster,
            },
        },
    )]
}

/// The meter table with all its pages, settled by `settlement`.
pub fn meter_table(
    addresses: &Addresses,
    founder: Founder,
    parameters: MeterTableParameters,
    settlement: Address,
) -> Vec<Transaction> {
    let authority = founder.authority;
    let growth = |table| addresses.grow_oracle_table(founder.payer, table);
    let table_len = MeterTable::full_len(parameters.capacity);
    let page_len = IntervalPage::full_len(parameters.capacity, parameters.page_intervals);
    let mut all = vec![ungrown_meter_table(addresses, authority, parameters)];
    all.extend(growths(growth(addresses.meter_table), table_len));
    all.push(vec![addresses.set_settlement(authority, NOBODY, settlement)]);
    for slot in 0..parameters.ring {
        all.push(vec![addresses.create_interval_page(authority, slot)]);
        let page = addresses.interval_page_slot(slot);
        all.extend(growths(growth(page), page_len));
    }
    all
}

/// The market with all its tables and no seats; `supplier` and `grid_operator` are the wallets of these
/// participants.
pub fn market(
    addresses: &Addresses,
    founder: Founder,
    parameters: &Parameters,
    supplier: &Address,
    grid_operator: &Address,
) -> Vec<Transaction> {
    let authority = founder.authority;
    let growth = |table| addresses.grow_market_table(founder.payer, table);
    let create = parameters.create_market();
    let book_len = Book::full_len(create.nodes, create.ticks, create.seats, create.orders);
    let page_len = Page::full_len(parameters.page_windows, create.seats);
    let mut all = vec![
        vec![addresses.create_market(authority, supplier, grid_operator, create)],
        vec![
            addresses.create_ledger(authority),
            addresses.create_history(authority),
        ],
    ];
    let ledger_len = Ledger::full_len(parameters.seats);
    all.extend(growths(growth(addresses.ledger), ledger_len));
    let history_len = History::full_len(parameters.history);
    all.extend(growths(growth(addresses.history), history_len));
    if parameters.standing_orders {
        all.push(vec![addresses.create_standing_orders(authority)]);
        let standing_len = StandingOrders::full_len(parameters.seats);
        all.extend(growths(growth(addresses.standing_orders), standing_len));
    }
    for slot in 0..parameters.books {
        all.push(vec![addresses.create_book(authority, slot)]);
        all.extend(growths(growth(addresses.book_slot(slot)), book_len));
    }
    for slot in 0..parameters.pages {
        all.push(vec![addresses.create_page(authority, slot)]);
        all.extend(growths(growth(addresses.page_slot(slot)), page_len));
    }
    all
}

/// A participant takes its seat.
pub fn seat(addresses: &Addresses, owner: Address) -> Transaction {
    vec![addresses.open_seat(owner)]
}

/// A meter whose device has that key, of the participant with wallet `owner`, who signs too; its registers show zero, and
/// nothing is charged for it while it is silent.
pub fn meter(
    addresses: &Addresses,
    authority: Address,
    owner: &Address,
    (device, kind): ([u8; 32], KeyKind),
    limits: PowerLimits,
) -> Transaction {
    let details = MeterDetails {
        device,
        key_kind: kind as u8,
        zone: 0,
        asset_kind: AssetKind::Mixed as u8,
        source: EnergySource::Sun as u8,
        max_import: limits.import.0,
        max_export: limits.export.0,
        standard_draw: 0,
        import: 0,
        export: 0,
    };
    vec![addresses.register_meter(Actor::authority(authority), *owner, details)]
}

/// What takes a table from its first length to `full_len`.
fn growths(growth: Instruction, full_len: usize) -> Vec<Transaction> {
    let missing = full_len.saturating_sub(GROWTH).div_ceil(GROWTH);
    let all = vec![growth; missing];
    all.chunks(GROWTHS_PER_TRANSACTION)
        .map(<[Instruction]>::to_vec)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(parameters: &Parameters) -> Addresses {
        let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        Addresses::new(community, mint, program, parameters.rings())
    }

    fn founder() -> Founder {
        Founder {
            authority: Address::new_from_array([4; 32]),
            payer: Address::new_from_array([5; 32]),
        }
    }

    #[test]
    fn given_small_tables_when_a_market_is_founded_then_nothing_needs_to_grow() {
        let parameters = Parameters::default();
        let addresses = addresses(&parameters);
        let wallet = Address::new_from_array([6; 32]);
        let market = market(&addresses, founder(), &parameters, &wallet, &wallet);
        let rings = usize::from(parameters.books + parameters.pages);
        assert_eq!(market.len(), 2 + rings);
        let meters = meter_table(
            &addresses,
            founder(),
            parameters.meter_table(),
            addresses.market,
        );
        assert_eq!(meters.len(), 2 + usize::from(parameters.pages));
    }

    #[test]
    fn given_a_large_table_when_it_grows_then_by_as_many_steps_as_it_needs() {
        let growth = addresses(&Parameters::default())
            .grow_market_table(Address::default(), Address::default());
        let steps = |len| -> Vec<usize> {
            let all = growths(growth.clone(), len);
            all.iter().map(Vec::len).collect()
        };
        assert_eq!(steps(0), [0; 0]);
        assert_eq!(steps(GROWTH), [0; 0]);
        assert_eq!(steps(GROWTH + 1), [1]);
        assert_eq!(steps(GROWTH * 2), [1]);
        assert_eq!(steps(GROWTH * 10), [8, 1]);
    }

    #[test]
    fn given_a_founding_when_it_is_looked_at_then_only_authority_and_payer_sign() {
        let parameters = Parameters {
            seats: 4096,
            orders: 4096,
            meters: 4096,
            ..Parameters::default()
        };
        let addresses = addresses(&parameters);
        let founder = founder();
        let wallet = Address::new_from_array([6; 32]);
        let mut all = vec![community(&addresses, founder, 7, &parameters)];
        all.extend(meter_table(
            &addresses,
            founder,
            parameters.meter_table(),
            addresses.market,
        ));
        all.extend(market(&addresses, founder, &parameters, &wallet, &wallet));
        let signs = |meta: &&solana_instruction::AccountMeta| meta.is_signer;
        for meta in all
            .iter()
            .flatten()
            .flat_map(|instruction| &instruction.accounts)
            .filter(signs)
        {
            assert!([founder.authority, founder.payer].contains(&meta.pubkey));
        }
    }
}
