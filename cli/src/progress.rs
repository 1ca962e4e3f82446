//! How far a long run has come, on stderr: a bar where there is a terminal, a line now and then where
//! there is none, so that a log shows that it goes on.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

const BETWEEN_LINES: Duration = Duration::from_secs(15);

/// Counts the steps of a run.
pub struct Progress {
    kind: Kind,
    total: u64,
    done: u64,
}

enum Kind {
    Bar(ProgressBar),
    Lines { began: Instant, last: Instant },
}

impl Progress {
    /// For `total` steps, on stderr.
    pub fn on_stderr(total: u64) -> Progress {
        let kind = if io::stderr().is_terminal() {
            Kind::Bar(bar(total))
        } else {
            let now = Instant::now();
            Kind::Lines {
                began: now,
                last: now,
            }
        };
        Progress {
            kind,
            total,
            done: 0,
        }
    }

    /// One more step is done.
    pub fn step(&mut self) {
        self.done += 1;
        match &mut self.kind {
            Kind::Bar(bar) => bar.inc(1),
            Kind::Lines { began, last } => {
                if last.elapsed() >= BETWEEN_LINES {
                    *last = Instant::now();
                    let left = time_left(began.elapsed(), self.done, self.total);
                    eprintln!(
                        "{} of {} windows, about {} s left",
                        self.done,
                        self.total,
                        left.as_secs()
                    );
                }
            }
        }
    }

    /// The run is over; the bar goes.
    pub fn finish(&self) {
        if let Kind::Bar(bar) = &self.kind {
            bar.finish_and_clear();
        }
    }
}

/// A run that fails leaves no bar behind either.
impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let template = "{bar:40} {human_pos} of {human_len} windows, {eta} left";
    // The default style does as well, should the template not be understood.
    if let Ok(style) = ProgressStyle::with_template(template) {
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

    #[test]
    fn time_left_goes_by_the_pace_so_far() {
        let minute = Duration::from_secs(60);
        assert_eq!(time_left(minute, 1, 4).as_secs(), 180);
        assert_eq!(time_left(minute, 4, 4).as_secs(), 0);
        assert_eq!(time_left(minute, 5, 4).as_secs(), 0);
        assert_eq!(time_left(minute, 0, 1).as_secs(), 60);
    }
}
