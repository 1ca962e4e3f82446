use joulebook_units::{Seconds, SECONDS_PER_HOUR};
use rand::{Rng, RngExt};

use super::{
    noise::{normal, Autoregressive},
    sun::LocalTime,
};

/// What is left of the light's power behind modules, cables and inverter.
const PANEL_PERFORMANCE: f64 = 0.85;
/// Irradiance at which panels give their rated power, W/m².
const RATED_IRRADIANCE: f64 = 1000.0;
const HEAT_PUMP_SHARE: f64 = 0.25;
const CAR_SHARE: f64 = 0.3;
const PANEL_SHARE: f64 = 0.5;

/// A made-up household: its people's day, and what stands in its cellar and on its roof.
#[derive(Debug)]
pub struct HouseholdModel {
    /// Fridge, standby, W.
    base: f64,
    /// Height of the morning and of the evening peak, W.
    morning: f64,
    evening: f64,
    /// How much later than others it gets up, hours.
    habit: f64,
    activity: Autoregressive,
    heat_pump: Option<f64>,
    car: Option<Car>,
    /// Rated power of its panels, W.
    panels: Option<f64>,
    hours: f64,
}

#[derive(Debug)]
struct Car {
    /// Of its charger, W.
    power: f64,
    /// When it comes home, local time.
    home: f64,
    /// Still to charge, Wh.
    missing: f64,
}

impl HouseholdModel {
    /// HouseholdModel number `index`. The first has panels and the second none, so that any two can trade.
    pub fn new(index: u16, length: Seconds, rng: &mut impl Rng) -> HouseholdModel {
        let people = f64::from(rng.random_range(1..=5_u8));
        let hours = length.0 as f64 / SECONDS_PER_HOUR as f64;
        let has_heat_pump = rng.random_bool(HEAT_PUMP_SHARE);
        let has_car = rng.random_bool(CAR_SHARE);
        let has_panels = rng.random_bool(PANEL_SHARE);
        HouseholdModel {
            base: 70.0 + 25.0 * people + rng.random_range(0.0..60.0),
            morning: 130.0 * people,
            evening: 230.0 * people,
            habit: 0.6 * normal(rng),
            activity: Autoregressive::new(0.5 / hours, rng),
            heat_pump: has_heat_pump.then(|| rng.random_range(300.0..900.0)),
            car: has_car.then(|| Car {
                power: if rng.random() { 3_700.0 } else { 11_000.0 },
                home: rng.random_range(16.5..20.0),
                missing: 0.0,
            }),
            panels: match index {
                0 => true,
                1 => false,
                _ => has_panels,
            }
            .then(|| f64::from(rng.random_range(6..=20_u8)) * 500.0),
            hours,
        }
    }

    /// W of the panels for each W/m² of light; `None` without any.
    pub fn panels(&self) -> Option<f64> {
        self.panels
            .map(|rated| rated * PANEL_PERFORMANCE / RATED_IRRADIANCE)
    }

    /// Average W over the next interval, whose middle is at `time`.
    pub fn load(&mut self, time: LocalTime, rng: &mut impl Rng) -> f64 {
        let late = self.habit + if time.weekend { 1.5 } else { 0.0 };
        let people = self.morning * peak(time.hour, 7.0 + late, 1.2)
            + self.evening * peak(time.hour, 19.0 + self.habit, 2.2)
            + 0.3 * self.morning * peak(time.hour, 12.5, 1.5);
        // The exponential of a normal number: never below 0, now and then a kettle.
        let activity = (0.6 * self.activity.next(rng) - 0.18).exp();
        let heating = self.heat_pump.unwrap_or(0.0) * (1.0 + 0.4 * peak(time.hour, 5.0, 4.0));
        self.base + people * activity + heating + self.charge(time.hour, rng)
    }

    fn charge(&mut self, hour: f64, rng: &mut impl Rng) -> f64 {
        let hours = self.hours;
        let Some(car) = &mut self.car else { return 0.0 };
        let since_home = (hour - car.home).rem_euclid(24.0);
        if since_home < hours && rng.random_bool(0.7) {
            car.missing = rng.random_range(4_000.0..14_000.0);
        }
        let energy = car.missing.min(car.power * hours);
        car.missing -= energy;
        energy / hours
    }
}

/// A bell of height 1 around `centre`, its width (standard deviation) in hours, on a clock's face.
fn peak(hour: f64, centre: f64, width: f64) -> f64 {
    let distance = (hour - centre + 12.0).rem_euclid(24.0) - 12.0;
    (-0.5 * (distance / width).powi(2)).exp()
}

#[cfg(test)]
mod tests {
    use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

    use super::*;

    #[test]
    fn peaks_wrap_around_midnight() {
        assert_eq!(peak(7.0, 7.0, 1.0), 1.0);
        assert!((peak(23.5, 0.5, 1.0) - peak(1.5, 0.5, 1.0)).abs() < 1e-12);
        assert!(peak(12.0, 0.0, 1.0) < 1e-6);
    }

    #[test]
    fn evenings_take_more_than_nights() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let average = |hour: f64, rng: &mut ChaCha8Rng| {
            let time = LocalTime {
                hour,
                weekend: false,
            };
            let mut sum = 0.0;
            for index in 0..400 {
                sum += HouseholdModel::new(index, Seconds(300), rng).load(time, rng);
            }
            sum / 400.0
        };
        assert!(average(19.0, &mut rng) > 1.5 * average(3.0, &mut rng));
    }

    #[test]
    fn a_car_charges_what_it_drove_and_no_more() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let mut household = HouseholdModel::new(0, Seconds(300), &mut rng);
        household.car = Some(Car {
            power: 11_000.0,
            home: 18.0,
            missing: 2_000.0,
        });
        let charged: f64 = (0..24)
            .map(|_| household.charge(3.0, &mut rng) / 12.0)
            .sum();
        assert!((charged - 2_000.0).abs() < 1e-6, "{charged}");
    }
}
