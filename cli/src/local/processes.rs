use std::{
    fs::{self, File},
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{kill_process, Pid, Signal};

/// How long a process may take to stop.
const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);
/// Lines of a log that are shown of a process that failed.
const SHOWN: usize = 8;

/// Tells a daemon whom it must not outlive: who started it may be killed and can't stop it then.
const PARENT: &str = "JOULEBOOK_PARENT";

/// Sees to it that this process is asked to stop once the one that started it with [`Processes`] is gone. Does nothing in one
/// that somebody else started.
///
/// # Errors
/// If the system does not take it, or the other is gone already.
pub fn follow_parent() -> io::Result<()> {
    let named = std::env::var(PARENT).ok();
    let Some(parent) = named.and_then(|parent| parent.parse().ok()) else {
        return Ok(());
    };
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(Signal::TERM))?;
    // It may have been killed before the system was told.
    match rustix::process::getppid().map(Pid::as_raw_pid) == Some(parent) {
        true => Ok(()),
        false => Err(io::Error::other(
            "whoever started this process is gone; start it by itself",
        )),
    }
}

/// Processes that were started here and end before this does; what they say goes into a folder of logs.
pub struct Processes {
    logs: PathBuf,
    running: Vec<Process>,
}

struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Processes {
    /// # Errors
    /// If the folder can't be made.
    pub fn new(logs: PathBuf) -> io::Result<Processes> {
        fs::create_dir_all(&logs)?;
        Ok(Processes {
            logs,
            running: vec![],
        })
    }

    /// Starts one, with what it says in a file of its name. Its stdout and stdin are as the command has them.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(&mut self, name: &str, command: &mut Command) -> io::Result<&mut Child> {
        let log = self.logs.join(name).with_extension("log");
        let file = File::create(&log)?;
        // In a group of its own: Ctrl-C is for the one who stops it in its turn.
        let child = command
            .stderr(Stdio::from(file))
            .process_group(0)
            .env(PARENT, std::process::id().to_string())
            .spawn()?;
        self.running.push(Process {
            name: name.to_owned(),
            child,
            log,
        });
        let last = self.running.last_mut();
        last.map(|process| &mut process.child)
            .ok_or_else(|| io::Error::other("a process that was started is not there"))
    }

    /// The first that has ended, with what it said last.
    pub fn failed(&mut self) -> Option<String> {
        self.running.iter_mut().find_map(|process| {
            let status = process.child.try_wait().ok()??;
            let said = last_lines(&process.log);
            Some(failure(&process.name, status, &process.log, &said))
        })
    }

    /// Asks all of them to stop, the last one first, and waits for each.
    pub fn stop(&mut self) {
        while let Some(mut process) = self.running.pop() {
            if let Some(pid) = pid_of(&process.child) {
                let _ = kill_process(pid, Signal::TERM);
            }
            let asked = Instant::now();
            while matches!(process.child.try_wait(), Ok(None)) {
                if asked.elapsed() > PATIENCE {
                    let _ = process.child.kill();
                    break;
                }
                sleep(POLL);
            }
            let _ = process.child.wait();
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop();
    }
}

fn pid_of(child: &Child) -> Option<Pid> {
    Pid::from_raw(child.id().try_into().ok()?)
}

fn failure(name: &str, status: ExitStatus, log: &Path, said: &str) -> String {
    format!(
        "{name} has ended ({status}); its log is {}, and ends with:\n{said}",
        log.display()
    )
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn processes() -> (tempfile::TempDir, Processes) {
        let folder = tempfile::tempdir().expect("a folder");
        let processes = Processes::new(folder.path().join("logs")).expect("a folder for logs");
        (folder, processes)
    }

    #[test]
    fn given_a_process_that_ends_when_asked_then_it_is_named_with_its_last_words() {
        let (_folder, mut processes) = processes();
        let mut command = Command::new("sh");
        command.args(["-c", "echo no key >&2; exit 3"]);
        processes.start("keeper", &mut command).expect("a shell");
        let begun = Instant::now();
        let failed = loop {
            if let Some(failed) = processes.failed() {
                break failed;
            }
            assert!(begun.elapsed() < PATIENCE, "it ends at once");
            sleep(POLL);
        };
        assert!(
            failed.starts_with("keeper has ended (exit status: 3)"),
            "{failed}"
        );
        assert!(failed.ends_with("no key"), "{failed}");
    }

    #[test]
    fn given_processes_when_they_are_stopped_then_none_is_left() {
        let (_folder, mut processes) = processes();
        let mut pids = vec![];
        for name in ["one", "two"] {
            let mut command = Command::new("sleep");
            let child = processes.start(name, command.arg("1000")).expect("sleep");
            pids.push(pid_of(child).expect("a process"));
        }
        assert!(processes.failed().is_none());
        processes.stop();
        assert!(pids
            .iter()
            .all(|pid| rustix::process::test_kill_process(*pid).is_err()));
    }
}
