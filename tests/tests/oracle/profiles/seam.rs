//! The boundary between two pages, told to one by a profile of the other. With a key of either kind.

use joulebook_client::{
    layout::oracle::Quality,
    oracle::types::{ReadingResult, SignedProfile},
    reading,
    secp256r1::Signed,
};
use joulebook_sim::{Device, SecureElement};
use joulebook_tests::metered_community::{results, MeterTableParameters, MeteredCommunity};

use super::{p256, take};

enum Key {
    Ed25519,
    P256(SecureElement),
}

enum Message {
    Ed25519(SignedProfile),
    P256(Signed),
}

struct Meter {
    meters: MeteredCommunity,
    device: Device,
    key: Key,
}

/// Pages of four intervals stay open long. The meter is read at the start of the first.
fn begun(key: Key) -> Meter {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        ring: 8,
        reading_seconds: 3_600,
        correction_seconds: 3_900,
        ..MeterTableParameters::default()
    });
    let device = match &key {
        Key::Ed25519 => meters.meter(),
        Key::P256(element) => p256::meter(&mut meters, element),
    };
    meters.begin(0);
    for n in [4, 8] {
        meters.go_to(n);
        meters.open(n);
    }
    meters.go_to(9);
    let mut meter = Meter {
        meters,
        device,
        key,
    };
    let start = meter.reading(0);
    assert_eq!(meter.take(0, &start), ReadingResult::Counted);
    meter
}

fn keys() -> [Key; 2] {
    [Key::Ed25519, Key::P256(SecureElement::new([9; 32]))]
}

impl Meter {
    /// Of `values` up to boundary `n`.
    fn profile(&mut self, n: i64, values: &[(u32, u32)]) -> Message {
        let binding = self.meters.binding();
        let boundary = MeteredCommunity::start(n);
        match &self.key {
            Key::Ed25519 => {
                Message::Ed25519(self.device.signed_profile(&binding, boundary, values))
            }
            Key::P256(element) => {
                let (profile, values) = self.device.profile(boundary, values);
                let packed = reading::packed(&values);
                let message = reading::profile_message(&binding, &profile, &packed);
                Message::P256(element.sign(message))
            }
        }
    }

    /// At boundary `n`.
    fn reading(&mut self, n: i64) -> Message {
        self.profile(n, &[])
    }

    /// With the page of the `n`th interval.
    fn take(&mut self, n: i64, message: &Message) -> ReadingResult {
        match message {
            Message::Ed25519(signed) => take(&mut self.meters, n, signed),
            Message::P256(signed) => {
                let addresses = &self.meters.communities.own.addresses;
                let start = MeteredCommunity::page_start(n);
                let signed = std::slice::from_ref(signed);
                let calls = addresses.submit_checked_profiles(start, signed).unwrap();
                results(&self.meters.communities.chain.send(&calls, &[]).unwrap())[0]
            }
        }
    }

    /// It changes nothing.
    #[track_caller]
    fn refused(&mut self, n: i64, message: &Message, expected: ReadingResult) {
        let before = self.meters.state(n);
        assert_eq!(self.take(n, message), expected);
        assert!(self.meters.state(n) == before, "something changed");
    }

    /// Nothing is left over of these pages, and import of these intervals is measured.
    #[track_caller]
    fn measured(&mut self, pages: &[i64], values: &[(i64, u32)]) {
        for (n, import) in values {
            let entry = self.meters.entry(*n, &self.device);
            assert!(entry.is(Quality::Measured), "{n}");
            assert_eq!(entry.import().0, *import, "{n}");
        }
        for n in pages {
            self.meters.finish(*n);
            let registers = self.meters.registers(*n, &self.device);
            assert_eq!((registers.import, registers.export), (0, 0), "page of {n}");
        }
    }
}

fn is_taken(result: ReadingResult) -> bool {
    matches!(
        result,
        ReadingResult::Counted | ReadingResult::Filled | ReadingResult::AlreadyKnown
    )
}

const ORDERS: [[usize; 3]; 6] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
];

