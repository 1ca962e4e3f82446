use anyhow::anyhow;
use clap::{Args, Subcommand, ValueEnum};
use joulebook_client::{
    layout::oracle::{AssetKind, EnergySource},
    oracle::{
        instructions::ChangeDeviceInstructionArgs,
        types::{FinalRegisters, MeterDetails},
    },
};
use joulebook_operations::{
    meters::{device_from, household_meter},
    CoSigned, OperationError, Session,
};
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::{
        access::{told, Access, Role},
        co_signing::CoSigning,
    },
};

/// Register meters, change them, and take them out of service; most of it with the owner's signature.
///
/// What can cost the owner something needs its signature beside yours. If its key is not on this machine, --file writes what you
/// signed into a file for it: it does not expire, and \"joulebook member sign FILE\" says in plain words what it will do.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  joulebook admin meter register OWNER --device KEY --max-import 10000 \\
      --file meter.json --config operations.toml
  joulebook admin meter quarantine 3 --reason 2 --config operations.toml"
)]
pub struct MeterArgs {
    #[command(subcommand)]
    change: Change,
}

#[derive(Debug, Subcommand)]
enum Change {
    Register(RegisterArgs),
    Limits(LimitsArgs),
    Draw(DrawArgs),
    Device(DeviceArgs),
    Retire(RetireArgs),
    Quarantine(QuarantineArgs),
    Restore(RestoreArgs),
}

/// Register a meter of a participant; it is in service from the next page on.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook admin meter register <OWNER> --device <KEY>\n       --max-import <WATTS> [OPTIONS]",
    after_help = "Example:
  joulebook admin meter register OWNER --device KEY --max-import 10000 \\
      --max-export 5000 --file meter.json --config operations.toml"
)]
struct RegisterArgs {
    /// The owner's wallet
    #[arg(value_name = "OWNER")]
    owner: Address,
    /// Public key of the device: base58 (Ed25519), or 66 hexadecimal digits (P-256)
    #[arg(long, value_name = "KEY")]
    device: String,
    /// The most that its connection carries, drawn, W
    #[arg(long, value_name = "WATTS")]
    max_import: u32,
    /// The most that its connection carries, fed in, W
    #[arg(long, value_name = "WATTS", default_value_t = 0)]
    max_export: u32,
    /// Number of its zone
    #[arg(long, default_value_t = 0)]
    zone: u8,
    /// What it measures
    #[arg(long, value_enum, default_value_t = Asset::Mixed)]
    asset: Asset,
    /// Where what it feeds in comes from [default: sun, if it feeds in]
    #[arg(long, value_enum)]
    source: Option<Source>,
    /// What it is charged for an interval once it has been silent for long, Wh
    #[arg(long, value_name = "WH", default_value_t = 0)]
    standard_draw: u32,
    /// What it shows now, drawn, Wh
    #[arg(long, value_name = "WH", default_value_t = 0)]
    import: u64,
    /// What it shows now, fed in, Wh
    #[arg(long, value_name = "WH", default_value_t = 0)]
    export: u64,
    #[command(flatten)]
    co_signing: CoSigning,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Asset {
    Load,
    Photovoltaics,
    Battery,
    Car,
    HeatPump,
    Mixed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Source {
    None,
    Sun,
    Wind,
    Water,
    Biomass,
    Storage,
    Other,
}

/// Change what a meter's connection carries at most, from the next page on.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook admin meter limits <METER> --max-import <WATTS>\n       --max-export <WATTS> [OPTIONS]",
    after_help = "Example:
  joulebook admin meter limits 3 --max-import 20000 --max-export 10000 \\
      --file limits.json --config operations.toml"
)]
struct LimitsArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
    /// Drawn, W
    #[arg(long, value_name = "WATTS")]
    max_import: u32,
    /// Fed in, W
    #[arg(long, value_name = "WATTS")]
    max_export: u32,
    #[command(flatten)]
    co_signing: CoSigning,
}

/// Change what a meter is charged for an interval once it has been silent for long.
///
/// The authority lowers it without the owner.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin meter draw 3 250 --file draw.json --config operations.toml")]
struct DrawArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
    /// Of an interval
    #[arg(value_name = "WH")]
    standard_draw: u32,
    #[command(flatten)]
    co_signing: CoSigning,
}

/// Let another device go on where a meter's present one stops.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook admin meter device <METER> --device <KEY>\n       --last-import <WH> --last-export <WH> [OPTIONS]",
    after_help = "Example:
  joulebook admin meter device 3 --device KEY --last-import 81234 \\
      --last-export 0 --file device.json --config operations.toml"
)]
struct DeviceArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
    /// Public key of the new device: base58 (Ed25519), or 66 hexadecimal digits (P-256)
    #[arg(long, value_name = "KEY")]
    device: String,
    /// What the old device shows, drawn, Wh
    #[arg(long, value_name = "WH")]
    last_import: u64,
    /// What the old device shows, fed in, Wh
    #[arg(long, value_name = "WH")]
    last_export: u64,
    /// What the new device shows, drawn, Wh
    #[arg(long, value_name = "WH", default_value_t = 0)]
    import: u64,
    /// What the new device shows, fed in, Wh
    #[arg(long, value_name = "WH", default_value_t = 0)]
    export: u64,
    #[command(flatten)]
    co_signing: CoSigning,
}

