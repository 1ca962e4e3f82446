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
        meter(found, due, model.length()).map_err(|error| format!("meter {number}: {error}"))?;
    }
    Ok(())
}

fn meter(found: &Meter, due: &model::Meter, interval: i64) -> Found {
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
    same("punished", found.punished, due.punished)?;
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
        "told, and late",
        [
            energy(found.told_import, found.told_export),
            energy(found.late_import, found.late_export),
        ],
        [due.told, due.late],
    )?;
    same("counted", found.is_counted, u8::from(due.is_counted))?;
    let told = due.told_intervals * interval;
    same("time told", i64::from(found.told_seconds), told)?;
    same(
        "counted from, service",
        [found.counted_from, found.service_from, found.service_until],
        [
            due.counted_from.unwrap_or(NEVER),
            due.service_from,
            due.service_until.unwrap_or(ALWAYS),
        ],
    )?;
    same("standard draw", found.standard_draw, due.standard_draw)?;
    let latest = due.limits.keys().next_back().copied();
    same("limits from", found.limits_from, latest.unwrap_or(NEVER))?;
    let times = [found.limits_from.saturating_sub(1), found.limits_from];
    same(
        "limits",
        times.map(|time| found.limits_at(time)),
        times
            .map(|time| due.limits_at(time))
            .map(|(import, export)| [import, export]),
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
