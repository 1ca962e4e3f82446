//! What a simulation settled, as tables for a spreadsheet: CSV by RFC 4180, in UTF-8.

mod carry;
mod cells;
mod rows;

use std::io::{self, Write};

use anyhow::Result;
use csv::{Terminator, Writer, WriterBuilder};
use joulebook_sim::simulation::{Settled, Statement};

use self::rows::{BillRow, PositionRow, WholeEnergy, WindowRow};
use crate::output_files::OutputFolder;

const BILLS: &str = "bills.csv";
const WINDOWS: &str = "windows.csv";
const POSITIONS: &str = "positions.csv";

/// The files that [`write`] writes.
pub const FILES: [&str; 3] = [BILLS, WINDOWS, POSITIONS];

/// Writes a table of the bills, of the windows, and of each household in each window.
///
/// # Errors
/// If a file can't be written.
pub fn write(folder: &OutputFolder, settled: &Settled) -> Result<()> {
    folder.write(BILLS, |out| bills(out, settled))?;
    folder.write(WINDOWS, |out| windows(out, settled))?;
    folder.write(POSITIONS, |out| positions(out, settled))
}

fn bills(out: &mut dyn Write, settled: &Settled) -> io::Result<()> {
    let mut table = table(out);
    for household in 0..settled.households.len() {
        if let Some(statement) = Statement::of(settled, household) {
            table.serialize(BillRow::new(&statement))?;
        }
    }
    table.flush()
}

fn windows(out: &mut dyn Write, settled: &Settled) -> io::Result<()> {
    let mut table = table(out);
    let mut energy = WholeEnergy::default();
    for (window, positions) in settled.windows() {
        let delivered = settled.delivered(window, positions);
        let row = WindowRow::new(window, settled.length, delivered, &mut energy);
        table.serialize(row)?;
    }
    table.flush()
}

fn positions(out: &mut dyn Write, settled: &Settled) -> io::Result<()> {
    let names: Vec<String> = settled
        .households
        .iter()
        .map(|name| cells::name(name))
        .collect();
    let mut table = table(out);
    for (window, positions) in settled.windows() {
        let start = cells::moment(window.start);
        let price = window.price.map(|price| cells::tokens_per_kwh(price.0));
        for (name, position) in names.iter().zip(positions) {
            let row = PositionRow::new(&start, price.as_deref(), name, window, position, settled);
            table.serialize(row)?;
        }
    }
    table.flush()
}

fn table<W: Write>(out: W) -> Writer<W> {
    let mut builder = WriterBuilder::new();
    builder.terminator(Terminator::CRLF).from_writer(out)
}
