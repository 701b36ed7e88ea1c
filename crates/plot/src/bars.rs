//! Horizontal bars with names on the left: the largest ones, and the sum of the others.

use entitle::report::GrandTotal;
use plotters::chart::ChartBuilder;
use plotters::element::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, WHITE};

use crate::PlotError;
use crate::axis::{Numbers, Order, PARTS, Slots, index, pixel, real, slot};
use crate::frame::{
    DARK, EDGE, FAINT, GRID, HEAD, INK, MARGIN, MARK, PALE, SMALL, SOFT, Sample, WIDTH, anchored, failed, font, line,
    picture,
};
use crate::text::{fitted, grouped, width};

/// The maximum number of bars; more are hard to distinguish.
pub(super) const SHOWN: usize = 16;
/// The width for a name, in pixels.
const NAME: f64 = 220.0;
/// The distance between bars, in pixels.
const STEP: usize = 28;

/// One bar.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub(super) name: String,
    /// The length of the dark bar.
    pub(super) filled: u64,
    /// The length of the pale bar behind it, if there is one.
    pub(super) behind: Option<GrandTotal<u64>>,
    /// The text at its end.
    pub(super) value: String,
}

/// A chart of bars.
#[derive(Debug)]
pub(super) struct Bars<'a> {
    pub(super) title: &'a str,
    /// The text at the right of the title.
    pub(super) note: String,
    pub(super) legend: Vec<(Sample, String)>,
    /// The title of the axis.
    pub(super) axis: &'a str,
    /// Formats a number of the axis.
    pub(super) shown: fn(u64) -> String,
    pub(super) each: Vec<Bar>,
    /// The value of a line across all bars, if there is one.
    pub(super) mark: Option<u64>,
}

/// Returns the first sums of a sorted list, and the sum of all others under one name.
pub(super) fn largest<T>(mut sums: Vec<(String, T)>, add: impl Fn(&T, &T) -> T) -> Vec<(String, T)> {
    if sums.len() <= SHOWN {
        return sums;
    }
    let others = sums.split_off(SHOWN.saturating_sub(1));
    let name = format!("{} others", grouped(u64::try_from(others.len()).unwrap_or(u64::MAX)));
    let sum = others.into_iter().map(|(_, sum)| sum).reduce(|one, other| add(&one, &other));
    sums.extend(sum.map(|sum| (name, sum)));
    sums
}

