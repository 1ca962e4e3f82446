use anchor_lang::prelude::*;
use bytemuck::Zeroable;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::{
    oracle::{limits::MAX_METERS_PER_PARTICIPANT, Meter, MeterStatus},
    registry::{Pause, Roles},
};

use crate::{authority::last_boundary, meter_details::MeterDetails};
use crate::{
    errors::OracleError,
    events::MeterRegistered,
    state::{Community, MeterTable, MeterTableView, Participant},
};

#[accounts]
pub struct RegisterMeter<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, Roles::VERIFIER)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The participant the meter belongs to.
    #[account(constraint = owner.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub owner: AccountLoader<'info, Participant>,
}

pub fn register_meter(ctx: Context<RegisterMeter>, details: MeterDetails) -> Result<()> {
    let RegisterMeter {
        community,
        meter_table,
        owner,
        actor,
        ..
    } = &ctx.accounts;
    let community = community.load()?;
    require!(
        !community.is_paused(Pause::REGISTRATION),
        OracleError::RegistrationPaused
    );
    let owner = owner.load()?;
    require!(owner.is_active(), OracleError::NotActive);
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let table = MeterTableView::load(&mut data)?;
    let length = table.header.interval_length();
    details.check(community.zone_count, length)?;
    check_unique(&table, &details.device, owner.index)?;
    let boundary = last_boundary(length)?.0;

    let number = table.header.count;
    let count = number.checked_add(1).ok_or(OracleError::TableFull)?;
    let place = table.meters.get_mut(usize::from(number));
    *place.ok_or(OracleError::TableFull)? = new_meter(&details, owner.index, boundary);
    table.header.count = count;
    emit!(MeterRegistered {
        meter_table: meter_table.key(),
        meter: u32::from(number),
        participant: owner.index,
        details,
        boundary,
        actor: actor.key(),
    });
    Ok(())
}

fn new_meter(details: &MeterDetails, participant: u16, boundary: i64) -> Meter {
    Meter {
        device: details.device,
        boundary,
        import: details.import,
        export: details.export,
        max_import: details.max_import,
        max_export: details.max_export,
        participant,
        zone: details.zone,
        asset_kind: details.asset_kind,
        source: details.source,
        status: MeterStatus::Active as u8,
        ..Meter::zeroed()
    }
}

fn check_unique(table: &MeterTableView, device: &[u8; 32], participant: u16) -> Result<()> {
    let mut of_participant = 0_usize;
    for meter in table.registered() {
        if meter.is(MeterStatus::Retired) {
            continue;
        }
        require!(
            meter.device != *device,
            OracleError::DeviceAlreadyRegistered
        );
        of_participant =
            of_participant.saturating_add(usize::from(meter.participant == participant));
    }
    require!(
        of_participant < usize::from(MAX_METERS_PER_PARTICIPANT),
        OracleError::TooManyMeters
    );
    Ok(())
}
