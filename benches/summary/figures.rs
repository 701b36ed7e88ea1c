//! How a figure is taken: both sides by turns in the same run, and the median of the ratios, since machines are noisy.

use core::fmt;
use core::hint::black_box;
use core::time::Duration;
use std::time::Instant;

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// No goal; a figure to know.
    Report,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "<={most}"),
            Self::AtLeast(least) => write!(f, ">={least}"),
            Self::Report => f.write_str("-"),
        }
    }
}

/// Prints a figure: `name value goal met|missed|report`.
pub fn figure(name: &str, value: f64, unit: &str, goal: Goal) {
    let verdict = match goal {
        Goal::AtMost(most) if value <= most => "met",
        Goal::AtLeast(least) if value >= least => "met",
        Goal::AtMost(_) | Goal::AtLeast(_) => "missed",
        Goal::Report => "report",
    };
    let value = if value < 100.0 { format!("{value:.2}{unit}") } else { format!("{value:.0}{unit}") };
    println!("{name:<62} {value:>14} {goal:>12} {verdict}", goal = goal.to_string());
}

/// How long something takes.
pub fn time<R>(work: impl FnOnce() -> R) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// The middle of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The median of so many ratios of one side to the other, each of one round, the first going first by turns.
pub fn ratio(rounds: usize, mut one: impl FnMut() -> Duration, mut other: impl FnMut() -> Duration) -> f64 {
    let round = |number: usize| {
        let (over, under) = if number % 2 == 0 {
            let over = one();
            (over, other())
        } else {
            let under = other();
            (one(), under)
        };
        over.as_secs_f64() / under.as_secs_f64()
    };
    // The first round warms the caches.
    median((0..=rounds).map(round).skip(1).collect())
}
