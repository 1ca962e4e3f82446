//! Whom a request believes it asks. A page from anywhere can have its own name lead to this machine, and then read what is answered here:
//! its browser sends that name.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{header, uri::Authority, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{HttpOptions, Problem};

/// The names that a service goes by.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    named: Arc<[String]>,
    /// Whether it answers this machine alone: no name leads there that is not told of.
    is_local: bool,
}

impl Hosts {
    pub(super) fn of(options: &HttpOptions) -> Hosts {
        Hosts {
            named: options
                .hosts
                .iter()
                .map(|name| name.to_lowercase())
                .collect(),
            is_local: options.listen.ip().is_loopback(),
        }
    }

    /// Whether a request may name it so. Addresses are nobody's names; and whoever sends no name is no browser.
    fn know(&self, host: Option<&str>) -> bool {
        let Some(host) = host.filter(|_| self.is_local) else {
            return true;
        };
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        let name = authority.host().to_lowercase();
        let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        is_address || name == "localhost" || self.named.contains(&name)
    }
}

pub(super) async fn by_its_name(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST);
    let is_known = match host.map(|host| host.to_str()) {
        None => hosts.know(None),
        Some(Ok(host)) => hosts.know(Some(host)),
        Some(Err(_)) => false,
    };
    match is_known {
        true => next.run(request).await,
        false => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this service is not known by that name; ask it at its address, or add the name to http.hosts",
        )
        .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_when_a_service_of_this_machine_is_asked_then_it_knows_its_own_alone() {
        let mut options = HttpOptions {
            hosts: vec!["Energy.example".to_owned()],
            ..HttpOptions::default()
        };
        let hosts = Hosts::of(&options);
        for own in [
            "127.0.0.1:9105",
            "localhost",
            "LOCALHOST:1",
            "[::1]:9105",
            "energy.example:443",
        ] {
            assert!(hosts.know(Some(own)), "{own}");
        }
        for strange in [
            "evil.example",
            "127.0.0.1.evil.example:80",
            "localhost.evil",
            "",
            "a b",
        ] {
            assert!(!hosts.know(Some(strange)), "{strange}");
        }
        assert!(hosts.know(None));
        options.listen = ([10, 0, 0, 1], 80).into();
        assert!(
            Hosts::of(&options).know(Some("evil.example")),
            "others reach it anyway"
        );
    }
}
