//! Meters of one seat that do not come together: in any order, one silent, one retired.

use joulebook_client::{
    instructions::{Actor, Owner},
    oracle::types::{ReadingResult, ReplacedValue},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        check_invariants, contract, contracted, first_start, govern, instructions, pass_until,
        trading_community, trading_community_with, BUYER, FREE, SELLER,
    },
    metered_community::results,
};
use solana_signer::Signer;

use crate::final_energy::{read, silence, NO_SILENCE};

/// The seller delivers 1000 Wh as sold, and 80,000 Wh in the first window of the next page, for which its limits were raised
/// in time. Its readings come with the newest first, or as they were signed. What it has in the end, and the supplier.
fn delivered(newest_first: bool) -> (u64, u64) {
    let (mut community, start) = contracted(Parameters::default());
    let next = start + community.page_length();
    pass_until(&mut community, start);
    let seller = &community.households[SELLER];
    let number = seller.devices[0].number;
    let set = instructions::set_power_limits(&community, seller, number, [100_000, 1_000_000]);
    govern(&mut community, set).unwrap();
    pass_until(&mut community, next + 300);
    community.open_pages(next).unwrap();
    let binding = community.binding();
    let flows = [0, 1_000, 0, 0, 0, 80_000].map(|export| (0, export));
    let times = (0..).map(|index| start + index * 300).zip(flows);
    let device = &mut community.households[SELLER].devices[0];
    let signed = device.signed_at(&binding, times);
    let [first @ .., seam, last] = signed.as_slice() else {
        panic!("six readings");
    };
    let first = [first, std::slice::from_ref(seam)].concat();
    let batches = match newest_first {
        false => [(start, first), (next, vec![last.clone()])],
        true => [(next, vec![last.clone()]), (start, first)],
    };
    for (page, batch) in batches {
        let receipts = community.submit(page, batch).unwrap();
        let results: Vec<_> = receipts.iter().flat_map(results).collect();
        assert!(!results.contains(&ReadingResult::PowerLimit), "{results:?}");
    }
    community.submit(next, vec![seam.clone()]).unwrap();
    let quiet = [2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, next, (SELLER, 0), &quiet);
    community.finish_page(start).unwrap();
    community.finish_page(next).unwrap();
    check_invariants(&community);
    assert_eq!(silence(&community.seat(SELLER)), NO_SILENCE);
    (community.seat(SELLER).free, community.supplier_seat().free)
}

/// What came last used to be held against the lower limits, and the page before was refused for good.
#[test]
fn given_raised_limits_when_readings_come_in_any_order_then_an_honest_seller_has_its_due() {
    assert_eq!(delivered(true), delivered(false));
}

/// Values by the authority in a verifier's stead, without the owner.
fn set_values(community: &mut LocalCommunity, start: i64, (import, export): (u32, u32)) {
    let buyer = &community.households[BUYER];
    let (owner, number) = (buyer.address(), buyer.devices[0].number);
    let actor = Actor::authority(community.authority.pubkey());
    let values = vec![ReplacedValue { import, export }; 4];
    let at = &community.addresses;
    let set = at.replace_values(actor, Owner::absent(owner), start, number, 0, values, 7);
    govern(community, set).unwrap();
}

/// A second meter without a standard draw, kept silent, used to put off what the first had measured until the page was final.
#[test]
fn given_a_second_meter_that_is_silent_when_settled_then_what_the_first_has_drawn_is_paid() {
    for second in [false, true] {
        let mut parameters = Parameters::default();
        parameters.terms.draw_after = 0;
        let mut community = trading_community_with(parameters);
        let buyer = &community.households[BUYER];
        let number = buyer.devices[0].number;
        let draw = instructions::set_standard_draw(&community, buyer, number, 8_333);
        govern(&mut community, draw).unwrap();
        if second {
            community.add_meter(BUYER).unwrap();
        }
        let first = community.addresses.page_start(first_start(&community));
        let start = first;
        let drawn = [0, 8_000, 8_000, 8_000, 8_000].map(|import| (import, 0));
        let drawn: Vec<_> = (0..).zip(drawn).collect();
        pass_until(&mut community, start);
        community.open_pages(start).unwrap();
        read(&mut community, start, (BUYER, 0), &drawn);
        // The grace is over, everybody is settled.
        let grace = i64::from(community.parameters.terms.metering_grace);
        let now = community.chain.now() + grace;
        pass_until(&mut community, now);
        community.settle_page(start).unwrap();
        let paid = FREE - community.seat(BUYER).free;
        assert_eq!(paid, 32_000 * 300_000, "{second}");
        check_invariants(&community);
    }
}

/// The buyer, of two meters, takes nothing of the 1000 Wh it bought. The second meter is silent and is retired in the first page
/// with its last registers, signed by the owner. The first one is heard in that page, or a verifier sets a value for each of its
/// intervals and it is heard from the next page's start on. What the buyer has in the end.
fn first_page_with_a_retired_meter(is_heard: bool) -> u64 {
    let mut community = trading_community();
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    let next = start + community.page_length();
    contract(&mut community, start);
    pass_until(&mut community, start + 600);
    let second = community.households[BUYER].devices[1].number;
    let retire = instructions::retire_meter(&community, second);
    govern(&mut community, retire).unwrap();
    let quiet = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
    if is_heard {
        read(&mut community, start, (BUYER, 0), &quiet);
    }
    pass_until(&mut community, next + 600);
    community.open_pages(next).unwrap();
    if !is_heard {
        set_values(&mut community, start, (0, 0));
    }
    read(&mut community, next, (BUYER, 0), &quiet);
    community.finish_page(start).unwrap();
    community.finish_page(next).unwrap();
    check_invariants(&community);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    community.seat(BUYER).free
}

/// With values, the counting begins in time a page later, and what was kept back in the first used to be forgotten.
#[test]
fn given_values_that_let_the_counting_begin_when_heard_then_what_silence_kept_back_is_paid() {
    let heard = first_page_with_a_retired_meter(true);
    assert_eq!(first_page_with_a_retired_meter(false), heard);
}
