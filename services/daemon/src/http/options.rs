use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

use serde::Deserialize;

/// The table `[http]` of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HttpOptions {
    /// Address and port; a service names its own port in its example. Nobody but this machine reaches the default, at any free
    /// port.
    pub listen: SocketAddr,
    /// Requests that one client may make, in the long run. A client is an IPv4 address, or the network of an IPv6 one.
    pub requests_per_second: NonZeroU32,
    /// Requests that one client may make at once, if it made none before.
    pub burst: NonZeroU32,
    /// The most bytes of a request's body.
    pub body_limit: usize,
    /// How long a request may take, its body included; and how long a connection may send no request.
    pub timeout_ms: u64,
    /// Connections at the same time; further ones wait.
    pub connections: usize,
    /// Connections of one client at the same time; further ones are closed at once.
    pub connections_of_client: usize,
    /// Names that requests may call it by, where it answers this machine alone: those that a server in front of it passes on.
    pub hosts: Vec<String>,
}

impl Default for HttpOptions {
    fn default() -> HttpOptions {
        HttpOptions {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            requests_per_second: NonZeroU32::MIN.saturating_add(49),
            burst: NonZeroU32::MIN.saturating_add(199),
            body_limit: 1024 * 1024,
            timeout_ms: 10_000,
            connections: 256,
            connections_of_client: 32,
            hosts: vec![],
        }
    }
}

impl HttpOptions {
    /// The defaults, at this address.
    pub fn at(listen: SocketAddr) -> HttpOptions {
        HttpOptions {
            listen,
            ..HttpOptions::default()
        }
    }

    pub(super) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.max(1))
    }
}

/// Why nothing is answered.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("{address} can't be listened on: {error}; choose another port")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
}
