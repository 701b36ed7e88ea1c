//! Formats numbers for people, and fits texts without measuring a font.

use entitle::report::GrandTotal;

/// Returns a whole number with commas between the thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let threes: Vec<&str> = digits.as_bytes().rchunks(3).filter_map(|three| core::str::from_utf8(three).ok()).collect();
    threes.into_iter().rev().collect::<Vec<_>>().join(",")
}

/// Returns a total with commas, and the number of unlimited tenants in it.
pub(super) fn grouped_total(total: GrandTotal<u64>) -> String {
    match (total.limited, total.unlimited) {
        (limited, 0) => grouped(limited),
        (0, 1) => "unlimited".to_string(),
        (0, unlimited) => format!("{} unlimited", grouped(unlimited)),
        (limited, unlimited) => format!("{} + {} unlimited", grouped(limited), grouped(unlimited)),
    }
}

/// Returns a decimal text with commas in its whole part.
pub(super) fn grouped_decimal(decimal: &str) -> String {
    let (whole, fraction) = decimal.split_once('.').map_or((decimal, None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_string(), grouped);
    fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"))
}

/// Returns the maximum width of a text in usual fonts of this height, in pixels.
pub(super) fn width(text: &str, height: f64) -> f64 {
    text.chars().map(share).sum::<f64>() * height
}

/// Returns the width of a character as a fraction of the font height.
fn share(c: char) -> f64 {
    match c {
        '\u{300}'..='\u{36f}' => 0.0,
        '\u{1100}'.. if c != '…' => 1.05,
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '/' | '(' | ')' | '-' => {
            0.4
        }
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.0,
        'A'..='Z' => 0.74,
        c if c.is_ascii() => 0.64,
        _ => 0.8,
    }
}

/// Returns the text, or as much of its beginning as fits, with an ellipsis. Characters that XML
/// does not allow are replaced.
pub(super) fn fitted(text: &str, height: f64, room: f64) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c })
        .collect();
    if width(&text, height) <= room {
        return text;
    }
    let mut left = room - share('…') * height;
    let fits = |c: &char| {
        left -= share(*c) * height;
        left >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}
