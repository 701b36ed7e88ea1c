//! Lists in sentences.

use core::fmt;

/// "a, b or c", for people.
pub(crate) struct OrList<'a, T> {
    items: &'a [T],
    quote: &'static str,
}

impl<'a, T> OrList<'a, T> {
    /// The items as they are.
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self { items, quote: "" }
    }

    /// The items in backticks, as ids are shown.
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
