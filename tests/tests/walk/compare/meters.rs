use joulebook_client::{layout::oracle::Meter, tables::IntervalTable};
use joulebook_sim::LocalCommunity;

use super::{same, Found};
use crate::model::{self, MeterStatus, Model, Quality};

pub fn interval(found: &IntervalTable, due: Option<&model::Interval>) -> Found {
    let header = &found.header;
    let Some(due) = due else {
        return same("phase", header.phase, 0);
    };
    same("start", header.start, due.start)?;
    same("phase", header.phase, u8::from(due.is_open))?;
    same("expected", usize::from(header.expected), due.expected())?;
    same("heard", usize::from(header.heard), due.heard())?;
    for (number, entry) in (0u32..).zip(&found.entries) {
        let expected = due.entries.get(&number).map(|entry| {
            let quality = match entry.quality {
                Quality::Missing => 1,
                Quality::Measured => 2,
                Quality::CaughtUp => 3,
            };
            let awaited = u8::from(entry.awaited);
            (quality, awaited, entry.owner, entry.import, entry.export)
        });
        let found = (
            entry.quality,
            entry.awaited,
            entry.participant,
            i128::from(entry.import),
            i128::from(entry.export),
        );
        same(
            &format!("entry of meter {number}"),
            found,
            expected.unwrap_or_default(),
        )?;
    }
    Ok(())
}

pub fn meters(community: &LocalCommunity, model: &Model) -> Found {
    let table = community.meters();
    same(
        "meters",
        usize::from(table.header.count),
        model.meters.len(),
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
    same("boundary", found.boundary, due.boundary)?;
    same("sequence", found.sequence, due.sequence)?;
    same(
        "registers",
        (found.import, found.export),
        (due.import, due.export),
    )?;
    let carried = (
        i128::from(found.carried_import),
        i128::from(found.carried_export),
    );
    same("carried", carried, due.carried)?;
    same("violations", found.violations, due.violations)?;
    same("behind", found.behind, u8::from(due.behind))
}
