use joulebook_client::layout::oracle::{Meter, ALWAYS};
use joulebook_sim::LocalCommunity;

use super::{same, Found, NEVER};
use crate::model::{self, Energy, MeterStatus, Model};

pub fn meters(community: &LocalCommunity, model: &Model) -> Found {
    let table = community.meters();
    let header = &table.header;
    same("meters", usize::from(header.count), model.meters.len())?;
    same(
        "last page opened, last finished, first settled",
        [
            header.last_opened,
            header.last_finished,
            header.settled_from,
        ],
        [model.last_opened, model.last_finished, model.settled_from]
            .map(|start| start.unwrap_or(NEVER)),
    )?;
    for (number, (found, due)) in table.meters.iter().zip(&model.meters).enumerate() {
        meter(found, due).map_err(|error| format!("meter {number}: {error}"))?;
    }
    Ok(())
}

fn meter(found: &Meter, due: &model::Meter) -> Found {
    let status = match due.status {
        MeterStatus::Active => 1,
        MeterStatus::Quarantined => 2,
        MeterStatus::Retired => 3,
    };
    same("status", found.status, status)?;
    same("owner", found.participant, due.owner)?;
    same("generation", found.generation, due.generation)?;
    same("boundary", found.boundary, due.boundary)?;
    same("sequence", found.sequence, due.sequence)?;
    same(
        "registers",
        energy(found.import, found.export),
        due.registers,
    )?;
    same(
        "settled",
        energy(found.settled_import, found.settled_export),
        due.settled,
    )?;
    same(
        "counted from, service",
        [found.counted_from, found.service_from, found.service_until],
        [
            due.counted_from.unwrap_or(NEVER),
            due.service_from,
            due.service_until.unwrap_or(ALWAYS),
        ],
    )?;
    same(
        "limits and standard draw",
        [found.max_import, found.max_export, found.standard_draw],
        [due.max_import, due.max_export, due.standard_draw],
    )?;
    same("violations", found.violations, due.violations)?;
    same("key copied", found.key_copied, u8::from(due.key_copied))?;
    same("silenced", found.is_silenced, u8::from(due.is_silenced))?;
    same("device from", found.device_from, due.device_from)
}

fn energy(import: u64, export: u64) -> Energy {
    Energy {
        import: import.into(),
        export: export.into(),
    }
}
