use joulebook_client::{
    layout::oracle::IntervalPage,
    oracle::{errors::OracleError, events::OracleEvent, types::PageFinished},
};
use joulebook_tests::metered_community::{event, MeteredCommunity};

use crate::support::refuse;

#[test]
fn given_a_page_that_takes_values_when_finished_then_it_is_too_early() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    let finish = meters.communities.own.finish_page(1, 1);
    let over = MeteredCommunity::start(4) + 1200;
    for now in [
        MeteredCommunity::start(0),
        MeteredCommunity::start(4),
        over - 1,
    ] {
        meters.communities.chain.set_time(now);
        let reason = OracleError::TooEarlyToFinish;
        refuse(&mut meters, &now.to_string(), &finish, reason);
    }
    meters.communities.chain.set_time(over);

    let receipt = meters.send(finish);

    assert_eq!(
        event(&receipt),
        OracleEvent::PageFinished(PageFinished {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            start: MeteredCommunity::start(0),
        })
    );
    let table = meters.table().header;
    assert_eq!(table.last_finished, MeteredCommunity::start(0));
    assert_eq!(meters.page(0).header.finished_meters, 20);
}

#[test]
fn given_an_earlier_page_when_a_later_one_is_finished_then_it_is_refused_until_its_turn() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.open(8);
    meters.close_corrections(8);
    for n in [0, 4, 8] {
        for later in [4, 8].into_iter().filter(|later| *later > n) {
            let slot = meters.slot(later);
            let finish = meters.communities.own.finish_page(slot, 1);
            let case = format!("{later} before {n}");
            refuse(&mut meters, &case, &finish, OracleError::EarlierUnfinished);
        }
        meters.send(meters.communities.own.finish_page(meters.slot(n), 1));
        let table = meters.table().header;
        assert_eq!(table.last_finished, MeteredCommunity::start(n));
    }
}

#[test]
fn given_pages_left_out_when_the_one_behind_is_finished_then_after_the_one_before_them() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.go_to(104);
    meters.open(100);
    meters.close_corrections(100);
    let slot = meters.slot(100);
    let finish = meters.communities.own.finish_page(slot, 1);
    refuse(
        &mut meters,
        "first",
        &finish,
        OracleError::EarlierUnfinished,
    );
    meters.send(meters.communities.own.finish_page(meters.slot(0), 1));
    meters.send(finish);
    let table = meters.table().header;
    assert_eq!(table.last_finished, MeteredCommunity::start(100));
}

#[test]
fn given_a_slot_without_a_page_when_finished_then_nothing_happens() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let before = meters.state(0);
    let receipt = meters.send(meters.communities.own.finish_page(meters.slot(0), 1));
    assert!(receipt.events().is_empty());
    assert_eq!(meters.state(0), before);
    assert_eq!(meters.page(0).header.start, IntervalPage::NEVER);
}

#[test]
fn given_a_finished_page_when_finished_again_then_nothing_happens() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.go_to(1);
    device.flow(100, 0);
    let reading = meters.read(&mut device, 0);
    meters.submit_one(0, &reading);
    meters.finish(0);
    let before = meters.state(0);
    let receipt = meters.finish(0);
    assert!(receipt.events().is_empty());
    assert_eq!(meters.state(0), before);
}