/// Take a meter out of service for good, at the end of this page.
///
/// The authority does so without the owner, if no last registers are named.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin meter retire 3 --import 91234 --export 0 \\
      --file retire.json --config operations.toml")]
struct RetireArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
    /// What its device shows, drawn, Wh
    #[arg(long, value_name = "WH", requires = "export")]
    import: Option<u64>,
    /// What its device shows, fed in, Wh
    #[arg(long, value_name = "WH", requires = "import")]
    export: Option<u64>,
    #[command(flatten)]
    co_signing: CoSigning,
}

/// Stop taking a meter's readings until it is restored.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin meter quarantine 3 --reason 2 --config operations.toml")]
struct QuarantineArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
    /// A code of the community's own, not 0
    #[arg(long)]
    reason: u16,
}

/// Take a meter's readings again.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin meter restore 3 --config operations.toml")]
struct RestoreArgs {
    /// The meter's number
    #[arg(value_name = "METER")]
    meter: u32,
}

pub async fn run(access: &Access, args: &MeterArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let alone = match &args.change {
        Change::Quarantine(args) => Some(session.quarantine(args.meter, args.reason).await),
        Change::Restore(args) => Some(session.restore(args.meter).await),
        _ => None,
    };
    if let Some(plan) = alone {
        return access.carry_out(&session, &[plan.map_err(told)?]).await;
    }
    let asked = change(&session, &args.change).await.map_err(told)?;
    let (change, co_signing) = asked.ok_or_else(|| CommandError::Run(anyhow!("nothing to do")))?;
    co_signing.carry_out(access, &session, &change).await
}

/// What an owner has to agree to.
async fn change<'a>(
    session: &Session,
    asked: &'a Change,
) -> Result<Option<(CoSigned, &'a CoSigning)>, OperationError> {
    let owner = async |meter: u32| Ok::<Address, OperationError>(session.meter(meter).await?.1);
    Ok(Some(match asked {
        Change::Register(args) => (registration(args)?, &args.co_signing),
        Change::Limits(args) => {
            let change = CoSigned::PowerLimits {
                owner: owner(args.meter).await?,
                meter: args.meter,
                max_import: args.max_import,
                max_export: args.max_export,
            };
            (change, &args.co_signing)
        }
        Change::Draw(args) => {
            let change = CoSigned::StandardDraw {
                owner: owner(args.meter).await?,
                meter: args.meter,
                standard_draw: args.standard_draw,
            };
            (change, &args.co_signing)
        }
        Change::Device(args) => {
            let (device, kind) = device_from(&args.device)?;
            let change = ChangeDeviceInstructionArgs {
                meter: args.meter,
                device,
                key_kind: kind as u8,
                last: FinalRegisters {
                    import: args.last_import,
                    export: args.last_export,
                },
                import: args.import,
                export: args.export,
            };
            let owner = owner(args.meter).await?;
            (CoSigned::ChangeDevice { owner, change }, &args.co_signing)
        }
        Change::Retire(args) => {
            let registers = args.import.zip(args.export);
            let change = CoSigned::RetireMeter {
                owner: owner(args.meter).await?,
                meter: args.meter,
                registers: registers.map(|(import, export)| FinalRegisters { import, export }),
            };
            (change, &args.co_signing)
        }
        Change::Quarantine(_) | Change::Restore(_) => return Ok(None),
    }))
}

fn registration(args: &RegisterArgs) -> Result<CoSigned, OperationError> {
    let (device, kind) = device_from(&args.device)?;
    let usual = household_meter(device, kind, [args.max_import, args.max_export]);
    let asset = match args.asset {
        Asset::Load => AssetKind::Load,
        Asset::Photovoltaics => AssetKind::Photovoltaics,
        Asset::Battery => AssetKind::Battery,
        Asset::Car => AssetKind::Car,
        Asset::HeatPump => AssetKind::HeatPump,
        Asset::Mixed => AssetKind::Mixed,
    };
    let source = args.source.map(|source| match source {
        Source::None => EnergySource::None,
        Source::Sun => EnergySource::Sun,
        Source::Wind => EnergySource::Wind,
        Source::Water => EnergySource::Water,
        Source::Biomass => EnergySource::Biomass,
        Source::Storage => EnergySource::Storage,
        Source::Other => EnergySource::Other,
    } as u8);
    Ok(CoSigned::RegisterMeter {
        owner: args.owner,
        details: MeterDetails {
            zone: args.zone,
            asset_kind: asset as u8,
            source: source.unwrap_or(usual.source),
            standard_draw: args.standard_draw,
            import: args.import,
            export: args.export,
            ..usual
        },
    })
}
