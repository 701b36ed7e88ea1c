//! What there is and what is used of it, month by month: licenses, and capacities.

use std::collections::BTreeMap;

use entitle::id::Label;
use entitle::quantity::Quantity;
use entitle::report::{ConsumptionRow, GrandTotal, MonthRow};
use entitle::time::Month;
use plotters::chart::ChartBuilder;
use plotters::element::{PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use crate::PlotError;
use crate::axis::{Numbers, Order, PARTS, Slots, index, pixel, slot};
use crate::frame::{
    Area, DARK, EDGE, FAINT, GRID, HEAD, INK, MARGIN, PALE, SMALL, SOFT, Sample, WIDTH, anchored, failed, font, line,
    picture,
};
use crate::text::{grouped, grouped_decimal, width};

const HEIGHT: u32 = 480;
/// The minimum number of months on the axis, so that no bar is as wide as it is high.
const FEWEST: usize = 8;
/// Half of the last month's label extends beyond the axis.
const RIGHT: i32 = 32;

/// The sums of a month.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    there: GrandTotal<u64>,
    used: u64,
}

/// The words of a picture, and how it writes numbers.
struct Words {
    there: &'static str,
    used: &'static str,
    axis: &'static str,
    shown: fn(u64) -> String,
}

/// Draws provisioned and assigned licenses over time: for each month a pale step of what was
/// provisioned, with a dark bar of what was assigned in front.
///
/// Rows of one month are added up. The step is what tenants with limited units have; where a tenant
/// has unlimited ones, a paler step above it reaches the top and has a dashed edge, and the legend
/// says how many tenants there are. `O(n)` in the rows and in the months from the first to the last.
///
/// # Errors
///
/// [`PlotError::NoRows`], if there are no rows.
pub fn over_time(title: &Label, rows: &[MonthRow]) -> Result<String, PlotError> {
    let sums = |row: &MonthRow| Sums { there: row.total_provisioned(), used: row.licenses_assigned };
    let words = Words { there: "Provisioned", used: "Assigned", axis: "Licenses", shown: grouped };
    steps(title, rows.iter().map(|row| (row.month, sums(row))), &words)
}

/// Draws the consumption of a capacity over time, as [`over_time`] draws licenses: for each month a
/// pale step of the allowance, with a dark bar of what was consumed in front.
///
/// Rows of one month are added up; so pass the rows of one plan. `O(n)` in the rows and in the
/// months from the first to the last.
///
/// # Errors
///
/// [`PlotError::NoRows`], if there are no rows.
pub fn consumption_over_time(title: &Label, rows: &[ConsumptionRow]) -> Result<String, PlotError> {
    let sums = |row: &ConsumptionRow| {
        let GrandTotal { unlimited, limited } = row.total_allowance();
        let there = GrandTotal { unlimited, limited: limited.in_millionths() };
        Sums { there, used: row.consumed.in_millionths() }
    };
    let shown = |millionths| grouped_decimal(&Quantity::of_millionths(millionths).to_string());
    let words = Words { there: "Allowance", used: "Consumed", axis: "Units", shown };
    steps(title, rows.iter().map(|row| (row.month, sums(row))), &words)
}

/// Draws steps with bars in front.
fn steps(title: &Label, rows: impl Iterator<Item = (Month, Sums)>, words: &Words) -> Result<String, PlotError> {
    let months = by_month(rows);
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Err(PlotError::NoRows) };
    let sums = || months.iter().filter_map(|(_, sums)| *sums);
    let most = sums().flat_map(|sums| [sums.there.limited, sums.used]).max().unwrap_or(0);
    let unlimited = || sums().map(|sums| sums.there.unlimited);
    let endless = unlimited().max().unwrap_or(0);
    // An unlimited step is higher than all limited ones.
    let most = if endless > 0 { most.saturating_add(most.div_ceil(8)) } else { most };
    let numbers = Numbers::up_to(most, PARTS);
    let mut legend = vec![(Sample::Pale, words.there.to_string()), (Sample::Dark, words.used.to_string())];
    if endless > 0 {
        let is_same = unlimited().all(|tenants| tenants == endless);
        legend.insert(1, (Sample::Endless, unlimited_tenants(endless, is_same)));
    }
    let note = span(first.0, last.0);
    picture(HEIGHT, title.as_str(), &note, &legend, |area| draw(area, &months, numbers, words))
}

