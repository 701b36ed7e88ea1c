//! Provisioned and assigned licenses over time.

use std::collections::BTreeMap;

use entitle::id::Label;
use entitle::quantity::Total;
use entitle::report::MonthRow;
use entitle::time::Month;
use plotters::chart::ChartBuilder;
use plotters::element::{PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use crate::PlotError;
use crate::axis::{Numbers, Order, PARTS, Slots, index, pixel, slot};
use crate::frame::{
    Area, DARK, EDGE, GRID, HEAD, INK, MARGIN, PALE, SMALL, SOFT, Sample, WIDTH, anchored, failed, font, line, picture,
};
use crate::text::{grouped, width};

const HEIGHT: u32 = 480;
/// The minimum number of months on the axis, so that no bar is as wide as it is high.
const FEWEST: usize = 8;
/// Half of the last month's label extends beyond the axis.
const RIGHT: i32 = 32;

/// The sums of a month.
#[derive(Debug, Clone, Copy)]
struct Sums {
    provisioned: Total,
    assigned: u64,
}

/// Draws provisioned and assigned licenses over time: for each month a pale step of what was
/// provisioned, with a dark bar of what was assigned in front.
///
/// Rows of one month are added up. Where unlimited units were provisioned, the step reaches the top
/// and has a dashed edge. `O(n)` in the rows and in the months from the first to the last.
///
/// # Errors
///
/// [`PlotError::NoRows`], if there are no rows.
pub fn over_time(title: &Label, rows: &[MonthRow]) -> Result<String, PlotError> {
    let months = by_month(rows);
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Err(PlotError::NoRows) };
    let sums = || months.iter().filter_map(|(_, sums)| *sums);
    let limited = sums().filter_map(|sums| match sums.provisioned {
        Total::Limited(units) => Some(units),
        Total::Unlimited => None,
    });
    let most = limited.chain(sums().map(|sums| sums.assigned)).max().unwrap_or(0);
    let is_endless = sums().any(|sums| sums.provisioned == Total::Unlimited);
    // An unlimited step is higher than all limited ones.
    let most = if is_endless { most.saturating_add(most.div_ceil(8)) } else { most };
    let numbers = Numbers::up_to(most, PARTS);
    let mut legend = vec![(Sample::Pale, "Provisioned".to_string()), (Sample::Dark, "Assigned".to_string())];
    if is_endless {
        legend.insert(1, (Sample::Endless, "Provisioned: unlimited".to_string()));
    }
    let note = span(first.0, last.0);
    picture(HEIGHT, title.as_str(), &note, &legend, |area| draw(area, &months, numbers))
}

/// Returns the text of a range of months.
pub(super) fn span(first: Month, last: Month) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

/// Returns the sums of every month from the first to the last; a month without rows has none.
fn by_month(rows: &[MonthRow]) -> Vec<(Month, Option<Sums>)> {
    let mut sums: BTreeMap<Month, Sums> = BTreeMap::new();
    for row in rows {
        let there = sums.entry(row.month).or_insert(Sums { provisioned: Total::ZERO, assigned: 0 });
        there.provisioned = there.provisioned.plus(row.licenses_provisioned);
        there.assigned = there.assigned.saturating_add(row.licenses_assigned);
    }
    let last = sums.keys().next_back().copied();
    let months = core::iter::successors(sums.keys().next().copied(), |month| month.next());
    months.take_while(|month| Some(*month) <= last).map(|month| (month, sums.get(&month).copied())).collect()
}

fn draw(area: &Area<'_>, months: &[(Month, Option<Sums>)], numbers: Numbers) -> Result<(), PlotError> {
    let widest = width(&grouped(numbers.top()), SMALL);
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
        .y_label_formatter(&|number| grouped(*number))
        .y_desc("Licenses")
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
        let height = match sums.provisioned {
            Total::Limited(units) => units,
            Total::Unlimited => numbers.top(),
        };
        plot.draw(&Rectangle::new([(at, 0), (at + 1.0, height)], PALE.filled())).map_err(failed)?;
        let bar = Rectangle::new([(at + gap, 0), (at + 1.0 - gap, sums.assigned)], DARK.filled());
        plot.draw(&bar).map_err(failed)?;
        let edges: &[(f64, f64)] = match sums.provisioned {
            Total::Limited(_) => &[(0.0, 1.0)],
            Total::Unlimited => &[(0.05, 0.25), (0.4, 0.6), (0.75, 0.95)],
        };
        for (from, to) in edges {
            let edge = PathElement::new([(at + from, height), (at + to, height)], EDGE.stroke_width(2));
            plot.draw(&edge).map_err(failed)?;
        }
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
