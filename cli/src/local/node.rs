use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
};

use anyhow::{Context, Result};
use serde::Deserialize;
use url::Url;

use super::Processes;

/// The script, seen from the checkout.
const SCRIPT: &str = "node/main.mjs";

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
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .context("reading what the node says")?;
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

/// What starts a node: the script in the checkout that this was built in, or what `JOULEBOOK_NODE` names, a program or a script
/// with the same options.
pub fn node_command() -> Command {
    let named = std::env::var_os("JOULEBOOK_NODE").map(PathBuf::from);
    let path = named.unwrap_or_else(|| {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        manifest.parent().unwrap_or(manifest).join(SCRIPT)
    });
    match path.extension().is_some_and(|of| of == "mjs" || of == "js") {
        true => {
            let mut command = Command::new("node");
            command.arg(path);
            command
        }
        false => Command::new(path),
    }
}
