use std::{
    path::Path,
    process::{Command, Stdio},
};

use joulebook_sim::checkout;

/// Where the web page is.
pub const PAGE_URL: &str = "http://127.0.0.1:9100/";
const PORT: &str = "9100";
/// The script and what it serves, seen from the checkout.
const SCRIPT: &str = "app/scripts/serve.mjs";
const BUILT: &str = "app/dist/index.html";

/// What serves the web page of a sandbox, whose state file is `state`; `None` where no page was built. It ends with its stdin.
pub fn page_command(state: &Path) -> Option<Command> {
    let checkout = checkout();
    checkout.join(BUILT).is_file().then(|| {
        let mut command = Command::new("node");
        command
            .arg(checkout.join(SCRIPT))
            .args(["--control", "--port", PORT, "--state"])
            .arg(state)
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        command
    })
}
