//! A disk without room loses nothing that was kept, and what comes is kept again once there is room.

use std::{env, fs, path::Path, process::Command};

use joulebook_gateway::store::{Put, Store};
use rustix::process::{setrlimit, Resource, Rlimit};

use crate::{killed::message, killed::OWNER, village::LIMITS};

/// Names the file to the process whose disk is full.
const STORE: &str = "JOULEBOOK_STORE_ON_A_FULL_DISK";
const NAME: &str = "full_disk::given_a_file_when_it_may_not_grow_for_a_while_then_what_was_kept_is_there_and_more_can_be_kept";

fn set_largest_file(bytes: Option<u64>) {
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    setrlimit(Resource::Fsize, limit).expect("limited");
}

/// Does nothing by itself; the next test runs it in a process of its own, as it limits all files of one.
#[test]
fn given_a_file_when_it_may_not_grow_for_a_while_then_what_was_kept_is_there_and_more_can_be_kept()
{
    let Some(path) = env::var_os(STORE) else {
        return;
    };
    let path = Path::new(&path);
    let mut store = Store::open(path, &OWNER, LIMITS).expect("made");
    let mut kept = 0;
    for _ in 0..3 {
        kept += 1;
        store.put(&[message(kept)], 0, true).expect("kept");
        set_largest_file(Some(8 * 1_024));
        for _ in 0..3 {
            let refused = store.put(&[message(kept + 1)], 0, true);
            let refused = refused.expect_err("no room").to_string();
            assert!(
                refused.contains("disk full") || refused.contains("can't be opened"),
                "{refused}"
            );
        }
        set_largest_file(None);
        // The first attempt may be the one that opens it again.
        let again = (0..2).find_map(|_| store.put(&[message(kept + 1)], 0, true).ok());
        assert_eq!(again, Some(vec![Put::New]));
        kept += 1;
    }
    let waiting = store.all_waiting();
    drop(store);
    store = Store::open(path, &OWNER, LIMITS).expect("opened again");
    assert_eq!(store.all_waiting(), waiting);
    assert_eq!(waiting.len() as u64, kept);
    fs::write(path.with_extension("done"), "").expect("told");
}

#[test]
fn given_a_disk_that_is_full_when_it_has_room_again_then_a_store_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.redb");
    let ended = Command::new("sh")
        // Writing is refused then, and does not end the process.
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(env::current_exe().expect("this test"))
        .args(["--exact", "--nocapture", NAME])
        .env(STORE, &path)
        .output()
        .expect("run");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    assert!(path.with_extension("done").exists(), "{said}");
}
