//! What a store keeps, in what sequence it gives it out, and what it forgets.

use joulebook_gateway::{
    fate::Fate,
    message::{Message, Signed, Signer},
    store::{Limits, Owner, Put, Remembered, Store, StoreFile},
};
use joulebook_metering::{message::Reading, register::Registers};
use joulebook_units::{UnixTime, WhSum};
use solana_address::Address;
use tempfile::TempDir;

use crate::village::{Village, LENGTH, LIMITS};

const OWNER: Owner = Owner {
    market: Address::new_from_array([1; 32]),
    cluster: [2; 32],
    binding: [7; 32],
};

fn message(meter: u32, sequence: u64) -> Message {
    let reading = Reading {
        meter,
        boundary: UnixTime(300),
        sequence,
        registers: registers(sequence),
        flags: 0,
    };
    let signed = Signed {
        message: reading.message(&OWNER.binding).to_vec(),
        signature: [3; 64],
    };
    signed.read(&OWNER.binding).expect("a message")
}

fn registers(import: u64) -> Registers {
    Registers {
        import: WhSum(import),
        export: WhSum(0),
    }
}

fn store(limits: Limits) -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("g.redb"), &OWNER, limits);
    (store.expect("made"), folder)
}

#[test]
fn given_more_than_is_looked_at_when_asked_again_then_the_meters_take_turns_and_none_is_split() {
    let (store, _folder) = store(LIMITS);
    for meter in 1..=5 {
        let all: Vec<Message> = (1..=3).map(|number| message(meter, number)).collect();
        store.put(&all, 0, false).expect("kept");
    }
    let mut next = 0;
    let mut turns = vec![];
    for _ in 0..4 {
        let (waiting, then) = store.waiting_from(next, 4);
        turns.push(waiting.keys().map(|key| key.meter).collect::<Vec<_>>());
        next = then;
    }
    let [first, second] = [vec![1, 1, 1, 2, 2, 2], vec![3, 3, 3, 4, 4, 4]];
    assert_eq!(turns, [first.clone(), second, vec![5, 5, 5], first]);
    assert_eq!(store.waiting_from(0, 100).0.len(), 15);
}

#[test]
fn given_a_message_for_the_next_gateway_when_it_ends_here_then_it_waits_for_that_one_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let limits = Limits {
        messages: 2,
        ..LIMITS
    };
    let mut store = Store::open(&path, &OWNER, limits).expect("made");
    // A dead one must not fill the store.
    for number in 1..=5 {
        let two = [message(1, 2 * number), message(1, 2 * number + 1)];
        assert_eq!(
            store.put(&two, 0, true).expect("room"),
            [Put::New, Put::New]
        );
        assert_eq!(store.counts(), (2, 2));
        let ends = two.map(|one| (one.key(), Fate::Superseded));
        store.end(&ends, 100).expect("noted");
        assert_eq!(store.counts(), (0, 0));
        drop(store);
        store = Store::open(&path, &OWNER, limits).expect("opened again");
        assert_eq!(store.to_forward(10, |_| false), []);
    }
}

#[test]
fn given_values_that_come_while_others_are_signed_when_those_are_forgotten_then_the_new_ones_stay()
{
    let (store, _folder) = store(LIMITS);
    let first = [(300, registers(1)), (600, registers(2))];
    store.know(7, &first).expect("kept");
    let signed: Vec<_> = store.known(7).expect("read").into_iter().collect();
    let since = [(450, registers(2)), (600, registers(3))];
    store.know(7, &since).expect("kept");
    store.forget_known(7, &signed).expect("forgotten");
    let left: Vec<_> = store.known(7).expect("read").into_iter().collect();
    assert_eq!(left, since);
}

#[test]
fn given_messages_that_nobody_can_judge_when_kept_then_they_have_little_room_and_take_none_of_others(
) {
    let (store, _folder) = store(LIMITS);
    let bad: Vec<Message> = (1..=70).map(|number| message(1, number)).collect();
    let puts = store.put_unjudged(&bad, 0, false).expect("kept");
    assert_eq!(puts.iter().filter(|put| **put == Put::New).count(), 64);
    let good: Vec<Message> = (100..200).map(|number| message(1, number)).collect();
    let puts = store.put(&good, 0, false).expect("kept");
    assert!(puts.iter().all(|put| *put == Put::New));
    let (store, _folder) = self::store(Limits {
        messages: 3,
        ..LIMITS
    });
    let puts = store.put_unjudged(&bad[..4], 0, false).expect("asked");
    assert_eq!(
        puts,
        vec![Put::TooMany; 4],
        "a full store is no error of theirs"
    );
}

#[test]
fn given_a_message_that_was_verified_when_the_store_is_opened_again_then_it_is_not_verified_anew() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let meter = *village.view().meter(village.number(0)).expect("a meter");
    let signed = village.reading(0, page + LENGTH);
    let mut good = village.message(signed);
    assert!(good.verify(&meter));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let owner = crate::village::owner(&village.community);
    let store = Store::open(&path, &owner, LIMITS).expect("made");
    store.put(&[good.clone()], 0, false).expect("kept");
    drop(store);
    let store = Store::open(&path, &owner, LIMITS).expect("opened again");
    let waiting = store.all_waiting();
    assert_eq!(waiting[&good.key()].message, good);
    assert_eq!(good.signer, Some(Signer::of(&meter)));
    // By that alone it is the meter's; by another key it is not.
    let mut bent = good.clone();
    bent.signed.signature = [1; 64];
    assert!(bent.is_signed_by(&meter));
    let mut other = meter;
    other.device = [9; 32];
    assert!(!bent.is_signed_by(&other) && !good.is_signed_by(&other));
    bent.signer = None;
    assert!(!bent.verify(&meter));
}

#[test]
fn given_what_was_seen_of_the_chain_when_the_store_is_opened_again_then_it_is_remembered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let file = StoreFile::open(&path, &OWNER.market).expect("made");
    assert_eq!(file.remembered().expect("read"), None);
    let seen = Remembered {
        at: 7,
        market: vec![1, 2],
        table: vec![3; 500_000],
    };
    let store = Store::of(file, &OWNER, LIMITS).expect("a store");
    store.remember(&seen).expect("noted");
    drop(store);
    let file = StoreFile::open(&path, &OWNER.market).expect("opened again");
    assert_eq!(file.remembered().expect("read"), Some(seen));
}
