use anyhow::Result;
use joulebook_sim::simulation::Settled;
use plotters::prelude::*;

use super::{
    axis::{number, period},
    buckets::{Bucket, Buckets},
    figure::{
        axes, draw_note, figure, Area, Axis, Drawn, Mark, BLUE, HEIGHT, INK, NOTHING_TRADED, SKY,
    },
};

const WH_PER_KWH: f64 = 1000.0;

/// What was traded, what of it was delivered, and the lesser of what all drew and what all fed in, which contracts can be
/// above: nobody knows before what will flow.
pub fn draw(settled: &Settled) -> Result<String> {
    let buckets = Buckets::of(settled);
    let (start, end) = buckets.range();
    let legend = [
        (Mark::Line(INK), "traded"),
        (Mark::Area(BLUE), "delivered of it"),
        (Mark::Area(SKY), "drawn and fed in at the same time"),
    ];
    figure(
        HEIGHT,
        "Energy traded",
        &period(start, end),
        &legend,
        |area| draw_buckets(area, &buckets),
    )
}

fn draw_buckets(area: &Area, buckets: &Buckets) -> Drawn {
    let (start, end) = buckets.range();
    let kwh = |energy: u64| energy as f64 / WH_PER_KWH;
    let all = || buckets.list.iter();
    let most = all().map(|bucket| kwh(bucket.shared.max(bucket.traded)));
    let most = most.fold(0.001, f64::max) * 1.05;
    let x = Axis::of_time("time (UTC)", start, end, buckets.length);
    let y = Axis {
        range: 0.0..most,
        name: &format!("kWh per {}", buckets.name()),
        labels: Vec::new(),
        label: &|energy| number(*energy, most),
    };
    let mut chart = axes(area, x, y)?;
    let bar = |bucket: &Bucket, energy: u64, colour: RGBColor| {
        let to = bucket.start.saturating_add(buckets.length);
        let corners = [(bucket.start as f64, 0.0), (to as f64, kwh(energy))];
        Rectangle::new(corners, colour.filled())
    };
    chart.draw_series(all().map(|bucket| bar(bucket, bucket.shared, SKY)))?;
    chart.draw_series(all().map(|bucket| bar(bucket, bucket.delivered, BLUE)))?;
    if all().all(|bucket| bucket.traded == 0) {
        return draw_note(area, NOTHING_TRADED);
    }
    let with_trade = all().filter(|bucket| bucket.traded > 0);
    chart.draw_series(with_trade.map(|bucket| {
        let to = bucket.start.saturating_add(buckets.length);
        let level = [bucket.start, to].map(|moment| (moment as f64, kwh(bucket.traded)));
        PathElement::new(level, INK.stroke_width(2))
    }))?;
    Ok(())
}
