//! When pages begin, against a walk from one to the next.

use bolero::{check, one_value_of, produce, ValueGenerator};
use joulebook_layout::oracle::{IntervalPage, MeterTable};
use joulebook_metering::page::PageRing;
use joulebook_units::{Seconds, UnixTime};

use crate::{any_i64, time};

/// A table without settlement whose last page starts there.
fn opened(last_opened: i64) -> MeterTable {
    MeterTable {
        last_opened,
        ..MeterTable::default()
    }
}

/// Lengths that pages have, and others.
fn any_length() -> impl ValueGenerator<Output = i64> {
    let usual = one_value_of([60, 3_600, 86_400, 604_800]);
    (usual, any_i64(), 0..8u8).map_gen(|(usual, any, choice)| if choice == 0 { any } else { usual })
}

#[test]
fn given_any_time_when_its_page_is_asked_then_it_begins_at_the_last_multiple_of_the_length() {
    check!()
        .with_test_time(time())
        .with_generator((any_i64(), any_length(), any_i64(), produce::<u16>()))
        .for_each(|(time, length, correction, slots)| {
            let ring = PageRing {
                length: Seconds(*length),
                correction: Seconds(*correction),
                slots: *slots,
            };
            let fits = |start: i128| i64::try_from(start).ok().map(UnixTime);
            let (time_128, length_128) = (i128::from(*time), i128::from(*length));
            if *length <= 0 {
                assert_eq!(ring.holding(UnixTime(*time)), None);
                assert_eq!(ring.following(UnixTime(*time)), None);
                return assert_eq!(ring.slot(UnixTime(*time)), None);
            }
            let number = time_128.div_euclid(length_128);
            let start = number * length_128;
            assert_eq!(ring.holding(UnixTime(*time)), fits(start));
            let following = fits(start).and_then(|_| fits(start + length_128));
            assert_eq!(ring.following(UnixTime(*time)), following);
            let slot = |number: i128| number.checked_rem_euclid((*slots).into());
            if let Some(start) = fits(start) {
                let slot = slot(number).map(|slot| u16::try_from(slot).unwrap());
                assert_eq!(ring.slot(start), slot);
            }
            if start != time_128 {
                assert_eq!(ring.slot(UnixTime(*time)), None);
            }
        });
}

#[test]
fn given_any_page_opened_last_when_the_next_is_asked_then_it_is_the_first_that_can_be_corrected() {
    let lengths = one_value_of([1i64, 60, 3_600, 86_400]);
    let inputs = (lengths, 0..1_000i64, -1_000..1_000i64, -3_000..300_000i64);
    check!()
        .with_test_time(time())
        .with_generator((inputs, any_i64()))
        .for_each(|((length, parts, number, later), any)| {
            // From none to ten pages, not a whole number of them.
            let correction = parts * length / 100;
            let ring = PageRing {
                length: Seconds(*length),
                correction: Seconds(correction),
                slots: 16,
            };
            let last = number * length;
            let now = last + later * length / 1_000;
            let mut next = last + length;
            while next + length + correction <= now {
                next += length;
            }
            assert_eq!(
                ring.next(&opened(last), UnixTime(now)),
                Some(UnixTime(next))
            );
            // The first of all holds the present.
            let first = ring.next(&opened(IntervalPage::NEVER), UnixTime(now));
            let first = first.unwrap().0;
            assert!(first <= now && now < first + length && first % length == 0);
            // Any clock: nothing panics, and no page comes before the one after the last.
            let next = ring.next(&opened(last), UnixTime(*any));
            assert!(next.is_none_or(|next| next.0 > last && next.0 % length == 0));
        });
}

#[test]
fn given_pages_opened_in_turn_when_asked_then_a_slot_has_passed_once_it_holds_a_later_page() {
    check!()
        .with_test_time(time())
        .with_generator((1..100_000i64, 1..20u16, -1_000..1_000i64, -50..50i64))
        .for_each(|(length, slots, number, later)| {
            let ring = PageRing {
                length: Seconds(*length),
                correction: Seconds(0),
                slots: *slots,
            };
            let start = UnixTime(number * length);
            let slot = ring.slot(start).unwrap();
            // Every page from the next to the last one opened was opened, too.
            let has_passed = (number + 1..=number + later)
                .any(|later| ring.slot(UnixTime(later * length)) == Some(slot));
            assert_eq!(
                ring.has_passed(start, (number + later) * length),
                has_passed
            );
            assert!(!ring.has_passed(start, IntervalPage::NEVER));
        });
}
