use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::oracle::KeyKind,
    oracle::{errors::OracleError, instructions::ChangeDeviceInstructionArgs, ORACLE_ID},
    tables::{IntervalPageTable, MeterRecords},
};
use joulebook_sim::Device;
use joulebook_tests::{
    hostile::{forge, sweep},
    meter_instructions::grow,
    metered_community::{details, MeterTableParameters, MeteredCommunity},
    refused::{refused, refused_when, TOO_POOR},
    two_communities::funded,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::support::refuse;

const STEP: usize = 10_240;

fn large() -> MeterTableParameters {
    MeterTableParameters {
        capacity: 4096,
        ..MeterTableParameters::default()
    }
}

/// Grows `table` by hand to `full` bytes, and once more.
fn grow_all(meters: &mut MeteredCommunity, table: &Address, full: usize) {
    let payer = funded(&mut meters.communities.chain);
    let call = grow(table, &payer.pubkey());
    let chain = &mut meters.communities.chain;
    let mut len = chain.data(table).len();
    assert_eq!(len, full.min(STEP));
    while len < full {
        let lamports = chain.lamports(&payer.pubkey()) + chain.lamports(table);
        chain.send(std::slice::from_ref(&call), &[&payer]).unwrap();
        len = full.min(len + STEP);
        assert_eq!(chain.data(table).len(), len);
        let rent = chain.svm.minimum_balance_for_rent_exemption(len);
        assert_eq!(chain.lamports(table), rent);
        assert_eq!(chain.lamports(&payer.pubkey()) + rent, lamports);
    }
    let before = (chain.lamports(&payer.pubkey()), chain.data(table));
    chain.send(&[call.clone(), call], &[&payer]).unwrap();
    assert_eq!((chain.lamports(&payer.pubkey()), chain.data(table)), before);
}

#[test]
fn given_the_largest_table_when_anybody_grows_it_then_step_by_step_to_its_length() {
    let mut meters = MeteredCommunity::bare(large());
    let table = meters.communities.own.addresses.meter_table;
    grow_all(&mut meters, &table, 216 + 4096 * 232);
    assert!(MeterRecords::from_bytes(&meters.communities.chain.data(&table)).is_ok());
}

#[test]
fn given_a_large_page_when_anybody_grows_it_then_step_by_step_to_its_length() {
    let mut meters = MeteredCommunity::bare(large());
    meters.govern(meters.communities.own.create_interval_page(3));
    let page = meters.communities.own.interval_page(3);
    grow_all(&mut meters, &page, 112 + 4096 * (40 + 4 * 8));
    assert!(IntervalPageTable::from_bytes(&meters.communities.chain.data(&page)).is_ok());
}

#[test]
fn given_several_steps_in_one_transaction_when_grown_then_all_count() {
    let mut meters = MeteredCommunity::bare(large());
    let table = meters.communities.own.addresses.meter_table;
    let step = grow(&table, &meters.communities.chain.payer.pubkey());
    meters.communities.chain.send(&vec![step; 8], &[]).unwrap();
    assert_eq!(meters.communities.chain.data(&table).len(), 9 * STEP);
}

#[test]
fn given_a_table_that_has_meters_when_grow_is_called_then_nothing_changes() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let before = meters.state(0);
    let (table, page) = (
        meters.communities.own.addresses.meter_table,
        meters.communities.own.interval_page(meters.slot(0)),
    );
    meters.grow(table);
    meters.grow(page);
    assert_eq!(meters.state(0), before);
}

