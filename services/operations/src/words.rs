//! What a change will do, in plain words: said before anybody signs.

use joulebook_client::{
    layout::{
        market::{ImbalancePrices, Market, MarketTerms},
        oracle::{AssetKind, EnergySource, KeyKind, Meter},
        registry::Community,
    },
    oracle::types::{FinalRegisters, MeterDetails},
    tables::MeterRecords,
};
use joulebook_cluster::{term_changes, Amount};
use solana_address::Address;

use crate::CoSigned;

const SECONDS_PER_HALF_HOUR: u32 = 1_800;
const HALF_HOURS_PER_HOUR: u32 = 2;

/// What stands before a change.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub community: Community,
    pub market: Market,
    pub meters: MeterRecords,
    /// Of the token.
    pub decimals: u8,
}

impl Surroundings {
    /// The community's name, as far as it can be shown.
    pub fn name(&self) -> String {
        name_of(&self.community.name)
    }

    fn price(&self, atoms: i32) -> String {
        Amount::of_units(atoms.into(), self.decimals).to_string()
    }
}

/// A name on chain, without the zeros that fill it up, and without what no name has.
pub(crate) fn name_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let shown = text.trim_end_matches('\0').chars();
    shown
        .map(|letter| match letter.is_control() {
            true => '\u{fffd}',
            false => letter,
        })
        .collect()
}

impl CoSigned {
    /// Lines for whoever agrees.
    pub fn words(&self, around: &Surroundings) -> Vec<String> {
        let mut lines = match self {
            CoSigned::RegisterMeter { details, .. } => registration(details, around),
            CoSigned::PowerLimits {
                meter,
                max_import,
                max_export,
                ..
            } => limits(*meter, [*max_import, *max_export], around),
            CoSigned::StandardDraw {
                meter,
                standard_draw,
                ..
            } => {
                let now = around.meters.meter(*meter).map(|row| row.standard_draw);
                vec![format!(
                    "Meter {meter}: what is charged for an interval once it has been silent for long: {}.",
                    changed(now, *standard_draw, "Wh")
                )]
            }
            CoSigned::ChangeDevice { change, .. } => {
                let registers = |of: &FinalRegisters| registers(of.import, of.export);
                let first = FinalRegisters {
                    import: change.import,
                    export: change.export,
                };
                vec![
                    format!("Meter {} goes on with another device.", change.meter),
                    device(&change.device, change.key_kind),
                    format!("The old device shows {}.", registers(&change.last)),
                    format!("The new device shows {}.", registers(&first)),
                ]
            }
            CoSigned::RetireMeter {
                meter, registers, ..
            } => {
                let last = registers
                    .as_ref()
                    .map(|last| crate::words::registers(last.import, last.export));
                vec![
                    format!("Meter {meter} goes out of service for good, at the end of this page."),
                    match last {
                        Some(last) => format!("Its device shows {last}; these are its last."),
                        None => "Its last registers are not named; its device still sends them."
                            .to_owned(),
                    },
                ]
            }
            CoSigned::Terms { terms, .. } => terms_lines(terms, around),
            CoSigned::Tariff {
                working_day,
                first_half_hour,
                entries,
                ..
            } => tariff(*working_day, *first_half_hour, entries, around),
        };
        let agreeing = self.agreeing();
        lines.push(match self {
            CoSigned::Terms { .. } | CoSigned::Tariff { .. } => {
                format!("{agreeing} agrees as the supplier of {}.", around.name())
            }
            _ => format!(
                "{agreeing} agrees as the meter's owner, in the community {}.",
                around.name()
            ),
        });
        lines
    }
}

fn registration(details: &MeterDetails, around: &Surroundings) -> Vec<String> {
    let zones = &around.community.zones;
    let zone = zones.get(usize::from(details.zone));
    vec![
        format!(
            "Registers a meter, in service from the next page on, in zone {} ({}).",
            details.zone,
            zone.map(|zone| name_of(&zone.name)).unwrap_or_default()
        ),
        device(&details.device, details.key_kind),
        asset(details.asset_kind, details.source),
        format!(
            "Its connection carries at most {} W drawn and {} W fed in.",
            details.max_import, details.max_export
        ),
        format!(
            "It shows {} now.",
            registers(details.import, details.export)
        ),
        format!(
            "Silent for long, it is charged {} Wh for an interval.",
            details.standard_draw
        ),
    ]
}

fn limits(number: u32, limits: [u32; 2], around: &Surroundings) -> Vec<String> {
    let row = around.meters.meter(number);
    let now = |of: fn(&Meter) -> u32| row.map(of);
    let [import, export] = limits;
    vec![
        format!("Meter {number}: what its connection carries at most, from the next page on."),
        format!(
            "Drawn: {}.",
            changed(now(|row| row.max_import), import, "W")
        ),
        format!(
            "Fed in: {}.",
            changed(now(|row| row.max_export), export, "W")
        ),
    ]
}

