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
        let is_old = |asked: &Asked| self.began.elapsed().saturating_sub(asked.elapsed) >= EVERY;
        if self.store_clock.asked().as_ref().is_none_or(is_old) {
            // A store that does not answer now is asked again.
            if let Ok(time) = self.store.clock() {
                self.store_clock.set(Asked { time, elapsed: self.began.elapsed() });
            }
        }
    }

    /// Compares the time at which commands are to be recorded with the store's. If they differ, the
    /// store is asked again: this machine's clock may have been set since, or it was suspended, which
    /// the time that has passed does not count.
    pub(super) fn compare_clocks(&self, now: DateTime<Utc>) -> Result<(), NotStored> {
        self.compare(now).or_else(|differs| {
            if !self.store_clock.may_ask_again(self.began.elapsed()) {
                return Err(differs);
            }
            if let Ok(time) = self.store.clock() {
                self.store_clock.set(Asked { time, elapsed: self.began.elapsed() });
            }
            self.compare(now)
        })
    }

    fn compare(&self, now: DateTime<Utc>) -> Result<(), NotStored> {
        let Some(Asked { time: Some(time), elapsed }) = self.store_clock.asked() else { return Ok(()) };
        let since = TimeDelta::from_std(self.began.elapsed().saturating_sub(elapsed)).unwrap_or_default();
        let store = time.checked_add_signed(since).unwrap_or(time);
        let difference = now.signed_duration_since(store).abs().to_std().unwrap_or_default();
        if difference > self.settings.clock_tolerance {
            return Err(NotStored::ClockDiffers { clock: now, store });
        }
        Ok(())
    }
}

impl StoreClock {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> Option<Asked> {
        self.known().asked
    }

    fn set(&self, asked: Asked) {
        self.known().asked = Some(asked);
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
