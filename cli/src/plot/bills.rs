use anyhow::Result;
use joulebook_profiles::printable_whole;
use joulebook_sim::simulation::Settled;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::counted::{counted, verb_of};

use super::{
    axis::{number, LabelledRange},
    figure::{
        figure, text, Area, Drawn, Mark, BLUE, FAINT, GREY, INK, LETTER_WIDTH, VERMILION, WIDTH,
    },
    savings,
};

const MILLI_ATOMS_PER_TOKEN: f64 = 1e9;
/// Households that get a row each; more are counted by what they save.
const MOST_ROWS: usize = 50;
const ROW_HEIGHT: u32 = 30;
/// Above and below the rows, for title, legend and axis.
const AROUND_ROWS: u32 = 150;
/// Of a mark on an axis; by itself it would shrink with the picture, and names touch the axis.
const TICK: u32 = 5;
/// Of a name, in letters of ordinary width.
const NAME_WIDTH: usize = 26;

/// What a household pays, in tokens; below zero, what it earns.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    pub name: String,
    pub market: f64,
    pub alone: f64,
}

impl Bill {
    pub fn saving(&self) -> f64 {
        self.alone - self.market
    }
}

/// Each household's bill with the market and with the supplier alone; of many households, how much they save.
pub fn draw(settled: &Settled) -> Result<String> {
    let mut bills = bills(settled);
    bills.sort_by(|one, other| other.saving().total_cmp(&one.saving()));
    let saving: f64 = bills.iter().map(Bill::saving).sum();
    let better = bills.iter().filter(|bill| bill.saving() > 0.0).count();
    let sentence = format!(
        "{better} of {} {}, together {} tokens",
        counted(bills.len() as u64, "household"),
        verb_of(better as u64, "save"),
        number(saving, saving.abs() / 10.0)
    );
    match bills.len() > MOST_ROWS {
        true => savings::draw(&bills, &sentence),
        false => draw_bills(&bills, &sentence),
    }
}

fn bills(settled: &Settled) -> Vec<Bill> {
    let households = settled.households.iter().enumerate();
    households
        .map(|(place, name)| Bill {
            name: short(&printable_whole(name)),
            market: settled.bill_of(place).total() as f64 / MILLI_ATOMS_PER_TOKEN,
            alone: settled.supplier_alone(place) as f64 / MILLI_ATOMS_PER_TOKEN,
        })
        .collect()
}

/// A name that fits beside its row.
fn short(name: &str) -> String {
    if name.width() <= NAME_WIDTH {
        return name.to_owned();
    }
    let mut width = 1;
    let fits = |letter: &char| {
        width += letter.width().unwrap_or(0);
        width <= NAME_WIDTH
    };
    let beginning: String = name.chars().take_while(fits).collect();
    format!("{}…", beginning.trim_end())
}

fn draw_bills(bills: &[Bill], sentence: &str) -> Result<String> {
    let legend = [
        (Mark::Area(GREY), "with the supplier alone"),
        (Mark::Area(BLUE), "with the market"),
    ];
    let height = AROUND_ROWS + ROW_HEIGHT * bills.len() as u32;
    figure(
        height,
        "Bills and savings, in tokens",
        sentence,
        &legend,
        |area| draw_rows(area, bills),
    )
}

