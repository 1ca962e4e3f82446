//! How a broker of MQTT 3.1.1 is connected to: where it is, who one is there, and whose word for it counts.

use std::{path::Path, sync::Arc, time::Duration};

use rumqttc::{
    ConnectReturnCode, ConnectionError, MqttOptions, StateError, TlsConfiguration, Transport,
};
use url::Url;

use crate::{
    key::{KeyError, KeySource},
    tls::{self, TlsError},
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);
const PORT: u16 = 1_883;
const SECURE_PORT: u16 = 8_883;
/// Characters of an address that tell two sessions apart.
const NAMED_BY: usize = 8;

/// What every table `[mqtt]` says of its broker.
#[derive(Clone, Copy, Debug)]
pub struct Broker<'a> {
    /// `mqtt://host:port`, or `mqtts://host:port` with TLS.
    pub url: &'a Url,
    pub user: Option<&'a str>,
    pub password: Option<&'a KeySource>,
    /// Certificates that the broker's is held against, PEM.
    pub ca: Option<&'a Path>,
}

/// Why there is no broker to ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("mqtt.url: {0} is no mqtt:// or mqtts:// address with a host")]
    Url(Url),
    #[error("mqtt.ca: an mqtts:// address needs the certificates that the broker's is held against; name their file")]
    NoCa,
}

/// Why a file that is named can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("mqtt.password: {0}")]
    Password(#[from] KeyError),
    #[error("mqtt.ca: {0}")]
    Ca(#[from] TlsError),
}

impl Broker<'_> {
    /// # Errors
    /// [`AddressError`].
    pub fn check(&self) -> Result<(), AddressError> {
        let is_known = matches!(self.url.scheme(), "mqtt" | "mqtts");
        if !is_known || self.url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::Url(self.url.clone()));
        }
        match self.is_secure() && self.ca.is_none() {
            true => Err(AddressError::NoCa),
            false => Ok(()),
        }
    }

    /// A connection of that name: two of one name put each other out.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn connection(&self, client_id: &str) -> Result<MqttOptions, FileError> {
        let host = self.url.host_str().unwrap_or_default();
        let port = if self.is_secure() { SECURE_PORT } else { PORT };
        let mut options = MqttOptions::new(client_id, host, self.url.port().unwrap_or(port));
        options.set_keep_alive(KEEP_ALIVE);
        if let Some(user) = self.user {
            let password = self.password.map(KeySource::read_secret).transpose()?;
            options.set_credentials(user, password.unwrap_or_default().trim());
        }
        if let Some(ca) = self.ca.filter(|_| self.is_secure()) {
            let tls = TlsConfiguration::Rustls(Arc::new(tls::trusting(ca)?));
            options.set_transport(Transport::tls_with_config(tls));
        }
        Ok(options)
    }

    fn is_secure(&self) -> bool {
        self.url.scheme() == "mqtts"
    }
}

/// The name of a daemon's connection where none is configured, with the first characters of an address that is its own.
pub fn client_id(daemon: &str, address: &str) -> String {
    let first: String = address.chars().take(NAMED_BY).collect();
    format!("joulebook-{daemon}-{first}")
}

/// Why a connection ended, and what to do.
pub fn trouble(error: &ConnectionError) -> String {
    use ConnectReturnCode::{BadClientId, BadUserNamePassword, NotAuthorized, ServiceUnavailable};
    match error {
        ConnectionError::ConnectionRefused(BadUserNamePassword | NotAuthorized) => {
            "the broker refuses this user; check mqtt.user and mqtt.password".to_owned()
        }
        ConnectionError::ConnectionRefused(BadClientId) => {
            "the broker refuses the connection's name; choose another mqtt.client-id".to_owned()
        }
        ConnectionError::ConnectionRefused(ServiceUnavailable) => {
            "the broker is not ready; wait".to_owned()
        }
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
            "the broker does not answer; check mqtt.url and the network".to_owned()
        }
        ConnectionError::Io(error) => {
            format!("the broker can't be reached: {error}; does it run, and is mqtt.url right?")
        }
        ConnectionError::MqttState(StateError::ConnectionAborted) => {
            "the broker has hung up; if it does so again and again, another has the same mqtt.client-id".to_owned()
        }
        ConnectionError::Tls(error) => format!("no TLS with the broker: {error}; check mqtt.ca"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn checked(url: &str, ca: Option<&Path>) -> Result<(), AddressError> {
        let url = url.parse().expect("a URL");
        let broker = Broker {
            url: &url,
            user: None,
            password: None,
            ca,
        };
        broker.check()
    }

    #[test]
    fn given_addresses_when_checked_then_those_of_brokers_are_taken() {
        assert_eq!(checked("mqtt://broker.example", None), Ok(()));
        assert_eq!(
            checked("mqtts://broker.example", Some("ca.pem".as_ref())),
            Ok(())
        );
        assert_eq!(
            checked("mqtts://broker.example", None),
            Err(AddressError::NoCa)
        );
        for url in ["http://broker.example", "mqtt:broker", "mqtt:///"] {
            let refused = AddressError::Url(url.parse().expect("a URL"));
            assert_eq!(checked(url, None), Err(refused), "{url}");
        }
    }

    #[test]
    fn given_a_broker_when_connected_to_then_its_usual_ports_are_known() {
        let port = |url: &str| {
            let url = url.parse().expect("a URL");
            let broker = Broker {
                url: &url,
                user: None,
                password: None,
                ca: None,
            };
            let options = broker.connection("name").expect("options");
            options.broker_address()
        };
        assert_eq!(
            port("mqtt://one.example"),
            ("one.example".to_owned(), 1_883)
        );
        assert_eq!(port("mqtts://one.example").1, 8_883);
        assert_eq!(
            port("mqtt://127.0.0.1:1900"),
            ("127.0.0.1".to_owned(), 1_900)
        );
    }

    #[test]
    fn given_files_that_are_not_there_when_connected_then_the_key_is_named() {
        let (url, missing) = (
            "mqtts://one.example".parse().expect("a URL"),
            PathBuf::from("/nowhere"),
        );
        let password = KeySource::File(missing.clone());
        let broker = |password, ca| Broker {
            url: &url,
            user: Some("house"),
            password,
            ca,
        };
        let error = |broker: Broker| broker.connection("name").map(|_| ()).expect_err("no file");
        let text = error(broker(Some(&password), None)).to_string();
        assert!(text.starts_with("mqtt.password: /nowhere"), "{text}");
        let text = error(broker(None, Some(&missing))).to_string();
        assert!(text.starts_with("mqtt.ca: /nowhere"), "{text}");
    }

    #[test]
    fn given_two_addresses_when_their_connections_are_named_then_the_names_differ() {
        assert_eq!(
            client_id("home", "7Np41oeYqPefeNQE"),
            "joulebook-home-7Np41oeY"
        );
        assert_ne!(client_id("home", "11111111"), client_id("home", "22222222"));
    }

    #[test]
    fn given_a_refusal_when_it_is_told_then_the_key_to_look_at_is_named() {
        let refused = ConnectionError::ConnectionRefused(ConnectReturnCode::NotAuthorized);
        assert!(trouble(&refused).contains("mqtt.password"));
        let away = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert!(trouble(&ConnectionError::Io(away)).contains("mqtt.url"));
    }
}
