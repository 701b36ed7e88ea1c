//! The clock of the store, beside which a process with a wrong clock does not write.

use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use entitle::chrono::{DateTime, TimeDelta, Utc};

use super::Inner;
use crate::store::Store;
use crate::writer::NotStored;

/// How often the store is asked for its time, and how often again because a clock differs from it.
const EVERY: Duration = Duration::from_secs(60);
const EVERY_AGAIN: Duration = Duration::from_secs(1);

/// What the clock of a store was when it was asked.
#[derive(Debug, Default)]
pub(super) struct StoreClock(Mutex<Known>);

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    asked: Option<Asked>,
    /// When it was asked again because a clock differed.
    asked_again: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    /// `None` for a store without a clock.
    time: Option<DateTime<Utc>>,
    elapsed: Duration,
}

impl<S: Store> Inner<S> {
    /// Asks the store for its time if that was long ago.
    pub(super) fn ask_for_time(&self) {
        if self.store_clock.is_due(self.began.elapsed()) {
            self.ask();
        }
    }

    /// Compares the time at which commands are to be recorded with the store's. If they differ, the
    /// store is asked again: this machine's clock may have been set since, or it was suspended, which
    /// the time that has passed does not count.
    pub(super) fn compare_clocks(&self, now: DateTime<Utc>) -> Result<(), NotStored> {
        let compare = || self.store_clock.compare(now, self.began.elapsed(), self.settings.clock_tolerance);
        compare().or_else(|differs| {
            if !self.store_clock.may_ask_again(self.began.elapsed()) {
                return Err(differs);
            }
            self.ask();
            compare()
        })
    }

    fn ask(&self) {
        // A store that does not answer now is asked again.
        if let Ok(time) = self.store.clock() {
            self.store_clock.set(Asked { time, elapsed: self.began.elapsed() });
        }
    }
}

impl StoreClock {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, asked: Asked) {
        self.known().asked = Some(asked);
    }

    /// Returns whether the store is to be asked for its time now.
    fn is_due(&self, elapsed: Duration) -> bool {
        let is_old = |asked: Asked| elapsed.saturating_sub(asked.elapsed) >= EVERY;
        self.known().asked.is_none_or(is_old)
    }

    /// Compares a time with the one that the store's clock has by now, if it has a clock and has answered.
    fn compare(&self, now: DateTime<Utc>, elapsed: Duration, tolerance: Duration) -> Result<(), NotStored> {
        let Some(Asked { time: Some(time), elapsed: asked }) = self.known().asked else { return Ok(()) };
        let since = TimeDelta::from_std(elapsed.saturating_sub(asked)).unwrap_or_default();
        let store = time.checked_add_signed(since).unwrap_or(time);
        let difference = now.signed_duration_since(store).abs().to_std().unwrap_or_default();
        if difference > tolerance {
            return Err(NotStored::ClockDiffers { clock: now, store });
        }
        Ok(())
    }

    /// Returns whether to ask again now, and notes it.
    fn may_ask_again(&self, elapsed: Duration) -> bool {
        let mut known = self.known();
        let is_early = |asked: Duration| elapsed.saturating_sub(asked) < EVERY_AGAIN;
        if known.asked_again.is_some_and(is_early) {
            return false;
        }
        known.asked_again = Some(elapsed);
        true
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use entitle::chrono::{DateTime, TimeDelta};

    use super::{Asked, EVERY, EVERY_AGAIN, StoreClock};
    use crate::writer::NotStored;

    const FIRST: Duration = Duration::from_secs(10);
    const TOLERANCE: Duration = Duration::from_secs(60);

    fn asked(time: Option<i64>) -> StoreClock {
        let clock = StoreClock::default();
        let time = time.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        clock.set(Asked { time, elapsed: FIRST });
        clock
    }

    #[test]
    fn a_store_is_asked_for_its_time_once_a_minute_with_a_clock_and_without() {
        let short = Duration::from_millis(1);
        assert!(StoreClock::default().is_due(Duration::ZERO), "it was never asked");
        for clock in [asked(Some(0)), asked(None)] {
            assert!(
                !clock.is_due(FIRST)
                    && !clock.is_due((FIRST + EVERY).saturating_sub(short))
                    && clock.is_due(FIRST + EVERY)
            );
        }
    }

    #[test]
    fn a_store_whose_clock_differs_is_asked_again_once_a_second() {
        let (clock, short) = (asked(Some(0)), Duration::from_millis(1));
        assert!(clock.may_ask_again(FIRST));
        // Who may not ask puts nothing off.
        assert!(
            !clock.may_ask_again(FIRST + short) && !clock.may_ask_again((FIRST + EVERY_AGAIN).saturating_sub(short))
        );
        assert!(clock.may_ask_again(FIRST + EVERY_AGAIN));
        assert!(!clock.may_ask_again(FIRST + EVERY_AGAIN + short));
    }

    #[test]
    fn a_time_is_compared_with_the_one_that_the_store_has_by_now() {
        let clock = asked(Some(1_000));
        let elapsed = FIRST + Duration::from_secs(300);
        let store = DateTime::from_timestamp(1_300, 0).unwrap();
        for seconds in [-61, -60, 0, 60, 61] {
            let now = store + TimeDelta::seconds(seconds);
            let differs = Err(NotStored::ClockDiffers { clock: now, store });
            let expected = if seconds.abs() > 60 { differs } else { Ok(()) };
            assert_eq!(clock.compare(now, elapsed, TOLERANCE), expected, "{seconds}");
        }
        // Without a clock of the store every time is right, and while it has not answered.
        for clock in [asked(None), StoreClock::default()] {
            assert_eq!(clock.compare(store, elapsed, Duration::ZERO), Ok(()));
        }
    }
}
