//! Asks a gateway over HTTP: for another gateway, and for meters.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde::{de::DeserializeOwned, Deserialize, Serialize};
use url::Url;

use crate::{api::TableAnswer, intake::Told, message::Signed};

/// For one answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of an answer at most: a thousand messages have less than half of it.
const LONGEST: usize = 1024 * 1024;

/// Why a gateway gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    #[error("the gateway can't be asked: {0}; check its address, and whether it runs")]
    Unreachable(String),
    #[error("the gateway answers {status}: {says}")]
    Refused { status: StatusCode, says: String },
}

impl GatewayError {
    /// Whether fewer messages at once may be taken: they are too many for a request, or for the room that is left.
    pub fn is_of_size(&self) -> bool {
        self.is_of_body() || self.has_status(StatusCode::INSUFFICIENT_STORAGE)
    }

    /// Whether it is the request that is too large.
    pub fn is_of_body(&self) -> bool {
        self.has_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    fn has_status(&self, asked: StatusCode) -> bool {
        matches!(self, GatewayError::Refused { status, .. } if *status == asked)
    }
}

/// A gateway.
#[derive(Clone, Debug)]
pub struct GatewayClient {
    url: Url,
    client: Client,
}

#[derive(Serialize)]
struct Messages<'a> {
    messages: &'a [Signed],
}

#[derive(Deserialize)]
struct Answer {
    messages: Vec<Told>,
}

#[derive(Deserialize)]
struct Words {
    error: String,
}

impl GatewayClient {
    /// # Errors
    /// If HTTP can't be spoken.
    pub fn new(url: Url) -> Result<GatewayClient, GatewayError> {
        let client = Client::builder().timeout(TIMEOUT).build();
        Ok(GatewayClient {
            url,
            client: client.map_err(unreachable)?,
        })
    }

    /// Hands messages in; what is answered of each. That all were refused is an answer, too, or that some are not known.
    ///
    /// # Errors
    /// [`GatewayError`]: then they are handed in again later, which does no harm.
    pub async fn send(&self, messages: &[Signed]) -> Result<Vec<Told>, GatewayError> {
        let request = self.client.post(self.at("v1/messages")?);
        let answer: Answer = ask(request.json(&Messages { messages })).await?;
        Ok(answer.messages)
    }

    /// What a device is set up with.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn table(&self) -> Result<TableAnswer, GatewayError> {
        ask(self.client.get(self.at("v1/table")?)).await
    }

    fn at(&self, path: &str) -> Result<Url, GatewayError> {
        let url = self.url.join(path);
        url.map_err(|error| GatewayError::Unreachable(error.to_string()))
    }
}

async fn ask<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, GatewayError> {
    let mut answer = request.send().await.map_err(unreachable)?;
    let status = answer.status();
    let mut body: Vec<u8> = vec![];
    while let Some(part) = answer.chunk().await.map_err(unreachable)? {
        if body.len().saturating_add(part.len()) > LONGEST {
            let too_long = "its answer is longer than any of a gateway";
            return Err(GatewayError::Unreachable(too_long.to_owned()));
        }
        body.extend_from_slice(&part);
    }
    let is_told = status.is_success()
        || status == StatusCode::UNPROCESSABLE_ENTITY
        || status == StatusCode::SERVICE_UNAVAILABLE;
    if let (true, Ok(read)) = (is_told, serde_json::from_slice(&body)) {
        return Ok(read);
    }
    let words = serde_json::from_slice::<Words>(&body).ok();
    let says = words.map(|words| words.error);
    Err(GatewayError::Refused {
        status,
        says: says.unwrap_or_else(|| "what is no answer of a gateway".to_owned()),
    })
}

/// Without the address, which may hold a secret.
fn unreachable(error: reqwest::Error) -> GatewayError {
    let because = match () {
        () if error.is_timeout() => "it takes too long".to_owned(),
        () if error.is_connect() => "nobody answers there".to_owned(),
        () => error.without_url().to_string(),
    };
    GatewayError::Unreachable(because)
}
