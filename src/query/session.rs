//! Billed sessions of a conversation: which messages of a user open one, which consumes (M4).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::time::{instant, whole_second};

/// The time after its last message in which a session covers another message.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// The time after its opening in which a session covers a message.
const LONGEST: TimeDelta = TimeDelta::minutes(60);
/// The number of messages that a session covers.
const MESSAGES: u32 = 100;

/// The meter of the sessions of one conversation. It takes the user's own messages in order, and no
/// messages of a bot (M4).
///
/// ```
/// use entitle::capacity::{MessageOutcome, SessionMeter};
///
/// let mut conversation = SessionMeter::new();
/// let now = "2026-03-01T09:00:00Z".parse::<entitle::chrono::DateTime<entitle::chrono::Utc>>()?;
/// match conversation.message(now) {
///     MessageOutcome::Covered => {}
///     // Decide, store and apply a consumption here. If it is refused, tell the user and drop it.
///     MessageOutcome::Opens(session) => session.consumed(),
/// }
/// assert!(matches!(conversation.message(now), MessageOutcome::Covered));
/// Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionMeter(Option<Session>);

/// The latest session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    #[serde(with = "instant")]
    opened: DateTime<Utc>,
    #[serde(with = "instant")]
    last: DateTime<Utc>,
    messages: u32,
}

/// The effect of a message on the meter.
#[derive(Debug)]
#[must_use = "a message that opens a session must consume"]
pub enum MessageOutcome<'a> {
    /// The open session covers the message.
    Covered,
    /// The message opens a session if the host can record its consumption.
    Opens(PendingSession<'a>),
}

/// A session that opens when its consumption is recorded. If it is dropped, it does not open, and
/// the next message asks again.
#[derive(Debug)]
#[must_use = "dropped, it opens no session"]
pub struct PendingSession<'a> {
    meter: &'a mut SessionMeter,
    at: DateTime<Utc>,
}

impl SessionMeter {
    /// Returns the meter of a conversation without messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a message of the user. A message dated up to 30 minutes before the last one counts at
    /// the time of the last one.
    ///
    /// The open session covers it up to 30 minutes after the last message and 60 after the opening,
    /// both included, while fewer than 100 messages are in it. A message dated more than 30 minutes
    /// before the last one opens a session at its own time: a clock was wrong, and sessions end in
    /// time again. `O(1)`.
    pub fn message(&mut self, at: DateTime<Utc>) -> MessageOutcome<'_> {
        let at = whole_second(at);
        match &mut self.0 {
            Some(session) if session.covers(at) => {
                session.last = session.last.max(at);
                session.messages = session.messages.saturating_add(1);
                MessageOutcome::Covered
            }
            Some(_) | None => MessageOutcome::Opens(PendingSession { meter: self, at }),
        }
    }
}

impl Session {
    fn covers(&self, at: DateTime<Utc>) -> bool {
        let at = self.counted_at(at);
        let since = |then: DateTime<Utc>| at.signed_duration_since(then);
        since(self.last).abs() <= IDLE && since(self.opened) <= LONGEST && self.messages < MESSAGES
    }

    /// Returns the time at which a message that is dated `at` counts.
    fn counted_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.last.signed_duration_since(at) > IDLE { at } else { at.max(self.last) }
    }
}

impl PendingSession<'_> {
    /// Opens the session, with this message in it. Call it when the consumption is recorded.
    pub fn consumed(self) {
        let at = self.meter.0.map_or(self.at, |before| before.counted_at(self.at));
        self.meter.0 = Some(Session { opened: at, last: at, messages: 1 });
    }
}