#[test]
fn given_a_profile_that_ends_at_a_seam_when_sent_with_both_pages_in_any_order_then_both_know_it() {
    for order in ORDERS {
        for key in keys() {
            let mut meter = begun(key);
            let day = meter.profile(4, &[(100, 0); 4]);
            meter.device.flow(1_000, 0);
            let next = meter.reading(5);
            let calls = [(0, &day), (4, &day), (4, &next)];
            for call in order {
                let (n, message) = calls[call];
                let result = meter.take(n, message);
                // The second page may have learned it of the meter's row; or the row is not there yet.
                let is_early = call == 1 && result == ReadingResult::OutsidePage;
                assert!(is_taken(result) || is_early, "{order:?} {call}: {result:?}");
            }
            assert!(is_taken(meter.take(4, &day)), "{order:?}");
            for (n, message) in calls {
                meter.refused(n, message, ReadingResult::AlreadyKnown);
            }
            let values: Vec<_> = (0..4).map(|n| (n, 100)).chain([(4, 1_000)]).collect();
            meter.measured(&[0, 4], &values);
        }
    }
}

/// Read by single readings before; the profile of the page behind tells the seam alone.
fn begins_at_a_seam(key: Key) -> (Meter, Message, Message) {
    let mut meter = begun(key);
    for n in 1..4 {
        meter.device.flow(100, 0);
        let reading = meter.reading(n);
        assert_eq!(meter.take(0, &reading), ReadingResult::Counted);
    }
    meter.device.flow(700, 0);
    let day = meter.profile(8, &[(10, 0); 4]);
    meter.device.flow(20, 0);
    let next = meter.reading(9);
    (meter, day, next)
}

#[test]
fn given_a_profile_that_begins_at_a_seam_when_sent_with_both_pages_then_both_know_it() {
    let first = [(0, 100), (1, 100), (2, 100), (3, 700)];
    let values: Vec<_> = first.into_iter().chain((4..8).map(|n| (n, 10))).collect();
    for is_newer_known in [false, true] {
        for key in keys() {
            let (mut meter, day, next) = begins_at_a_seam(key);
            // The row is behind the seam either way, before the first page is told.
            if is_newer_known {
                assert_eq!(meter.take(8, &next), ReadingResult::Counted);
                assert_eq!(meter.take(0, &day), ReadingResult::Filled);
                assert_eq!(meter.take(4, &day), ReadingResult::Filled);
            } else {
                assert_eq!(meter.take(4, &day), ReadingResult::Counted);
                assert_eq!(meter.take(0, &day), ReadingResult::Filled);
            }
            for n in [0, 4] {
                meter.refused(n, &day, ReadingResult::AlreadyKnown);
            }
            meter.measured(&[0, 4], &values);
        }
    }
}

/// Its row would stand at the seam with the profile's sequence, and keep the profile out of its own page.
#[test]
fn given_a_profile_that_begins_at_a_seam_when_its_own_page_has_not_got_it_then_it_is_outside() {
    for key in keys() {
        let (mut meter, day, _) = begins_at_a_seam(key);
        meter.refused(0, &day, ReadingResult::OutsidePage);
        assert_eq!(meter.take(4, &day), ReadingResult::Counted);
    }
}

#[test]
fn given_a_profile_that_is_beside_a_page_or_across_its_seam_when_sent_with_it_then_it_is_outside() {
    let mut meter = begun(Key::Ed25519);
    meter.device.flow(100, 0);
    let before = meter.profile(3, &[(100, 0); 2]);
    let across = meter.profile(5, &[(100, 0); 2]);
    let behind = meter.profile(7, &[(100, 0); 2]);
    let newest = meter.reading(9);
    assert_eq!(meter.take(8, &newest), ReadingResult::Counted);
    for (n, profile) in [(4, &before), (0, &across), (4, &across), (0, &behind)] {
        meter.refused(n, profile, ReadingResult::OutsidePage);
    }
}

/// What the first page has of the seam is 1 Wh less.
#[test]
fn given_other_registers_at_a_seam_when_a_profile_of_the_other_page_comes_then_it_contradicts() {
    for key in keys() {
        let (mut meter, day, next) = begins_at_a_seam(key);
        meter.device.import -= 61;
        let seam = meter.reading(4);
        assert_eq!(meter.take(0, &seam), ReadingResult::Counted);
        meter.device.import += 61;
        let newest = meter.reading(9);
        assert_eq!(meter.take(8, &newest), ReadingResult::Counted);
        // Of a lower sequence than the newest, it is no violation.
        meter.refused(0, &day, ReadingResult::Contradicts);
        meter.refused(8, &next, ReadingResult::AlreadyKnown);
    }
}
