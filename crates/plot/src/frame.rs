//! The common parts of pictures: colours, sizes, title and legend.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle, WHITE};

use crate::PlotError;
use crate::axis::pixel;
use crate::text::{fitted, width};

/// Colours of the palette of Okabe and Ito, which can be distinguished with any colour vision, and
/// a pale tint of its blue.
pub(super) const DARK: RGBColor = RGBColor(0, 114, 178);
pub(super) const PALE: RGBColor = RGBColor(197, 222, 240);
/// A paler tint of the same blue.
pub(super) const FAINT: RGBColor = RGBColor(231, 241, 249);
pub(super) const EDGE: RGBColor = RGBColor(86, 152, 201);
pub(super) const MARK: RGBColor = RGBColor(213, 94, 0);
pub(super) const INK: RGBColor = RGBColor(40, 40, 40);
pub(super) const SOFT: RGBColor = RGBColor(95, 95, 95);
pub(super) const GRID: RGBColor = RGBColor(226, 226, 226);

pub(super) const WIDTH: u32 = 960;
/// The distance between the edges and the content.
pub(super) const MARGIN: i32 = 24;
/// The distance between the top edge and the axes.
pub(super) const HEAD: i32 = 92;

/// The height of the letters, in pixels.
pub(super) const SMALL: f64 = 13.0;
const LARGE: f64 = 20.0;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A sample in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// A dark bar.
    Dark,
    /// A pale bar with an edge.
    Pale,
    /// A paler bar with a dashed edge: unlimited.
    Endless,
    /// A line.
    Mark,
}

/// Returns a text style of this height; the plotting library uses another measure of font size.
pub(super) fn font(height: f64, color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", height * 1.24).into_font().color(&color)
}

/// Returns the style anchored at this point of the text.
pub(super) fn anchored(style: &TextStyle<'static>, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    style.pos(Pos::new(horizontal, vertical))
}

#[expect(clippy::needless_pass_by_value, reason = "to be named where errors are mapped")]
pub(super) fn failed<E: core::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> PlotError {
    PlotError::Failed { error: error.to_string() }
}

/// Returns a picture with its title, a note at the right of it, and its legend; `rest` draws the
/// rest.
pub(super) fn picture(
    height: u32,
    title: &str,
    note: &str,
    legend: &[(Sample, String)],
    rest: impl FnOnce(&Area<'_>) -> Result<(), PlotError>,
) -> Result<String, PlotError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        let right = i32::try_from(WIDTH).unwrap_or(i32::MAX).saturating_sub(MARGIN);
        let room = f64::from(right.saturating_sub(MARGIN)) - width(note, SMALL) - 24.0;
        let bold = ("sans-serif", LARGE * 1.24, FontStyle::Bold).into_font().color(&INK);
        // Bold letters are wider.
        let title = fitted(title, LARGE * 1.12, room);
        draw_text(&area, &title, &anchored(&bold, HPos::Left, VPos::Bottom), (MARGIN, 44))?;
        draw_text(&area, note, &anchored(&font(SMALL, SOFT), HPos::Right, VPos::Bottom), (right, 44))?;
        draw_legend(&area, legend)?;
        rest(&area)?;
        area.present().map_err(failed)?;
    }
    Ok(svg)
}

fn draw_text(area: &Area<'_>, text: &str, style: &TextStyle<'static>, at: (i32, i32)) -> Result<(), PlotError> {
    area.draw(&Text::new(text.to_string(), at, style.clone())).map_err(failed)
}

fn draw_legend(area: &Area<'_>, legend: &[(Sample, String)]) -> Result<(), PlotError> {
    let (top, bottom, middle) = (60, 72, 66);
    let mut left = MARGIN;
    for (sample, text) in legend {
        let right = left.saturating_add(18);
        match sample {
            Sample::Dark => area.draw(&Rectangle::new([(left, top), (right, bottom)], DARK.filled())),
            Sample::Mark => area.draw(&PathElement::new([(left, middle), (right, middle)], MARK.stroke_width(2))),
            Sample::Pale => area
                .draw(&Rectangle::new([(left, top), (right, bottom)], PALE.filled()))
                .and_then(|()| area.draw(&PathElement::new([(left, top), (right, top)], EDGE.stroke_width(2)))),
            Sample::Endless => {
                area.draw(&Rectangle::new([(left, top), (right, bottom)], FAINT.filled())).and_then(|()| {
                    [0, 7, 14].into_iter().try_for_each(|along| {
                        let from = left.saturating_add(along);
                        area.draw(&PathElement::new([(from, top), (from.saturating_add(4), top)], EDGE.stroke_width(2)))
                    })
                })
            }
        }
        .map_err(failed)?;
        let at = right.saturating_add(8);
        draw_text(area, text, &anchored(&font(SMALL, INK), HPos::Left, VPos::Center), (at, middle))?;
        left = at.saturating_add(pixel(width(text, SMALL))).saturating_add(22);
    }
    Ok(())
}

/// Returns the style of a thin line.
pub(super) fn line(color: RGBColor) -> ShapeStyle {
    color.stroke_width(1)
}
