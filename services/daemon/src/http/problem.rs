use axum::{
    body::{to_bytes, Body},
    http::{header, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    Json,
};
use serde::Serialize;

/// Of what a library says about an error, at most so much is passed on.
const LONGEST: usize = 1_024;

/// Why a request is not answered: a status, and what is wrong with what to do, as `{"error": …}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub error: String,
}

#[derive(Serialize)]
struct Words<'a> {
    error: &'a str,
}

impl Problem {
    pub fn new(status: StatusCode, error: impl Into<String>) -> Problem {
        Problem {
            status,
            error: error.into(),
        }
    }

    /// What was asked can't be understood.
    pub fn bad_request(error: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, error)
    }

    /// There is no such thing.
    pub fn not_found(error: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, error)
    }

    /// It can be asked again later.
    pub fn unavailable(error: impl Into<String>) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let words = Words { error: &self.error };
        let mut response = (self.status, Json(words)).into_response();
        if is_later(self.status) {
            let second = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, second);
        }
        response
    }
}

/// Whether asking again helps.
fn is_later(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE
}

/// What a router answers for a path that it does not have.
pub async fn no_such_path() -> Problem {
    Problem::not_found("there is no such path; see the page of this service")
}

/// What a router answers for a path that it has, asked in another way.
pub async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path is not asked in this way; see the page of this service",
    )
}

/// Errors of libraries, which are words or nothing, in the form of all others.
pub(super) async fn as_problem(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_error || is_json {
        return response;
    }
    let said = to_bytes(response.into_body(), LONGEST).await;
    let said = said.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let said = said.unwrap_or_default();
    let error = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "the body is too large; send less at once".into(),
        StatusCode::REQUEST_TIMEOUT => "the request took too long; send it again, faster".into(),
        _ if !said.trim().is_empty() => said,
        _ => status
            .canonical_reason()
            .unwrap_or("the request failed")
            .to_lowercase(),
    };
    Problem { status, error }.into_response()
}

/// For a connection that gets no place; what it asks for is not read.
pub(super) const NO_PLACE: &[u8] =
    b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n\
retry-after: 1\r\nconnection: close\r\ncontent-length: 72\r\n\r\n\
{\"error\":\"too many connections from this address; close some, and wait\"}";

/// For what did not get as far as the router.
pub(super) fn too_many() -> Response<Body> {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too many requests from this address; wait a second",
    )
    .into_response()
}
