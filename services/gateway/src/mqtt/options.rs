use std::path::PathBuf;

use joulebook_daemon::{key::KeySource, mqtt};
use rumqttc::MqttOptions;
use serde::Deserialize;
use solana_address::Address;
use url::Url;

use super::PAYLOAD;

/// Bytes of a packet that the connection bears: far more than a broker should let through, as one that is longer breaks it off,
/// and comes again on the next one.
const PACKET: usize = 16 * 1024 * 1024;

/// The table `[mqtt]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BrokerOptions {
    /// `mqtt://host:port`, or `mqtts://host:port` with TLS.
    pub url: Url,
    /// The session's name: the broker keeps for it what comes while the gateway is down.
    /// Without one it is `joulebook-gateway-` and the payer's first characters: two sessions of one name put each other out.
    pub client_id: Option<String>,
    #[serde(default = "messages_topic")]
    pub topic: String,
    /// Fates go to this topic, with the meter's number behind it.
    #[serde(default = "fates_topic")]
    pub fates: String,
    pub user: Option<String>,
    pub password: Option<KeySource>,
    /// Certificates that the broker's is held against, PEM.
    pub ca: Option<PathBuf>,
}

/// Why a broker can't be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    #[error(transparent)]
    Address(#[from] mqtt::AddressError),
    #[error("mqtt.{0}: a topic to listen to or publish in is expected")]
    Topic(&'static str),
}

impl BrokerOptions {
    /// # Errors
    /// [`BrokerError`].
    pub fn check(&self) -> Result<(), BrokerError> {
        self.broker().check()?;
        if !rumqttc::valid_filter(&self.topic) {
            return Err(BrokerError::Topic("topic"));
        }
        match rumqttc::valid_topic(&self.fates) {
            true => Ok(()),
            false => Err(BrokerError::Topic("fates")),
        }
    }

    fn client_id(&self, payer: &Address) -> String {
        let of_payer = || mqtt::client_id("gateway", &payer.to_string());
        self.client_id.clone().unwrap_or_else(of_payer)
    }

    pub(super) fn connection(&self, payer: &Address) -> Result<MqttOptions, mqtt::FileError> {
        let mut options = self.broker().connection(&self.client_id(payer))?;
        options
            .set_clean_session(false)
            .set_manual_acks(true)
            .set_max_packet_size(PACKET, PAYLOAD);
        Ok(options)
    }

    fn broker(&self) -> mqtt::Broker<'_> {
        mqtt::Broker {
            url: &self.url,
            user: self.user.as_deref(),
            password: self.password.as_ref(),
            ca: self.ca.as_deref(),
        }
    }
}

fn messages_topic() -> String {
    "joulebook/v1/messages".to_owned()
}

fn fates_topic() -> String {
    "joulebook/v1/fates".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_no_client_id_when_two_gateways_connect_then_they_have_sessions_of_their_own() {
        let mut options = BrokerOptions {
            url: "mqtt://127.0.0.1".parse().expect("a URL"),
            client_id: None,
            topic: messages_topic(),
            fates: fates_topic(),
            user: None,
            password: None,
            ca: None,
        };
        let id = |options: &BrokerOptions, payer: u8| {
            options.client_id(&Address::new_from_array([payer; 32]))
        };
        assert_ne!(id(&options, 1), id(&options, 2));
        assert!(id(&options, 1).starts_with("joulebook-gateway-"));
        options.client_id = Some("own".to_owned());
        assert_eq!(id(&options, 1), "own");
    }
}
