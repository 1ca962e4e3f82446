use std::{
    io::{BufRead, BufReader, Write},
    process::{ChildStdin, Stdio},
};

use jiff::{tz::TimeZone, Timestamp, ToSpan};
use joulebook_cli::local::node_command;
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_deployment::Sandbox;
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::process::Process;

/// Windows of a page: two hours.
pub const PAGE: u16 = 8;

/// A node with a sandbox on it.
pub struct World {
    pub folder: TempDir,
    pub sandbox: Sandbox,
    pub url: Url,
    control: ChildStdin,
    _node: Process,
}

impl World {
    /// A node, and a community of `households` that begins with its next page.
    pub fn begin(households: u16) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        // A page starts twenty minutes later; the clock can't be set back.
        let tomorrow = Timestamp::now().to_zoned(TimeZone::UTC).start_of_day();
        let start = tomorrow.and_then(|day| day.checked_add(1.day().hours(9).minutes(40)));
        let start = start
            .expect("a time")
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        let mut command = node_command();
        command
            .args([
                "--rpc-port",
                "0",
                "--ws-port",
                "0",
                "--control",
                "--start",
                &start,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut node = Process::start(folder.path(), "node", &mut command);
        let control = node.child.stdin.take().expect("its input");
        let mut line = String::new();
        let stdout = node.child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the node does not get ready: {}", node.said()));
        let url = ready["rpcUrl"].as_str().expect("its address").to_owned();
        let state = folder.path().join("sandbox.json");
        let (households, page) = (households.to_string(), PAGE.to_string());
        let mut founding = Process::joulebook(
            folder.path(),
            "sandbox",
            &[
                "sandbox",
                "--url",
                &url,
                "--state",
                state.to_str().expect("a path"),
                "--households",
                &households,
                "--windows-per-page",
                &page,
                "--correction-hours",
                "4",
            ],
        );
        let founded = founding.child.wait().expect("it ends");
        assert!(founded.success(), "{}", founding.said());
        World {
            sandbox: Sandbox::read(&state).expect("the state file"),
            url: url.parse().expect("an address"),
            folder,
            control,
            _node: node,
        }
    }

    /// Seconds of the chain's time in one.
    pub fn set_speed(&mut self, speed: u16) {
        writeln!(self.control, "speed {speed}").expect("the node listens");
    }

    /// Straight to the node.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(ClusterOptions::of(self.url.clone())).expect("an endpoint")
    }

    /// A keeper that knows these endpoints.
    pub fn keeper(&self, name: &str, urls: &[&str], pace: &str) -> Process {
        let configuration = self.folder.path().join(name).with_extension("toml");
        let key = self.folder.path().join(&self.sandbox.keeper.key);
        let text = format!(
            "key = {key:?}\nmarkets = [{:?}]\npoll-ms = 100\nstagger-ms = 300\npace = {pace:?}\n\
             [cluster]\nurls = {urls:?}\ntimeout-ms = 2000\nconfirmation-poll-ms = 100\n",
            self.sandbox.market,
        );
        std::fs::write(&configuration, text).expect("written");
        let configuration = configuration.to_str().expect("a path");
        Process::joulebook(
            self.folder.path(),
            name,
            &["keeper", "--config", configuration],
        )
    }

    /// The community's meters, which tell the oracle what flows.
    pub fn meters(&self) -> Process {
        let state = self.folder.path().join("sandbox.json");
        let state = state.to_str().expect("a path");
        Process::joulebook(self.folder.path(), "meters", &["meters", "--state", state])
    }
}
