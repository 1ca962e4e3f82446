use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{kill_process, Pid, Signal};

const PATIENCE: Duration = Duration::from_secs(20);

/// A process that ends with the test.
pub struct Process {
    pub child: Child,
    pub log: PathBuf,
}

impl Process {
    /// A command of `joulebook`, whose log is a file of that name.
    pub fn joulebook(folder: &Path, log: &str, arguments: &[&str]) -> Process {
        // Where a file may not grow, it is told so and not ended, as on a disk that is full.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        command.arg(env!("CARGO_BIN_EXE_joulebook"));
        command.args(arguments).stdout(Stdio::null());
        Process::start(folder, log, &mut command)
    }

    pub fn start(folder: &Path, log: &str, command: &mut Command) -> Process {
        let log = folder.join(log).with_extension("log");
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .expect("a log");
        let child = command.stderr(file).spawn().expect("the process starts");
        Process { child, log }
    }

    /// At once, without a word.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Asks it to stop; its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let pid = Pid::from_raw(self.child.id() as i32).expect("a process");
        kill_process(pid, Signal::TERM).expect("asked");
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waited for") {
                return status.code();
            }
            assert!(
                asked.elapsed() < PATIENCE,
                "it does not stop: {}",
                self.said()
            );
            sleep(Duration::from_millis(20));
        }
    }

    /// Waits for what it logs; `what` names it where it does not come.
    pub fn wait_until_said(&self, what: &str, is_said: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !is_said(&self.said()) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{what} is not said: {}",
                self.said()
            );
            sleep(Duration::from_millis(20));
        }
    }

    /// What it has logged.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