/// A row for each household: its name, two bars, and what it saves.
fn draw_rows(area: &Area, bills: &[Bill]) -> Drawn {
    let amounts = || bills.iter().flat_map(|bill| [bill.market, bill.alone]);
    let (low, high) = (amounts().fold(0.0, f64::min), amounts().fold(0.0, f64::max));
    let (left, right) = around(low, high);
    let length = right - left;
    let rows = bills.len() as f64;
    let name = |row: &f64| {
        let bill = bills.get(row.floor() as usize);
        bill.map_or_else(String::new, |bill| bill.name.clone())
    };
    let widest = bills
        .iter()
        .map(|bill| bill.name.width())
        .max()
        .unwrap_or(0);
    let names = 24 + LETTER_WIDTH * widest as u32;
    let middles = (0..bills.len()).map(|row| row as f64 + 0.5).collect();
    let mut chart = ChartBuilder::on(area)
        .margin_left(8)
        .margin_right(110)
        .margin_bottom(8)
        .margin_top(22)
        .x_label_area_size(44)
        .y_label_area_size(names)
        .build_cartesian_2d(left..right, LabelledRange::new(rows..0.0, middles))?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .x_desc("tokens for all of the time; negative is earned")
        .x_label_formatter(&|amount| number(*amount, length))
        .y_label_formatter(&name)
        .y_labels(bills.len())
        .set_all_tick_mark_size(TICK)
        .x_labels(8)
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .axis_style(GREY)
        .label_style(text(16, HPos::Center, VPos::Center))
        .axis_desc_style(text(17, HPos::Center, VPos::Center))
        .draw()?;
    for (row, bill) in (0_u32..).zip(bills) {
        let row = f64::from(row);
        let bar = |amount: f64, from: f64, to: f64, colour: RGBColor| {
            let corners = [(amount.min(0.0), row + from), (amount.max(0.0), row + to)];
            Rectangle::new(corners, colour.filled())
        };
        chart.draw_series([
            bar(bill.alone, 0.14, 0.5, GREY),
            bar(bill.market, 0.5, 0.86, BLUE),
        ])?;
    }
    chart.draw_series([PathElement::new(vec![(0.0, 0.0), (0.0, rows)], INK)])?;
    draw_savings_column(area, bills)
}

/// The ends of an axis from the lowest bill to the highest, one of which may be zero.
fn around(low: f64, high: f64) -> (f64, f64) {
    let room = ((high - low) * 0.04).max(1e-6);
    match (low < 0.0, high > 0.0) {
        (false, false) => (0.0, 1.0),
        (is_low, is_high) => (
            if is_low { low - room } else { 0.0 },
            if is_high { high + room } else { 0.0 },
        ),
    }
}

/// What each household saves, to the right of its row.
fn draw_savings_column(area: &Area, bills: &[Bill]) -> Drawn {
    const TOP: i32 = 22;
    let end = WIDTH as i32 - 24;
    let right = |vertical| text(16, HPos::Right, vertical);
    area.draw(&Text::new("saving", (end, TOP - 6), right(VPos::Bottom)))?;
    let most = bills
        .iter()
        .map(|bill| bill.saving().abs())
        .fold(0.0, f64::max);
    let (_, height) = area.dim_in_pixel();
    // Without the axis and the margins.
    let rows_height = f64::from(height) - f64::from(TOP) - 52.0;
    for (row, bill) in (0_u32..).zip(bills) {
        let middle = (f64::from(row) + 0.5) * rows_height / bills.len() as f64;
        let saving = signed(bill.saving(), most);
        let colour = if bill.saving() < 0.0 { VERMILION } else { INK };
        let style = right(VPos::Center).color(&colour);
        area.draw(&Text::new(saving, (end, TOP + middle as i32), style))?;
    }
    Ok(())
}

/// With three digits of the largest, and its sign; nothing has none.
fn signed(saving: f64, most: f64) -> String {
    if most == 0.0 {
        return "0".into();
    }
    let text = number(saving, most / 10.0);
    match saving > 0.0 {
        true => format!("+{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn savings_have_three_digits_of_the_largest_and_a_sign() {
        assert_eq!(signed(1.5, 20.0), "+1.5");
        assert_eq!(signed(-0.004, 0.25), "-0.004");
        assert_eq!(signed(12_345.0, 12_345.0), "+12,345");
        assert_eq!(signed(0.0, 0.0), "0");
    }

    #[test]
    fn an_axis_of_bills_has_a_length_even_if_nobody_pays() {
        assert_eq!(around(0.0, 0.0), (0.0, 1.0));
        assert_eq!(around(0.0, 100.0), (0.0, 104.0));
        assert_eq!(around(-100.0, 0.0), (-104.0, 0.0));
    }

    #[test]
    fn long_names_end_where_there_is_no_room() {
        assert_eq!(short("house01"), "house01");
        assert_eq!(short(&"a".repeat(26)), "a".repeat(26));
        assert_eq!(short(&"a".repeat(27)), format!("{}…", "a".repeat(25)));
        // Twice as wide.
        assert_eq!(short(&"太".repeat(14)), format!("{}…", "太".repeat(12)));
    }
}
