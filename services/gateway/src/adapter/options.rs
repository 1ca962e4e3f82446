use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;

use crate::device::DeviceKeySource;

/// A table `[[adapter]]`: a meter as it is, which the gateway signs for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdapterOptions {
    /// For logs and metrics.
    pub name: String,
    /// The meter's number.
    pub meter: u32,
    /// The key that the meter was registered with.
    pub device_key: DeviceKeySource,
    pub from: LineOptions,
    pub speaks: Speaks,
    #[serde(default)]
    pub sign: Sign,
    /// How old a value may be at a boundary to count as its registers.
    #[serde(default = "half_a_minute")]
    pub tolerance_seconds: u32,
}

/// Where a meter is heard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", untagged)]
pub enum LineOptions {
    Serial {
        serial: PathBuf,
        /// 115,200 for DSMR 4 and later, 9,600 for SML.
        #[serde(default = "dsmr_baud")]
        baud: u32,
    },
    Tcp {
        tcp: SocketAddr,
    },
}

/// What a meter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaks {
    P1,
    Sml,
}

/// What is signed of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// A load profile of each page, once it is over.
    #[default]
    Profile,
    /// A reading at each boundary.
    Reading,
}

/// A table `[[charger]]`: a charger whose OCMF records the gateway verifies, and signs for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChargerOptions {
    /// For logs and metrics.
    pub name: String,
    /// Its meter's number.
    pub meter: u32,
    /// The key that the meter was registered with.
    pub device_key: DeviceKeySource,
    /// The charger's own key of P-256, in hexadecimal digits: a point of SEC 1, or that in the DER of X.509.
    pub public_key: String,
    /// The meter's serial number, as `MS` of the records has it: where a station signs for several with one key.
    pub meter_serial: Option<String>,
}

fn half_a_minute() -> u32 {
    30
}

fn dsmr_baud() -> u32 {
    115_200
}
