//! A broker of a test's own, which keeps its sessions and what is retained on the disk.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Mosquitto {
    program: PathBuf,
    configuration: PathBuf,
    pub port: u16,
    child: Option<Child>,
    _folder: TempDir,
}

impl Mosquitto {
    /// That lets everybody in; `None` where it is not installed.
    pub fn start() -> Option<Mosquitto> {
        Mosquitto::that("allow_anonymous true")
    }

    /// With this in its configuration; `None` where it is not installed.
    pub fn that(lets_in: &str) -> Option<Mosquitto> {
        let places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];
        let mut programs = places.into_iter().map(PathBuf::from);
        let Some(program) = programs.find(|path| path.exists()) else {
            println!("skipped: mosquitto is not installed (toolchain/setup-services)");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let configuration = folder.path().join("mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\n{lets_in}\npersistence true\npersistence_location {}/\n\
             autosave_interval 1\nautosave_on_changes true\nmax_queued_messages 0\nlog_dest none\nuser root\n",
            folder.path().display()
        );
        fs::write(&configuration, text).expect("written");
        let mut broker = Mosquitto {
            program,
            configuration,
            port,
            child: None,
            _folder: folder,
        };
        broker.run();
        Some(broker)
    }

    /// Again, with what it has kept.
    pub fn run(&mut self) {
        let child = Command::new(&self.program)
            .arg("-c")
            .arg(&self.configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.expect("started"));
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the broker does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn url(&self) -> Url {
        let url = format!("mqtt://127.0.0.1:{}", self.port);
        url.parse().expect("a URL")
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Nobody listens there any more.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}
