//! Real PostgreSQL servers, for this run alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc, Mutex, OnceLock,
    },
    thread,
    time::Duration,
};

use sqlx::{any::install_default_drivers, AnyConnection, AssertSqlSafe, Connection};

use crate::{load, servers};

/// How often it is looked whether the server answers.
const POLL: Duration = Duration::from_millis(100);
const POLLS: u32 = 600;

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new database on the server that tests share; `None` if no server is installed.
pub async fn new_database() -> Option<String> {
    let shared = || SERVER.get_or_init(Server::start).as_ref();
    let server = tokio::task::spawn_blocking(shared).await;
    let server = server.expect("a server, or none")?;
    Some(server.new_database().await)
}

/// A server that ends with this process.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Mutex<u32>,
}

impl Server {
    /// `None` if none is installed.
    pub fn start() -> Option<Server> {
        let Some(programs) = programs() else {
            eprintln!(
                "skipped: no PostgreSQL server is installed; toolchain/setup-services installs one"
            );
            return None;
        };
        let folder = servers::folder();
        let initialized = servers::unprivileged(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--encoding=UTF8",
                "--pgdata",
            ])
            .arg(folder.join("data"))
            .current_dir(&folder)
            .output()
            .expect("initdb runs");
        assert!(
            initialized.status.success(),
            "{}",
            String::from_utf8_lossy(&initialized.stderr)
        );
        let server = Server {
            programs,
            folder,
            port: servers::port(),
            process: Mutex::new(0),
        };
        server.begin();
        Some(server)
    }

    /// Starts it again, with what it had.
    pub fn begin(&self) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("a log");
        // Where it is measured, it is set up as a server that keeps something.
        let (fsync, buffers) = match load::is_long() {
            true => ("fsync=on", "shared_buffers=1GB"),
            false => ("fsync=off", "shared_buffers=16MB"),
        };
        let mut server = servers::unprivileged(&self.programs.join("postgres"));
        server
            .args(["-p", &self.port.to_string(), "-D"])
            .arg(self.folder.join("data"))
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", fsync])
            .args(["-c", "max_connections=200"])
            .args(["-c", buffers])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        // The server ends with the thread that started it: with this process.
        let (started, process) = mpsc::channel();
        thread::spawn(move || {
            let mut child = server.spawn().expect("it runs");
            started.send(child.id()).expect("somebody waits");
            let _ = child.wait();
        });
        *self.process.lock().expect("unbroken") = process.recv().expect("it runs");
    }

    /// Ends it as a crash does: no session is told, nothing is put in order.
    pub fn crash(&self) {
        let process = *self.process.lock().expect("unbroken");
        let done = Command::new("kill")
            .args(["-QUIT", &process.to_string()])
            .status();
        assert!(done.expect("it runs").success());
        let ended = Path::new("/proc").join(process.to_string());
        for _ in 0..POLLS {
            if !ended.exists() {
                return;
            }
            thread::sleep(POLL);
        }
        panic!("the server does not end");
    }

    /// The address of a new database.
    pub async fn new_database(&self) -> String {
        let number = DATABASES.fetch_add(1, Ordering::SeqCst);
        let name = format!("joulebook_{number}");
        let mut connection = self.connect().await;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .expect("a new database");
        connection.close().await.expect("closed");
        self.address(&name)
    }

    /// Once it is ready.
    pub async fn connect(&self) -> AnyConnection {
        install_default_drivers();
        let address = self.address("postgres");
        let mut attempt = 0;
        loop {
            match AnyConnection::connect(&address).await {
                Ok(connection) => return connection,
                Err(error) => {
                    attempt += 1;
                    assert!(attempt < POLLS, "the server does not get ready: {error}");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

/// Where the server's programs are.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").is_file())
        .max()
}
