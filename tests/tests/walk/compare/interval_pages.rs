use joulebook_client::{
    layout::oracle::{PageEntry, PageRegisters, Quality},
    tables::IntervalPageTable,
};

use super::{same, Found, NEVER};
use crate::model::{row, Energy, Entry, IntervalPage, MeterPage, Model};

pub fn interval_page(found: &IntervalPageTable, slot: i64, model: &Model) -> Found {
    let header = &found.header;
    let Some(due) = model.interval_pages.get(&slot) else {
        return same("start", header.start, NEVER);
    };
    same("start", header.start, due.start)?;
    same("previous", header.previous, due.previous.unwrap_or(NEVER))?;
    same(
        "times",
        [header.readings_until, header.corrections_until],
        [
            model.readings_until(due.start),
            model.corrections_until(due.start),
        ],
    )?;
    same("finished", header.finished_meters, due.finished_meters)?;
    let intervals = usize::from(header.intervals);
    let meters = found.registers.iter().zip(found.entries.chunks(intervals));
    let registered = model.numbers();
    let unused = registered.len() as u32..;
    for (number, (registers, entries)) in registered.into_iter().chain(unused).zip(meters) {
        meter(registers, entries, number, due, model)
            .map_err(|error| format!("meter {number}: {error}"))?;
    }
    Ok(())
}

fn meter(
    found: &PageRegisters,
    entries: &[PageEntry],
    number: u32,
    page: &IntervalPage,
    model: &Model,
) -> Found {
    let none = MeterPage::default();
    let due = page.meters.get(&row(number)).unwrap_or(&none);
    let last = due.last();
    let boundary = last.map_or(0, |(time, _)| (time - page.start) / model.length());
    same("last boundary", i64::from(found.last), boundary)?;
    same("known", found.is_known(), last.is_some())?;
    let base = due.known.contains_key(&page.start);
    same("boundary 0 known", found.is_base_known(), base)?;
    same("counting begins", found.begins, u8::from(due.begins))?;
    same("and late", found.begins_late, u8::from(due.begins_late))?;
    let shown = (i128::from(found.import), i128::from(found.export));
    match due.finished {
        Some(left) => same("charged and credited", shown, left)?,
        None => {
            let registers = last.map_or(Energy::default(), |(_, registers)| registers);
            same("registers", shown, (registers.import, registers.export))?;
        }
    }
    for (interval, found) in (0u16..).zip(entries) {
        let due = model.entry(page.start, number, interval);
        same(&format!("interval {interval}"), entry(found), due)?;
        let end = page.start + model.length() * (i64::from(interval) + 1);
        let is_known = model
            .meter_page(page.start, number)
            .is_some_and(|page| page.known.contains_key(&end));
        same(
            &format!("end of interval {interval} known"),
            found.is_boundary_known(),
            is_known,
        )?;
    }
    Ok(())
}

fn entry(found: &PageEntry) -> Entry {
    let energy = Energy {
        import: found.import().0.into(),
        export: found.export().0.into(),
    };
    match found.quality() {
        Quality::Missing => Entry::Missing,
        Quality::Gap => Entry::Gap(energy),
        Quality::Measured => Entry::Measured(energy),
        Quality::Replaced => Entry::Replaced(energy),
    }
}