/// Returns the words of the legend for tenants with unlimited units.
pub(super) fn unlimited_tenants(tenants: u64, is_same: bool) -> String {
    let up_to = if is_same || tenants == 1 { "" } else { "up to " };
    format!("Unlimited: {up_to}{} {}", grouped(tenants), if tenants == 1 { "tenant" } else { "tenants" })
}

/// Returns the text of a range of months.
pub(super) fn span(first: Month, last: Month) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

/// Returns the sums of every month from the first to the last; a month without rows has none.
fn by_month(rows: impl Iterator<Item = (Month, Sums)>) -> Vec<(Month, Option<Sums>)> {
    let mut sums: BTreeMap<Month, Sums> = BTreeMap::new();
    for (month, row) in rows {
        let sum = sums.entry(month).or_default();
        *sum = Sums { there: sum.there.plus(row.there), used: sum.used.saturating_add(row.used) };
    }
    let last = sums.keys().next_back().copied();
    let months = core::iter::successors(sums.keys().next().copied(), |month| month.next());
    months.take_while(|month| Some(*month) <= last).map(|month| (month, sums.get(&month).copied())).collect()
}

fn draw(area: &Area<'_>, months: &[(Month, Option<Sums>)], numbers: Numbers, words: &Words) -> Result<(), PlotError> {
    let widest = numbers.ticks().map(|tick| width(&(words.shown)(tick), SMALL)).fold(0.0, f64::max);
    let left = pixel(widest + 40.0);
    let inner = f64::from(WIDTH) - f64::from(left) - f64::from(MARGIN) - f64::from(RIGHT);
    let count = months.len().max(FEWEST);
    let slots = Slots { count, every: labelled(count, inner), order: Order::Forward };
    let mut chart = ChartBuilder::on(area);
    chart.margin_left(MARGIN).margin_right(RIGHT).margin_top(HEAD).margin_bottom(16);
    let mut chart =
        chart.x_label_area_size(34).y_label_area_size(left).build_cartesian_2d(slots, numbers).map_err(failed)?;
    let label = font(SMALL, SOFT);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .axis_style(line(SOFT))
        .bold_line_style(line(GRID))
        .light_line_style(line(GRID))
        .y_max_light_lines(0)
        .label_style(label.clone())
        .axis_desc_style(anchored(&font(SMALL, INK), HPos::Center, VPos::Top))
        .x_labels(months.len().div_ceil(slots.every))
        .y_labels(usize::MAX)
        .x_label_formatter(&|at| months.get(slot(*at)).map_or_else(String::new, |(month, _)| month.to_string()))
        .y_label_formatter(&|number| (words.shown)(*number))
        .y_desc(words.axis)
        .draw()
        .map_err(failed)?;
    let plot = chart.plotting_area();
    // A gap of a third of a slot, if there is room.
    let gap = if inner / index(count) >= 6.0 { 1.0 / 6.0 } else { 0.0 };
    let mut before = None;
    for (at, (_, sums)) in months.iter().enumerate().map(|(at, month)| (index(at), month)) {
        let Some(sums) = sums else {
            before = None;
            continue;
        };
        let height = sums.there.limited;
        if sums.there.unlimited > 0 {
            let endless = Rectangle::new([(at, height), (at + 1.0, numbers.top())], FAINT.filled());
            plot.draw(&endless).map_err(failed)?;
            for (from, to) in [(0.05, 0.25), (0.4, 0.6), (0.75, 0.95)] {
                let ends = [(at + from, numbers.top()), (at + to, numbers.top())];
                plot.draw(&PathElement::new(ends, EDGE.stroke_width(2))).map_err(failed)?;
            }
        }
        plot.draw(&Rectangle::new([(at, 0), (at + 1.0, height)], PALE.filled())).map_err(failed)?;
        let bar = Rectangle::new([(at + gap, 0), (at + 1.0 - gap, sums.used)], DARK.filled());
        plot.draw(&bar).map_err(failed)?;
        let edge = PathElement::new([(at, height), (at + 1.0, height)], EDGE.stroke_width(2));
        plot.draw(&edge).map_err(failed)?;
        let riser = before.map(|before| PathElement::new([(at, before), (at, height)], EDGE.stroke_width(2)));
        riser.map_or(Ok(()), |riser| plot.draw(&riser)).map_err(failed)?;
        before = Some(height);
    }
    Ok(())
}

/// Returns the distance of labels in months: parts or multiples of a year that fit.
fn labelled(months: usize, room: f64) -> usize {
    let each = width("2026-03", SMALL) + 10.0;
    let fits = |every: &usize| index(months) / index(*every) * each <= room;
    [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].into_iter().find(fits).unwrap_or(6000)
}
