use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use joulebook_client::layout::oracle::KeyKind;
use joulebook_daemon::key;
use joulebook_gateway::device::{DeviceKey, P256Key};
use serde::Serialize;
use solana_address::Address;
use solana_keypair::Keypair;

use crate::{command_error::CommandError, output};

/// Make a key for a meter's device, and print what is registered of it.
///
/// The secret goes into a new file that you alone can read. A device with a secure element makes its own key and never shows it.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook meter new-key --curve p256 --out meter.key")]
pub struct NewKeyArgs {
    #[arg(long, value_enum)]
    curve: Curve,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Curve {
    /// Ed25519: signs readings and load profiles
    Ed25519,
    /// NIST P-256, as secure elements have it: signs load profiles
    P256,
}

/// What a meter is registered with.
#[derive(Serialize)]
struct Registered {
    /// The public key in hexadecimal digits, of P-256 compressed.
    public_key: String,
    /// `device` of the meter's row, in base58.
    device: String,
    key_kind: &'static str,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &NewKeyArgs) -> Result<(), CommandError> {
    let NewKeyArgs { curve, out } = args;
    let device = match curve {
        Curve::Ed25519 => {
            let keypair = Keypair::new();
            let written = key::write_new(out, &keypair);
            written.with_context(|| format!("making {}", out.display()))?;
            DeviceKey::Ed25519(keypair)
        }
        Curve::P256 => {
            // A keypair's secret is 32 random bytes; nearly all of these are a number below the curve's order, too.
            let mut drawn = (0..8).map(|_| *Keypair::new().secret_bytes());
            let secret = drawn.find_map(|secret| Some((secret, P256Key::from_bytes(&secret)?)));
            let (secret, device) = secret.context("no random number was below the order")?;
            let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            let written = key::write_new_secret(out, format!("{digits}\n").as_bytes());
            written.with_context(|| format!("making {}", out.display()))?;
            DeviceKey::P256(device)
        }
    };
    let public = device.public();
    output::json(&Registered {
        public_key: public.hex(),
        device: Address::new_from_array(public.device).to_string(),
        key_kind: match public.kind {
            KeyKind::Ed25519 => "ed25519",
            KeyKind::P256Even => "p256-even",
            KeyKind::P256Odd => "p256-odd",
        },
    })
}
