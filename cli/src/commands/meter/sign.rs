use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use joulebook_daemon::key::KeySource;
use joulebook_gateway::{
    device::{DeviceKey, DeviceKeySource},
    explain::explain,
    GatewayClient,
};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
    register::Registers,
};
use joulebook_units::{UnixTime, Wh, WhSum};
use serde::Deserialize;
use url::Url;

use crate::{asynchronous, command_error::CommandError, output};

/// Sign a reading, or a load profile, and print it as a gateway takes it.
///
/// The registers are those at the boundary. With a file of values, it is a load profile: a row for each interval, of which the last
/// one ends at the boundary.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook meter sign --key <FILE> --meter <METER> --sequence <SEQUENCE>\n       --boundary <TIME> --import <WH> --export <WH> [OPTIONS]",
    after_help = "Example:
  joulebook meter sign --key meter.json --gateway http://127.0.0.1:9110 \\
    --meter 7 --sequence 1 --boundary 1795332600 --import 12345678 --export 0 \\
    | curl --json @- http://127.0.0.1:9110/v1/messages"
)]
pub struct SignArgs {
    /// The device's secret key, as 'joulebook meter new-key' writes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// What ties messages to the meter table: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", required_unless_present = "gateway")]
    binding: Option<String>,
    /// Ask this gateway for the binding
    #[arg(long, value_name = "URL", conflicts_with = "binding")]
    gateway: Option<Url>,
    /// The meter's number
    #[arg(long)]
    meter: u32,
    /// Higher than in every message before
    #[arg(long)]
    sequence: u64,
    /// When the registers were read: unix seconds, or as in 2026-11-22T07:30:00Z
    #[arg(long, value_name = "TIME", value_parser = time, allow_negative_numbers = true)]
    boundary: i64,
    /// All energy ever drawn, Wh
    #[arg(long, value_name = "WH")]
    import: u64,
    /// All energy ever fed in, Wh
    #[arg(long, value_name = "WH")]
    export: u64,
    /// 1 for tampered, 2 for clock unsure, 4 for power failed, or a sum of these
    #[arg(long, default_value_t = 0)]
    flags: u16,
    /// CSV with the columns import_wh and export_wh, a row for each interval
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,
    /// Print each field of the signed bytes instead, with its meaning
    #[arg(long)]
    explain: bool,
}

#[derive(Deserialize)]
struct Row {
    import_wh: u32,
    export_wh: u32,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &SignArgs) -> Result<(), CommandError> {
    let key = open(&args.key).map_err(CommandError::Input)?;
    let binding = binding(args)?;
    let values = args.values.as_ref().map(read).transpose();
    let values = values.map_err(CommandError::Input)?;
    let registers = Registers {
        import: WhSum(args.import),
        export: WhSum(args.export),
    };
    let reading = Reading {
        meter: args.meter,
        boundary: UnixTime(args.boundary),
        sequence: args.sequence,
        registers,
        flags: args.flags,
    };
    let signed = match &values {
        None => key.sign_reading(&binding, &reading),
        Some(values) => {
            let intervals = u16::try_from(values.len()).context("too many intervals");
            let profile = Profile {
                intervals: intervals.map_err(CommandError::Input)?,
                ..Profile::from(reading)
            };
            key.sign_profile(&binding, &profile, values)
        }
    };
    let signed = signed.context("signing")?;
    if !args.explain {
        return output::json(&signed);
    }
    let message = signed.read(&binding).context("reading it back")?;
    for part in explain(&message) {
        let place = format!("{:>5}", part.offset);
        output::line(&format!("{place}  {}  {}", part.bytes, part.name))?;
        output::line(&format!("       {}", part.meaning))?;
    }
    Ok(())
}

/// Of whichever curve: a keypair, or 64 hexadecimal digits.
fn open(path: &std::path::Path) -> anyhow::Result<DeviceKey> {
    let source = || KeySource::File(path.into());
    let text = source().read_secret()?;
    let source = match text.trim_start().starts_with('[') {
        true => DeviceKeySource::Ed25519(source()),
        false => DeviceKeySource::P256(source()),
    };
    Ok(source.open()?)
}

fn binding(args: &SignArgs) -> Result<[u8; 32], CommandError> {
    let text = match (&args.binding, &args.gateway) {
        (Some(binding), _) => binding.clone(),
        (None, Some(url)) => {
            let url = url.clone();
            let asked = async { GatewayClient::new(url)?.table().await };
            let asked = asynchronous::run(async { Ok(asked.await) })?;
            asked.context("asking for the binding")?.binding
        }
        (None, None) => String::new(),
    };
    let binding = bytes(&text).context("the binding has 64 hexadecimal digits");
    binding.map_err(CommandError::Input)
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    let is_hex = text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = |place: usize| u8::from_str_radix(text.get(place..place + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
    bytes.filter(|_| is_hex)?.try_into().ok()
}

fn read(path: &PathBuf) -> anyhow::Result<Vec<Energy>> {
    let reading = || format!("reading {}", path.display());
    let mut rows = csv::Reader::from_path(path).with_context(reading)?;
    let energy = |row: Result<Row, csv::Error>| {
        let row = row.with_context(reading)?;
        Ok(Energy {
            import: Wh(row.import_wh),
            export: Wh(row.export_wh),
        })
    };
    rows.deserialize().map(energy).collect()
}

fn time(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let time: Result<Timestamp, _> = text.parse();
    time.map(Timestamp::as_second)
        .map_err(|_| "write unix seconds, or a time as in 2026-11-22T07:30:00Z".to_owned())
}
