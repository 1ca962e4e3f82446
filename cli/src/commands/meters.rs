//! `joulebook meters`: the meters of a sandbox, which sign what flows through them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};
use clap::Args;
use joulebook_client::{
    oracle::types::SignedProfile,
    packing::{fitting, with_limits},
    tables::MeterRecords,
    Addresses,
};
use joulebook_cluster::{Cluster, ClusterOptions, Outgoing};
use joulebook_daemon::{key, logs, logs::LogOptions, stop};
use joulebook_deployment::Sandbox;
use joulebook_gateway::{message::Signed, GatewayClient};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use url::Url;

use super::sandbox::FLOWS;
use crate::{
    asynchronous,
    command_error::CommandError,
    local::{follow_parent, SandboxMeter},
};

/// How often the chain's clock is looked at.
const POLL: Duration = Duration::from_millis(400);
/// After which a profile that the oracle has not heard of is handed in at the gateway once more.
const AGAIN: Duration = Duration::from_secs(20);
/// Profiles that are handed in at once.
const AT_ONCE: usize = 100;

/// Play the meters of a sandbox: each signs, page by page, what flows through it.
///
/// What flows is in the file flows.csv beside the state file. The signed load profiles go straight to the oracle, or to a gateway.
/// Started again, it goes on where the oracle says that each meter is.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook meters --state target/sandbox/sandbox.json")]
pub struct MetersArgs {
    /// The sandbox's state file
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/sandbox/sandbox.json"
    )]
    state: PathBuf,
    /// Hand the profiles in at this gateway, instead of sending transactions
    #[arg(long, value_name = "URL")]
    gateway: Option<Url>,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &MetersArgs) -> Result<(), CommandError> {
    follow_parent().context("following the process that started this one")?;
    logs::start(&LogOptions::default()).map_err(anyhow::Error::msg)?;
    let sandbox = Sandbox::read(&args.state)
        .with_context(|| format!("reading {}", args.state.display()))
        .map_err(CommandError::Input)?;
    let folder = args.state.parent().unwrap_or(Path::new("."));
    asynchronous::run(async {
        let stop = stop::on_signal().context("listening for signals")?;
        Ok(play(&sandbox, folder, args.gateway.clone(), &stop).await?)
    })
}

async fn play(
    sandbox: &Sandbox,
    folder: &Path,
    gateway: Option<Url>,
    stop: &CancellationToken,
) -> Result<()> {
    let url = sandbox.rpc_url.parse().context("the node's address")?;
    let cluster = Cluster::new(ClusterOptions::of(url))?;
    let payer = key::read_file(&folder.join(&sandbox.gateway.key))?;
    let mut meters = SandboxMeter::all(sandbox, folder, &folder.join(FLOWS))?;
    let market: Address = sandbox.market.parse().context("the market's address")?;
    let addresses = cluster.market(market).await?;
    let mut way = match gateway {
        Some(url) => Way::Gateway {
            client: GatewayClient::new(url)?,
            handed_in: BTreeMap::new(),
        },
        None => Way::Oracle { payer },
    };
    while !stop.is_cancelled() {
        if let Err(error) = tell(&cluster, &addresses, &mut way, &mut meters).await {
            warn!(
                error = format!("{error:#}"),
                "the meters were not heard; they try again"
            );
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(())
}

/// How profiles get to the oracle.
enum Way {
    /// In transactions of its own.
    Oracle { payer: Keypair },
    /// Through a gateway.
    Gateway {
        client: GatewayClient,
        /// Which page a meter has handed in last: the oracle hears of it later.
        handed_in: BTreeMap<u32, (i64, Instant)>,
    },
}

/// Brings to the oracle what each meter has counted in the pages that are over.
async fn tell(
    cluster: &Cluster,
    addresses: &Addresses,
    way: &mut Way,
    meters: &mut [SandboxMeter],
) -> Result<()> {
    let now = cluster.now().await?.unix_timestamp;
    let table = cluster.account(addresses.meter_table).await?;
    let table = table.context("the meter table is not there")?;
    let table = MeterRecords::from_bytes(&table.data)?;
    let page = addresses.page_seconds();
    // The pages that somebody has something to say of, the oldest first.
    let heard = |meter: &SandboxMeter| {
        let row = table.meter(meter.number());
        row.map(|row| row.boundary.max(meter.service_from()))
    };
    let next = meters
        .iter()
        .filter_map(&heard)
        .map(|boundary| addresses.page_start(boundary));
    let Some(start) = next.filter(|start| start.saturating_add(page) <= now).min() else {
        return Ok(());
    };
    let mut profiles = vec![];
    for meter in meters.iter_mut() {
        let Some(row) = table.meter(meter.number()) else {
            continue;
        };
        let is_behind = row.boundary.max(meter.service_from()) <= start;
        if is_behind && !way.has_handed_in(meter.number(), start) {
            let windows = usize::from(addresses.page_windows);
            let signed = meter.profile(&table.header.binding, start, page, windows, row.sequence);
            profiles.push(signed);
        }
    }
    let count = profiles.len();
    if count == 0 {
        return Ok(());
    }
    match way {
        Way::Oracle { payer } => {
            send(cluster, addresses, payer, start, profiles).await?;
            info!(
                page = start,
                meters = count,
                "the oracle has their profiles"
            );
        }
        Way::Gateway { client, handed_in } => {
            hand_in(client, &table.header.binding, &profiles).await?;
            for profile in &profiles {
                handed_in.insert(profile.meter, (start, Instant::now()));
            }
            info!(
                page = start,
                meters = count,
                "the gateway has their profiles"
            );
        }
    }
    Ok(())
}

impl Way {
    /// Whether the gateway has a meter's profile of a page. After a while it is handed in once more, which does no harm.
    fn has_handed_in(&self, meter: u32, page: i64) -> bool {
        let Way::Gateway { handed_in, .. } = self else {
            return false;
        };
        let last = handed_in.get(&meter);
        last.is_some_and(|(last, at)| *last == page && at.elapsed() < AGAIN)
    }
}

/// Hands profiles in at a gateway: the same again if it did not answer.
async fn hand_in(
    client: &GatewayClient,
    binding: &[u8; 32],
    profiles: &[SignedProfile],
) -> Result<()> {
    let messages: Vec<Signed> = profiles
        .iter()
        .map(|profile| Signed::of_profile(profile, binding))
        .collect();
    for messages in messages.chunks(AT_ONCE) {
        for told in client.send(messages).await? {
            if told.is_unknown() {
                bail!("{}", told.says);
            }
            if told.is_refused() {
                warn!(
                    meter = told.meter,
                    says = told.says,
                    "the gateway refuses a profile"
                );
            }
        }
    }
    Ok(())
}

/// As many in a transaction as fit.
async fn send(
    cluster: &Cluster,
    addresses: &Addresses,
    payer: &Keypair,
    start: i64,
    profiles: Vec<SignedProfile>,
) -> Result<()> {
    let mut rest = &profiles[..];
    while !rest.is_empty() {
        let submit = |count: usize| addresses.submit_profiles(start, rest[..count].to_vec());
        let count = fitting(&payer.pubkey(), rest.len(), |count| {
            with_limits(submit(count))
        });
        let instructions = [submit(count)];
        let outgoing = Outgoing {
            instructions: &instructions,
            payer,
            signers: &[],
        };
        cluster.send(outgoing).await?;
        rest = &rest[count..];
    }
    Ok(())
}
