use std::sync::{Arc, OnceLock};

use axum::{extract::Request, response::IntoResponse, Router};
use joulebook_daemon::http::Problem;
use tower::ServiceExt;

/// Answers over HTTP that nothing is known yet, until there is somebody who does.
#[derive(Clone, Default)]
pub struct Gate(Arc<OnceLock<Router>>);

impl Gate {
    pub fn router(&self) -> Router {
        let Gate(behind) = self.clone();
        Router::new().fallback(move |request: Request| async move {
            match behind.get() {
                Some(router) => match router.clone().oneshot(request).await {
                    Ok(answer) => answer,
                    Err(never) => match never {},
                },
                None => Problem::unavailable(
                    "this gateway has not seen the chain yet, and keeps nothing; send it again in a while",
                )
                .into_response(),
            }
        })
    }

    /// From now on this one answers.
    pub fn open(&self, router: Router) {
        // The first one stays.
        let _ = self.0.set(router);
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::StatusCode, routing::get};

    use super::*;

    #[tokio::test]
    async fn given_nobody_who_knows_anything_when_asked_then_that_is_said_until_somebody_does() {
        let gate = Gate::default();
        let router = gate.router();
        let ask = async || {
            let request = Request::builder().uri("/v1/table").body(Body::empty());
            let answer = router.clone().oneshot(request.expect("a request")).await;
            answer.expect("an answer").status()
        };
        assert_eq!(ask().await, StatusCode::SERVICE_UNAVAILABLE);
        gate.open(Router::new().route("/v1/table", get(|| async { "known" })));
        assert_eq!(ask().await, StatusCode::OK);
    }
}
