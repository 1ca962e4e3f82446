use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::{
    oracle::{limits::MAX_METERS_PER_PARTICIPANT, IntervalPage, Meter, MeterStatus, ALWAYS},
    registry::{Pause, Roles},
};
use joulebook_metering::page::PageRing;
use joulebook_units::UnixTime;

use super::{unique::check_unique, MeterDetails};
use crate::{
    authority::require_two,
    clock::{last_boundary, next_page, now},
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
    /// The participant the meter will belong to.
    #[account(constraint = owner.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub owner: AccountLoader<'info, Participant>,
    #[account(constraint = owner.load()?.wallet == owner_wallet.address() @ OracleError::OwnerMustSign)]
    pub owner_wallet: Signer<'info>,
}

pub fn register_meter(ctx: Context<RegisterMeter>, details: MeterDetails) -> Result<()> {
    let RegisterMeter {
        community,
        meter_table,
        owner,
        owner_wallet,
        actor,
        ..
    } = &ctx.accounts;
    require_two(actor, owner_wallet)?;
    let community = community.load()?;
    require!(
        !community.is_paused(Pause::REGISTRATION),
        OracleError::RegistrationPaused
    );
    let owner = owner.load()?;
    require!(owner.is_active(), OracleError::NotActive);
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let table = MeterTableView::load(&mut data)?;
    let ring = PageRing::from(&*table.header);
    details.check(community.zone_count, table.header)?;
    check_unique(&table, &details.device)?;
    check_room(&table, &ring, owner.index)?;
    let now = now()?;
    let service_from = next_page(now, &ring)?.0;
    let boundary = last_boundary(now, table.header.interval_length())?.0;

    let (row, generation) = place(&table, &ring);
    let meter = table.meters.get_mut(usize::from(row));
    let meter = meter.ok_or(OracleError::TableFull)?;
    let count = row.checked_add(1).ok_or(OracleError::TableFull)?;
    *meter = Meter {
        device: details.device,
        key_kind: details.key_kind,
        boundary,
        import_offset: details.import,
        export_offset: details.export,
        counted_from: IntervalPage::NEVER,
        service_from,
        service_until: ALWAYS,
        device_from: boundary,
        limits_from: IntervalPage::NEVER,
        max_import: details.max_import,
        max_export: details.max_export,
        former_max_import: details.max_import,
        former_max_export: details.max_export,
        standard_draw: details.standard_draw,
        participant: owner.index,
        generation,
        zone: details.zone,
        asset_kind: details.asset_kind,
        source: details.source,
        status: MeterStatus::Active as u8,
        ..Meter::default()
    };
    table.header.count = table.header.count.max(count);
    emit_numbered!(
        table.header,
        MeterRegistered {
            meter_table: meter_table.key(),
            meter: meter.number(row),
            participant: owner.index,
            details,
            service_from,
            actor: actor.key(),
        }
    );
    Ok(())
}

/// A retired meter counts until its last page is finished: all meters that a page has of a participant must fit into one
/// instruction, and those that retire in pages which nobody opens all end in the next one.
///
/// # Errors
/// [`OracleError::TooManyMeters`].
fn check_room(table: &MeterTableView, ring: &PageRing, participant: u16) -> Result<()> {
    let finished = table.header.last_finished;
    let unsettled = table
        .registered()
        .filter(|meter| meter.participant == participant && !is_settled(meter, ring, finished))
        .count();
    require!(
        unsettled < usize::from(MAX_METERS_PER_PARTICIPANT),
        OracleError::TooManyMeters
    );
    Ok(())
}

/// Row and generation of the next meter: after a retired one of which no page has anything any more, else in the next row. A
/// row whose generations are used up has no other meter: a number is never given twice.
fn place(table: &MeterTableView, ring: &PageRing) -> (u16, u16) {
    let (opened, finished) = (table.header.last_opened, table.header.last_finished);
    let is_free = |meter: &Meter| {
        let last_page = last_page(meter, ring);
        last_page.is_some_and(|page| ring.has_passed(page, opened) && page.0 <= finished)
    };
    let mut rows = (0..table.header.count).zip(table.registered());
    let free = rows.find_map(|(row, meter)| {
        let generation = meter.generation.checked_add(1)?;
        is_free(meter).then_some((row, generation))
    });
    free.unwrap_or((table.header.count, 0))
}

/// Whether it is retired, and no page is unfinished that it was in service in.
fn is_settled(meter: &Meter, ring: &PageRing, finished: i64) -> bool {
    last_page(meter, ring).is_some_and(|page| page.0 <= finished)
}

/// Start of the last page that a meter was in service in; `None` while it is not retired.
fn last_page(meter: &Meter, ring: &PageRing) -> Option<UnixTime> {
    let is_retired = meter.is(MeterStatus::Retired);
    let until = UnixTime(meter.service_until);
    until.checked_sub(ring.length).filter(|_| is_retired)
}
