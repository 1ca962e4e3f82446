//! What all pictures have in common: size, colours, a title and a legend above the axes.

use std::{io, ops::Range};

use plotters::{
    coord::{types::RangedCoordf64, Shift},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use unicode_width::UnicodeWidthStr;

use super::axis::{moment_name, moments, LabelledRange};

/// Of a picture, in pixels.
pub const WIDTH: u32 = 960;
pub const HEIGHT: u32 = 480;

/// Colours of Okabe and Ito, which people who are colour blind can tell apart as well.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
pub const SKY: RGBColor = RGBColor(166, 212, 240);
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
pub const GREY: RGBColor = RGBColor(150, 150, 150);
pub const INK: RGBColor = RGBColor(50, 50, 50);
pub const FAINT: RGBColor = RGBColor(225, 225, 225);

const FONT: &str = "sans-serif";
const HEADER_HEIGHT: u32 = 80;
const MARGIN: i32 = 16;
/// Of a letter of the legend, about.
pub const LETTER_WIDTH: u32 = 8;

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// How something is drawn, for the legend.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    Area(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
}

/// A picture of that height: its title, a sentence and the legend on top, and below them what `draw` draws.
///
/// # Errors
/// None that can come about: it is drawn into memory.
pub fn figure(
    height: u32,
    title: &str,
    sentence: &str,
    legend: &[(Mark, &str)],
    draw: impl FnOnce(&Area) -> Drawn,
) -> anyhow::Result<String> {
    let mut picture = String::new();
    {
        let all = SVGBackend::with_string(&mut picture, (WIDTH, height)).into_drawing_area();
        all.fill(&WHITE)?;
        let (header, body) = all.split_vertically(HEADER_HEIGHT);
        let bold = TextStyle::from((FONT, 24, FontStyle::Bold).into_font()).color(&INK);
        header.draw(&Text::new(title, (MARGIN, 12), bold))?;
        let end = (WIDTH as i32 - MARGIN, 16);
        header.draw(&Text::new(sentence, end, text(17, HPos::Right, VPos::Top)))?;
        draw_legend(&header, legend)?;
        draw(&body)?;
        all.present()?;
    }
    Ok(picture)
}

fn draw_legend(header: &Area, legend: &[(Mark, &str)]) -> Drawn {
    const TOP: i32 = 58;
    let mut left = MARGIN;
    for (mark, name) in legend {
        let line = |from: i32, to: i32, colour: RGBColor| {
            PathElement::new(
                vec![(left + from, TOP), (left + to, TOP)],
                colour.stroke_width(3),
            )
        };
        match *mark {
            Mark::Area(colour) => header.draw(&Rectangle::new(
                [(left, TOP - 6), (left + 20, TOP + 6)],
                colour.filled(),
            ))?,
            Mark::Line(colour) => header.draw(&line(0, 20, colour))?,
            Mark::Dashes(colour) => {
                header.draw(&line(0, 8, colour))?;
                header.draw(&line(12, 20, colour))?;
            }
        }
        let style = text(17, HPos::Left, VPos::Center);
        header.draw(&Text::new(*name, (left + 27, TOP), style))?;
        left += 26 + (name.width() as u32 * LETTER_WIDTH) as i32 + 14;
    }
    Ok(())
}

/// What is said where there is nothing to draw.
pub const NOTHING_TRADED: &str = "nothing was traded";

/// A sentence in the middle of a picture that would be empty without it.
///
/// # Errors
/// None that can come about: it is drawn into memory.
pub fn draw_note(area: &Area, sentence: &str) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let middle = (width as i32 / 2, height as i32 / 2);
    let style = text(22, HPos::Center, VPos::Center);
    area.draw(&Text::new(sentence, middle, style))
}

/// Letters of that size, with their anchor.
pub fn text(size: i32, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    let style = TextStyle::from((FONT, size).into_font()).color(&INK);
    style.pos(Pos::new(horizontal, vertical))
}

/// An axis of a picture.
pub struct Axis<'a> {
    pub range: Range<f64>,
    pub name: &'a str,
    /// Where it has labels; those of numbers upwards are chosen by their range.
    pub labels: Vec<f64>,
    pub label: &'a dyn Fn(&f64) -> String,
}

impl Axis<'_> {
    /// Of time, from one moment to another, with labels at least so many seconds apart.
    pub fn of_time<'a>(name: &'a str, start: i64, end: i64, least: i64) -> Axis<'a> {
        let moments = moments(start, end, least).into_iter();
        Axis {
            range: start as f64..end as f64,
            name,
            labels: moments.map(|moment| moment as f64).collect(),
            label: &|moment| moment_name(*moment as i64),
        }
    }
}

pub type Chart<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<LabelledRange, RangedCoordf64>>;

/// Axes with faint lines across, in all of an area.
///
/// # Errors
/// None that can come about: it is drawn into memory.
pub fn axes<'a, 'b>(
    area: &'a Area<'b>,
    x: Axis,
    y: Axis,
) -> Result<Chart<'a, 'b>, DrawingAreaErrorKind<io::Error>> {
    let mut chart = ChartBuilder::on(area)
        .margin_left(8)
        .margin_right(32)
        .margin_bottom(8)
        .margin_top(4)
        .x_label_area_size(48)
        .y_label_area_size(80)
        .build_cartesian_2d(LabelledRange::new(x.range, x.labels), y.range)?;
    chart
        .configure_mesh()
        .x_desc(x.name)
        .y_desc(y.name)
        .x_label_formatter(x.label)
        .y_label_formatter(y.label)
        .x_labels(usize::from(u8::MAX))
        .y_labels(8)
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .axis_style(GREY)
        .label_style(text(16, HPos::Center, VPos::Center))
        .axis_desc_style(text(17, HPos::Center, VPos::Center))
        .draw()?;
    Ok(chart)
}
