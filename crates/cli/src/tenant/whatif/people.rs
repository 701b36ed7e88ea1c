//! Changes grouped by person.

use std::collections::BTreeMap;

use entitle::AppId;
use entitle::chrono::{DateTime, Utc};
use entitle::preview::Subject;
use entitle::time::End;

use crate::instant::day;
use crate::tenant::words::{id, list};

/// The apps of a person that change at the same time, in the order of the time.
#[derive(Debug, Default)]
pub(super) struct People(BTreeMap<Subject, Vec<(DateTime<Utc>, End, AppId)>>);

impl People {
    /// Adds an app of a person from an instant on, until another.
    pub(super) fn add(&mut self, who: &Subject, from: DateTime<Utc>, until: End, app: &AppId) {
        self.0.entry(who.clone()).or_default().push((from, until, app.clone()));
    }

    /// Returns the number of users, everyone else not counted.
    pub(super) fn users(&self) -> u64 {
        let users = self.0.keys().filter(|who| **who != Subject::Everyone).count();
        u64::try_from(users).unwrap_or(u64::MAX)
    }

    /// Returns a line for each person and time: "cy, from 2027-05-02: f365/audit, f365/orders".
    pub(super) fn lines(self) -> Vec<Vec<String>> {
        let mut people: Vec<_> = self.0.into_iter().collect();
        // Who loses first, comes first.
        people.sort_by_key(|(who, changes)| (changes.iter().map(|(from, ..)| *from).min(), who.clone()));
        people.into_iter().map(|(who, changes)| lines(&who, changes)).collect()
    }
}

fn lines(who: &Subject, mut changes: Vec<(DateTime<Utc>, End, AppId)>) -> Vec<String> {
    changes.sort_unstable();
    let same = changes.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
    let name = match who {
        Subject::Everyone => "everyone else".to_string(),
        Subject::User(user) => id(user),
    };
    let line = |changes: &[(DateTime<Utc>, End, AppId)]| {
        let (from, until, _) = changes.first()?;
        let apps = list(changes.iter().map(|(.., app)| id(app)));
        Some(format!("{name}, {}: {apps}", interval(*from, *until)))
    };
    same.filter_map(line).collect()
}

/// Returns "from 2027-02-01 on", or "from 2027-02-01 until 2027-03-01".
pub(super) fn interval(from: DateTime<Utc>, until: End) -> String {
    match until {
        End::At(until) => format!("from {} until {}", day(from), day(until)),
        End::Never => format!("from {} on", day(from)),
    }
}
