//! The meter of a supplier, silent while it pays itself: the next one pays nothing of that time.

use joulebook_tests::market::{
    check_invariants, deliver_and_settle, govern, instructions, meters_of, pass_until, BUYER, FREE,
    SELLER,
};

use super::{community, replace, NEXT};

/// The seller supplies for a while, its own meter silent; then the next one does. Wh that the seller's and the buyer's meters
/// show to have been fed in once they are heard in the next one's first page, or the second.
fn heard(in_first_page: bool, fed_in: u64) {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, SELLER);
    for window in 0..4 {
        deliver_and_settle(&mut community, start + 300 * window, &[(0, 0), (0, 0)]);
    }
    community.finish_page(start).unwrap();
    let theirs = replace(&mut community, NEXT);
    let length = community.page_length();
    for page in (mine..theirs).step_by(length as usize) {
        community.finish_page(page).unwrap();
    }
    let mut page = theirs;
    if !in_first_page {
        pass_until(&mut community, theirs + length - 900);
        community.open_pages(theirs + length).unwrap();
        community.finish_page(theirs).unwrap();
        page = theirs + length;
    }
    let last = page + length - 300;
    pass_until(&mut community, last + 300);
    let readings = community.read_meters(last, &[(0, fed_in), (0, fed_in)]);
    community.submit(last, readings).unwrap();
    community.finish_page(page).unwrap();
    for place in [BUYER, SELLER, NEXT] {
        assert_eq!(community.seat(place).free, FREE, "{place}");
    }
    check_invariants(&community);
}

#[test]
fn given_a_former_supplier_whose_meter_was_silent_when_it_is_heard_then_the_next_one_pays_nothing()
{
    heard(true, 5000);
}

#[test]
fn given_a_former_supplier_that_stays_silent_when_it_is_heard_a_page_later_then_it_is_the_same() {
    heard(false, 5000);
}

/// Its own deviations cost a supplier nothing, so neither do values of an accomplice, which the registers take back later.
#[test]
fn given_values_too_high_for_the_supplier_itself_when_its_registers_are_heard_then_the_next_one_gives_nothing_back(
) {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, SELLER);
    for window in 0..4 {
        deliver_and_settle(&mut community, start + 300 * window, &[(0, 0), (0, 0)]);
    }
    community.finish_page(start).unwrap();
    let theirs = replace(&mut community, NEXT);
    let closes = community.interval_page(mine).header.readings_until;
    pass_until(&mut community, closes);
    let meter = meters_of(&community, SELLER)[0];
    let owner = &community.households[SELLER];
    let values = instructions::replace_values(&community, owner, mine, meter, &[(800, 0); 4]);
    govern(&mut community, values).unwrap();
    community.finish_page(mine).unwrap();
    let last = theirs + 3 * 300;
    pass_until(&mut community, last + 300);
    let readings = community.read_meters(last, &[(0, 0), (0, 0)]);
    community.submit(last, readings).unwrap();
    community.finish_page(theirs).unwrap();
    for place in [SELLER, NEXT] {
        assert_eq!(community.seat(place).free, FREE, "{place}");
    }
    check_invariants(&community);
}
