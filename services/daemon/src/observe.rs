//! What a daemon tells of itself over HTTP: `/metrics` for Prometheus, `/health` for whoever restarts it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{extract::State, http::StatusCode, response::IntoResponse, routing::get, Json, Router};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use crate::http::{no_such_path, HttpError, HttpOptions, Server};

/// What works, and what does not. Each part of a daemon says so of itself, and is taken for broken if it says nothing for too long.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<BTreeMap<String, Part>>>);

#[derive(Clone, Debug)]
struct Part {
    said: Instant,
    /// How long its word holds.
    holds: Duration,
    trouble: Option<String>,
}

/// What `/health` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    pub healthy: bool,
    /// By part: `ok`, or what is wrong.
    pub parts: BTreeMap<String, String>,
}

impl Health {
    /// The part works; that holds for so long.
    pub fn works(&self, part: &str, holds: Duration) {
        self.set(part, holds, None);
    }

    /// The part does not work.
    pub fn fails(&self, part: &str, trouble: impl Into<String>) {
        self.set(part, Duration::MAX, Some(trouble.into()));
    }

    fn set(&self, part: &str, holds: Duration, trouble: Option<String>) {
        let said = Instant::now();
        let part_now = Part {
            said,
            holds,
            trouble,
        };
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(part.to_owned(), part_now);
    }

    pub fn report(&self) -> HealthReport {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let word = |part: &Part| match &part.trouble {
            Some(trouble) => Err(trouble.clone()),
            None if part.said.elapsed() > part.holds => Err(format!(
                "nothing heard for {} s",
                part.said.elapsed().as_secs()
            )),
            None => Ok(()),
        };
        let words: BTreeMap<&String, Result<(), String>> = parts
            .iter()
            .map(|(name, part)| (name, word(part)))
            .collect();
        HealthReport {
            healthy: !words.is_empty() && words.values().all(Result::is_ok),
            parts: words
                .into_iter()
                .map(|(name, word)| (name.clone(), word.err().unwrap_or_else(|| "ok".into())))
                .collect(),
        }
    }
}

/// The table `[observe]` of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObserveOptions {
    pub listen: SocketAddr,
}

/// Why nothing is told.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    #[error("observe.listen: {0}")]
    Listen(#[from] HttpError),
    #[error("metrics can't be recorded: {0}")]
    Recorder(#[from] BuildError),
}

/// Answers `/metrics` and `/health` as long as it is kept. Whoever has asked half a question then does not hold up the end.
#[derive(Debug)]
pub struct Observatory(AbortHandle);

impl Drop for Observatory {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to record what `metrics` macros say, and to answer for it and for `health`; nothing of both without options.
///
/// # Errors
/// [`ObserveError`].
pub async fn start(
    options: Option<ObserveOptions>,
    health: &Health,
) -> Result<Option<Observatory>, ObserveError> {
    let Some(ObserveOptions { listen: address }) = options else {
        return Ok(None);
    };
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let server = Server::bind(HttpOptions::at(address)).await?;
    let app = Router::new()
        .route("/metrics", get(move || async move { metrics.render() }))
        .route("/health", get(answer))
        .fallback(no_such_path)
        .with_state(health.clone());
    let server = tokio::spawn(server.serve(app, CancellationToken::new()));
    Ok(Some(Observatory(server.abort_handle())))
}

async fn answer(State(health): State<Health>) -> impl IntoResponse {
    let report = health.report();
    let status = match report.healthy {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_parts_when_one_fails_or_falls_silent_then_the_daemon_is_not_healthy() {
        let health = Health::default();
        assert!(!health.report().healthy, "nothing has started yet");
        health.works("market", Duration::from_secs(60));
        assert!(health.report().healthy);
        health.fails("cluster", "no RPC endpoint answers");
        let report = health.report();
        assert!(!report.healthy);
        assert_eq!(report.parts["cluster"], "no RPC endpoint answers");
        assert_eq!(report.parts["market"], "ok");
        health.works("cluster", Duration::ZERO);
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(health.report().parts["cluster"], "nothing heard for 0 s");
    }
}
