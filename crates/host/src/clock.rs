//! The clock of the operating system.

use entitle::chrono::{DateTime, Utc};

/// Returns the time of the operating system's clock. An instant before 1970 is 1970.
///
/// On Linux it is the time of the latest tick, some milliseconds ago at most, which is read for a few
/// nanoseconds: terms and records count in seconds.
///
/// Nothing else in this crate reads it: every method whose decisions depend on the time takes it, so
/// that a host can take it from elsewhere.
#[must_use]
pub fn now() -> DateTime<Utc> {
    let (seconds, nanos) = since_1970();
    DateTime::from_timestamp(seconds, nanos).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Returns the whole seconds since 1970, and the nanoseconds after them.
#[cfg(target_os = "linux")]
fn since_1970() -> (i64, u32) {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
    (time.tv_sec.max(0), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Returns the whole seconds since 1970, and the nanoseconds after them.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "a host gives the core its time")]
fn since_1970() -> (i64, u32) {
    use std::time::SystemTime;

    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
}

#[cfg(test)]
mod tests {
    #[test]
    #[expect(clippy::disallowed_methods, reason = "it is compared with the operating system's")]
    fn the_clock_goes_on() {
        let first = super::now();
        assert!(first.timestamp() > 1_700_000_000 && super::now() >= first);
        // The same as the clock that is read for each call, within a few ticks.
        let exact = entitle::chrono::DateTime::<entitle::chrono::Utc>::from(std::time::SystemTime::now());
        assert!((exact - super::now()).abs() < entitle::chrono::TimeDelta::seconds(1));
    }
}
