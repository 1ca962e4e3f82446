use std::{io::Write, path::PathBuf};

use jiff::{tz::TimeZone, Timestamp, ToSpan};
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_deployment::Sandbox;
use tempfile::TempDir;
use url::Url;

use crate::{node::TestNode, process::Process};

/// Windows of a page: two hours.
pub const PAGE: u16 = 8;

/// A node with a sandbox on it.
pub struct World {
    pub folder: TempDir,
    pub sandbox: Sandbox,
    pub url: Url,
    node: TestNode,
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
        let node = TestNode::start(folder.path(), &["--start", &start]);
        let state = folder.path().join("sandbox.json");
        let (households, page) = (households.to_string(), PAGE.to_string());
        let mut founding = Process::joulebook(
            folder.path(),
            "sandbox",
            &[
                "sandbox",
                "--url",
                node.url.as_str(),
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
            url: node.url.clone(),
            folder,
            node,
        }
    }

    /// Seconds of the chain's time in one.
    pub fn set_speed(&mut self, speed: u16) {
        writeln!(self.node.control, "speed {speed}").expect("the node listens");
    }

    /// Straight to the node.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(ClusterOptions::of(self.url.clone())).expect("an endpoint")
    }

    /// A keeper that knows these endpoints.
    pub fn keeper(&self, name: &str, urls: &[&str], pace: &str) -> Process {
        let key = self.folder.path().join(&self.sandbox.keeper.key);
        let text = format!(
            "key = {key:?}\nmarkets = [{:?}]\nstagger-ms = 300\npace = {pace:?}\n",
            self.sandbox.market,
        );
        self.daemon("keeper", name, &text, urls)
    }

    /// A gateway that listens at this port, and knows this endpoint.
    pub fn gateway(&self, name: &str, port: u16, url: &str, more: &str) -> Process {
        let key = self.folder.path().join(&self.sandbox.gateway.key);
        let store = self.store(name);
        let text = format!(
            "key = {key:?}\nmarket = {:?}\nstore = {store:?}\nwait-seconds = 60\n{more}\n\
             [http]\nlisten = \"127.0.0.1:{port}\"\n",
            self.sandbox.market,
        );
        self.daemon("gateway", name, &text, &[url])
    }

    /// The file of a gateway's messages.
    pub fn store(&self, name: &str) -> PathBuf {
        self.folder.path().join(name).with_extension("redb")
    }

    /// Starts a daemon, with this beside what all have.
    fn daemon(&self, command: &str, name: &str, text: &str, urls: &[&str]) -> Process {
        let configuration = self.folder.path().join(name).with_extension("toml");
        let text = format!(
            "poll-ms = 100\n{text}\
             [cluster]\nurls = {urls:?}\ntimeout-ms = 2000\nconfirmation-poll-ms = 100\n"
        );
        std::fs::write(&configuration, text).expect("written");
        let configuration = configuration.to_str().expect("a path");
        let arguments = [command, "--config", configuration];
        Process::joulebook(self.folder.path(), name, &arguments)
    }

    /// An agent for the households that have named it, which looks at a window twice before its gate closes.
    pub fn agent(&self, name: &str) -> Process {
        let configuration = self.folder.path().join(name).with_extension("toml");
        let key = self.folder.path().join(&self.sandbox.agent.key);
        let store = self.folder.path().join(name).with_extension("redb");
        let text = format!(
            "key = {key:?}\nmarket = {:?}\nstore = {store:?}\npoll-ms = 100\nsol-price = 1.0\nlookup-table = false\nonly-listed = false\nfirst-look-seconds = 2400\n\
             last-look-seconds = 1200\n\
             [cluster]\nurls = [{:?}]\ntimeout-ms = 2000\nconfirmation-poll-ms = 100\n\
             [observe]\nlisten = \"127.0.0.1:0\"\n",
            self.sandbox.market,
            self.url.as_str(),
        );
        std::fs::write(&configuration, text).expect("written");
        let configuration = configuration.to_str().expect("a path");
        Process::joulebook(
            self.folder.path(),
            name,
            &["agent", "--config", configuration],
        )
    }

    /// The community's meters, which hand in at a gateway what flows.
    pub fn meters_at(&self, gateway: u16) -> Process {
        let state = self.folder.path().join("sandbox.json");
        let state = state.to_str().expect("a path");
        let gateway = format!("http://127.0.0.1:{gateway}/");
        let arguments = ["meters", "--state", state, "--gateway", &gateway];
        Process::joulebook(self.folder.path(), "meters", &arguments)
    }

    /// The community's meters, which tell the oracle what flows.
    pub fn meters(&self) -> Process {
        let state = self.folder.path().join("sandbox.json");
        let state = state.to_str().expect("a path");
        Process::joulebook(self.folder.path(), "meters", &["meters", "--state", state])
    }
}
