//! The half-open intervals of documents: the term of a grant and the window of a trial (L4, T1).

use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::document::{FromDocument, ReadError, ValueReader, deserialize_as_document, object};
use crate::time::end::End;
use crate::time::instant::{self, Instant, TimeError, whole_second};
use crate::utc::Written;

/// The half-open interval in which a paid grant is active: from `starts`, until just before `ends`
/// (L4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Term {
    #[serde(with = "instant")]
    starts: DateTime<Utc>,
    ends: End,
}

impl Term {
    /// Returns the term from `starts` until just before `ends`. Both are floored to the second and
    /// clamped to 1970–9999.
    ///
    /// # Errors
    ///
    /// [`TimeError::EndsBeforeItStarts`] if `ends` is not later than `starts`.
    pub fn new(starts: DateTime<Utc>, ends: DateTime<Utc>) -> Result<Self, TimeError> {
        let (starts, ends) = in_order(starts, ends)?;
        Ok(Self { starts, ends: End::At(ends) })
    }

    /// Returns the term from `starts` on without an end.
    #[must_use]
    pub fn perpetual(starts: DateTime<Utc>) -> Self {
        Self { starts: whole_second(starts), ends: End::Never }
    }

    /// Returns the first instant of the term.
    #[must_use]
    pub fn starts(&self) -> DateTime<Utc> {
        self.starts
    }

    /// Returns the end of the term.
    #[must_use]
    pub fn ends(&self) -> End {
        self.ends
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ends {
            End::At(ends) => write!(f, "{} to {}", Written(self.starts), Written(ends)),
            End::Never => write!(f, "{} on, perpetual", Written(self.starts)),
        }
    }
}

struct TermDraft {
    starts: DateTime<Utc>,
    ends: End,
}
object! { TermDraft, "a term with `starts` and `ends`" => { starts: Instant, ends } }

impl FromDocument for Term {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        TermDraft::read(value)?.proven().map_err(ReadError::of)
    }
}
deserialize_as_document!(Term);

impl TermDraft {
    fn proven(self) -> Result<Term, TimeError> {
        match self.ends {
            End::At(ends) => Term::new(self.starts, ends),
            End::Never => Ok(Term::perpetual(self.starts)),
        }
    }
}

/// The half-open interval in which a trial can be started. It always ends (T1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Window {
    #[serde(with = "instant")]
    opens: DateTime<Utc>,
    #[serde(with = "instant")]
    closes: DateTime<Utc>,
}

impl Window {
    /// Returns the window from `opens` until just before `closes`. Both are floored to the second
    /// and clamped to 1970–9999.
    ///
    /// # Errors
    ///
    /// [`TimeError::EndsBeforeItStarts`] if `closes` is not later than `opens`.
    pub fn new(opens: DateTime<Utc>, closes: DateTime<Utc>) -> Result<Self, TimeError> {
        let (opens, closes) = in_order(opens, closes)?;
        Ok(Self { opens, closes })
    }

    /// Returns the first instant at which the trial can be started.
    #[must_use]
    pub fn opens(&self) -> DateTime<Utc> {
        self.opens
    }

    /// Returns the first instant at which the trial can no longer be started.
    #[must_use]
    pub fn closes(&self) -> DateTime<Utc> {
        self.closes
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", Written(self.opens), Written(self.closes))
    }
}

struct WindowDraft {
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
}
object! { WindowDraft, "a window with `opens` and `closes`" => { opens: Instant, closes: Instant } }

impl FromDocument for Window {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        WindowDraft::read(value)?.proven().map_err(ReadError::of)
    }
}
deserialize_as_document!(Window);

impl WindowDraft {
    fn proven(self) -> Result<Window, TimeError> {
        Window::new(self.opens, self.closes)
    }
}

fn in_order(starts: DateTime<Utc>, ends: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), TimeError> {
    let (starts, ends) = (whole_second(starts), whole_second(ends));
    if starts < ends { Ok((starts, ends)) } else { Err(TimeError::EndsBeforeItStarts { starts, ends }) }
}
