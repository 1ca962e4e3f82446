use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_units::{NetWh, Wh, WhSum};

use super::{trade::WindowTrades, PriceRange};

/// Sums over the windows of a run.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub windows: u64,
    pub windows_traded: u64,
    pub orders: u64,
    pub readings: u64,
    /// Wh.
    pub traded: u64,
    /// Wh × atoms per kWh.
    value: i128,
    lowest: Option<i32>,
    highest: Option<i32>,
}

/// Energy of one household's meter in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    pub import: Wh,
    pub export: Wh,
}

impl Flow {
    /// # Errors
    /// If a register fell, or moved by more than 32 bits hold.
    pub fn between(before: Registers, after: Registers) -> Result<Flow> {
        let advance = |before: WhSum, after: WhSum| {
            let energy = after.checked_sub(before)?;
            u32::try_from(energy.0).ok().map(Wh)
        };
        advance(before.import, after.import)
            .zip(advance(before.export, after.export))
            .map(|(import, export)| Flow { import, export })
            .context("more energy in one interval than 32 bits hold in Wh; shorten the intervals")
    }

    pub fn net(self) -> NetWh {
        NetWh::between(self.import, self.export)
    }
}

impl Totals {
    pub fn add_auction(&mut self, traded: &WindowTrades) {
        let Some(price) = traded.price else { return };
        self.windows_traded += 1;
        self.traded += traded.volume;
        self.value += i128::from(traded.volume) * i128::from(price.0);
        self.lowest = Some(self.lowest.map_or(price.0, |lowest| lowest.min(price.0)));
        self.highest = Some(self.highest.map_or(price.0, |highest| highest.max(price.0)));
    }

    /// `None` if nothing traded.
    pub fn prices(&self) -> Option<PriceRange> {
        Some(PriceRange {
            // Between the lowest and the highest.
            average: i32::try_from(self.value.checked_div_euclid(i128::from(self.traded))?).ok()?,
            lowest: self.lowest?,
            highest: self.highest?,
        })
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::Price;

    use super::*;

    #[test]
    fn average_prices_weigh_by_volume() {
        let mut totals = Totals::default();
        assert_eq!(totals.prices(), None);
        for (price, volume) in [(Some(100), 1), (None, 0), (Some(200), 3)] {
            totals.add_auction(&WindowTrades {
                price: price.map(Price),
                volume,
                ..WindowTrades::default()
            });
        }
        let prices = totals.prices().expect("traded");
        assert_eq!(
            (prices.average, prices.lowest, prices.highest),
            (175, 100, 200)
        );
        assert_eq!((totals.windows_traded, totals.traded), (2, 4));
    }

    #[test]
    fn flows_are_differences_of_registers() {
        let show = |import, export| Registers {
            import: WhSum(import),
            export: WhSum(export),
        };
        let flow = Flow::between(show(5, 5), show(8, 5)).expect("fits");
        assert_eq!(flow.net(), NetWh(3));
        assert!(Flow::between(show(5, 5), show(4, 5)).is_err());
        assert!(Flow::between(show(0, 0), show(1 << 32, 0)).is_err());
    }
}
