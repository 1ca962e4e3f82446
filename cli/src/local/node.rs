use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_sim::checkout;
use serde::Deserialize;
use url::Url;

use super::Processes;

/// The script, seen from the checkout.
const SCRIPT: &str = "node/main.mjs";

/// How long it may take to get ready: it loads three programs.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of the line that says so.
const LONGEST_LINE: u64 = 64 * 1024;

/// A node of this machine that is ready.
pub struct Node {
    pub url: Url,
    pub ws_url: Url,
    control: ChildStdin,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    rpc_url: Url,
    ws_url: Url,
}

impl Node {
    /// Starts it, its clock at `start` in the format of RFC 3339, and waits until it is ready. `authority` may upgrade its
    /// programs.
    ///
    /// # Errors
    /// If it can't be started, or does not get ready; its log says why.
    pub fn start(
        processes: &mut Processes,
        ports: (u16, u16),
        start: &str,
        authority: &str,
        programs: &Path,
    ) -> Result<Node> {
        let mut command = node_command();
        command
            .args([
                "--control",
                "--start",
                start,
                "--upgrade-authority",
                authority,
            ])
            .args([
                "--rpc-port",
                &ports.0.to_string(),
                "--ws-port",
                &ports.1.to_string(),
            ])
            .arg("--programs")
            .arg(programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let child = processes.start("node", &mut command).context(
            "starting the node: is Node.js installed, or JOULEBOOK_NODE the path of a node?",
        )?;
        let control = child.stdin.take().context("the node takes no input")?;
        let stdout = child.stdout.take().context("the node says nothing")?;
        let line = first_line(stdout, PATIENCE).context("waiting for the node to get ready")?;
        let ready: Ready = match serde_json::from_str(&line) {
            Ok(ready) => ready,
            Err(_) => {
                // It has ended, or does so now.
                std::thread::sleep(std::time::Duration::from_millis(300));
                let failed = processes.failed();
                anyhow::bail!(
                    "{}",
                    failed.unwrap_or_else(|| "the node does not get ready".into())
                )
            }
        };
        Ok(Node {
            url: ready.rpc_url,
            ws_url: ready.ws_url,
            control,
        })
    }

    /// How many seconds of its time pass in one.
    ///
    /// # Errors
    /// If the node is gone.
    pub fn set_speed(&mut self, speed: f64) -> Result<()> {
        writeln!(self.control, "speed {speed}").context("telling the node its speed")
    }
}

/// What it says first; the end of its output is an empty line.
fn first_line(output: impl Read + Send + 'static, patience: Duration) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    // It ends with the output, at the latest when the process is stopped.
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(output.take(LONGEST_LINE)).read_line(&mut line);
        // Nobody may be waiting any more.
        let _ = sender.send(read.map(|_| line));
    });
    match receiver.recv_timeout(patience) {
        Ok(line) => Ok(line?),
        Err(_) => anyhow::bail!(
            "it says nothing for {} s; its log may say why",
            patience.as_secs()
        ),
    }
}

/// What starts a node: the script in the checkout, or what `JOULEBOOK_NODE` names, a program or a script
/// with the same options.
pub fn node_command() -> Command {
    let named = std::env::var_os("JOULEBOOK_NODE").map(PathBuf::from);
    let path = named.unwrap_or_else(|| checkout().join(SCRIPT));
    match path.extension().is_some_and(|of| of == "mjs" || of == "js") {
        true => {
            let mut command = Command::new("node");
            command.arg(path);
            command
        }
        false => Command::new(path),
    }
}

#[cfg(test)]
mod tests {
    use std::{io, thread::sleep};

    use super::*;

    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            sleep(Duration::from_secs(5));
            Ok(0)
        }
    }

    #[test]
    fn given_a_node_when_it_says_a_line_or_ends_then_that_is_heard() {
        let said = |text: &'static str| {
            let line = first_line(text.as_bytes(), Duration::from_secs(5));
            line.expect("heard")
        };
        assert_eq!(said("{\"pid\":1}\nmore"), "{\"pid\":1}\n");
        assert_eq!(said(""), "");
    }

    #[test]
    fn given_a_node_that_says_nothing_when_patience_ends_then_so_does_the_start() {
        let refused = first_line(Silent, Duration::from_millis(10));
        let error = refused.expect_err("it says nothing").to_string();
        assert!(error.contains("it says nothing"), "{error}");
    }
}
