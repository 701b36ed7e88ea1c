//! Escapes text for terminals, and removes secrets: documents, ledgers and file names come from
//! other people.

use core::fmt::Write as _;
use std::borrow::Cow;
use std::path::Path;

use entitle::Zeroizing;

use crate::key::SECRET;

/// Returns whether a character controls a terminal or the display of text: control characters,
/// characters that change the text direction, line or paragraph separators, and invisible ones, by
/// which an id could look like another. Joiners are visible in some scripts.
pub(crate) fn is_terminal_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || is_invisible(c)
}

/// Returns whether a character has neither width nor meaning for the display of others: format
/// characters and fillers ([UAX #44](https://www.unicode.org/reports/tr44/), `Default_Ignorable`).
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Returns whether a character is a joiner or chooses a variant of the character before it: both show in
/// some scripts and in emoji, and never after a letter of ASCII.
fn is_invisible_after_letter(c: char) -> bool {
    matches!(
        c,
        '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Returns the text with all such characters escaped, in one line.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    escaped(text, is_terminal_control, |c, out| out.extend(c.escape_default()))
}

/// Returns the text with such characters escaped, except line feeds and tabs.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_terminal_control(c) && c != '\n' && c != '\t', |c, out| out.extend(c.escape_default()))
}

/// Escapes such characters in JSON text, whose serializer keeps some in strings. Outside strings
/// there are only line feeds.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    escaped(
        text,
        |c| is_terminal_control(c) && c != '\n',
        // Writing to a string does not fail.
        |c, out| c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(out, "\\u{unit:04x}")),
    )
}

/// Returns the name of a file in one line.
pub(crate) fn name(path: &Path) -> String {
    one_line(&path.to_string_lossy()).into_owned()
}

/// Returns the text without the secret keys in it.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    let folded = Zeroizing::new(text.to_ascii_lowercase());
    let starts: Vec<usize> = folded.match_indices(SECRET).map(|(at, _)| at).collect();
    if starts.is_empty() {
        return text.into();
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), 0);
    for start in starts.into_iter().filter_map(|start| start.checked_add(SECRET.len())) {
        let Some((before, behind)) = text.get(rest..start).zip(text.get(start..)) else { continue };
        let is_of_a_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '=');
        let length = behind.find(|c| !is_of_a_key(c)).unwrap_or(behind.len());
        shown.push_str(before);
        shown.push('…');
        rest = start.saturating_add(length);
    }
    shown.push_str(text.get(rest..).unwrap_or_default());
    shown.into()
}

fn escaped(text: &str, is_terminal_control: impl Fn(char) -> bool, escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    // Each character, and whether it is to be escaped.
    let characters = || {
        text.chars().scan(false, |is_after_letter, c| {
            let may_be_invisible = is_invisible_after_letter(c);
            let is_escaped = is_terminal_control(c) || (*is_after_letter && may_be_invisible);
            *is_after_letter = if may_be_invisible { *is_after_letter } else { c.is_ascii_alphabetic() };
            Some((c, is_escaped))
        })
    };
    if !characters().any(|(_, is_escaped)| is_escaped) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (c, is_escaped) in characters() {
        if is_escaped { escape(c, &mut out) } else { out.push(c) }
    }
    out.into()
}

/// Returns an error of a parser of JSON in the words of who writes files.
pub(crate) fn json_error(error: &serde_json::Error) -> String {
    const BEGINNINGS: [(&str, &str); 4] = [
        ("invalid type: sequence, ", "invalid type: a list, "),
        ("invalid type: map, ", "invalid type: an object, "),
        ("EOF while parsing a value", "the text ends where a value is expected"),
        ("EOF while parsing ", "the text ends within "),
    ];
    const EXPECTED: [(&str, &str); 2] =
        [(", expected a sequence at ", ", expected a list at "), (", expected a map at ", ", expected an object at ")];
    let message = error.to_string();
    let begun = BEGINNINGS.iter().find_map(|(begins, words)| Some(format!("{words}{}", message.strip_prefix(begins)?)));
    let message = begun.unwrap_or(message);
    // The place follows what was expected: a text in the file cannot look like it.
    EXPECTED.iter().fold(message, |message, (expected, words)| match message.rsplit_once(expected) {
        Some((before, place)) => format!("{before}{words}{place}"),
        None => message,
    })
}

/// Returns an error of a reader of CSV in the words of who writes files.
pub(crate) fn csv_error(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos: Some(at), expected_len, len } => {
            format!("line {} has another number of cells ({len}) than line 1 ({expected_len})", at.line())
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{json, lines, one_line, without_secrets};

    const HOSTILE: &str =
        "\u{200b}\u{feff}\u{e0041}a\u{1b}[2J\u{9b}\u{7f}\n\t\r\u{202e}b\u{2066}\u{200f}\u{61c}\u{2028}c";

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        let shown = r"\u{200b}\u{feff}\u{e0041}a\u{1b}[2J\u{9b}\u{7f}\n\t\r\u{202e}b\u{2066}\u{200f}\u{61c}\u{2028}c";
        assert_eq!(one_line(HOSTILE), shown);
        assert_eq!(lines(HOSTILE), shown.replacen(r"\n\t", "\n\t", 1));
        assert_eq!(one_line("Grüße, 東京 🙂"), "Grüße, 東京 🙂");
    }

    #[test]
    fn c9_no_id_looks_like_another_by_a_joiner_or_a_variant_that_does_not_show() {
        for c in [
            '\u{34f}',
            '\u{17b4}',
            '\u{180b}',
            '\u{200c}',
            '\u{200d}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{e0080}',
            '\u{e0100}',
        ] {
            let (shown, number) = (one_line(&format!("ad{c}{c}a")).into_owned(), u32::from(c));
            assert_eq!(shown, format!("ad\\u{{{number:x}}}\\u{{{number:x}}}a"));
            let text = format!("{:#}", serde_json::json!(format!("ad{c}a")));
            assert!(json(&text).is_ascii(), "{text}");
        }
        // Where they show: in Persian and Hindi, in emoji, and in names of Japan.
        for text in
            ["\u{645}\u{6cc}\u{200c}\u{62e}", "\u{915}\u{94d}\u{200d}", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "葛\u{e0100}"]
        {
            assert_eq!(one_line(text), text);
        }
    }

    #[test]
    fn json_reads_back_as_what_it_was() {
        let text = format!("{:#}", serde_json::json!({ HOSTILE: [HOSTILE] }));
        let shown = json(&text);
        assert!(shown.chars().all(|c| c == '\n' || !super::is_terminal_control(c)), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            serde_json::json!({ HOSTILE: [HOSTILE] })
        );
    }

    #[test]
    fn secrets_are_left_out_wherever_they_stand() {
        assert_eq!(without_secrets("no key here: k4.public.AA, a.secret.b"), "no key here: k4.public.AA, a.secret.b");
        assert_eq!(
            without_secrets("k4.secret.AA-_9, `k4.secret.BB` K4.Secret.CC"),
            "k4.secret.…, `k4.secret.…` K4.Secret.…"
        );
        assert_eq!(without_secrets("ä.secret.k4.secret.A, k4.secret."), "ä.secret.k4.secret.…, k4.secret.…");
    }
}
