use anyhow::Result;
use joulebook_sim::simulation::{highest_bid, Settled};
use joulebook_units::{SECONDS_PER_DAY, SECONDS_PER_HOUR};
use plotters::prelude::*;

use super::{
    axis::{number, period},
    buckets::is_long,
    figure::{
        axes, draw_note, figure, Area, Axis, Chart, Drawn, Mark, BLUE, HEIGHT, INK, NOTHING_TRADED,
        ORANGE, SKY,
    },
};

const ATOMS_PER_TOKEN: f64 = 1e6;
const HOURS: usize = 24;
/// Of an axis whose numbers have three decimals, as prices are named with.
const NAMED: f64 = 0.01;

/// The clearing price by window, in long runs by the hour of the day, between the feed-in tariff and the highest bid.
pub fn draw(settled: &Settled) -> Result<String> {
    let by_hour = is_long(settled) && settled.length.0 <= SECONDS_PER_HOUR;
    let (start, end) = run(settled);
    let title = match by_hour {
        true => "Clearing price by the hour of the day",
        false => "Clearing price",
    };
    let [feed_in, highest] = bounds(settled).map(|price| number(price, NAMED));
    let names = [
        format!("highest bid, {highest}"),
        format!("feed-in tariff, {feed_in}"),
    ];
    let [highest, feed_in] = names.each_ref().map(String::as_str);
    let bounds = [
        (Mark::Dashes(INK), highest),
        (Mark::Dashes(ORANGE), feed_in),
    ];
    let price: &[(Mark, &str)] = match by_hour {
        true => &[
            (Mark::Line(BLUE), "average by volume"),
            (Mark::Area(SKY), "lowest to highest"),
        ],
        false => &[(Mark::Line(BLUE), "price of windows with trade")],
    };
    let legend = [price, &bounds].concat();
    figure(HEIGHT, title, &period(start, end), &legend, |area| {
        match by_hour {
            true => draw_hours(area, settled)?,
            false => draw_windows(area, settled, start, end)?,
        }
        match settled.windows().any(|(window, _)| window.price.is_some()) {
            true => Ok(()),
            false => draw_note(area, NOTHING_TRADED),
        }
    })
}

/// From the first window's start to the last one's end.
fn run(settled: &Settled) -> (i64, i64) {
    let starts = || settled.windows().map(|(window, _)| window.start.0);
    let (first, last) = (starts().next().unwrap_or(0), starts().last().unwrap_or(0));
    (first, last.saturating_add(settled.length.0))
}

fn tokens(atoms: i32) -> f64 {
    f64::from(atoms) / ATOMS_PER_TOKEN
}

/// The feed-in tariff and the highest bid.
fn bounds(settled: &Settled) -> [f64; 2] {
    let terms = &settled.terms;
    let highest = highest_bid(terms).unwrap_or(terms.tariff.short);
    [terms.tariff.long, highest].map(|price| tokens(price.0))
}

fn price_axes<'a, 'b>(
    area: &'a Area<'b>,
    settled: &Settled,
    x: Axis,
) -> Result<Chart<'a, 'b>, DrawingAreaErrorKind<std::io::Error>> {
    let prices = settled.windows().filter_map(|(window, _)| window.price);
    let all = prices.map(|price| tokens(price.0)).chain(bounds(settled));
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(low, high), price| {
        (low.min(price), high.max(price))
    });
    let room = ((high - low) * 0.08).max(1.0 / ATOMS_PER_TOKEN);
    let bottom = if low < 0.0 { low - room } else { 0.0 };
    let (from, to) = (x.range.start, x.range.end);
    let range = bottom..high + room;
    let length = high - low + room;
    let y = Axis {
        range,
        name: "tokens per kWh",
        labels: Vec::new(),
        label: &|price| number(*price, length),
    };
    let mut chart = axes(area, x, y)?;
    for (price, colour) in bounds(settled).into_iter().zip([ORANGE, INK]) {
        let line = [(from, price), (to, price)];
        let style = colour.stroke_width(2);
        chart.draw_series(DashedLineSeries::new(line, 8, 5, style))?;
    }
    Ok(chart)
}

