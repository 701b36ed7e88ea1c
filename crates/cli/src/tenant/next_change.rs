//! What changes next by time alone, and what it is then.

use std::collections::BTreeSet;

use entitle::chrono::{DateTime, Utc};
use entitle::explain::Warning;
use entitle::time::End;
use entitle::{Decision, Tenant};
use serde_json::{Value, json};

use super::words::id;
use crate::instant::{Instant, day};

/// The most instants that are looked at: at each, something of the tenant changes, and often nothing of what
/// is shown.
const LOOKED_AT: usize = 64;

/// The next change of something by time alone.
#[derive(Debug)]
pub(super) struct NextChange {
    at: DateTime<Utc>,
    /// What it is then; none if nothing changes up to the instant, and later ones were not looked at.
    then: Option<String>,
}

impl NextChange {
    /// Returns the first of the instants from `until` on at which something is different, which `then` says
    /// together with the instant after it.
    pub(super) fn first(until: End, mut then: impl FnMut(DateTime<Utc>) -> (Option<String>, End)) -> Option<Self> {
        let mut at = until.instant()?;
        for _ in 0..LOOKED_AT {
            match then(at) {
                (Some(then), _) => return Some(Self { at, then: Some(then) }),
                (None, later) => at = later.instant()?,
            }
        }
        Some(Self { at, then: None })
    }

    /// Returns the next change of a decision that is seen by who reads it.
    pub(super) fn of_decision(tenant: &Tenant, decision: &Decision<'_>) -> Option<Self> {
        Self::first(decision.until(), |at| {
            let later = match decision {
                Decision::Allow(allow) => tenant.check(allow.user(), allow.app(), at),
                Decision::Deny(denial) => tenant.check(denial.user(), denial.app(), at),
            };
            (difference(decision, &later), later.until())
        })
    }

    /// Returns "; next change: 2027-03-01, in grace", or nothing if nothing changes by time alone.
    pub(super) fn text(this: Option<&Self>) -> String {
        match this {
            Some(Self { at, then: Some(then) }) => format!("; next change: {}, {then}", day(*at)),
            Some(Self { at, then: None }) => format!("; no change before {}", day(*at)),
            None => String::new(),
        }
    }

    /// Returns the instant of the change.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Returns whether it says no more than that access ends, or goes on by the same plan on another basis.
    pub(super) fn is_about_access(&self) -> bool {
        let of = |then: &str| then == "closed" || (then.starts_with("open, ") && !then.contains(" by "));
        self.then.as_deref().is_none_or(of)
    }

    /// Returns the cells of a table, under NEXT CHANGE and THEN.
    pub(super) fn cells(this: Option<&Self>) -> [String; 2] {
        match this {
            Some(Self { at, then: Some(then) }) => [day(*at), then.clone()],
            Some(Self { at, then: None }) => [format!("not before {}", day(*at)), "-".to_string()],
            None => ["never".to_string(), "-".to_string()],
        }
    }

    /// Returns the change as JSON.
    pub(super) fn json(this: Option<&Self>) -> Value {
        this.map_or(Value::Null, |Self { at, then }| json!({ "at": Instant(*at), "then": then }))
    }
}

/// Returns what is different in a later decision, in a few words.
fn difference(before: &Decision<'_>, after: &Decision<'_>) -> Option<String> {
    match (before, after) {
        (Decision::Allow(_), Decision::Deny(_)) => Some("closed".to_string()),
        (Decision::Deny(_), Decision::Allow(allow)) => Some(format!("open, {}", allow.basis())),
        (Decision::Deny(_), Decision::Deny(_)) => None,
        (Decision::Allow(before), Decision::Allow(after)) => {
            let plan = |allow: &entitle::Allow<'_>| allow.plan().map(|plan| plan.id.clone());
            if plan(before) != plan(after) {
                let by = plan(after).map_or_else(String::new, |plan| format!(" by {}", id(&plan)));
                return Some(format!("open, {}{by}", after.basis()));
            }
            if before.basis() != after.basis() {
                return Some(format!("open, {}", after.basis()));
            }
            let kinds =
                |allow: &entitle::Allow<'_>| allow.warnings().map(|warning| kind(&warning)).collect::<BTreeSet<_>>();
            let (before, after) = (kinds(before), kinds(after));
            let new: Vec<&str> = after.difference(&before).copied().collect();
            match (new.is_empty(), before == after) {
                (false, _) => Some(format!("warning: {}", new.join(", "))),
                (true, false) => Some("fewer warnings".to_string()),
                (true, true) => None,
            }
        }
    }
}

fn kind(warning: &Warning) -> &'static str {
    match warning {
        Warning::InGrace { .. } => "in grace",
        Warning::OverAssigned { .. } => "over-assigned",
        Warning::ListWanted { .. } => "a recent revocation list is needed",
        Warning::ExpiringSoon { .. } => "expiring soon",
        _ => "another warning",
    }
}

#[cfg(test)]
mod tests {
    use entitle::chrono::{DateTime, TimeDelta, Utc};
    use entitle::time::End;

    use super::NextChange;

    #[test]
    fn the_first_difference_is_looked_for_and_never_is_not_claimed_of_what_was_not_looked_at() {
        let first: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let after = |at: DateTime<Utc>| at.checked_add_signed(TimeDelta::days(1)).map_or(End::Never, End::At);
        let found = |differs: &str, until: End| {
            let found = NextChange::first(until, |at| {
                let then = (crate::instant::day(at) == differs).then(|| "closed".to_string());
                (then, after(at))
            });
            (NextChange::cells(found.as_ref()), NextChange::text(found.as_ref()))
        };
        let cells = |at: &str, then: &str| [at.to_string(), then.to_string()];
        let of_third = (cells("1970-01-03", "closed"), "; next change: 1970-01-03, closed".to_string());
        assert_eq!(found("1970-01-03", End::At(first)), of_third);
        let cut = (cells("not before 1970-03-06", "-"), "; no change before 1970-03-06".to_string());
        assert_eq!(found("1971-01-01", End::At(first)), cut);
        assert_eq!(found("1970-01-03", End::Never), (cells("never", "-"), String::new()));
    }
}
