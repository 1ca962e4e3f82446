//! A clean stop: on SIGTERM or SIGINT whoever works finishes what it is at; a second signal ends at once.

use std::{process, time::Duration};

use tokio::{
    signal::unix::{signal, SignalKind},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// What the second signal ends with.
const IMPATIENT: i32 = 1;
/// Signals so close to the first are the same one.
const ONE_SIGNAL: Duration = Duration::from_secs(1);

/// Cancelled by the first SIGTERM or SIGINT. To be called within a runtime.
///
/// # Errors
/// If signals can't be listened for.
pub fn on_signal() -> std::io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        next().await;
        info!("stopping; a second signal ends at once");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        stop.cancel();
        // Some send it to the process and to its group: that is one.
        let stopped = Instant::now();
        while stopped.elapsed() < ONE_SIGNAL {
            next().await;
        }
        warn!("ended before it was done");
        process::exit(IMPATIENT);
    });
    Ok(token)
}

/// Tells a service manager that listens that the daemon is ready.
pub fn ready() {
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
}
