//! What a cluster must run for the programs to work.

use joulebook_cluster::{Cluster, ClusterError};
use solana_address::Address;
use solana_sdk_ids::feature;

/// Features by their addresses, and what they are for (docs/decisions/0011-an-entry-point-of-our-own.md,
/// 0038-what-placing-an-order-costs.md).
const NEEDED: [(&str, &str); 3] = [
    (
        "5cC3foj77CWun58pC51ebHFUWavHWKarWyR5UUik7dnC",
        "programs of sBPF v3",
    ),
    (
        "5xXZc66h4UdB6Yq7FzdBxBiRAFMMScMLwHxk2QZDaNZL",
        "the market's entry point",
    ),
    (
        "CLCoTADvV64PSrnR6QXty6Fwrt9Xc6EdxSJE4wLRePjq",
        "reading a part of the clock",
    ),
];

/// How a cluster stands with a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeatureStatus {
    Active {
        since_slot: u64,
    },
    /// It is there, and not active yet.
    Pending,
    /// The cluster has no account for it, as a local node that has all features from the start.
    Unlisted,
}

/// The features that the programs need, what each is for, and how the cluster stands with it.
///
/// # Errors
/// If the cluster can't be read.
pub async fn features(
    cluster: &Cluster,
) -> Result<Vec<(&'static str, FeatureStatus)>, ClusterError> {
    let addresses: Vec<Address> = NEEDED
        .iter()
        .filter_map(|(address, _)| address.parse().ok())
        .collect();
    let found = cluster.accounts(&addresses).await?;
    let status = found.accounts.iter().map(|account| match account {
        Some(account) if account.owner == feature::ID => status_of(&account.data),
        _ => FeatureStatus::Unlisted,
    });
    Ok(NEEDED.iter().map(|(_, what)| *what).zip(status).collect())
}

/// One byte that says whether it is active, and the slot since when.
fn status_of(data: &[u8]) -> FeatureStatus {
    let slot = data.get(1..9).and_then(|slot| slot.try_into().ok());
    match (data.first(), slot) {
        (Some(1), Some(slot)) => FeatureStatus::Active {
            since_slot: u64::from_le_bytes(slot),
        },
        _ => FeatureStatus::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_active_once_they_say_since_when() {
        let since_slot = 7;
        assert_eq!(
            status_of(&[1, 7, 0, 0, 0, 0, 0, 0, 0]),
            FeatureStatus::Active { since_slot }
        );
        assert_eq!(status_of(&[0; 9]), FeatureStatus::Pending);
        assert_eq!(status_of(&[]), FeatureStatus::Pending);
        assert!(NEEDED
            .iter()
            .all(|(address, _)| address.parse::<Address>().is_ok()));
    }
}
