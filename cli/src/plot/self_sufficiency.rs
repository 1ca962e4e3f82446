use anyhow::Result;
use joulebook_sim::simulation::{CommunityEnergy, Settled};
use plotters::prelude::*;

use super::{
    axis::period,
    buckets::Buckets,
    figure::{axes, figure, Area, Axis, Drawn, Mark, HEIGHT, SKY, VERMILION},
};

/// What part of its use the community's own panels gave.
pub fn draw(settled: &Settled) -> Result<String> {
    let buckets = Buckets::of(settled);
    let (start, end) = buckets.range();
    let all = buckets.list.iter();
    let whole = all.fold(CommunityEnergy::default(), |sum, one| sum.and(one.energy));
    let average = whole.self_sufficiency();
    let average_name = match average {
        Some(share) => format!("over all of the time: {:.1} %", share * 100.0),
        None => "nothing was used".to_owned(),
    };
    let share_name = format!("of what was used in each {}", buckets.name());
    let legend = [
        (Mark::Area(SKY), share_name.as_str()),
        (Mark::Dashes(VERMILION), average_name.as_str()),
    ];
    let title = "Part of its use that the community's own panels gave";
    figure(HEIGHT, title, &period(start, end), &legend, |area| {
        draw_buckets(area, &buckets, average)
    })
}

fn draw_buckets(area: &Area, buckets: &Buckets, average: Option<f64>) -> Drawn {
    let (start, end) = buckets.range();
    let x = Axis::of_time("time (UTC)", start, end, buckets.length);
    let y = Axis {
        range: 0.0..100.0,
        name: "percent",
        labels: Vec::new(),
        label: &|percent| format!("{percent:.0} %"),
    };
    let mut chart = axes(area, x, y)?;
    chart.draw_series(buckets.list.iter().filter_map(|bucket| {
        let share = bucket.energy.self_sufficiency()? * 100.0;
        let to = bucket.start.saturating_add(buckets.length);
        let corners = [(bucket.start as f64, 0.0), (to as f64, share)];
        Some(Rectangle::new(corners, SKY.filled()))
    }))?;
    if let Some(average) = average {
        let line = [start, end].map(|moment| (moment as f64, average * 100.0));
        let style = VERMILION.stroke_width(2);
        chart.draw_series(DashedLineSeries::new(line, 8, 5, style))?;
    }
    Ok(())
}
