use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{ChildStdin, Stdio},
};

use joulebook_cli::local::node_command;
use serde_json::Value;
use url::Url;

use crate::process::Process;

/// A node on ports that were free. It ends with the test.
pub struct TestNode {
    pub url: Url,
    /// Takes its commands.
    pub control: ChildStdin,
    _process: Process,
}

impl TestNode {
    /// Starts it with these options beside, and waits until it is ready.
    pub fn start(folder: &Path, options: &[&str]) -> TestNode {
        let mut command = node_command();
        command
            .args(["--rpc-port", "0", "--ws-port", "0", "--control"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = Process::start(folder, "node", &mut command);
        let control = process.child.stdin.take().expect("its input");
        let mut line = String::new();
        let stdout = process.child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the node does not get ready: {}", process.said()));
        let url = ready["rpcUrl"].as_str().expect("its address");
        TestNode {
            url: url.parse().expect("an address"),
            control,
            _process: process,
        }
    }
}
