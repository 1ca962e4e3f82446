//! What was told to be kept is there after a SIGKILL, whenever it comes.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use joulebook_gateway::{
    message::{Key, Message, Signed},
    store::{Owner, Put, Store, StoreError},
};
use joulebook_metering::{message::Reading, register::Registers};
use joulebook_units::{UnixTime, WhSum};
use solana_address::Address;

use crate::village::LIMITS;

/// Names the file to the process that is to be killed.
const STORE: &str = "JOULEBOOK_STORE_TO_BE_KILLED";
pub const OWNER: Owner = Owner {
    market: Address::new_from_array([1; 32]),
    cluster: [2; 32],
    binding: [7; 32],
};

pub fn message(sequence: u64) -> Message {
    let reading = Reading {
        meter: 1,
        boundary: UnixTime(300),
        sequence,
        registers: Registers {
            import: WhSum(sequence),
            export: WhSum(0),
        },
        flags: 0,
    };
    let signed = Signed {
        message: reading.message(&OWNER.binding).to_vec(),
        signature: [3; 64],
    };
    signed.read(&OWNER.binding).expect("a message")
}

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, &OWNER, LIMITS)
}

/// Does nothing by itself; the next test runs it in a process of its own.
#[test]
fn given_a_file_when_it_is_named_then_messages_are_kept_until_the_process_is_killed() {
    let Some(path) = env::var_os(STORE) else {
        return;
    };
    let store = open(Path::new(&path)).expect("opened");
    let mut out = std::io::stderr();
    for sequence in 1.. {
        let message = message(sequence);
        match store.put(std::slice::from_ref(&message), 0, true) {
            Ok(puts) if puts == [Put::New] => {}
            other => panic!("{other:?}"),
        }
        writeln!(out, "kept {}", message.key()).expect("told");
    }
}

#[test]
fn given_a_process_that_is_killed_while_it_keeps_messages_when_opened_again_then_none_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    for (round, lines) in [1, 3, 20, 57].into_iter().enumerate() {
        let path = folder.path().join(format!("{round}.redb"));
        let mut child = Command::new(env::current_exe().expect("this test"))
            .args(["--exact", "--nocapture"])
            .arg("killed::given_a_file_when_it_is_named_then_messages_are_kept_until_the_process_is_killed")
            .env(STORE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let told = BufReader::new(child.stderr.take().expect("its words")).lines();
        let told = told.map(|line| line.expect("a line"));
        let keys: Vec<Key> = told
            .filter_map(|line| line.strip_prefix("kept ")?.parse().ok())
            .take(lines)
            .collect();
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert_eq!(keys.len(), lines);
        let store = open(&path).expect("opened again");
        let waiting = store.all_waiting();
        for key in &keys {
            assert!(waiting.contains_key(key), "{key}");
        }
        let forward = store.to_forward(1_000, |_| false);
        assert_eq!(forward.len(), waiting.len());
    }
}

#[test]
fn given_a_store_of_others_when_opened_then_it_is_said_whose_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/g.redb");
    let store = open(&path).expect("made");
    let refused = |owner: Owner| {
        let error = Store::open(&path, &owner, LIMITS).err();
        error.expect("refused").to_string()
    };
    assert!(refused(OWNER).contains("another process's"));
    drop(store);
    let market = Address::new_from_array([9; 32]);
    let other = refused(Owner { market, ..OWNER });
    assert!(other.contains("is of market"), "{other}");
    let cluster = [9; 32];
    let other = refused(Owner { cluster, ..OWNER });
    assert!(other.contains("is of another cluster"), "{other}");
    std::fs::write(&path, b"garbage").expect("written");
    assert!(refused(OWNER).contains("can't be opened"));
}

