use anyhow::Result;
use plotters::prelude::*;

use super::{
    axis::number,
    bills::Bill,
    figure::{axes, draw_note, figure, Area, Axis, Drawn, Mark, BLUE, HEIGHT, VERMILION},
};

/// Steps that savings are counted in, about.
const BINS: usize = 30;

/// How many households save how much.
pub fn draw(bills: &[Bill], sentence: &str) -> Result<String> {
    let legend = [
        (Mark::Area(BLUE), "pay less with the market, or the same"),
        (Mark::Area(VERMILION), "pay more"),
    ];
    let title = "What households save against the supplier alone";
    let is_alike = bills.iter().all(|bill| bill.saving() == 0.0);
    figure(HEIGHT, title, sentence, &legend, |area| match is_alike {
        // Of no width, there would be nothing to count in.
        true => draw_note(
            area,
            "every household pays the same as with the supplier alone",
        ),
        false => draw_histogram(area, bills),
    })
}

fn draw_histogram(area: &Area, bills: &[Bill]) -> Drawn {
    let bins = Bins::of(bills);
    let most = bins.counts.iter().copied().max().unwrap_or(0).max(1) as f64 * 1.05;
    let (from, to) = (bins.edge(0), bins.edge(bins.counts.len()));
    let every = bins.counts.len().div_ceil(12).max(1);
    let labels = (0..=bins.counts.len()).filter(|bin| bins.number(*bin) % every as i64 == 0);
    let x = Axis {
        range: from..to,
        name: "saving over all of the time, tokens",
        labels: labels.map(|bin| bins.edge(bin)).collect(),
        label: &|saving| number(*saving, bins.width * 10.0),
    };
    let y = Axis {
        range: 0.0..most,
        name: "households",
        labels: Vec::new(),
        label: &|count| match count.fract() == 0.0 {
            true => format!("{count:.0}"),
            false => String::new(),
        },
    };
    let mut chart = axes(area, x, y)?;
    let gap = bins.width * 0.04;
    chart.draw_series(bins.counts.iter().enumerate().map(|(bin, count)| {
        let colour = if bins.edge(bin) < 0.0 {
            VERMILION
        } else {
            BLUE
        };
        let corners = [
            (bins.edge(bin) + gap, 0.0),
            (bins.edge(bin + 1) - gap, *count as f64),
        ];
        Rectangle::new(corners, colour.filled())
    }))?;
    Ok(())
}

/// Savings counted in steps of a round width, one of whose edges is zero.
#[derive(Clone, Debug, PartialEq)]
struct Bins {
    width: f64,
    /// Of the first bin, in widths from zero.
    first: i64,
    counts: Vec<usize>,
}

impl Bins {
    fn of(bills: &[Bill]) -> Bins {
        let savings = || bills.iter().map(Bill::saving);
        let (low, high) = (savings().fold(0.0, f64::min), savings().fold(0.0, f64::max));
        let width = round_up(((high - low) / BINS as f64).max(1e-9));
        let place = |saving: f64| (saving / width).floor() as i64;
        let first = place(low);
        let mut counts = vec![0; (place(high) - first + 1) as usize];
        for saving in savings() {
            if let Some(count) = counts.get_mut((place(saving) - first) as usize) {
                *count += 1;
            }
        }
        Bins {
            width,
            first,
            counts,
        }
    }

    /// In widths from zero.
    fn number(&self, bin: usize) -> i64 {
        self.first + bin as i64
    }

    fn edge(&self, bin: usize) -> f64 {
        self.number(bin) as f64 * self.width
    }
}

/// The next of 1, 2, 5, 10, 20, 50 …, or of tenths of them.
fn round_up(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let digits = [1.0, 2.0, 5.0, 10.0];
    let fitting = digits.iter().find(|digit| **digit * power >= least);
    fitting.unwrap_or(&10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bill(market: f64, alone: f64) -> Bill {
        Bill {
            name: "a".into(),
            market,
            alone,
        }
    }

    #[test]
    fn savings_are_counted_in_round_steps_from_zero() {
        let bills = [
            bill(0.0, 0.5),
            bill(0.0, 3.0),
            bill(1.0, 0.0),
            bill(2.95, 3.0),
        ];
        let bins = Bins::of(&bills);
        assert_eq!((bins.width, bins.first), (0.2, -5));
        assert_eq!(bins.counts.iter().sum::<usize>(), 4);
        let filled: Vec<f64> = (0..bins.counts.len())
            .filter(|bin| bins.counts[*bin] > 0)
            .map(|bin| (bins.edge(bin) * 10.0).round())
            .collect();
        assert_eq!(filled, [-10.0, 0.0, 4.0, 30.0]);
    }

    #[test]
    fn nothing_saved_is_one_bin() {
        let bins = Bins::of(&[bill(1.0, 1.0)]);
        assert_eq!((bins.first, bins.counts), (0, vec![1]));
    }
}
