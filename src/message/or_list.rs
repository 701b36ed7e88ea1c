//! Lists within messages.

use core::fmt;

/// A list that displays as "a, b or c".
pub(crate) struct OrList<'a, T> {
    items: &'a [T],
    quote: &'static str,
}

impl<'a, T> OrList<'a, T> {
    /// Returns a list of the items as they display.
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self { items, quote: "" }
    }

    /// Returns a list of the items in backticks, as messages show ids.
    pub(crate) fn quoted(items: &'a [T]) -> Self {
        Self { items, quote: "`" }
    }
}

impl<T: fmt::Display> fmt::Display for OrList<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { items, quote } = self;
        let last = items.len().saturating_sub(1);
        items.iter().enumerate().try_for_each(|(index, item)| {
            let before = match index {
                0 => "",
                index if index == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{quote}{item}{quote}")
        })
    }
}
