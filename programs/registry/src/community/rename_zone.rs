use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;

use crate::authority::Govern;
use crate::name::padded;
use crate::{errors::RegistryError, events::ZoneChanged};

pub fn rename_zone(ctx: Context<Govern>, index: u8, name: impl Into<String>) -> Result<()> {
    let name = name.into();
    let mut community = ctx.accounts.community.load_mut()?;
    require!(index < community.zone_count, RegistryError::NoSuchZone);
    let zone = community.zones.get_mut(usize::from(index));
    zone.ok_or(RegistryError::NoSuchZone)?.name = padded(&name)?;
    emit_numbered!(
        &mut community,
        ZoneChanged {
            community: ctx.accounts.community.key(),
            zone: index,
            name,
        }
    );
    Ok(())
}
