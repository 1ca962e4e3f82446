//! A real PostgreSQL server, for this run alone.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{chown, MetadataExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        OnceLock,
    },
    thread,
    time::Duration,
};

use sqlx::{any::install_default_drivers, AnyConnection, AssertSqlSafe, Connection};

/// `nobody`: the server refuses to run as root.
const NOBODY: u32 = 65_534;
/// How often it is looked whether the server answers.
const POLL: Duration = Duration::from_millis(100);
const POLLS: u32 = 600;

static SERVER: OnceLock<Option<u16>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new database; `None` if no server is installed.
pub async fn new_database() -> Option<String> {
    let port = tokio::task::spawn_blocking(|| *SERVER.get_or_init(start))
        .await
        .expect("a server, or none")?;
    let number = DATABASES.fetch_add(1, Ordering::SeqCst);
    let name = format!("joulebook_{number}");
    let server = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    install_default_drivers();
    let mut attempt = 0;
    let mut connection = loop {
        match AnyConnection::connect(&server).await {
            Ok(connection) => break connection,
            Err(error) => {
                attempt += 1;
                assert!(attempt < POLLS, "the server does not get ready: {error}");
                tokio::time::sleep(POLL).await;
            }
        }
    };
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("a new database");
    connection.close().await.expect("closed");
    Some(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
}

/// Starts a server that ends with this process; its port.
fn start() -> Option<u16> {
    let Some(programs) = programs() else {
        eprintln!(
            "skipped: no PostgreSQL server is installed; toolchain/setup-services installs one"
        );
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder").keep();
    let is_root = fs::metadata("/proc/self").expect("its owner").uid() == 0;
    if is_root {
        chown(&folder, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
    let data = folder.join("data");
    let initialized = unprivileged(&programs.join("initdb"), is_root)
        .args([
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "--encoding=UTF8",
            "--pgdata",
        ])
        .arg(&data)
        .current_dir(&folder)
        .output()
        .expect("initdb runs");
    assert!(
        initialized.status.success(),
        "{}",
        String::from_utf8_lossy(&initialized.stderr)
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let log = fs::File::create(folder.join("log")).expect("a log");
    let mut server = unprivileged(&programs.join("postgres"), is_root);
    server
        .args(["-p", &port.to_string(), "-D"])
        .arg(&data)
        .args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ])
        .args([
            "-c",
            "fsync=off",
            "-c",
            "max_connections=200",
            "-c",
            "shared_buffers=16MB",
        ])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    // The server ends with the thread that started it: with this process.
    thread::spawn(move || {
        let ended = server.status();
        panic!("the server ended: {ended:?}");
    });
    Some(port)
}

/// A command that is run as a user who may do little, and that ends with whoever started it.
fn unprivileged(program: &Path, is_root: bool) -> Command {
    let mut command = Command::new("setpriv");
    if is_root {
        let id = NOBODY.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups"]);
    }
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// Where the server's programs are.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").is_file())
        .max()
}