fn draw_windows(area: &Area, settled: &Settled, start: i64, end: i64) -> Drawn {
    let x = Axis::of_time("start of the window (UTC)", start, end, settled.length.0);
    let mut chart = price_axes(area, settled, x)?;
    chart.draw_series(
        steps(settled)
            .into_iter()
            .map(|line| PathElement::new(line, BLUE.stroke_width(2))),
    )?;
    Ok(())
}

/// A line for each run of windows with trade: level over a window, and from one level to the next between them.
fn steps(settled: &Settled) -> Vec<Vec<(f64, f64)>> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for (window, _) in settled.windows() {
        match window.price {
            Some(price) => {
                let (from, to) = (
                    window.start.0,
                    window.start.0.saturating_add(settled.length.0),
                );
                line.extend([from, to].map(|moment| (moment as f64, tokens(price.0))));
            }
            None => lines.push(std::mem::take(&mut line)),
        }
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

/// Prices of one hour of the day, on all days.
#[derive(Clone, Copy, Debug, PartialEq)]
struct HourPrices {
    lowest: f64,
    highest: f64,
    /// Weighted by volume.
    average: f64,
}

fn hours(settled: &Settled) -> [Option<HourPrices>; HOURS] {
    let mut windows: [Vec<(f64, f64)>; HOURS] = Default::default();
    for (window, _) in settled.windows() {
        let hour = window.start.0.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HOUR;
        if let (Some(price), Some(list)) = (window.price, windows.get_mut(hour as usize)) {
            list.push((tokens(price.0), window.traded.0 as f64));
        }
    }
    windows.map(|list| {
        let volume: f64 = list.iter().map(|(_, volume)| volume).sum();
        let value: f64 = list.iter().map(|(price, volume)| price * volume).sum();
        let prices = || list.iter().map(|(price, _)| *price);
        Some(HourPrices {
            lowest: prices().reduce(f64::min)?,
            highest: prices().reduce(f64::max)?,
            average: value / volume.max(f64::MIN_POSITIVE),
        })
    })
}

fn draw_hours(area: &Area, settled: &Settled) -> Drawn {
    let x = Axis {
        range: 0.0..HOURS as f64,
        name: "start of the window, hour of the day (UTC)",
        labels: (0..=HOURS).step_by(2).map(|hour| hour as f64).collect(),
        label: &|hour| format!("{hour:02}:00"),
    };
    let mut chart = price_axes(area, settled, x)?;
    for (hour, prices) in (0_u8..).zip(hours(settled)) {
        let Some(prices) = prices else { continue };
        let (from, to) = (f64::from(hour), f64::from(hour) + 1.0);
        let band = [(from, prices.lowest), (to, prices.highest)];
        let level = vec![(from, prices.average), (to, prices.average)];
        chart.draw_series([Rectangle::new(band, SKY.filled())])?;
        chart.draw_series([PathElement::new(level, BLUE.stroke_width(3))])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Terms;
    use joulebook_sim::simulation::{SettledPosition, SettledWindow};
    use joulebook_units::{Price, Seconds, UnixTime, WhSum};

    use super::*;

    fn settled(windows: &[(i64, Option<i32>, u64)]) -> Settled {
        let mut settled = Settled::new(Seconds(900), Terms::default(), vec!["a".into()]);
        for (start, price, traded) in windows {
            let window = SettledWindow {
                start: UnixTime(*start),
                price: price.map(Price),
                traded: WhSum(*traded),
                ..SettledWindow::default()
            };
            settled.push(window, [SettledPosition::default()]);
        }
        settled
    }

    #[test]
    fn lines_end_where_nothing_was_traded() {
        let lines = steps(&settled(&[
            (0, Some(100_000), 1),
            (900, Some(200_000), 1),
            (1800, None, 0),
            (2700, Some(300_000), 1),
        ]));
        let first = vec![(0.0, 0.1), (900.0, 0.1), (900.0, 0.2), (1800.0, 0.2)];
        assert_eq!(lines, [first, vec![(2700.0, 0.3), (3600.0, 0.3)]]);
    }

    #[test]
    fn prices_of_an_hour_are_weighted_by_volume() {
        let [first, second, ..] = hours(&settled(&[
            (0, Some(250_000), 1),
            (86_400, Some(500_000), 3),
            (3600, None, 0),
        ]));
        let expected = HourPrices {
            lowest: 0.25,
            highest: 0.5,
            average: 0.4375,
        };
        assert_eq!((first, second), (Some(expected), None));
    }
}
