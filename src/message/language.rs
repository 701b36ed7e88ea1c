//! How messages read in a language.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::message::{Message, Value, Wording, wordings};
use crate::utc::Written;

wordings! {
    DAY = "value.day", "1 day";
    DAYS = "value.days", "{days} days";
    NEVER = "value.never", "never";
    UNLIMITED = "value.unlimited", "unlimited";
    ALL = "value.all", "{before} and {last}";
    ANY_OF = "value.any-of", "{before} or {last}";
    THEN = "value.then", "{before}, then {last}";
}

/// A language in which messages are worded: a function from codes to wordings, and optionally one
/// that writes values, such as dates and numbers (K11).
///
/// ```
/// use entitle::language::{Language, Value, Wording};
///
/// fn wording(code: &str) -> Option<&'static str> {
///     match code {
///         "trial.ends" => Some("Ihr Test endet am {end}"),
///         _ => None,
///     }
/// }
///
/// fn value(value: &Value) -> Option<String> {
///     match value {
///         Value::Instant(at) => Some(at.format("%d.%m.%Y").to_string()),
///         _ => None,
///     }
/// }
///
/// // A message of the application's own; those of this library come with the answers.
/// let message = Wording::new("trial.ends", "your trial ends on {end}").message();
/// let message = message.with("end", entitle::time::EARLIEST);
/// assert_eq!(message.to_string(), "your trial ends on 1970-01-01T00:00:00Z");
/// let german = Language::new(&wording).with_values(&value);
/// assert_eq!(message.in_language(&german), "Ihr Test endet am 01.01.1970");
/// ```
#[derive(Clone, Copy)]
pub struct Language<'a> {
    wording: &'a (dyn Fn(&str) -> Option<&'a str> + Send + Sync),
    value: &'a (dyn Fn(&Value) -> Option<String> + Send + Sync),
}

impl fmt::Debug for Language<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").finish_non_exhaustive()
    }
}

impl<'a> Language<'a> {
    /// English, as messages display.
    pub const ENGLISH: Self = Self::new(&|_| None);

    /// Returns the language with this wording for each code. English fills in for `None`.
    #[must_use]
    pub const fn new(wording: &'a (dyn Fn(&str) -> Option<&'a str> + Send + Sync)) -> Self {
        Self { wording, value: &|_| None }
    }

    /// Returns the language with a function that writes values. English fills in for `None`, with
    /// the wordings of this language for its words, and calls the function for each value of a list.
    #[must_use]
    pub const fn with_values(self, value: &'a (dyn Fn(&Value) -> Option<String> + Send + Sync)) -> Self {
        Self { value, ..self }
    }

    fn wording(&self, wording: Wording) -> &'a str {
        (self.wording)(wording.code()).unwrap_or(wording.english())
    }

    /// Returns a message in this language. `O(n)` in its length.
    pub(super) fn word(&self, message: &Message) -> String {
        self.fill(message, self.wording(message.wording))
    }

    /// Returns a wording with the values of a message.
    pub(super) fn fill(&self, message: &Message, wording: &str) -> String {
        fill(wording, |name| message.value(name).map(|value| self.write(value).into()))
    }

    /// Returns messages about things that are done one after the other.
    pub(crate) fn in_order(&self, messages: &[Message]) -> String {
        let worded = messages.iter().map(|message| self.word(message));
        worded.reduce(|before, next| self.join(THEN, &before, &next)).unwrap_or_default()
    }

    /// Returns two texts in a wording with the places `before` and `last`.
    fn join(&self, wording: Wording, before: &str, last: &str) -> String {
        fill(self.wording(wording), |name| match name {
            "before" => Some(before.into()),
            "last" => Some(last.into()),
            _ => None,
        })
    }

    fn write(&self, value: &Value) -> String {
        (self.value)(value).unwrap_or_else(|| self.write_usual(value))
    }

    fn write_usual(&self, value: &Value) -> String {
        match value {
            Value::Id(id) => alloc::format!("`{id}`"),
            Value::Quoted(text) => alloc::format!("`{}`", text.escape_debug()),
            Value::Name(text) | Value::Hash(text) | Value::Literal(text) | Value::Detail(text) | Value::Month(text) => {
                text.clone()
            }
            Value::Number(number) | Value::Ordinal(number) => number.to_string(),
            Value::Millionths(millionths) => decimal(*millionths),
            Value::Instant(at) | Value::EndsAt(at) => Written(*at).to_string(),
            Value::Unlimited => self.wording(UNLIMITED).to_string(),
            Value::Never => self.wording(NEVER).to_string(),
            Value::Days(1) => self.wording(DAY).to_string(),
            Value::Days(days) => self.word(&DAYS.message().with("days", days)),
            Value::Message(message) => self.word(message),
            Value::All(values) => self.list(values, ALL),
            Value::AnyOf(values) => self.list(values, ANY_OF),
            Value::Lines(values) => {
                let lines: Vec<String> = values.iter().map(|value| alloc::format!("  {}", self.write(value))).collect();
                lines.join("\n")
            }
        }
    }

    fn list(&self, values: &[Value], wording: Wording) -> String {
        let Some((last, before)) = values.split_last() else { return String::new() };
        let last = self.write(last);
        let Some((first, others)) = before.split_first() else { return last };
        let before = others.iter().fold(self.write(first), |before, value| {
            let mut before = before;
            before.push_str(", ");
            before.push_str(&self.write(value));
            before
        });
        self.join(wording, &before, &last)
    }
}

/// Returns a wording in which each `{name}` is replaced by the value of that name. Text that names
/// no value stays as it is, and placeholders within values are not replaced.
fn fill<'v>(wording: &str, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
    let mut text = String::with_capacity(wording.len());
    let mut rest = wording;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| Some((value(name)?, after)));
        if let Some((value, after)) = named {
            text.push_str(&value);
            rest = after;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

/// Returns a number of millionths with a point and without zeros at the end.
pub(crate) fn decimal(millionths: u64) -> String {
    const MILLION: u64 = 1_000_000;
    let (whole, rest) = (millionths / MILLION, millionths % MILLION);
    match rest {
        0 => whole.to_string(),
        rest => alloc::format!("{whole}.{}", alloc::format!("{rest:06}").trim_end_matches('0')),
    }
}
