use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::registry::Zone;

use crate::authority::Govern;
use crate::name::padded;
use crate::{errors::RegistryError, events::ZoneChanged};

pub fn add_zone(ctx: Context<Govern>, name: impl Into<String>) -> Result<()> {
    let name = name.into();
    let mut community = ctx.accounts.community.load_mut()?;
    let zone = community.zone_count;
    let added = Zone {
        name: padded(&name)?,
    };
    let place = community.zones.get_mut(usize::from(zone));
    *place.ok_or(RegistryError::ZoneCountInvalid)? = added;
    community.zone_count = zone.checked_add(1).ok_or(RegistryError::ZoneCountInvalid)?;
    emit_numbered!(
        &mut community,
        ZoneChanged {
            community: ctx.accounts.community.key(),
            zone,
            name,
        }
    );
    Ok(())
}
