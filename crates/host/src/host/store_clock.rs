//! The clock of the store, beside which a process with a wrong clock does not write.

use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use entitle::chrono::{DateTime, TimeDelta, Utc};

use super::Inner;
use crate::store::Store;
use crate::writer::NotStored;

/// How often the store is asked for its time.
const EVERY: Duration = Duration::from_secs(60);

/// What the clock of a store was when it was asked.
#[derive(Debug, Default)]
pub(super) struct StoreClock(Mutex<Option<Asked>>);

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

    /// Compares the time at which commands are to be recorded with the store's.
    pub(super) fn compare_clocks(&self, now: DateTime<Utc>) -> Result<(), NotStored> {
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
    fn asked(&self) -> Option<Asked> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, asked: Asked) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
    }
}
