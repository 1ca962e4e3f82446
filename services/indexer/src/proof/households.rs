//! Whose seat and which meters a wallet has.

use joulebook_client::{
    layout::{account::read_header, oracle::Meter, registry::Participant},
    Addresses, REGISTRY_ID,
};
use joulebook_cluster::Cluster;
use solana_address::Address;

use super::ProofError;
use crate::view::View;

/// A household in a community.
pub(super) struct Household {
    pub seat: u16,
    /// Last, unix seconds. Nothing of before is its, unless it left and came back.
    pub approved_at: i64,
    /// Whether it ever left: then it may have had the seat, or another, before.
    pub has_left: bool,
    /// Rows and meters.
    pub meters: Vec<(u16, Meter)>,
}

impl Household {
    pub(super) async fn read(
        cluster: &Cluster,
        addresses: &Addresses,
        view: &View,
        wallet: Address,
    ) -> Result<Household, ProofError> {
        let account = cluster.account(addresses.participant(&wallet)).await?;
        let account = account.filter(|account| account.owner == REGISTRY_ID);
        let participant = account.and_then(|account| read_header::<Participant>(&account.data));
        let participant = participant.filter(Participant::has_index);
        let participant = participant.ok_or(ProofError::NoHousehold(wallet))?;
        let table = &view.state.meter_table;
        let meters = (0..table.header.count).zip(&table.meters);
        let owned = meters.filter(|(_, meter)| meter.participant == participant.index);
        Ok(Household {
            seat: participant.index,
            approved_at: participant.approved_at,
            has_left: participant.left_at > 0,
            meters: owned.map(|(row, meter)| (row, *meter)).collect(),
        })
    }
}
