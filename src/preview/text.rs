//! The summary of a preview as text, with the first entries of each list.

use core::fmt;

use crate::license::grant::GrantKind;
use crate::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, PoolChange, PoolUnits, Preview, Subject, Tally, WaitChange,
    WarningChange, WarningKind,
};
use crate::time::{End, Written};

/// The number of entries that are shown of a list.
const SHOWN: usize = 10;

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::User(user) => write!(f, "`{user}`"),
        }
    }
}

/// Displays as "from … on" or "from … until …".
struct When<'a>(&'a chrono::DateTime<chrono::Utc>, End);

impl fmt::Display for When<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            End::At(until) => write!(f, "from {} until {}", Written(*self.0), Written(until)),
            End::Never => write!(f, "from {} on", Written(*self.0)),
        }
    }
}

impl fmt::Display for AccessChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, `{}`, {}", self.who, self.app, When(&self.from, self.until))
    }
}

impl fmt::Display for AccessEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, `{}`, {}", self.who, self.app, Written(self.from))
    }
}

impl fmt::Display for WaitChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, `{}`, {}", self.user, self.plan, When(&self.from, self.until))
    }
}

impl fmt::Display for DroppedGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.grant.terms {
            GrantKind::Paid(_) => "paid",
            GrantKind::Trial(_) => "trial",
        };
        let (units, plan, phase) = (self.grant.units, &self.grant.plan, self.phase);
        write!(f, "`{plan}`, {kind}, units: {units}, {phase}")?;
        if let End::At(until) = self.until {
            write!(f, " until {}", Written(until))?;
        }
        write!(f, ", of revision {} of license {}", self.revision, self.license)
    }
}

impl fmt::Display for PoolUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.usable.fmt(f)?;
        if self.limit == self.usable { Ok(()) } else { write!(f, " (tolerated: {})", self.limit) }
    }
}

impl fmt::Display for PoolChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until, plan, before, after } = self;
        write!(f, "`{plan}`, {after} instead of {before}, {}", When(from, *until))
    }
}

impl fmt::Display for AffectedUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Users(1) => f.write_str("1 user"),
            Self::Users(users) => write!(f, "{users} users"),
        }
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InGrace => "in grace",
            Self::OverAssigned => "over-assigned",
            Self::ListWanted => "list wanted",
            Self::ExpiringSoon => "expiring soon",
        })
    }
}

impl fmt::Display for WarningChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, plan, warning, affected } = self;
        write!(f, "`{plan}`, {warning}, {affected}, first {}", Written(*from))
    }
}

/// Writes a heading with the first entries of a list; nothing if the list is empty.
fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, title: &str, entries: &[T], total: u64) -> fmt::Result {
    if total == 0 {
        return Ok(());
    }
    write!(f, "\n{title}:")?;
    let shown = entries.iter().take(SHOWN);
    let rest = total.saturating_sub(u64::try_from(shown.len()).unwrap_or(u64::MAX));
    shown.into_iter().try_for_each(|entry| write!(f, "\n  {entry}"))?;
    if rest == 0 { Ok(()) } else { write!(f, "\n  and {rest} more") }
}

/// Writes a list about users, with their number in the heading.
fn of_users<T: fmt::Display>(f: &mut fmt::Formatter<'_>, title: &str, entries: &[T], of: Tally) -> fmt::Result {
    let title = alloc::format!("{title} ({})", AffectedUsers::Users(of.users));
    list(f, &title, entries, of.entries)
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { now, read_before, read_after, totals, .. } = self;
        let verb = if self.is_empty() { "nothing changes" } else { "this would change" };
        write!(f, "{verb} from {} on", Written(*now))?;
        if let End::At(until) = self.looked_until {
            write!(f, ", looked at until {}", Written(until))?;
        }
        if read_before != read_after {
            write!(f, "\nthe tenant is read at {} instead of {}", Written(*read_after), Written(*read_before))?;
        }
        of_users(f, "when an app goes that people have now", &self.ending, totals.ending)?;
        of_users(f, "less than without it", &self.lost, totals.lost)?;
        of_users(f, "more than without it", &self.gained, totals.gained)?;
        of_users(f, "wait for a seat, and would not without it", &self.waiting, totals.waiting)?;
        of_users(f, "have a seat, and would wait without it", &self.served, totals.served)?;
        list(f, "grants that still run and are dropped", &self.dropped, totals.dropped)?;
        list(f, "units", &self.pools, totals.pools)?;
        list(f, "warnings that appear", &self.appearing, totals.appearing)?;
        list(f, "warnings that disappear", &self.disappearing, totals.disappearing)
    }
}
