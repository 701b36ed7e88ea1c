//! The spelling that a person probably meant by a text that is no instant.

use entitle::chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entitle::time::End;

/// Returns what to write in place of a text, or what is wrong with the date; `None` if neither is
/// plain from the text.
pub(crate) fn hint(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        // Another offset, a fraction of a second, or lower-case letters.
        return write(&at.with_timezone(&Utc).format("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    let (date, time) = text.split_once(['T', 't', ' ']).map_or((text, None), |(date, time)| (date, Some(time.trim())));
    let day = match day(date)? {
        Ok(day) => day.format("%Y-%m-%d").to_string(),
        Err(wrong) => return Some(wrong),
    };
    match time {
        None => Some(format!("write {day}")),
        Some(time) => write(&format!("{day}T{}Z", time_of_day(time)?.format("%H:%M:%S"))),
    }
}

/// Returns that an instant is to be written; `None` for one that is refused as well: a leap second, or one
/// that another offset takes out of 1970 to 9999.
fn write(instant: &str) -> Option<String> {
    instant.parse::<End>().is_ok().then(|| format!("write {instant}"))
}

/// Returns the day of a date in digits, or what is wrong with it.
fn day(date: &str) -> Option<Result<NaiveDate, String>> {
    let parts: Vec<&str> = date.split(['-', '.', '/']).collect();
    if parts.len() == 1 {
        // Without separators: 20260301.
        let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
        return checked(date.get(..4)?, date.get(4..6)?, date.get(6..)?).filter(|_| is_date);
    }
    let &[first, second, third] = parts.as_slice() else { return None };
    if first.len() == 4 {
        return checked(first, second, third);
    }
    // With dots the day is first; with slashes some put the month first, so nothing is guessed.
    if date.contains('.') && third.len() == 4 {
        return checked(third, second, first);
    }
    (third.len() == 4 && date.contains('/') && [first, second].iter().all(|part| number(part).is_some()))
        .then(|| Err("write the year first, then the month and the day, as in 2026-03-01".to_string()))
}

/// Returns the day of a year, a month and a day.
fn checked(year: &str, month: &str, day: &str) -> Option<Result<NaiveDate, String>> {
    let (year, month, day) = (i32::try_from(number(year)?).ok()?, number(month)?, number(day)?);
    if year < 1970 {
        return Some(Err("years are from 1970 to 9999".to_string()));
    }
    let found = NaiveDate::from_ymd_opt(year, month, day);
    Some(found.ok_or_else(|| match NaiveDate::from_ymd_opt(year, month, 1) {
        None => format!("a year has months 1 to 12, not {month}"),
        Some(first) => format!("{} has {} days", first.format("%B %Y"), days_of_month(first)),
    }))
}

fn days_of_month(first: NaiveDate) -> usize {
    first.iter_days().take_while(|day| day.format("%m").to_string() == first.format("%m").to_string()).count()
}

/// Returns the time of a text like `8:00` or `08:00:00`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim_end_matches(['Z', 'z']);
    ["%H:%M:%S", "%H:%M"].into_iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

/// Returns a number of at most four digits.
fn number(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn what_was_meant_is_written() {
        for (text, expected) in [
            ("2026-3-1", "write 2026-03-01"),
            ("2026/03/01", "write 2026-03-01"),
            ("2026.3.1", "write 2026-03-01"),
            ("1.3.2026", "write 2026-03-01"),
            ("20260301", "write 2026-03-01"),
            (" 2026-03-01 ", "write 2026-03-01"),
            ("2026-03-01 08:00", "write 2026-03-01T08:00:00Z"),
            ("2026-03-01T8:00:05", "write 2026-03-01T08:00:05Z"),
            ("2026-3-1T08:00Z", "write 2026-03-01T08:00:00Z"),
            ("2026-03-01T08:00:00+01:00", "write 2026-03-01T07:00:00Z"),
            ("2026-03-01T08:00:00.25Z", "write 2026-03-01T08:00:00Z"),
            ("03/01/2026", "write the year first, then the month and the day, as in 2026-03-01"),
            ("2026-02-30", "February 2026 has 28 days"),
            ("2028-2-30", "February 2028 has 29 days"),
            ("31.12.2026", "write 2026-12-31"),
            ("31.11.2026", "November 2026 has 30 days"),
            ("1969-12-31", "years are from 1970 to 9999"),
            ("2026-13-01", "a year has months 1 to 12, not 13"),
        ] {
            assert_eq!(hint(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "yesterday", "2026", "2026-03", "26-3-1", "2026-03-01T", "2026-03-01Tnoon", "1-2-3-4", "2026-x-1"]
        {
            assert_eq!(hint(text), None, "{text}");
        }
    }

    #[test]
    fn x4_what_is_no_instant_either_is_not_to_be_written() {
        // A leap second, and what is out of the years.
        for text in [
            "2026-12-31T23:59:60Z",
            "2026-12-31 23:59:60",
            "1969-12-31T23:59:59Z",
            "9999-12-31T23:59:59-01:00",
            "1970-01-01T00:00:00+01:00",
        ] {
            assert_eq!(hint(text), None, "{text}");
        }
    }
}
