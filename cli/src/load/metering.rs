//! A page's profiles of all meters, batched as a gateway would.

use anyhow::{Context, Result};
use joulebook_client::{
    oracle::types::SignedProfile,
    packing::{fitting, with_limits},
    tables::MeterRecords,
};
use joulebook_cluster::Cluster;
use joulebook_units::SECONDS_PER_DAY;
use solana_signer::Signer;

use super::{
    crowd::{Crowd, Home},
    posting::{post_all, Parcel, Posted},
};
use crate::commands::sandbox::PAST_DAYS;

/// What a profile computes at most: its signature, and a day of values.
const UNITS: u32 = 90_000;

/// Every meter signs what flowed in the page that starts at `page`, and the profiles go to the oracle, as many in a transaction as
/// fit.
///
/// # Errors
/// If the node does not take one.
pub async fn profiles(cluster: &Cluster, crowd: &mut Crowd, page: i64) -> Result<Posted> {
    let signed = sign(crowd, page);
    let payer = crowd.gateway.pubkey();
    let mut rest = &signed[..];
    let mut parcels = vec![];
    while !rest.is_empty() {
        let submit = |count: usize| {
            crowd
                .addresses
                .submit_profiles(page, rest[..count].to_vec())
        };
        let count = fitting(&payer, rest.len(), |count| with_limits(submit(count)));
        parcels.push(Parcel {
            instructions: vec![submit(count)],
            payer: &crowd.gateway,
            signers: vec![],
            units: UNITS.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX)),
        });
        rest = &rest[count..];
    }
    post_all(cluster, &parcels).await?.all("profiles")
}

/// How many meters the oracle has heard of up to `boundary`.
///
/// # Errors
/// If the meter table can't be read.
pub async fn heard(cluster: &Cluster, crowd: &Crowd, boundary: i64) -> Result<u64> {
    let table = cluster.account(crowd.addresses.meter_table).await?;
    let table = table.context("the meter table is not there")?;
    let table = MeterRecords::from_bytes(&table.data)?;
    let heard = |home: &&Home| {
        let meter = table.meter(home.device.number);
        meter.is_some_and(|meter| meter.boundary == boundary)
    };
    Ok(crowd.homes.iter().filter(heard).count() as u64)
}

fn sign(crowd: &mut Crowd, page: i64) -> Vec<SignedProfile> {
    let length = i64::from(crowd.addresses.window_seconds).max(1);
    let windows = usize::from(crowd.addresses.page_windows);
    let (binding, service_from) = (crowd.binding, crowd.service_from);
    let sign = |home: &mut Home| {
        let values = flows(home, service_from, page, length, windows);
        let end = page + length * windows as i64;
        home.device.signed_profile(&binding, end, &values)
    };
    crowd.homes.iter_mut().map(sign).collect()
}

/// Import and export, Wh, of so many intervals from `page` on.
fn flows(home: &Home, service_from: i64, page: i64, length: i64, count: usize) -> Vec<(u32, u32)> {
    let day = service_from - service_from.rem_euclid(SECONDS_PER_DAY);
    let first = day - i64::from(PAST_DAYS) * SECONDS_PER_DAY;
    let skipped = usize::try_from((page - first) / length).unwrap_or(usize::MAX);
    let flows = home.resident.flows.iter().skip(skipped);
    let mut values: Vec<(u32, u32)> = flows
        .take(count)
        .map(|flow| (flow.import.0, flow.export.0))
        .collect();
    values.resize(count, (0, 0));
    values
}
