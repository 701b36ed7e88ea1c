//! German for the texts of this library: the table of wordings, and how values are written.
//!
//! A translator edits `wordings.json`: a code, and its German wording with the placeholders of the English one. The test
//! below prints what a new release of the library adds.

use std::collections::HashMap;
use std::sync::LazyLock;

use entitle::chrono::{DateTime, NaiveTime, Timelike, Utc};
use entitle::language::{Language, Value};

/// German. What the table lacks reads in English.
pub(crate) const GERMAN: Language<'static> = Language::new(&wording).with_values(&value);

const TABLE: &str = include_str!("wordings.json");

/// The German wordings by their codes. A table that cannot be read is empty; the test proves that it can.
static WORDINGS: LazyLock<HashMap<String, String>> = LazyLock::new(|| serde_json::from_str(TABLE).unwrap_or_default());

fn wording(code: &str) -> Option<&'static str> {
    WORDINGS.get(code).map(String::as_str)
}

/// Writes a value as Germans do. `None` leaves it to the library: names, hashes and details stay as they are, and lists,
/// lengths and words such as "never" take their wordings from the table.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::Id(id) => Some(format!("„{id}“")),
        Value::Quoted(text) => Some(format!("„{}“", text.escape_debug())),
        Value::Number(number) => Some(grouped(*number)),
        Value::Millionths(millionths) => Some(decimal(*millionths)),
        Value::Instant(at) => Some(instant(at)),
        // With the time: "bis 01.03.2027" alone would include that day.
        Value::EndsAt(at) => Some(at.format("%d.%m.%Y, %H:%M UTC").to_string()),
        Value::Month(month) => month.split_once('-').map(|(year, month)| format!("{month}/{year}")),
        _ => None,
    }
}

/// 1234567 as `1.234.567`.
fn grouped(number: u64) -> String {
    match number / 1000 {
        0 => number.to_string(),
        thousands => format!("{}.{:03}", grouped(thousands), number % 1000),
    }
}

/// 1234500000 millionths as `1.234,5`.
fn decimal(millionths: u64) -> String {
    const MILLION: u64 = 1_000_000;
    let whole = grouped(millionths / MILLION);
    match millionths % MILLION {
        0 => whole,
        part => format!("{whole},{}", format!("{part:06}").trim_end_matches('0')),
    }
}

