//! How far a long run has come, on stderr: a bar where there is a terminal, a line now and then where
//! there is none, so that a log shows that it goes on.

use std::{
    io::{self, IsTerminal},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::{
    counted::{counted, noun_of},
    output,
    output_files::Kept,
};

const BETWEEN_LINES: Duration = Duration::from_secs(15);

/// Counts the windows of a run. A clone counts the same ones, so that another thread can say how far it came.
#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    shown: Shown,
    total: u64,
    done: u64,
}

#[derive(Default)]
enum Shown {
    #[default]
    Nothing,
    Bar(ProgressBar),
    Lines {
        began: Instant,
        last: Instant,
    },
}

impl Progress {
    /// From now on a run of `total` windows is shown.
    pub fn begin(&self, total: u64) {
        let shown = if io::stderr().is_terminal() {
            Shown::Bar(bar(total))
        } else {
            let now = Instant::now();
            Shown::Lines {
                began: now,
                last: now,
            }
        };
        *self.state() = State {
            shown,
            total,
            done: 0,
        };
    }

    /// One more window is done.
    pub fn step(&self) {
        let mut state = self.state();
        state.done += 1;
        let (done, total) = (state.done, state.total);
        match &mut state.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.inc(1),
            Shown::Lines { began, last } => {
                if last.elapsed() >= BETWEEN_LINES {
                    *last = Instant::now();
                    let left = time_left(began.elapsed(), done, total).as_secs();
                    output::note(&format!(
                        "{} of {}, about {} s left",
                        HumanCount(done),
                        counted(total, "window"),
                        HumanCount(left)
                    ));
                }
            }
        }
    }

    /// The run is over, well or not; the bar goes.
    pub fn finish(&self) {
        self.state().clear();
    }

    /// The run is given up: the bar goes, it is said how far it came and what is left, and `end` ends the process. Nothing
    /// more is counted or shown before that: whoever tries waits.
    pub fn stop(&self, files: Kept, end: impl FnOnce()) {
        let mut state = self.state();
        state.clear();
        output::note(&state.given_up(files, output::has_begun()));
        end();
    }

    /// A thread that panicked has left nothing half counted.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn clear(&mut self) {
        if let Shown::Bar(bar) = std::mem::take(&mut self.shown) {
            bar.finish_and_clear();
        }
    }

    fn given_up(&self, files: Kept, is_printing: bool) -> String {
        let when = match self.total {
            _ if is_printing => "while the result was printed".to_owned(),
            0 => "before there was a result".to_owned(),
            total => format!(
                "after {} of {}",
                HumanCount(self.done),
                counted(total, "window")
            ),
        };
        let left = match files {
            Kept::All => "all files are written",
            Kept::Part => "not all files are written",
            Kept::Nothing if is_printing => "it may not be whole",
            Kept::Nothing => "nothing was kept",
        };
        format!("stopped {when}; {left}")
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let windows = noun_of(total, "window");
    let template = format!("{{bar:30}} {{human_pos}} of {{human_len}} {windows}, {{eta}} left");
    // The default style does as well, should the template not be understood.
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// If it goes on as fast as until now.
fn time_left(elapsed: Duration, done: u64, total: u64) -> Duration {
    let share = total.saturating_sub(done) as f64 / done.max(1) as f64;
    Duration::try_from_secs_f64(elapsed.as_secs_f64() * share).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paragraph::WIDTH;

    #[test]
    fn time_left_goes_by_the_pace_so_far() {
        let minute = Duration::from_secs(60);
        assert_eq!(time_left(minute, 1, 4).as_secs(), 180);
        assert_eq!(time_left(minute, 4, 4).as_secs(), 0);
        assert_eq!(time_left(minute, 5, 4).as_secs(), 0);
        assert_eq!(time_left(minute, 0, 1).as_secs(), 60);
    }

    #[test]
    fn a_run_that_is_given_up_says_how_far_it_came() {
        let given_up = |total, done| {
            let shown = Shown::Nothing;
            State { shown, total, done }.given_up(Kept::Nothing, false)
        };
        for (total, done, when) in [
            (0, 0, "stopped before there was a result; "),
            (1, 0, "stopped after 0 of 1 window; "),
            (1_920, 1_337, "stopped after 1,337 of 1,920 windows; "),
            (u64::MAX, 0, "stopped after 0 of 18,446,744,"),
        ] {
            let said = given_up(total, done);
            assert!(said.starts_with(when) && said.len() <= WIDTH, "{said}");
        }
    }

    #[test]
    fn what_is_left_of_a_run_that_is_given_up_is_said_as_it_is() {
        for (files, is_printing, said) in [
            (Kept::Nothing, false, "; nothing was kept"),
            (Kept::Part, false, "not all files are written"),
            (Kept::All, false, "; all files are written"),
            (Kept::Nothing, true, "printed; it may not be whole"),
            (Kept::All, true, "printed; all files are written"),
        ] {
            let found = State::default().given_up(files, is_printing);
            assert!(found.ends_with(said), "{found}");
        }
    }
}
