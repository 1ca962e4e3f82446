//! What becomes of the files of a run that is refused, fails or is interrupted.
#![cfg(unix)]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use joulebook_cli::spreadsheet::FILES;
use rustix::process::{kill_process, Pid, Signal};

/// A day of quarter hours: its largest table is more than a pipe holds.
const DAY: [&str; 7] = [
    "simulate",
    "--window",
    "900",
    "--days",
    "1",
    "--overwrite",
    "--csv",
];

fn joulebook(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
    command.args(args).arg(folder).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A folder with files of an earlier run.
fn folder_with_old(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for name in names {
        fs::write(dir.path().join(name), "old").expect("written");
    }
    dir
}

/// Whether each file in a folder, by its name, is of the earlier run.
fn are_old(folder: &Path) -> BTreeMap<String, bool> {
    let entries = fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let regular = files.filter(|path| path.is_file());
    regular
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (
                name.into_owned(),
                fs::read(&path).expect("readable") == b"old",
            )
        })
        .collect()
}

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).expect("the process is there");
}

fn last_line(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().last().unwrap_or_default().to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn given_a_file_that_waits_for_its_reader_when_interrupted_then_the_others_are_as_they_were_and_that_is_said(
) {
    use rustix::fs::{mkfifoat, Mode, CWD};
    let [bills, windows, positions] = FILES;
    let dir = folder_with_old(&[bills, windows]);
    let pipe = dir.path().join(positions);
    mkfifoat(CWD, &pipe, Mode::RUSR | Mode::WUSR).expect("made");
    let child = joulebook(&DAY, dir.path()).spawn().expect("starts");
    let mut reader = File::open(&pipe).expect("the command opens it as well");
    reader.read_exact(&mut [0]).expect("the table begins");
    interrupt(&child);
    let output = child.wait_with_output().expect("ends");
    let said = last_line(&output);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let expected = "stopped after 96 of 96 windows; not all files are written";
    assert_eq!(said, expected);
    let old = [bills, windows].map(|name| (name.to_owned(), true));
    assert_eq!(are_old(dir.path()), BTreeMap::from(old));
}

#[test]
fn given_files_are_being_written_when_interrupted_then_all_are_old_or_all_are_new_and_which_is_said(
) {
    let dir = folder_with_old(&FILES);
    let mut child = joulebook(&DAY, dir.path()).spawn().expect("starts");
    let is_draft = |name: &String| name.starts_with(".joulebook-");
    // It may be too late by then, and the run over.
    while child.try_wait().expect("can be asked").is_none() {
        if names_in(dir.path()).iter().any(is_draft) {
            interrupt(&child);
            break;
        }
        thread::sleep(Duration::from_micros(100));
    }
    let output = child.wait_with_output().expect("ends");
    let said = last_line(&output);
    let found = are_old(dir.path());
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["bills.csv", "positions.csv", "windows.csv"],
        "{said}"
    );
    let are_all_old = said.ends_with("; nothing was kept");
    assert!(
        found.values().all(|old| *old == are_all_old),
        "{said}: {found:?}"
    );
    if output.status.code() == Some(130) && !are_all_old {
        assert!(said.ends_with("; all files are written"), "{said}");
    }
}

/// What is in a folder while another writes into it.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

#[test]
fn given_a_disk_that_is_full_half_way_when_simulated_then_old_files_stay_and_the_file_is_named() {
    let dir = folder_with_old(&FILES);
    let mut command = Command::new("sh");
    // A limit of a few kB for each file is met by the last and largest.
    let begin = ["-c", r#"trap "" XFSZ; ulimit -f 40; exec "$0" "$@""#];
    command.args(begin).arg(env!("CARGO_BIN_EXE_joulebook"));
    command.args(DAY).arg(dir.path()).stdin(Stdio::null());
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("positions.csv can't be written: "), "{said}");
    assert!(!said.contains(".joulebook-"), "{said}");
    assert!(
        !output.stdout.is_empty(),
        "the report is there all the same"
    );
    let old = FILES.map(|name| (name.to_owned(), true));
    assert_eq!(are_old(dir.path()), BTreeMap::from(old));
}

#[test]
fn given_one_folder_can_not_be_when_refused_then_the_other_is_not_made() {
    let dir = folder_with_old(&["afile"]);
    let other = dir.path().join("new/folder").display().to_string();
    let output = joulebook(
        &["simulate", "--csv", &other, "--plot"],
        &dir.path().join("afile"),
    );
    let output = { output }.output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
    assert!(said.contains("afile is a file; name a folder"), "{said}");
    assert_eq!(names_in(dir.path()), ["afile"]);
}

#[test]
fn given_a_folder_that_was_made_when_interrupted_early_then_it_is_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("new/folder");
    let long = ["simulate", "--households", "2", "--days", "366", "--csv"];
    let child = joulebook(&long, &folder).spawn().expect("starts");
    while !folder.is_dir() {
        thread::sleep(Duration::from_millis(1));
    }
    interrupt(&child);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(last_line(&output).ends_with("; nothing was kept"));
    assert_eq!(names_in(dir.path()), Vec::<String>::new());
}
