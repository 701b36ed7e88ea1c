//! The clock of the operating system.

use std::time::SystemTime;

use entitle::chrono::{DateTime, Utc};

/// Returns the time of the operating system's clock, in microseconds. An instant before 1970 is
/// 1970.
///
/// Nothing else in this crate reads it: every method whose decisions depend on the time takes it, so
/// that a host can take it from elsewhere.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a host gives the core its time")]
pub fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_clock_goes_on() {
        let first = super::now();
        assert!(first.timestamp() > 1_700_000_000 && super::now() >= first);
    }
}
