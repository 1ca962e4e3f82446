//! `finish_page` with any limit fits into the memory and the compute units of a program, whatever becomes of the positions.

use joulebook_client::layout::{
    cut,
    oracle::{Meter, MeterTable},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    altered::change, check_invariants, govern, instructions, meters_of, pass_until,
    trading_community_with, BUYER,
};

/// Has a page finished, with the highest limit each time, and in so many calls at most.
fn finish(community: &mut LocalCommunity, start: i64, meters_at_once: u16, calls: usize) {
    let until = community.interval_page(start).header.corrections_until;
    pass_until(community, until);
    let earlier = community.page(start).header.previous;
    if earlier > i64::MIN {
        community.finish_page(earlier).unwrap();
    }
    while !community.interval_page(start).header.is_finished() {
        let finish = community
            .addresses
            .finish_interval_page(start, meters_at_once);
        community.send_with_full_budget(&[finish]).unwrap();
    }
    for _ in 0..calls {
        let finish = community.addresses.finish_page(start, u16::MAX);
        community.send_with_full_budget(&[finish]).unwrap();
    }
    assert!(community.page(start).header.is_final());
    check_invariants(community);
}

/// One household with a standard draw is silent: so there are draws to remember.
fn with_a_draw(windows: u16) {
    let mut parameters = Parameters {
        page_windows: windows,
        seats: 64,
        meters: 64,
        ..Parameters::default()
    };
    parameters.terms.draw_after = 0;
    let mut community = trading_community_with(parameters);
    let meter = meters_of(&community, BUYER)[0];
    let owner = &community.households[BUYER];
    let set = instructions::set_standard_draw(&community, owner, meter, 100);
    govern(&mut community, set).unwrap();
    let length = community.page_length();
    let start = community.addresses.page_start(community.chain.now()) + length;
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    let seats = (1024 / usize::from(windows)).clamp(1, 64);
    finish(&mut community, start, u16::MAX, 64_usize.div_ceil(seats));
}

#[test]
fn given_a_silent_meter_with_a_draw_when_pages_of_any_length_are_finished_then_memory_suffices() {
    for windows in [12, 16, 17, 24, 32, 36, 48, 96] {
        with_a_draw(windows);
    }
}

/// A claim is reported for each position.
#[test]
fn given_a_supplier_without_money_and_six_meters_a_seat_when_a_page_is_finished_then_units_suffice()
{
    let parameters = Parameters {
        page_windows: 32,
        seats: 64,
        meters: 384,
        ..Parameters::default()
    };
    let mut community = LocalCommunity::new(parameters).unwrap();
    for number in 0..62 {
        let place = community.join(&format!("household {number}"), 1).unwrap();
        for _ in 1..6 {
            community.add_meter(place).unwrap();
        }
    }
    let length = community.page_length();
    let start = community.addresses.page_start(community.chain.now()) + length;
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.read_start(start).unwrap();
    for window in 0..32 {
        let at = start + 300 * window;
        pass_until(&mut community, at + 300);
        let readings = community.read_meters(at, &[(0, 100); 62]);
        community.submit(at, readings).unwrap();
    }
    // 4096 entries of 6 meters in 32 windows: 21 seats at once.
    finish(&mut community, start, 16, 4);
}

/// Of the largest table, which is gone over several times, ten seats of four silent meters each used to be too many for one call, and
/// keepers asked for as many again and again.
#[test]
fn given_the_largest_meter_table_when_pages_are_finished_then_one_call_takes_fewer_seats() {
    const METERS: u16 = 4096;
    let mut parameters = Parameters {
        page_windows: 96,
        pages: 5,
        history: 512,
        meters: METERS,
        ..Parameters::default()
    };
    parameters.terms.draw_after = 0;
    let mut community = LocalCommunity::new(parameters).unwrap();
    for place in 0..10 {
        community.join(&format!("debtor {place}"), 1).unwrap();
        for _ in 1..4 {
            community.add_meter(place).unwrap();
        }
    }
    let first = community.households[0].seat;
    let length = community.page_length();
    let start = community.addresses.page_start(community.chain.now()) + length;
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    // All other rows are in service, of owners outside of the market.
    let table = community.meters();
    let used = table.header.count;
    change(
        &mut community.chain,
        &community.addresses.meter_table,
        |account| {
            let (header, meters) = cut::<MeterTable>(&mut account.data).expect("a whole table");
            header.count = METERS;
            for (place, meter) in (0u16..).zip(meters.iter_mut()) {
                *meter = match place < used {
                    true => Meter {
                        standard_draw: 100,
                        ..*meter
                    },
                    false => Meter {
                        participant: 5_000 + place / 16,
                        ..table.meters[0]
                    },
                };
            }
        },
    );
    let until = community.interval_page(start).header.corrections_until;
    pass_until(&mut community, until);
    while !community.interval_page(start).header.is_finished() {
        let finish = community.addresses.finish_interval_page(start, 64);
        community.send_with_full_budget(&[finish]).unwrap();
    }
    let finish = community.addresses.finish_page(start, first);
    community.send_with_full_budget(&[finish]).unwrap();
    let mut before = first;
    while before < first + 10 {
        let finish = community.addresses.finish_page(start, u16::MAX);
        let receipt = community.send_with_full_budget(&[finish]).unwrap();
        assert!(
            receipt.compute_units < 1_300_000,
            "{}",
            receipt.compute_units
        );
        before = community.page(start).header.final_seats;
    }
    assert!(community.seat(0).debt() > 0);
}
