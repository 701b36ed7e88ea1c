//! Billed sessions of a conversation: when a message of a user opens one, which draws (M4).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::time::{instant, whole_second};

/// How long after its last message a session covers another.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// How long after its opening a session covers a message.
const LONGEST: TimeDelta = TimeDelta::minutes(60);
/// How many messages a session holds.
const MESSAGES: u32 = 100;

/// The sessions of one conversation, fed with the user's own messages in their order. What a bot says is no message here.
///
/// ```
/// use entitle::{SessionMeter, MessageOutcome};
///
/// let mut conversation = SessionMeter::new();
/// let now = "2026-03-01T09:00:00Z".parse::<entitle::chrono::DateTime<entitle::chrono::Utc>>()?;
/// match conversation.message(now) {
///     MessageOutcome::Covered => {}
///     // Decide, store and apply a draw here; if it is refused, say so to the user and let it drop.
///     MessageOutcome::Opens(session) => session.drawn(),
/// }
/// assert!(matches!(conversation.message(now), MessageOutcome::Covered));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionMeter(Option<Session>);

/// The session that was opened last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    #[serde(with = "instant")]
    opened: DateTime<Utc>,
    #[serde(with = "instant")]
    last: DateTime<Utc>,
    messages: u32,
}

/// What a message means for the meter.
#[derive(Debug)]
#[must_use = "a message that opens a session has to draw"]
pub enum MessageOutcome<'a> {
    /// The open session covers it.
    Covered,
    /// It opens a session, if a draw of one is not refused.
    Opens(PendingSession<'a>),
}

/// A session that is opened once it is drawn; dropped, it is not, and the next message asks again.
#[derive(Debug)]
#[must_use = "dropped, it opens no session"]
pub struct PendingSession<'a> {
    meter: &'a mut SessionMeter,
    at: DateTime<Utc>,
}

impl SessionMeter {
    /// A conversation in which nothing was said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The user says something. A message from before the last counts as said at the same time as the last.
    ///
    /// The session covers it up to 30 minutes after the last message and 60 after the opening, both included, while
    /// there are fewer than 100 in it. Constant.
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
        let at = at.max(self.last);
        let since = |then: DateTime<Utc>| at.signed_duration_since(then);
        since(self.last) <= IDLE && since(self.opened) <= LONGEST && self.messages < MESSAGES
    }
}

impl PendingSession<'_> {
    /// Its draw was recorded: the session is open, with this message in it.
    pub fn drawn(self) {
        let at = self.meter.0.map_or(self.at, |before| before.last.max(self.at));
        self.meter.0 = Some(Session { opened: at, last: at, messages: 1 });
    }
}
