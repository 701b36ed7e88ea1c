//! The two kinds of axes: numbers from zero, and slots with a label each.

use core::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// The number of axis intervals that is easy to read.
pub(super) const PARTS: u64 = 7;

/// Whole numbers from zero to a round number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    step: u64,
    /// A multiple of the step, unless it would overflow.
    top: u64,
}

impl Numbers {
    /// Returns an axis up to at least `most`, in at most `parts` steps of 1, 2 or 5 times a power
    /// of ten.
    pub(super) fn up_to(most: u64, parts: u64) -> Self {
        let most = most.max(1);
        let mut power: u64 = 1;
        let step = loop {
            let steps = [1, 2, 5].map(|times| power.saturating_mul(times));
            let enough = |step: &u64| most.div_ceil(*step) <= parts.max(1);
            match (steps.into_iter().find(enough), power.checked_mul(10)) {
                (Some(step), _) => break step,
                (None, Some(next)) => power = next,
                (None, None) => break u64::MAX,
            }
        };
        Self { step, top: most.div_ceil(step).saturating_mul(step) }
    }

    /// Returns the numbers that the axis shows.
    pub(super) fn ticks(self) -> impl Iterator<Item = u64> {
        core::iter::successors(Some(0_u64), move |tick| tick.checked_add(self.step))
            .take_while(move |tick| *tick <= self.top)
    }

    /// Returns the end of the axis.
    pub(super) fn top(self) -> u64 {
        self.top
    }
}

impl Ranged for Numbers {
    type FormatOption = NoDefaultFormatting;
    type ValueType = u64;

    fn map(&self, value: &u64, limits: (i32, i32)) -> i32 {
        between(real((*value).min(self.top)) / real(self.top), limits)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<u64> {
        self.ticks().take(hint.max_num_points()).collect()
    }

    fn range(&self) -> Range<u64> {
        0..self.top
    }
}

/// Each picture formats its numbers itself.
impl ValueFormatter<u64> for Numbers {
    fn format_ext(&self, number: &u64) -> String {
        number.to_string()
    }
}

/// Slots side by side, each one wide. Some have a label at their middle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    pub(super) count: usize,
    /// The distance between labels, in slots; the first slot has one.
    pub(super) every: usize,
    pub(super) order: Order,
}

/// The position of the first slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// At the beginning of the axis: on the left, at the bottom.
    Forward,
    /// At its end.
    Backward,
}

impl Ranged for Slots {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limits: (i32, i32)) -> i32 {
        let share = *value / index(self.count.max(1));
        between(if self.order == Order::Forward { share } else { 1.0 - share }, limits)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let labelled = (0..self.count).step_by(self.every.max(1)).take(hint.max_num_points());
        labelled.map(|slot| index(slot) + 0.5).collect()
    }

    fn range(&self) -> Range<f64> {
        0.0..index(self.count)
    }
}

/// Each picture labels its slots itself.
impl ValueFormatter<f64> for Slots {
    fn format_ext(&self, at: &f64) -> String {
        slot(*at).to_string()
    }
}

/// Returns the pixel at a fraction of the range.
fn between(share: f64, (from, to): (i32, i32)) -> i32 {
    pixel(f64::from(from) + share * (f64::from(to) - f64::from(from)))
}

#[expect(clippy::cast_possible_truncation, reason = "a picture has fewer pixels than that, and the cast saturates")]
pub(super) fn pixel(at: f64) -> i32 {
    (at + 0.5) as i32
}

#[expect(clippy::cast_precision_loss, reason = "no eye tells them apart")]
pub(super) fn real(number: u64) -> f64 {
    number as f64
}

pub(super) fn index(slot: usize) -> f64 {
    real(u64::try_from(slot).unwrap_or(u64::MAX))
}

/// Returns the slot whose middle is at `value`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was made of a slot")]
pub(super) fn slot(value: f64) -> usize {
    value as usize
}
