//! A source on a server: bounded in time and size, and followed nowhere that was not asked for.

use std::time::Duration;

use joulebook_cluster::is_this_machine;
use reqwest::{redirect::Policy, Client};
use url::Url;

/// Bytes of a source: two years of quarter hours fit.
pub const LONGEST_SOURCE: usize = 8 * 1024 * 1024;

/// Why a server's prices can't be had. Nothing of the address but its host is in it: there may be a key in the rest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("prices come over http or https, not {0}")]
    Scheme(String),
    #[error(
        "{0} is asked without TLS, and whoever is on the way could write other prices; use https"
    )]
    Plain(String),
    #[error("{host} {reason}")]
    NoAnswer { host: String, reason: String },
    #[error("{host} answers {status}; check the address")]
    Refused { host: String, status: u16 },
    #[error("{host} answers more than {LONGEST_SOURCE} bytes; ask it for less")]
    TooLong { host: String },
}

/// What a server answers, within `patience` altogether.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch(url: &Url, patience: Duration) -> Result<Vec<u8>, FetchError> {
    let host = host_of(url)?;
    let no_answer = |error: reqwest::Error| FetchError::NoAnswer {
        host: host.clone(),
        reason: reason(&error).to_owned(),
    };
    let client = Client::builder()
        .timeout(patience)
        // Whoever answers could send us anywhere, to this machine's own services, too.
        .redirect(Policy::none())
        .build()
        .map_err(no_answer)?;
    let accepted = "application/json, text/csv;q=0.9, text/plain;q=0.8";
    let request = client.get(url.clone()).header("accept", accepted);
    let mut answer = request.send().await.map_err(no_answer)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(FetchError::Refused {
            host,
            status: answer.status().as_u16(),
        });
    }
    let mut body = vec![];
    while let Some(part) = answer.chunk().await.map_err(no_answer)? {
        if body.len().saturating_add(part.len()) > LONGEST_SOURCE {
            return Err(FetchError::TooLong { host });
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// The name of the server to ask.
fn host_of(url: &Url) -> Result<String, FetchError> {
    let host = url.host_str().unwrap_or("the server").to_owned();
    match url.scheme() {
        "https" => Ok(host),
        "http" if is_this_machine(url) => Ok(host),
        "http" => Err(FetchError::Plain(host)),
        other => Err(FetchError::Scheme(other.to_owned())),
    }
}

fn reason(error: &reqwest::Error) -> &'static str {
    match () {
        () if error.is_timeout() => "takes too long; try again, or give it more time",
        () if error.is_connect() => "can't be connected to; check address and network",
        () => "breaks off its answer; try again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_addresses_when_asked_then_without_tls_none_but_this_machine_is_believed() {
        let asked = |url: &str| host_of(&url.parse().expect("a URL"));
        for own in [
            "http://127.0.0.1:8080/prices",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(asked(own).is_ok(), "{own}");
        }
        let plain = |host: &str| Err(FetchError::Plain(host.into()));
        assert_eq!(
            asked("http://prices.example/day.json"),
            plain("prices.example")
        );
        assert_eq!(asked("http://10.0.0.1/"), plain("10.0.0.1"));
        assert_eq!(
            asked("https://prices.example/"),
            Ok("prices.example".into())
        );
        let refused = asked("ftp://prices.example/");
        assert_eq!(refused, Err(FetchError::Scheme("ftp".into())));
    }
}