#[test]
fn given_a_store_that_is_full_when_more_comes_then_all_of_it_is_turned_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let limits = joulebook_gateway::store::Limits {
        messages: 3,
        ..LIMITS
    };
    let store = Store::open(&path, &OWNER, limits).expect("made");
    let all: Vec<Message> = (1..=4).map(message).collect();
    assert!(store.put(&all[..2], 0, false).is_ok());
    let refused = store.put(&all[2..], 0, false);
    assert!(matches!(refused, Err(StoreError::Full { limit: 3 })));
    assert_eq!(store.counts(), (2, 0));
    // What is known takes no room.
    assert!(store.put(&all[..3], 0, false).is_ok());
    let fate = joulebook_gateway::fate::Fate::Superseded;
    store
        .end(&[(all[0].key(), fate.clone())], 100)
        .expect("noted");
    assert!(store.put(&all[3..], 0, false).is_ok());
    let ended = |store: &Store| store.fate(&all[0].key()).expect("asked");
    assert_eq!(ended(&store).map(|known| known.fate), Some(fate));
    assert_eq!(store.forget(100 + LIMITS.fate_seconds).expect("asked"), 0);
    assert_eq!(store.forget(101 + LIMITS.fate_seconds).expect("asked"), 1);
    assert_eq!(ended(&store), None);
}

#[test]
fn given_a_meter_with_as_many_messages_as_it_may_have_when_more_come_then_others_have_room_still() {
    let folder = tempfile::tempdir().expect("a folder");
    let limits = joulebook_gateway::store::Limits {
        of_meter: 2,
        ..LIMITS
    };
    let store = Store::open(&folder.path().join("g.redb"), &OWNER, limits).expect("made");
    let all: Vec<Message> = (1..=4).map(message).collect();
    let puts = store.put(&all[..3], 0, true).expect("kept");
    assert_eq!(puts, [Put::New, Put::New, Put::TooMany]);
    let puts = store.put(&all[1..], 0, true).expect("kept");
    let known = Put::Known(joulebook_gateway::fate::Fate::Received);
    assert_eq!(puts, [known, Put::TooMany, Put::TooMany]);
    assert_eq!(store.counts(), (2, 2));
    assert_eq!(store.fate(&all[2].key()).expect("asked"), None);
}

#[test]
fn given_a_note_of_the_last_sequence_that_cannot_be_read_when_asked_then_it_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    drop(open(&path).expect("made"));
    let table: redb::TableDefinition<u32, &[u8]> = redb::TableDefinition::new("signed");
    let file = redb::Database::create(&path).expect("opened");
    let write = file.begin_write().expect("begun");
    let bytes: &[u8] = b"{\"sequence\":";
    let inserted = write
        .open_table(table)
        .expect("a table")
        .insert(7, bytes)
        .map(|_| ());
    inserted.expect("written");
    write.commit().expect("kept");
    drop(file);
    let store = open(&path).expect("opened again");
    assert_eq!(store.last_signed(6).expect("read"), None);
    let error = store.last_signed(7).expect_err("nothing must be signed");
    assert!(matches!(error, StoreError::Sequence { meter: 7 }));
}

#[test]
fn given_a_meter_with_endless_messages_when_they_end_then_so_many_fates_are_noted_and_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let limits = joulebook_gateway::store::Limits {
        of_meter: 2,
        ..LIMITS
    };
    let mut store = Store::open(&path, &OWNER, limits).expect("made");
    let all: Vec<Message> = (1..=140).map(message).collect();
    for two in all.chunks(2) {
        store.put(two, 0, false).expect("kept");
        let fate = joulebook_gateway::fate::Fate::Superseded;
        let ends: Vec<_> = two.iter().map(|one| (one.key(), fate.clone())).collect();
        store.end(&ends, 100).expect("noted");
        if two[0].key().sequence == 51 {
            drop(store);
            store = Store::open(&path, &OWNER, limits).expect("opened again");
        }
    }
    assert_eq!(store.counts(), (0, 0));
    let noted = |message: &Message| store.fate(&message.key()).expect("asked").is_some();
    assert_eq!(all.iter().filter(|one| noted(one)).count(), 2 * 64);
    let later = 101 + LIMITS.fate_seconds;
    assert_eq!(store.forget(later).expect("forgotten"), 2 * 64);
    store.put(&all[..1], 0, false).expect("kept");
    let fate = joulebook_gateway::fate::Fate::Superseded;
    store.end(&[(all[0].key(), fate)], later).expect("noted");
    assert!(store.fate(&all[0].key()).expect("asked").is_some());
}
