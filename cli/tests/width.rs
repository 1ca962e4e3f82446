//! What the commands print fits a terminal of 80 columns.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use clap::CommandFactory;
use joulebook_cli::{commands::Cli, paragraph::WIDTH};
use unicode_width::UnicodeWidthStr;

/// `terminal` is how wide it says that it is.
fn joulebook(args: &[&str], terminal: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
    command
        .args(args)
        .stdin(Stdio::null())
        .env_remove("COLUMNS");
    if let Some(columns) = terminal {
        command.env("COLUMNS", columns);
    }
    command.output().expect("runs")
}

fn check_width(args: &[&str], output: &Output) {
    assert!(!output.stdout.is_empty() || !output.stderr.is_empty());
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        for line in text.lines() {
            let width = line.width();
            assert!(width <= WIDTH, "{args:?}: {width} columns: {line}\n{text}");
        }
    }
}

#[test]
fn given_any_terminal_when_help_is_asked_for_then_it_fits_80_columns() {
    let cli = Cli::command();
    let commands = commands(&cli);
    assert!(commands.contains(&vec!["simulate"]));
    assert!(commands.contains(&vec!["admin", "meter", "register"]));
    let mut lines = vec![vec![], vec!["-h"], vec!["--help"], vec!["--version"]];
    for command in commands {
        let with = |option| [command.clone(), vec![option]].concat();
        lines.extend([
            with("-h"),
            with("--help"),
            [vec!["help"], command.clone()].concat(),
        ]);
    }
    for line in &lines {
        for terminal in [None, Some("80"), Some("200")] {
            check_width(line, &joulebook(line, terminal));
        }
    }
}

/// Every command, with what leads to it.
fn commands(of: &clap::Command) -> Vec<Vec<&str>> {
    let mut all = vec![];
    for command in of.get_subcommands() {
        let name = command.get_name();
        all.push(vec![name]);
        all.extend(
            commands(command)
                .into_iter()
                .map(|rest| [vec![name], rest].concat()),
        );
    }
    all
}

/// A command, and those within it.
fn each<'a>(command: &'a clap::Command, look: &mut dyn FnMut(&'a clap::Command)) {
    look(command);
    for inner in command.get_subcommands() {
        each(inner, look);
    }
}

#[test]
fn given_help_with_columns_laid_by_hand_when_shown_then_no_line_of_them_is_broken() {
    let cli = Cli::command();
    each(&cli, &mut |command| {
        let laid = command.get_after_help().map(ToString::to_string);
        let laid = laid.unwrap_or_else(|| panic!("{} has no example", command.get_name()));
        for line in laid.lines().filter(|line| line.starts_with(' ')) {
            assert!(line.width() <= WIDTH, "{line}");
        }
    });
}

#[test]
fn given_what_can_not_be_used_when_refused_then_the_message_fits_80_columns() {
    let dir = tempfile::tempdir().expect("a folder");
    // A name without spaces, as it may be, has a line of its own.
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let two_ways = file(
        "a.csv",
        "time,load\n2024-06-01 00:00,4\n2024-06-01 00:15,4\n",
    );
    let wrong = file(
        "b.csv",
        "time,a_load_w\n2024-06-01T00:00Z,x\n2024-06-01T00:15Z,y\n",
    );
    let book = file(
        "c.json",
        r#"{"bids":[{"price":"high","qty":-1}],"offers":[]}"#,
    );
    let baseline = file("d.json", "{}");
    for line in [
        &["no-such-command"][..],
        &["simulate", "--no-such-option"],
        &["simulate", "--window", "61"],
        &["simulate", "--households", "5", "--profiles", "a.csv"],
        &["simulate", "--days", "367"],
        &["simulate", "--retail", "80000"],
        &["simulate", "--window", "60", "--correction-days", "34"],
        &["simulate", "--profiles", &two_ways],
        &["simulate", "--profiles", &wrong],
        &["clear"],
        &["clear", "--book", &book],
        &["clear", "--book", "a", "--price-scale", "7"],
        &["bench", "--baseline", &baseline],
    ] {
        let output = joulebook(line, None);
        assert_eq!(output.status.code(), Some(2), "{line:?}");
        check_width(line, &output);
    }
}

#[test]
fn given_communities_when_simulated_then_all_that_is_said_fits_80_columns() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("profiles.csv");
    let rows = "time,ada_load_w,bob_net_w\n2024-06-01T00:00Z,400,-200\n2024-06-01T06:00Z,400,\n\
                2024-06-01T12:00Z,400,-200\n2024-06-01T18:00Z,400,-200\n2024-06-02T00:00Z,400,-200\n";
    std::fs::write(&path, rows).expect("written");
    let path = Path::new(&path).display().to_string();
    for line in [
        &[
            "simulate",
            "--households",
            "2",
            "--window",
            "3600",
            "--days",
            "1",
        ][..],
        &["simulate", "--profiles", &path, "--fill", "mean"],
    ] {
        let output = joulebook(line, None);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{line:?}: {said}");
        check_width(line, &output);
    }
}
