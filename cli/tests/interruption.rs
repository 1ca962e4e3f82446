//! Ctrl-C, and being asked to end, while a command runs.
#![cfg(unix)]

use std::{
    fs::File,
    io::{pipe, BufRead, BufReader, Read, Write},
    num::NonZero,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustix::{
    fs::{fcntl_getfl, fcntl_setfl, OFlags},
    process::{kill_process, Pid, Signal},
    pty::{grantpt, openpt, ptsname, unlockpt, OpenptFlags},
    termios::{tcsetwinsize, Winsize},
};

/// A year of five minutes: nobody waits for its end.
const LONG: [&str; 5] = ["simulate", "--households", "2", "--days", "366"];
const COLUMNS: NonZero<u16> = NonZero::new(80).expect("not zero");
const ROWS: NonZero<u16> = NonZero::new(40).expect("not zero");
/// More than a pipe or a buffer holds.
const MUCH: usize = 1 << 18;

fn joulebook(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
    command.args(args).stdin(Stdio::null());
    command
}

fn send(child: &Child, signal: Signal) {
    let id = Pid::from_child(child);
    kill_process(id, signal).expect("the process is there");
}

/// What the command says and the code it ends with when it gets `signal` before the first window.
fn stopped_early(signal: Signal) -> (String, Option<i32>) {
    let mut command = joulebook(&LONG);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut said = String::new();
    stderr.read_line(&mut said).expect("it says something");
    send(&child, signal);
    stderr.read_to_string(&mut said).expect("readable");
    let output = child.wait_with_output().expect("ends");
    assert!(output.stdout.is_empty(), "there is no result");
    (said, output.status.code())
}

#[test]
fn given_a_simulation_when_it_is_asked_to_end_then_it_says_so_and_ends_as_shells_expect() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let (said, ended) = stopped_early(signal);
        assert_eq!(ended, Some(code), "{said}");
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with("stopped "), "{said}");
        assert_eq!(said.matches("stopped").count(), 1, "{said}");
    }
}

#[test]
fn given_a_command_waits_for_its_input_when_it_is_interrupted_then_it_ends() {
    let mut command = joulebook(&["clear", "--book", "-"]);
    command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // When all of it is taken, the command reads.
    stdin.write_all(&vec![b' '; MUCH]).expect("is read");
    send(&child, Signal::INT);
    let output = child.wait_with_output().expect("ends");
    drop(stdin);
    assert_eq!(output.status.code(), Some(130));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said,
        "stopped before there was a result; nothing was kept\n"
    );
}

#[test]
fn given_a_result_that_waits_for_its_reader_when_interrupted_then_it_is_not_called_whole_or_missing(
) {
    let orders = vec![r#"{"price":1,"qty":1}"#; MUCH].join(",");
    let book = format!(r#"{{"bids":[{orders}],"offers":[{orders}]}}"#);
    let mut command = joulebook(&["clear", "--book", "-"]);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(book.as_bytes()).expect("is read");
    drop(stdin);
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut [0]).expect("the result begins");
    send(&child, Signal::INT);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(130));
    let said = String::from_utf8_lossy(&output.stderr);
    let expected = "stopped while the result was printed; it may not be whole\n";
    assert_eq!(said, expected);
}

#[test]
fn given_nobody_takes_what_is_said_when_it_is_interrupted_again_then_it_ends_at_once() {
    let (_reader, mut stderr) = pipe().expect("a pipe");
    let flags = fcntl_getfl(&stderr).expect("flags");
    fcntl_setfl(&stderr, flags | OFlags::NONBLOCK).expect("set");
    while stderr.write(&[b' '; 1]).is_ok() {}
    fcntl_setfl(&stderr, flags).expect("set");
    let mut command = joulebook(&["clear", "--book", "-"]);
    command.stdin(Stdio::piped()).stderr(stderr);
    let mut child = command.spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&vec![b' '; MUCH]).expect("is read");
    send(&child, Signal::INT);
    // It now waits for room on stderr. How soon it does is not known, and two signals at once may count as one.
    let ended = (0..600).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        let ended = child.try_wait().expect("can be asked");
        if ended.is_none() {
            send(&child, Signal::INT);
        }
        ended
    });
    if ended.is_none() {
        child.kill().expect("can be ended");
    }
    assert_eq!(ended.and_then(|status| status.code()), Some(130));
}

/// A terminal's two ends: what a person sees, and what a command writes to.
fn terminal() -> (File, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&person).expect("granted");
    unlockpt(&person).expect("unlocked");
    let size = Winsize {
        ws_row: ROWS.get(),
        ws_col: COLUMNS.get(),
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&person, size).expect("has a size");
    let name = ptsname(&person, Vec::new()).expect("has a name");
    let name = name.into_string().expect("is text");
    let command = File::options().read(true).write(true).open(name);
    (File::from(person), command.expect("can be opened"))
}

#[test]
fn given_a_bar_on_a_terminal_when_it_is_interrupted_then_the_bar_goes_and_how_far_it_came_stays() {
    let (mut person, stderr) = terminal();
    let mut command = joulebook(&LONG);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .expect("starts");
    // It holds the command's end of the terminal, which must be closed for the reading to end.
    drop(command);
    let mut screen = vt100::Parser::new(ROWS, COLUMNS, 0);
    let mut bytes = [0; 4096];
    let mut interrupted = false;
    // The terminal is gone, with an error on some systems, when the command is.
    while let Ok(count @ 1..) = person.read(&mut bytes) {
        screen.process(&bytes[..count]);
        let shown = screen.screen().contents();
        // A few windows are done.
        if !interrupted && shown.contains(" of 105,408 windows, ") {
            send(&child, Signal::INT);
            interrupted = true;
        }
    }
    let ended = child.wait().expect("ends");
    let shown = screen.screen().contents();
    assert_eq!(ended.code(), Some(130), "{shown}");
    assert!(!shown.contains("105,408 windows, "), "{shown}");
    let last = shown.trim_end().lines().last().unwrap_or_default();
    assert!(
        last.starts_with("stopped after ")
            && last.contains(" of 105,408 windows; nothing was kept"),
        "{shown}"
    );
    assert!(!screen.screen().hide_cursor(), "{shown}");
    assert_eq!(screen.screen().cursor_position().1, 0, "{shown}");
}
