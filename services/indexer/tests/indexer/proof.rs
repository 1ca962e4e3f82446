//! What a proof stands on: device signatures, and windows worked out from events.

use std::collections::BTreeMap;

use joulebook_client::{
    events::events,
    layout::market::{NewOrder, Side},
    reading,
};
use joulebook_cluster::PastTransaction;
use joulebook_indexer::proof::{
    messages, take_events, DeviceMessage, Replay, ReplayError, SignedRegisters,
};
use joulebook_metering::register::PowerLimits;
use joulebook_sim::{Device, LocalCommunity, Parameters, Receipt, SecureElement};
use joulebook_units::Watts;
use solana_instruction::Instruction;
use solana_signature::Signature;

const LENGTH: i64 = 300;

fn transaction(number: u8, instructions: &[Instruction], receipt: &Receipt) -> PastTransaction {
    PastTransaction {
        signature: Signature::from([number; 64]),
        slot: number.into(),
        time: None,
        instructions: instructions.to_vec(),
        logs: receipt.logs.clone(),
    }
}

/// A community whose first page of meters is over, and when that page began.
fn page_over(element: Option<&SecureElement>) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.take_seat("household").expect("a seat");
    match element {
        None => community.add_meter(0).expect("a meter"),
        Some(element) => {
            let limits = PowerLimits {
                import: Watts(100_000),
                export: Watts(100_000),
            };
            let number = community.register_meter(0, element.device(), limits);
            let device = Device::new(community.chain.new_key(), number.expect("a meter"));
            community.households[0].devices.push(device);
        }
    }
    let length = community.page_length();
    let start = community.addresses.page_start(community.chain.now()) + length;
    community.pass_until(start);
    community.open_pages(start).expect("opened");
    community.pass_until(start + length);
    (community, start)
}

fn told(community: &LocalCommunity, transaction: &PastTransaction) -> Vec<DeviceMessage> {
    let (binding, table) = (community.binding(), community.addresses.meter_table);
    messages(transaction, &table, &binding, LENGTH as u32)
}

/// Import and export of the page's four intervals, by what was signed.
fn signed_flows(
    community: &LocalCommunity,
    start: i64,
    all: &[PastTransaction],
) -> Vec<Option<(u64, u64)>> {
    let table = community.meters();
    let meters = [(0, table.meters[0])];
    let (binding, address) = (community.binding(), community.addresses.meter_table);
    let mut signed = SignedRegisters::default();
    for transaction in all {
        signed.take(transaction, &meters, &address, &binding, LENGTH as u32);
    }
    let flow = |place| {
        signed.flow(
            table.meters[0].number(0),
            start + LENGTH * place,
            LENGTH as u32,
        )
    };
    (0..4)
        .map(|place| flow(place).map(|flow| (flow.import, flow.export)))
        .collect()
}

#[test]
fn given_a_profile_that_the_oracle_took_when_its_transaction_is_read_then_its_device_has_signed_each_interval(
) {
    let (mut community, start) = page_over(None);
    let binding = community.binding();
    let values = [(10, 0), (0, 20), (3, 4), (0, 0)];
    let end = start + 4 * LENGTH;
    let profile = community.households[0].devices[0].signed_profile(&binding, end, &values);
    let submit = community.addresses.submit_profiles(start, vec![profile]);
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&submit))
        .expect("sent");
    let past = transaction(1, &[submit], &receipt);
    let flows = signed_flows(&community, start, std::slice::from_ref(&past));
    assert_eq!(
        flows,
        [Some((10, 0)), Some((0, 20)), Some((3, 4)), Some((0, 0))]
    );
    let [message] = &told(&community, &past)[..] else {
        panic!("one message")
    };
    let meter = community.meters().meters[0];
    assert!(message.holds(&meter));
    for place in 0..message.message.len() {
        let mut bent = message.clone();
        bent.message[place] ^= 1;
        assert!(!bent.holds(&meter), "byte {place}");
    }
    let mut other = meter;
    other.device[3] ^= 1;
    assert!(!message.holds(&other));
}

#[test]
fn given_readings_at_boundaries_when_their_transactions_are_read_then_energy_is_what_lies_between()
{
    let (mut community, start) = page_over(None);
    let binding = community.binding();
    let device = &mut community.households[0].devices[0];
    let boundaries = [(0, (0, 0)), (1, (7, 1)), (2, (5, 0)), (4, (9, 9))];
    let boundaries = boundaries.map(|(place, flow)| (start + LENGTH * place, flow));
    let readings = device.signed_at(&binding, boundaries);
    let submit = community.addresses.submit_readings(start, readings);
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&submit))
        .expect("sent");
    let past = transaction(1, &[submit], &receipt);
    // Between the last two, the registers say how much, not when.
    let flows = signed_flows(&community, start, std::slice::from_ref(&past));
    assert_eq!(flows, [Some((7, 1)), Some((5, 0)), None, None]);
    let mut cut = past;
    cut.logs.retain(|line| !line.starts_with("Program data"));
    assert_eq!(
        told(&community, &cut),
        [],
        "nobody says what became of them"
    );
}

