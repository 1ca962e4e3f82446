//! A real PostgreSQL server, for this run alone.

use std::{
    fs,
    path::PathBuf,
    sync::{
        atomic::{AtomicU32, Ordering},
        OnceLock,
    },
    time::Duration,
};

use sqlx::{any::install_default_drivers, AnyConnection, AssertSqlSafe, Connection};

use crate::{load, servers};

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
    let folder = servers::folder();
    let data = folder.join("data");
    let initialized = servers::unprivileged(&programs.join("initdb"))
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
    let port = servers::port();
    // Where it is measured, it is set up as a server that keeps something.
    let (fsync, buffers) = match load::is_long() {
        true => ("fsync=on", "shared_buffers=1GB"),
        false => ("fsync=off", "shared_buffers=16MB"),
    };
    let mut server = servers::unprivileged(&programs.join("postgres"));
    server
        .args(["-p", &port.to_string(), "-D"])
        .arg(&data)
        .args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ])
        .args(["-c", fsync, "-c", "max_connections=200", "-c", buffers]);
    servers::run(server, &folder);
    Some(port)
}

/// Where the server's programs are.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").is_file())
        .max()
}
