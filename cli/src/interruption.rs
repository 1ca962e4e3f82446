//! Ctrl-C, and the signal that asks a process to end: the terminal and all folders are left as they were, and how far the
//! run came is said in one line.

use std::{
    io,
    sync::{atomic::AtomicBool, Arc},
    thread,
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
    iterator::Signals,
    low_level,
};

use crate::{output_files::OutputFiles, progress::Progress};

/// What shells add to a signal's number, where a command ended by it.
const BY_SIGNAL: i32 = 128;

/// From now on the first of these signals clears the bar and the unfinished files away, and ends the process after a line on
/// stderr. A second one ends it at once, as it must where nobody takes that line.
///
/// # Errors
/// If the system has no room for a handler or a thread.
pub fn watch(progress: Progress, files: OutputFiles) -> io::Result<()> {
    let stopping = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let code = BY_SIGNAL + signal;
        // In this order: the first signal finds the flag unset, and sets it.
        flag::register_conditional_shutdown(signal, code, Arc::clone(&stopping))?;
        flag::register(signal, Arc::clone(&stopping))?;
    }
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            // Not `std::process::exit`: the run goes on in its thread, and what that clears away would be missing.
            files.abandon(|kept| progress.stop(kept, || low_level::exit(BY_SIGNAL + signal)));
        }
    };
    thread::Builder::new().spawn(wait)?;
    Ok(())
}