/// An instant as `01.03.2026, 08:00 UTC`, or as `01.03.2026` at the beginning of a day.
fn instant(at: &DateTime<Utc>) -> String {
    let form = match (at.time() == NaiveTime::MIN, at.second()) {
        (true, _) => "%d.%m.%Y",
        (false, 0) => "%d.%m.%Y, %H:%M UTC",
        (false, _) => "%d.%m.%Y, %H:%M:%S UTC",
    };
    at.format(form).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use entitle::language::{Value, Wording, wordings};

    use super::{GERMAN, TABLE, WORDINGS};

    /// Codes whose German has other placeholders than the English, each with the reason. None needs them so far.
    const OTHER_PLACEHOLDERS: [&str; 0] = [];

    /// Codes whose German equals the English, beside wordings of placeholders alone. None so far.
    const SAME_IN_BOTH: [&str; 0] = [];

    fn english() -> BTreeMap<&'static str, Wording> {
        wordings().map(|wording| (wording.code(), wording)).collect()
    }

    /// The English and the German wording of each code that is in both lists.
    fn pairs() -> impl Iterator<Item = (Wording, Wording)> {
        wordings().filter_map(|english| {
            let german = WORDINGS.get(english.code())?;
            Some((english, Wording::new(english.code(), german)))
        })
    }

    fn placeholders(wording: Wording) -> BTreeSet<&'static str> {
        wording.placeholders().collect()
    }

    /// Whether a wording has words beside its placeholders.
    fn has_words(wording: Wording) -> bool {
        let empty = placeholders(wording)
            .into_iter()
            .fold(wording.message(), |message, name| message.with(name, Value::Name(String::new())));
        empty.to_string().chars().any(char::is_alphabetic)
    }

    #[test]
    fn every_code_has_one_german_wording() {
        let table: BTreeMap<String, String> = serde_json::from_str(TABLE).unwrap();
        let rows = TABLE.lines().filter(|line| line.starts_with("  \"")).count();
        assert_eq!(rows, table.len(), "each code once, and on a line of its own");
        let row = |wording: &Wording| {
            format!("  {}: {},", serde_json::json!(wording.code()), serde_json::json!(wording.english()))
        };
        let missing: Vec<_> = wordings().filter(|wording| !table.contains_key(wording.code())).collect();
        let rows: Vec<_> = missing.iter().map(row).collect();
        assert!(missing.is_empty(), "translate these, and add them to wordings.json:\n{}", rows.join("\n"));
        let english = english();
        let unknown: Vec<_> = table.keys().filter(|code| !english.contains_key(code.as_str())).collect();
        assert!(unknown.is_empty(), "no such codes; remove them: {unknown:#?}");
    }

    #[test]
    fn every_german_wording_has_the_placeholders_of_the_english() {
        let differ = pairs().filter(|(english, german)| {
            placeholders(*english) != placeholders(*german) && !OTHER_PLACEHOLDERS.contains(&english.code())
        });
        assert_eq!(differ.collect::<Vec<_>>(), []);
    }

    #[test]
    fn no_wording_is_still_english() {
        let same = pairs().filter(|(english, german)| {
            english == german && has_words(*english) && !SAME_IN_BOTH.contains(&english.code())
        });
        assert_eq!(same.map(|(english, _)| english).collect::<Vec<_>>(), []);
    }

    /// Words that take the gender of what follows. "den" and "dem" also stand before a day: "vor dem 1. März".
    const ARTICLES: [&str; 15] = [
        "der", "die", "das", "des", "ein", "eine", "einen", "einem", "einer", "kein", "keine", "diese", "dieser",
        "dieses", "diesen",
    ];

    #[test]
    fn no_article_stands_before_a_placeholder() {
        let is_article = |word: &str| ARTICLES.contains(&word.to_lowercase().as_str());
        let before_a_value = |german: Wording| {
            let texts: Vec<&str> = german.english().split('{').collect();
            let before = texts.iter().take(texts.len().saturating_sub(1)).filter(|text| text.ends_with(' '));
            before.filter_map(|text| text.split_whitespace().next_back()).any(is_article)
        };
        let found = pairs().filter(|(_, german)| before_a_value(*german)).map(|(_, german)| german);
        assert_eq!(found.collect::<Vec<_>>(), []);
    }

    #[test]
    fn no_wording_leaves_a_placeholder_open() {
        for (english, _) in pairs() {
            let sample = |message: entitle::language::Message, name| message.with(name, Value::Id("ada".to_string()));
            let text = placeholders(english).into_iter().fold(english.message(), sample).in_language(&GERMAN);
            assert!(!text.contains(['{', '}']), "{}: {text}", english.code());
            assert_eq!(text.trim(), text, "{}", english.code());
        }
    }

    #[test]
    fn values_are_written_as_germans_do() {
        let write = |value| Wording::new("value", "{it}").message().with("it", value).in_language(&GERMAN);
        let at = |text: &str| write(Value::Instant(text.parse().unwrap()));
        assert_eq!(at("2026-03-01T00:00:00Z"), "01.03.2026");
        assert_eq!(at("2026-03-01T08:00:00Z"), "01.03.2026, 08:00 UTC");
        assert_eq!(at("2026-03-01T00:00:09Z"), "01.03.2026, 00:00:09 UTC");
        assert_eq!(
            [0, 999, 1000, 1_000_001].map(|number| write(Value::Number(number))),
            ["0", "999", "1.000", "1.000.001"]
        );
        assert_eq!([2_500_000, 1_234_000_000].map(|of| write(Value::Millionths(of))), ["2,5", "1.234"]);
        assert_eq!([1, 14, 3650].map(|days| write(Value::Days(days))), ["1 Tag", "14 Tage", "3.650 Tage"]);
        assert_eq!(write(Value::Month("2026-03".to_string())), "03/2026");
        assert_eq!([Value::Never, Value::Unlimited].map(write), ["nie", "unbegrenzt"]);
        let ids = ["a", "b", "c"].map(|id| Value::Id(id.to_string()));
        assert_eq!(write(Value::AnyOf(ids.to_vec())), "„a“, „b“ oder „c“");
        assert_eq!(write(Value::Quoted("a\n".to_string())), r"„a\n“");
    }
}
