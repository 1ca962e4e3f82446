//! What becomes of a command when nobody takes what it prints.
#![cfg(unix)]

use std::{
    fs::File,
    io::pipe,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const FULL: &str = "/dev/full";
const SMALL: [&str; 8] = [
    "simulate",
    "--households",
    "2",
    "--window",
    "3600",
    "--days",
    "1",
    "--json",
];

fn joulebook(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
    command.args(args).stdin(Stdio::null());
    command
}

/// The same command, begun with its standard error closed.
fn joulebook_without_stderr(args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let begin = ["-c", r#"exec "$0" "$@" 2>&-"#];
    command.args(begin).arg(env!("CARGO_BIN_EXE_joulebook"));
    command.args(args).stdin(Stdio::null());
    command
}

/// The end of a pipe that nobody reads.
fn abandoned() -> Stdio {
    let (_, writer) = pipe().expect("a pipe");
    writer.into()
}

/// A disk without room, where the system has such a file.
fn full() -> Option<Stdio> {
    if !Path::new(FULL).exists() {
        return None;
    }
    let file = File::options().write(true).open(FULL);
    Some(file.expect("can be written to").into())
}

/// Of a command whose standard error is taken by nobody.
fn without_stderr(args: &[&str]) -> Vec<Output> {
    let mut commands = vec![joulebook_without_stderr(args)];
    let kinds = [Some(abandoned()), full()];
    commands.extend(kinds.into_iter().flatten().map(|stderr| {
        let mut command = joulebook(args);
        command.stderr(stderr);
        command
    }));
    let outputs = commands
        .into_iter()
        .map(|mut command| command.stdout(Stdio::piped()).spawn().expect("starts"))
        .map(|child| child.wait_with_output().expect("ends"));
    outputs.collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn given_nobody_takes_stderr_when_simulated_then_the_result_is_whole() {
    let heard = joulebook(&SMALL).output().expect("runs");
    assert!(!heard.stderr.is_empty(), "it says something");
    for output in without_stderr(&SMALL) {
        assert_eq!(output.status.code(), Some(0));
        let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
        assert_eq!(report["windows"], 24);
    }
}

#[test]
fn given_nobody_takes_stderr_when_refused_then_the_exit_code_says_so() {
    for args in [
        &["clear", "--book", "/no/such/book.json"][..],
        &["simulate", "--days", "0"],
        &["no-such-command"],
        &[],
    ] {
        for output in without_stderr(args) {
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(output.stdout.is_empty(), "{args:?}");
        }
    }
}

/// Commands that print a result, short and long, or what clap prints by itself.
fn printing() -> (tempfile::TempDir, Vec<Vec<String>>) {
    let dir = tempfile::tempdir().expect("a folder");
    let book = |name: &str, orders: usize| {
        let path = dir.path().join(name).display().to_string();
        let orders = vec![r#"{"price":1,"qty":1}"#; orders].join(",");
        let text = format!(r#"{{"bids":[{orders}],"offers":[{orders}]}}"#);
        std::fs::write(&path, text).expect("written");
        path
    };
    let lines = [
        "--help".to_owned(),
        "--version".to_owned(),
        "help clear".to_owned(),
        "simulate --help".to_owned(),
        SMALL.join(" "),
        SMALL[..7].join(" "),
        format!("clear --book {}", book("small.json", 1)),
        // More than a pipe or a buffer holds.
        format!("clear --book {}", book("large.json", 100_000)),
    ];
    let words = |line: &String| line.split(' ').map(str::to_owned).collect();
    let lines = lines.iter().map(words).collect();
    (dir, lines)
}

#[test]
fn given_a_full_disk_when_a_result_or_help_is_written_then_it_fails_and_says_why() {
    let (_dir, lines) = printing();
    for line in lines {
        let Some(full) = full() else {
            return;
        };
        let args: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = joulebook(&args).stdout(full).output().expect("runs");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        let why = "error: standard output takes no more: ";
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with(why), "{args:?}: {said}");
    }
}

#[test]
fn given_the_reader_has_gone_when_a_result_or_help_is_written_then_that_is_no_failure() {
    let (_dir, lines) = printing();
    for line in lines {
        let args: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = joulebook(&args).stdout(abandoned()).output();
        let output = output.expect("runs");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        assert!(!said.contains("error"), "{args:?}: {said}");
    }
}
