//! What a simulation settled, as pictures: SVG, readable without colours too.

mod axis;
mod bills;
mod buckets;
mod figure;
mod price;
mod savings;
mod self_sufficiency;
mod volume;

use anyhow::Result;
use joulebook_sim::simulation::Settled;

use crate::output_files::OutputFolder;

/// What draws a picture, as SVG.
type Draw = fn(&Settled) -> Result<String>;

const PICTURES: [(&str, Draw); 4] = [
    ("price.svg", price::draw),
    ("volume.svg", volume::draw),
    ("self_sufficiency.svg", self_sufficiency::draw),
    ("bills.svg", bills::draw),
];

/// The files that [`write`] writes.
pub const FILES: [&str; 4] = [PICTURES[0].0, PICTURES[1].0, PICTURES[2].0, PICTURES[3].0];

/// Draws prices, volumes, self-sufficiency and bills.
///
/// # Errors
/// If a file can't be written.
pub fn write(folder: &OutputFolder, settled: &Settled) -> Result<()> {
    for (name, draw) in PICTURES {
        let picture = draw(settled)?;
        folder.write(name, |out| out.write_all(picture.as_bytes()))?;
    }
    Ok(())
}