/// Draws the chart.
pub(super) fn bars(picture_of: &Bars<'_>) -> Result<String, PlotError> {
    let Bars { each: bars, mark, .. } = picture_of;
    if bars.is_empty() {
        return Err(PlotError::NoRows);
    }
    let ends = bars.iter().flat_map(|bar| [bar.filled, bar.behind.map_or(0, |behind| behind.limited)]);
    let most = ends.chain(*mark).max().unwrap_or(0);
    // An unlimited bar is longer than all limited ones.
    let is_endless = bars.iter().any(|bar| bar.behind.is_some_and(|behind| behind.unlimited > 0));
    let most = if is_endless { most.saturating_add(most.div_ceil(8)) } else { most };
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| width(text, SMALL)).fold(0.0, f64::max);
    let names: Vec<String> = bars.iter().map(|bar| fitted(&bar.name, SMALL, NAME)).collect();
    let left = pixel(widest(&mut names.iter().map(String::as_str))).saturating_add(18);
    let right = pixel(widest(&mut bars.iter().map(|bar| bar.value.as_str()))).saturating_add(12);
    // As many axis numbers as fit next to each other, by the longest, half of which extends beyond
    // the axis.
    let number = (1..=PARTS)
        .map(|parts| width(&(picture_of.shown)(Numbers::up_to(most, parts).top()), SMALL))
        .fold(0.0, f64::max);
    let right = right.max(pixel(number / 2.0));
    let inner = f64::from(WIDTH) - f64::from(left) - f64::from(right) - 2.0 * f64::from(MARGIN);
    let has_room = |parts: &u64| real(*parts) * (number + 14.0) <= inner;
    let numbers = Numbers::up_to(most, (1..=PARTS).rev().find(has_room).unwrap_or(1));
    let body = bars.len().saturating_mul(STEP).saturating_add(12);
    let height = u32::try_from(body).unwrap_or(u32::MAX).saturating_add(HEAD.unsigned_abs()).saturating_add(68);
    picture(height, picture_of.title, &picture_of.note, &picture_of.legend, |area| {
        let slots = Slots { count: bars.len(), every: 1, order: Order::Backward };
        let mut chart = ChartBuilder::on(area);
        chart.margin_left(MARGIN).margin_right(MARGIN.saturating_add(right)).margin_top(HEAD).margin_bottom(16);
        let mut chart =
            chart.x_label_area_size(52).y_label_area_size(left).build_cartesian_2d(numbers, slots).map_err(failed)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .axis_style(line(SOFT))
            .bold_line_style(line(GRID))
            .light_line_style(line(GRID))
            .x_max_light_lines(0)
            .label_style(font(SMALL, SOFT))
            .y_label_style(font(SMALL, INK))
            .axis_desc_style(font(SMALL, INK))
            .x_labels(usize::MAX)
            .y_labels(bars.len())
            .x_label_formatter(&|number| (picture_of.shown)(*number))
            .y_label_formatter(&|at| names.get(slot(*at)).cloned().unwrap_or_default())
            .x_desc(picture_of.axis)
            .draw()
            .map_err(failed)?;
        let plot = chart.plotting_area();
        let mut ends = Vec::new();
        for (at, bar) in bars.iter().enumerate().map(|(at, bar)| (index(at), bar)) {
            let mut end = bar.filled;
            if let Some(behind) = bar.behind {
                let coverage = behind.limited;
                end = end.max(coverage);
                if behind.unlimited > 0 {
                    end = numbers.top();
                    let endless = Rectangle::new([(coverage, at + 0.12), (end, at + 0.88)], FAINT.filled());
                    plot.draw(&endless).map_err(failed)?;
                    for (from, to) in [(0.12, 0.3), (0.41, 0.59), (0.7, 0.88)] {
                        let edge = PathElement::new([(end, at + from), (end, at + to)], EDGE.stroke_width(2));
                        plot.draw(&edge).map_err(failed)?;
                    }
                }
                if coverage > 0 || behind.unlimited == 0 {
                    plot.draw(&Rectangle::new([(0, at + 0.12), (coverage, at + 0.88)], PALE.filled()))
                        .map_err(failed)?;
                    let edge = PathElement::new([(coverage, at + 0.12), (coverage, at + 0.88)], EDGE.stroke_width(2));
                    plot.draw(&edge).map_err(failed)?;
                }
            }
            let inset = if bar.behind.is_some() { 0.3 } else { 0.2 };
            let filled = Rectangle::new([(0, at + inset), (bar.filled, at + 1.0 - inset)], DARK.filled());
            plot.draw(&filled).map_err(failed)?;
            ends.push(end);
        }
        if let Some(mark) = mark {
            let across = PathElement::new([(*mark, 0.0), (*mark, index(bars.len()))], MARK.stroke_width(2));
            plot.draw(&across).map_err(failed)?;
        }
        for (at, (bar, end)) in bars.iter().zip(ends).enumerate().map(|(at, each)| (index(at), each)) {
            let style = anchored(&font(SMALL, INK), HPos::Left, VPos::Center);
            let (x, y) = plot.map_coordinate(&(end, at + 0.5));
            // On a white background, so that axis lines do not cross the text.
            let (left, beyond) =
                (x.saturating_add(5), x.saturating_add(11).saturating_add(pixel(width(&bar.value, SMALL))));
            let around = [(left, y.saturating_sub(9)), (beyond, y.saturating_add(9))];
            area.draw(&Rectangle::new(around, WHITE.filled())).map_err(failed)?;
            area.draw(&Text::new(bar.value.clone(), (x.saturating_add(8), y), style)).map_err(failed)?;
        }
        Ok(())
    })
}
