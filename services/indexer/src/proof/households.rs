//! Whose seat and which meters a wallet has.

use joulebook_client::{
    layout::{account::read_header, oracle::Meter, registry::Participant},
    tables::MeterRecords,
    REGISTRY_ID,
};
use joulebook_cluster::Account;
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
    /// From pages of then on, unix seconds, the table has all meters that ever served: a row that another meter had before tells
    /// nothing of that one.
    pub meters_from: i64,
}

impl Household {
    /// Of the wallet, whose participant account it is.
    ///
    /// # Errors
    /// [`ProofError::NoHousehold`].
    pub(super) fn read(
        view: &View,
        wallet: Address,
        account: Option<&Account>,
    ) -> Result<Household, ProofError> {
        let account = account.filter(|account| account.owner == REGISTRY_ID);
        let participant = account.and_then(|account| read_header::<Participant>(&account.data));
        let participant = participant.filter(Participant::has_index);
        let participant = participant.ok_or(ProofError::NoHousehold(wallet))?;
        let membership = (participant.approved_at, participant.left_at > 0);
        Ok(Household::of(view, participant.index, membership))
    }

    /// With a seat, since it was approved; and whether it ever left.
    pub(super) fn of(view: &View, seat: u16, (approved_at, has_left): (i64, bool)) -> Household {
        let table = &view.state.meter_table;
        Household {
            seat,
            approved_at,
            has_left,
            meters: Household::meters_of(table, seat).collect(),
            meters_from: Household::meters_from(table),
        }
    }

    /// Rows and meters of a seat.
    pub(super) fn meters_of(
        table: &MeterRecords,
        seat: u16,
    ) -> impl Iterator<Item = (u16, Meter)> + '_ {
        let meters = (0..table.header.count).zip(&table.meters);
        let owned = meters.filter(move |(_, meter)| meter.participant == seat);
        owned.map(|(row, meter)| (row, *meter))
    }

    /// As the field of that name.
    pub(super) fn meters_from(table: &MeterRecords) -> i64 {
        let rows = table.meters.iter().take(table.header.count.into());
        let again = rows.filter(|meter| meter.generation > 0);
        let since = again.map(|meter| meter.service_from).max();
        since.unwrap_or(i64::MIN)
    }
}
