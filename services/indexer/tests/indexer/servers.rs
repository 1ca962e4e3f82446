//! Servers of a run: each ends with it, and keeps what it has in a folder of its own.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{chown, MetadataExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// `nobody`: servers refuse to run as root.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    fs::metadata("/proc/self").expect("its owner").uid() == 0
}

/// A folder that the server may write into.
pub fn folder() -> PathBuf {
    let folder = tempfile::tempdir().expect("a folder").keep();
    give_away(&folder);
    folder
}

/// Makes a file or folder the server's.
pub fn give_away(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
}

/// A port that nobody listens on.
pub fn port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A command that is run as a user who may do little, and that ends with whoever started it.
pub fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        let id = NOBODY.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups"]);
    }
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// Runs a server until this process ends; its log is in its folder.
pub fn run(mut server: Command, folder: &Path) {
    let log = fs::File::create(folder.join("log")).expect("a log");
    let more = log.try_clone().expect("the same log");
    server
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(more)
        .stderr(log);
    // It ends with the thread that started it: with this process.
    thread::spawn(move || {
        let ended = server.status();
        panic!("the server ended: {ended:?}");
    });
}