#[test]
fn given_a_reading_that_the_oracle_rejected_when_its_transaction_is_read_then_it_proves_nothing() {
    let (mut community, start) = page_over(None);
    let binding = community.binding();
    let device = &mut community.households[0].devices[0];
    let mut reading = device.signed(&binding, start);
    reading.signature[0] ^= 1;
    let submit = community.addresses.submit_readings(start, vec![reading]);
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&submit))
        .expect("sent");
    let past = transaction(1, &[submit], &receipt);
    assert_eq!(told(&community, &past), []);
}

#[test]
fn given_a_secure_element_when_its_profile_is_read_then_its_signature_is_verified_too() {
    let element = SecureElement::new([7; 32]);
    let (mut community, start) = page_over(Some(&element));
    let binding = community.binding();
    let end = start + 4 * LENGTH;
    let values = [(10, 0), (0, 20), (3, 4), (0, 0)];
    let (profile, energies) = community.households[0].devices[0].profile(end, &values);
    let packed = reading::packed(&energies);
    let signed = element.sign(reading::profile_message(&binding, &profile, &packed));
    let submit = community
        .addresses
        .submit_checked_profiles(start, &[signed]);
    let submit = submit.expect("checked");
    let receipt = community.send_with_full_budget(&submit).expect("sent");
    let past = transaction(1, &submit, &receipt);
    let flows = signed_flows(&community, start, std::slice::from_ref(&past));
    assert_eq!(
        flows,
        [Some((10, 0)), Some((0, 20)), Some((3, 4)), Some((0, 0))]
    );
    let [message] = &told(&community, &past)[..] else {
        panic!("one message")
    };
    let meter = community.meters().meters[0];
    let mut bent = message.clone();
    bent.message[90] ^= 1;
    assert!(message.holds(&meter) && !bent.holds(&meter));
    let mut other = meter;
    other.device[3] ^= 1;
    assert!(!message.holds(&other));
}

/// A window with orders, one of them cancelled, until it is allocated; its start, and what events told of it.
fn traded(community: &mut LocalCommunity) -> (i64, Replay) {
    let mut windows = BTreeMap::new();
    let market = community.addresses.market;
    let mut take = |receipt: Receipt| {
        take_events(
            &mut windows,
            &market,
            Signature::default(),
            events(&receipt.logs),
        );
    };
    let start = community.first_start();
    community.pass_until(start - 600);
    community.open_pages(start).expect("opened");
    let open = community.addresses.open_window(start);
    take(community.chain.send(&[open], &[]).expect("opened"));
    let order = |side: Side, tick, quantity| NewOrder {
        quantity,
        tick,
        side: side as u8,
        ..NewOrder::default()
    };
    let buys = vec![order(Side::Buy, 70, 500), order(Side::Buy, 90, 900)];
    take(community.place(0, start, buys).expect("placed"));
    take(
        community
            .place(1, start, vec![order(Side::Sell, 60, 700)])
            .expect("placed"),
    );
    let cancelled = joulebook_client::layout::market::OrderRef {
        index: 0,
        sequence: 0,
    };
    take(
        community
            .cancel(0, start, vec![cancelled])
            .expect("cancelled"),
    );
    take(
        community
            .place(0, start, vec![order(Side::Buy, 65, 300)])
            .expect("placed"),
    );
    community.pass_until(start);
    let clear = community.addresses.clear(start);
    take(community.chain.send(&[clear], &[]).expect("cleared"));
    let allocate = community.addresses.allocate(start, 1_000, None);
    take(community.chain.send(&[allocate], &[]).expect("allocated"));
    let replay = windows.remove(&start).expect("it was told of");
    (start, replay)
}

#[test]
fn given_the_events_of_a_window_when_it_is_worked_out_then_contracts_and_prices_are_those_of_its_page(
) {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    for name in ["buyer", "seller"] {
        community.join(name, 50_000_000).expect("joins");
    }
    let (start, replay) = traded(&mut community);
    let window = community.window(start);
    assert!(window.volume > 0);
    let ticks = community.parameters.ticks;
    for household in &community.households {
        let (row, contract) = replay
            .outcome(start, household.seat, ticks)
            .expect("worked out");
        let position = community.position(start, household.seat);
        assert_eq!(
            (contract.bought.0, contract.sold.0),
            (position.bought, position.sold)
        );
        assert_eq!(row.price, Some(window.price.into()));
        assert_eq!(
            (row.short, row.long),
            (window.short.into(), window.long.into())
        );
        assert_eq!(row.grid_fee, Some(window.grid_fee.into()));
        assert_eq!(
            row.market_fee.map(|fee| fee * row.volume),
            Some(window.market_fees as i64)
        );
    }
    let mut cut = replay;
    cut.cut();
    assert_eq!(cut.outcome(start, 0, ticks).err(), Some(ReplayError::Cut));
    let empty = Replay::default().outcome(start, 0, ticks);
    assert_eq!(empty.err(), Some(ReplayError::NotOpened));
}