#[test]
fn given_what_is_no_table_when_grown_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(large());
    let payer = funded(&mut meters.communities.chain);
    let chain = &mut meters.communities.chain;
    let table = chain
        .svm
        .get_account(&meters.communities.own.addresses.meter_table)
        .unwrap();
    let mut unknown =
        |name, change: &dyn Fn(&mut solana_account::Account)| (name, forge(chain, &table, change));
    let not_tables = [
        unknown("of another kind", &|copy| copy.data[0] ^= 1),
        unknown("too short", &|copy| copy.data.truncate(100)),
        unknown("empty", &|copy| copy.data.clear()),
        unknown("of another program", &|copy| {
            copy.owner = Address::new_unique()
        }),
        (
            "of the registry",
            meters.communities.own.addresses.community,
        ),
        ("a wallet", meters.owner.address()),
        ("nothing", Address::new_unique()),
        ("the payer", payer.pubkey()),
    ];
    for (case, address) in not_tables {
        let call = grow(&address, &payer.pubkey());
        let reason = OracleError::NotATable;
        let chain = &mut meters.communities.chain;
        refused_when(case, chain, &call, &[&payer], reason);
    }
    assert_eq!(table.owner, ORACLE_ID);
}

#[test]
fn given_a_payer_without_the_rent_when_grown_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(large());
    let poor = Keypair::new();
    let table = meters.communities.own.addresses.meter_table;
    let call = grow(&table, &poor.pubkey());
    refused(&mut meters.communities.chain, &call, &[&poor], TOO_POOR);
}

#[test]
fn given_a_table_not_grown_when_it_is_used_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(large());
    let calls = [of_the_table(&meters), of_a_page(&mut meters)].concat();
    for (place, call) in calls.iter().enumerate() {
        let case = format!("call {place}");
        refuse(&mut meters, &case, call, OracleError::TableNotGrown);
    }
}

#[test]
fn given_a_page_not_grown_when_it_is_used_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(large());
    let calls = of_a_page(&mut meters);
    meters.grow(meters.communities.own.addresses.meter_table);
    for (place, call) in calls.iter().enumerate() {
        let case = format!("call {place}");
        refuse(&mut meters, &case, call, OracleError::TableNotGrown);
    }
    assert_eq!(meters.table().header.settlement, SYSTEM_PROGRAM);
}

/// Every instruction that needs the whole table, and no page.
fn of_the_table(meters: &MeteredCommunity) -> Vec<Instruction> {
    let (own, owner) = (meters.own(), &meters.owner);
    let authority = meters.authority();
    let actor = (&authority, None);
    let change = ChangeDeviceInstructionArgs {
        meter: 0,
        device: [7; 32],
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 0,
            export: 0,
        },
        import: 0,
        export: 0,
    };
    vec![
        own.register_meter(actor, owner, &details(&Keypair::new())),
        own.set_power_limits(actor, (owner, true), 0, (1, 1)),
        own.set_standard_draw(actor, (owner, true), 0, 1),
        own.quarantine(actor, 0, 1),
        own.restore(actor, owner, 0),
        own.change_device(actor, owner, &change),
        own.retire(actor, (owner, true), 0, Some((0, 0))),
    ]
}

/// Every instruction that needs a whole page, too; creates its slot, and not more of it.
fn of_a_page(meters: &mut MeteredCommunity) -> Vec<Instruction> {
    meters.govern(meters.communities.own.create_interval_page(0));
    let own = meters.own();
    let authority = meters.authority();
    let mut device = Device::new(Keypair::new(), 0);
    let reading = meters.read(&mut device, -1);
    vec![
        own.open_page(0, &authority),
        own.submit(0, &[reading]),
        own.replace_values(
            (&authority, None),
            (&meters.owner, true),
            0,
            0,
            0,
            &[(1, 1)],
        ),
        own.finish_page(0, 1),
    ]
}

#[test]
fn given_hostile_data_and_accounts_when_grown_then_each_is_refused() {
    let mut meters = MeteredCommunity::bare(large());
    let payer = funded(&mut meters.communities.chain);
    let table = meters.communities.own.addresses.meter_table;
    let call = grow(&table, &payer.pubkey());
    sweep(&mut meters.communities.chain, &call, &[&payer]);
    assert_eq!(meters.communities.chain.data(&table).len(), 2 * STEP);
}
