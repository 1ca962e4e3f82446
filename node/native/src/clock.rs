//! The chain's clock: where it starts, and how fast it runs.
//!
//! As in node/clock.mjs: Surfpool adds the length of a slot with each block and can be told to travel forward, so a clock that is
//! faster than time is one that travels often, each time to where it should be by now. Steps lead to whole seconds, since fractions
//! are dropped. A step takes its turn behind the transactions that wait; the blocks that come meanwhile bring the clock further by
//! less than [`LEAST_STEP`], so that it never goes back.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crossbeam_channel::Sender;
use surfpool_core::{surfnet::locker::SurfnetSvmLocker, types::TimeTravelConfig};
use surfpool_types::SimnetCommand;

use crate::fault::Fault;

/// Time between steps. Each of them makes a block, so blockhashes live for 150 of them, at least 20 seconds.
const STEP: Duration = Duration::from_millis(200);
/// Seconds of the chain's time.
const LEAST_STEP: i64 = 2;
/// How long the clock may stand still before the node gives up; a thousand transactions may be in its way.
const STALL: Duration = Duration::from_secs(30);
const MS_PER_SECOND: u64 = 1_000;

pub struct Clock {
    node: SurfnetSvmLocker,
    commands: Sender<SimnetCommand>,
    pace: Mutex<Pace>,
}

/// Since when the clock has its speed, and where it was then. Not the wall's clock, which can be set.
struct Pace {
    since: Instant,
    /// Unix seconds.
    from: f64,
    speed: f64,
}

impl Pace {
    fn due(&self) -> f64 {
        self.from + self.since.elapsed().as_secs_f64() * self.speed
    }
}

impl Clock {
    /// Moves the clock to `start`, unix seconds.
    ///
    /// # Errors
    /// If it does not move.
    pub fn begin(
        node: SurfnetSvmLocker,
        commands: Sender<SimnetCommand>,
        start: i64,
        speed: f64,
    ) -> Result<Clock, Fault> {
        let clock = Clock {
            node,
            commands,
            pace: Mutex::new(Pace {
                since: Instant::now(),
                from: start as f64,
                speed,
            }),
        };
        clock.travel(start)?;
        let mut pace = clock.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.since = Instant::now();
        drop(pace);
        Ok(clock)
    }

    pub fn set_speed(&self, speed: f64) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        *pace = Pace {
            since: Instant::now(),
            from: pace.due(),
            speed,
        };
    }

    /// Keeps pace until it can't, and gives what is in the way.
    pub fn run(&self) -> Fault {
        let mut moved = Instant::now();
        let mut seen = self.shown();
        loop {
            std::thread::sleep(STEP);
            let shown = self.shown();
            if shown > seen {
                (seen, moved) = (shown, Instant::now());
            }
            let due = self
                .pace
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .due() as i64;
            if due < shown.saturating_add(LEAST_STEP) {
                continue;
            }
            if let Err(fault) = self.travel(due) {
                if moved.elapsed() > STALL {
                    return fault;
                }
            }
        }
    }

    /// What it shows, unix seconds.
    fn shown(&self) -> i64 {
        let milliseconds = self.node.with_svm_reader(|svm| svm.updated_at);
        i64::try_from(milliseconds / MS_PER_SECOND).unwrap_or(i64::MAX)
    }

    fn travel(&self, to: i64) -> Result<(), Fault> {
        let to = u64::try_from(to).unwrap_or(0).saturating_mul(MS_PER_SECOND);
        let travelled = self.node.time_travel(
            None,
            self.commands.clone(),
            TimeTravelConfig::AbsoluteTimestamp(to),
        );
        match travelled {
            Ok(_) => Ok(()),
            Err(error) => Err(Fault::ClockStands(error.to_string())),
        }
    }
}
