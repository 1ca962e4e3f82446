//! A daemon that `joulebook up` started does not outlive it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use joulebook_daemon::key;
use rustix::process::{test_kill_process, Pid};
use solana_address::Address;
use solana_keypair::Keypair;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn given_a_daemon_when_the_one_that_started_it_is_killed_then_it_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let key_path = folder.path().join("key.json");
    key::write_new(&key_path, &Keypair::new()).expect("written");
    let configuration = folder.path().join("keeper.toml");
    let market = Address::new_from_array([7; 32]).to_string();
    // Nobody answers, which a keeper rides out.
    let text = format!(
        "key = {key_path:?}\nmarkets = [{market:?}]\n[cluster]\nurls = [\"http://127.0.0.1:9\"]\n"
    );
    fs::write(&configuration, text).expect("written");
    let log = folder.path().join("keeper.log");
    let script = format!(
        "JOULEBOOK_PARENT=$$ {:?} keeper --config {configuration:?} 2> {log:?} & echo $!; wait",
        env!("CARGO_BIN_EXE_joulebook")
    );
    let mut parent = Command::new("sh")
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut line = String::new();
    let stdout = parent.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let pid = line.trim().parse().ok().and_then(Pid::from_raw);
    let pid = pid.expect("the daemon's id");
    let begun = Instant::now();
    let wait_until = |what: &str, holds: &dyn Fn() -> bool| {
        while !holds() {
            let said = fs::read_to_string(&log).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "{what}: {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let said = || fs::read_to_string(&log).unwrap_or_default();
    wait_until("it starts", &|| said().contains("starting"));
    parent.kill().expect("killed");
    parent.wait().expect("ended");
    wait_until("it stops", &|| is_over(pid));
    assert!(said().contains("stopping"), "{}", said());
}

/// Whether it has ended, though nobody may have asked what with.
fn is_over(pid: Pid) -> bool {
    let state = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    let is_dead = state.is_ok_and(|state| state.contains(") Z "));
    is_dead || test_kill_process(pid).is_err()
}
