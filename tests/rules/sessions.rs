//! M4: when a message of a user opens a billed session.

use entitle::capacity::{MessageOutcome, SessionMeter};
use entitle::chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::support::day;

fn at(minutes: i64, seconds: i64) -> DateTime<Utc> {
    day(0) + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)
}

/// Whether a message asks to draw; if so, it is consumed or refused.
fn asks(meter: &mut SessionMeter, when: DateTime<Utc>, consumed: bool) -> bool {
    match meter.message(when) {
        MessageOutcome::Covered => false,
        MessageOutcome::Opens(session) => {
            if consumed {
                session.consumed();
            }
            true
        }
    }
}

#[test]
fn m4_a_session_covers_thirty_minutes_of_silence_and_sixty_in_all() {
    for (times, opened) in [
        (&[(0, 0), (30, 0), (60, 0)][..], &[0][..]),
        (&[(0, 0), (30, 1)], &[0, 1]),
        (&[(0, 0), (30, 0), (60, 1)], &[0, 2]),
        (&[(0, 0), (20, 0), (40, 0), (59, 59), (60, 1), (61, 0)], &[0, 4]),
        (&[(0, 0), (31, 0), (61, 0), (91, 0)], &[0, 1]),
        (&[(0, 0), (31, 0), (61, 0), (91, 0), (91, 1)], &[0, 1, 4]),
    ] {
        let mut meter = SessionMeter::new();
        let asked = times.iter().enumerate().filter(|(_, (m, s))| asks(&mut meter, at(*m, *s), true));
        assert_eq!(asked.map(|(nth, _)| nth).collect::<Vec<_>>(), opened, "{times:?}");
    }
}

#[test]
fn m4_a_session_holds_a_hundred_messages() {
    let mut meter = SessionMeter::new();
    let asked: Vec<usize> = (0..205).filter(|_| asks(&mut meter, at(0, 0), true)).collect();
    assert_eq!(asked, [0, 100, 200]);
}

#[test]
fn m4_a_refused_draw_opens_none_and_the_next_message_asks_again() {
    let mut meter = SessionMeter::new();
    assert!(asks(&mut meter, at(0, 0), false));
    assert!(asks(&mut meter, at(1, 0), false));
    assert!(asks(&mut meter, at(2, 0), true));
    assert!(!asks(&mut meter, at(3, 0), false));
    // Refused when the session has run out: what was refused is no message of it.
    assert!(asks(&mut meter, at(40, 0), false));
    assert!(asks(&mut meter, at(41, 0), false));
    // A hundred, and one that is refused.
    let mut meter = SessionMeter::new();
    for _ in 0..100 {
        asks(&mut meter, at(0, 0), true);
    }
    assert!(asks(&mut meter, at(0, 1), false));
    assert!(asks(&mut meter, at(0, 2), true));
}

#[test]
fn m4_a_clock_that_goes_back_a_little_opens_nothing() {
    let mut meter = SessionMeter::new();
    assert!(asks(&mut meter, at(10, 0), true));
    assert!(!asks(&mut meter, at(0, 0), true));
    assert!(!asks(&mut meter, at(40, 0), true));
    assert!(asks(&mut meter, at(70, 1), true), "60 minutes after the opening");
    let mut meter = SessionMeter::new();
    for _ in 0..100 {
        asks(&mut meter, at(10, 0), true);
    }
    // The hundred and first, of an earlier time, opens the next at the time of the last.
    assert!(asks(&mut meter, at(0, 0), true));
    assert!(!asks(&mut meter, at(40, 0), true));
}

#[test]
fn m4_a_clock_that_was_far_ahead_leaves_no_session_without_end() {
    let year_ahead = 365 * 24 * 60;
    let mut meter = SessionMeter::new();
    assert!(asks(&mut meter, at(year_ahead, 0), true));
    assert!(!asks(&mut meter, at(year_ahead - 30, 0), true), "30 minutes back, included");
    assert!(asks(&mut meter, at(year_ahead - 30, -1), true), "a second more");
    assert!(asks(&mut meter, at(0, 0), true));
    assert!(!asks(&mut meter, at(30, 0), true));
    assert!(asks(&mut meter, at(60, 1), true), "sessions end in time again");
}

#[test]
fn m4_a_meter_is_kept_as_text() {
    let mut meter = SessionMeter::new();
    assert_eq!(serde_json::to_string(&meter).unwrap(), "null");
    assert!(asks(&mut meter, at(0, 0), true));
    let text = serde_json::to_string(&meter).unwrap();
    let mut again: SessionMeter = serde_json::from_str(&text).unwrap();
    assert_eq!(again, meter);
    assert!(!asks(&mut again, at(30, 0), true));
}

/// The rule as it is written, over all messages: which of them ask to consume.
fn naive(messages: &[(i64, bool)]) -> Vec<bool> {
    let mut sessions: Vec<Vec<i64>> = Vec::new();
    let mut asked = Vec::new();
    for &(dated, consumed) in messages {
        let latest = sessions.last().map(|session| *session.iter().max().unwrap());
        let is_far_behind = latest.is_some_and(|latest| latest - dated > 30 * 60);
        let when = if is_far_behind { dated } else { latest.map_or(dated, |latest| dated.max(latest)) };
        let next = sessions.last().is_none_or(|session| {
            let idle = when - latest.unwrap();
            is_far_behind || idle > 30 * 60 || when - session[0] > 60 * 60 || session.len() >= 100
        });
        asked.push(next);
        match sessions.last_mut() {
            Some(session) if !next => session.push(when),
            _ if consumed => sessions.push(vec![when]),
            _ => {}
        }
    }
    asked
}

proptest! {
    #[test]
    fn m4_the_meter_is_the_rule(
        gaps in prop::collection::vec((prop_oneof![8 => 0..40_i64, 1 => Just(1800), 1 => Just(1801), 1 => 0..4000_i64, 1 => -90..0_i64, 1 => -4000..0_i64], prop::bool::weighted(0.8)), 0..260),
    ) {
        let mut meter = SessionMeter::new();
        let mut when = 0;
        let messages: Vec<(i64, bool)> = gaps.into_iter().map(|(gap, consumed)| { when += gap; (when, consumed) }).collect();
        let asked: Vec<bool> = messages.iter().map(|&(when, consumed)| asks(&mut meter, at(0, when), consumed)).collect();
        prop_assert_eq!(asked, naive(&messages));
    }
}
