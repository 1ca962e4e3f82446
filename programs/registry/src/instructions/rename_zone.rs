use anchor_lang::prelude::*;

use super::Govern;
use crate::{errors::RegistryError, events::ZoneChanged, names::padded, text::Text};

pub fn rename_zone(ctx: Context<Govern>, index: u8, Text(name): Text) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    require!(index < community.zone_count, RegistryError::ZoneUnknown);
    let zone = community.zones.get_mut(usize::from(index));
    zone.ok_or(RegistryError::ZoneUnknown)?.name = padded(&name)?;
    emit!(ZoneChanged {
        community: ctx.accounts.community.key(),
        zone: index,
        name,
    });
    Ok(())
}