/// The key in the form that it was entered in, to be compared with the device's own papers.
fn device(key: &[u8; 32], kind: u8) -> String {
    let compressed = |parity: u8| {
        let digits = [parity].into_iter().chain(*key);
        digits.map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let (key, curve) = match KeyKind::from_byte(kind) {
        Some(KeyKind::Ed25519) => (Address::from(*key).to_string(), "Ed25519"),
        Some(KeyKind::P256Even) => (compressed(2), "P-256"),
        Some(KeyKind::P256Odd) => (compressed(3), "P-256"),
        None => (Address::from(*key).to_string(), "a kind that is not known"),
    };
    format!("Its device signs with the key {key} ({curve}).")
}

/// What it measures, and where what is fed in comes from.
fn asset(kind: u8, source: u8) -> String {
    let kind = match AssetKind::from_byte(kind) {
        Some(AssetKind::Load) => "a load",
        Some(AssetKind::Photovoltaics) => "photovoltaics",
        Some(AssetKind::Battery) => "a battery",
        Some(AssetKind::Car) => "a car",
        Some(AssetKind::HeatPump) => "a heat pump",
        Some(AssetKind::Mixed) => "a household with all that is behind its connection",
        None => "something of a kind that is not known",
    };
    let source = match EnergySource::from_byte(source) {
        Some(EnergySource::None) => "nowhere",
        Some(EnergySource::Sun) => "the sun",
        Some(EnergySource::Wind) => "wind",
        Some(EnergySource::Water) => "water",
        Some(EnergySource::Biomass) => "biomass",
        Some(EnergySource::Storage) => "storage",
        Some(EnergySource::Other) => "another source",
        None => "a source that is not known",
    };
    format!("It measures {kind}; what is fed in comes from {source}.")
}

fn registers(import: u64, export: u64) -> String {
    format!("{import} Wh drawn and {export} Wh fed in")
}

fn changed<T: PartialEq + std::fmt::Display>(now: Option<T>, then: T, unit: &str) -> String {
    match now {
        Some(now) if now == then => format!("{then} {unit}, as now"),
        Some(now) => format!("{then} {unit}, now {now} {unit}"),
        None => format!("{then} {unit}"),
    }
}

/// What of the terms changes.
fn terms_lines(new: &MarketTerms, around: &Surroundings) -> Vec<String> {
    let mut lines = vec![
        "Changes the market's terms, for windows that start after its notice period:".to_owned(),
    ];
    lines.extend(term_changes(
        &around.market.planned_terms,
        new,
        around.decimals,
    ));
    if lines.len() == 1 {
        lines.push("nothing changes".into());
    }
    lines
}

fn tariff(
    working_day: bool,
    first: u8,
    entries: &[ImbalancePrices],
    around: &Surroundings,
) -> Vec<String> {
    let days = match working_day {
        true => "working days",
        false => "weekends and holidays",
    };
    let mut lines = vec![format!(
        "Changes the tariff of {days}, in tokens per kWh, for windows that start after the notice period:"
    )];
    let mut from = u32::from(first);
    for run in entries.chunk_by(|one, next| one == next) {
        let until = from.saturating_add(u32::try_from(run.len()).unwrap_or(u32::MAX));
        if let Some(prices) = run.first() {
            lines.push(format!(
                "{} to {}: drawn {}, left over {}",
                time_of_day(from),
                time_of_day(until),
                around.price(prices.short),
                around.price(prices.long)
            ));
        }
        from = until;
    }
    lines
}

/// Of a half hour's start, in local time.
pub fn time_of_day(half_hour: u32) -> String {
    let minutes = SECONDS_PER_HALF_HOUR / 60;
    let half = half_hour % HALF_HOURS_PER_HOUR;
    format!(
        "{:02}:{:02}",
        half_hour / HALF_HOURS_PER_HOUR,
        half * minutes
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meters::device_from;

    #[test]
    fn given_device_keys_when_they_are_shown_then_it_is_in_the_form_that_they_were_entered_in() {
        let ed25519 = Address::new_from_array([7; 32]).to_string();
        let even = format!("02{}", "0b".repeat(32));
        let odd = format!("03{}", "ab".repeat(32));
        for entered in [ed25519, even, odd] {
            let (key, kind) = device_from(&entered).expect("a key");
            let said = device(&key, kind as u8);
            assert!(said.contains(&format!(" {entered} (")), "{said}");
        }
    }

    #[test]
    fn given_a_registration_when_it_is_shown_then_it_says_what_is_measured() {
        let [pump, sun] = [AssetKind::HeatPump as u8, EnergySource::Sun as u8];
        assert_eq!(
            asset(pump, sun),
            "It measures a heat pump; what is fed in comes from the sun."
        );
        assert!(asset(255, 255).contains("not known"));
    }
}
