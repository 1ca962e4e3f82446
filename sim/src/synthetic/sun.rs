//! Where the sun stands, and what it gives on a clear day.
//!
//! Declination and equation of time: J. W. Spencer, "Fourier series representation of the position of
//! the sun", Search 2 (5), p. 172, 1971. Clear-sky global horizontal irradiance: B. Haurwitz,
//! "Insolation in relation to cloudiness and cloud density", Journal of Meteorology 2, pp. 154-166,
//! 1945, with the constants of M. Reno, C. Hansen and J. Stein, SAND2012-2389, 2012.

use std::f64::consts::TAU;

use joulebook_units::{UnixTime, SECONDS_PER_DAY, SECONDS_PER_HOUR};

const DAYS_PER_YEAR: f64 = 365.242;

/// A place on the meridian of 15° east, where mean solar time is Central European Time all year: the
/// households' clocks and the sun then agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Radians north.
    pub latitude: f64,
}

/// Local time of a site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalTime {
    /// 0 to 24.
    pub hour: f64,
    /// Saturday or Sunday.
    pub weekend: bool,
}

impl Site {
    /// Local time, one hour ahead of UTC.
    pub fn local(time: UnixTime) -> LocalTime {
        let local = time.0 + SECONDS_PER_HOUR;
        let day = local.div_euclid(SECONDS_PER_DAY);
        LocalTime {
            hour: local.rem_euclid(SECONDS_PER_DAY) as f64 / SECONDS_PER_HOUR as f64,
            // 1970-01-01 was a Thursday.
            weekend: (day + 3).rem_euclid(7) >= 5,
        }
    }

    /// Clear-sky irradiance on level ground, W/m².
    pub fn irradiance(&self, time: UnixTime) -> f64 {
        let height = self.sine_of_height(time);
        if height <= 0.0 {
            return 0.0;
        }
        1098.0 * height * (-0.059 / height).exp()
    }

    /// Sine of the sun's height above the horizon, which is the cosine of its zenith angle.
    fn sine_of_height(&self, time: UnixTime) -> f64 {
        let days = time.0 as f64 / SECONDS_PER_DAY as f64;
        let angle = TAU * (days / DAYS_PER_YEAR).fract();
        let solar_hour = Site::local(time).hour + equation_of_time(angle);
        let hour_angle = (solar_hour - 12.0) / 24.0 * TAU;
        let declination = declination(angle);
        self.latitude.sin() * declination.sin()
            + self.latitude.cos() * declination.cos() * hour_angle.cos()
    }
}

/// Radians; `angle` is 0 on 1 January and grows by 2π a year.
fn declination(angle: f64) -> f64 {
    0.006918 - 0.399912 * angle.cos() + 0.070257 * angle.sin() - 0.006758 * (2.0 * angle).cos()
        + 0.000907 * (2.0 * angle).sin()
        - 0.002697 * (3.0 * angle).cos()
        + 0.00148 * (3.0 * angle).sin()
}

/// How far a sundial is ahead of a clock, hours.
fn equation_of_time(angle: f64) -> f64 {
    let radians = 0.0000075 + 0.001868 * angle.cos()
        - 0.032077 * angle.sin()
        - 0.014615 * (2.0 * angle).cos()
        - 0.040849 * (2.0 * angle).sin();
    radians * 24.0 / TAU
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMER_SOLSTICE_NOON: UnixTime = UnixTime(1_782_039_600); // 2026-06-21 11:00 UTC
    const WINTER_SOLSTICE_NOON: UnixTime = UnixTime(1_797_850_800); // 2026-12-21 11:00 UTC
    const MUNICH: Site = Site { latitude: 0.8395 };

    fn height(time: UnixTime) -> f64 {
        MUNICH.sine_of_height(time).asin().to_degrees()
    }

    #[test]
    fn the_sun_stands_where_the_almanac_says() {
        // 90° less the latitude, plus or minus the obliquity of 23.44°.
        assert!((height(SUMMER_SOLSTICE_NOON) - 65.3).abs() < 0.3);
        assert!((height(WINTER_SOLSTICE_NOON) - 18.5).abs() < 0.3);
    }

    #[test]
    fn sundials_are_a_quarter_of_an_hour_ahead_in_november_and_behind_in_february() {
        let minutes = |day: f64| equation_of_time(TAU * day / 365.0) * 60.0;
        assert!((minutes(306.0) - 16.4).abs() < 0.5);
        assert!((minutes(41.0) + 14.2).abs() < 0.5);
    }

    #[test]
    fn clear_skies_give_less_than_a_kilowatt_and_nothing_at_night() {
        let noon = MUNICH.irradiance(SUMMER_SOLSTICE_NOON);
        assert!((850.0..1000.0).contains(&noon), "{noon} W/m²");
        let winter = MUNICH.irradiance(WINTER_SOLSTICE_NOON);
        assert!((200.0..400.0).contains(&winter), "{winter} W/m²");
        assert_eq!(
            MUNICH.irradiance(UnixTime(SUMMER_SOLSTICE_NOON.0 + 43_200)),
            0.0
        );
    }
}
