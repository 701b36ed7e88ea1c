//! The end of access by time alone, and of each basis that it has until then.

use entitle::chrono::{DateTime, Utc};
use entitle::explain::{AppAccess, Basis};
use entitle::time::End;
use entitle::{App, Decision, Tenant, UserId};
use serde_json::{Value, json};

use super::words::until;

/// The most instants that are looked at for the ends of bases.
const LOOKED_AT: usize = 64;

/// Returns the instant at which an app closes for a user by time alone, after everything that prolongs it;
/// never, if it does not close or is not open.
pub(super) fn closes(tenant: &Tenant, user: &UserId, app: &App, now: DateTime<Utc>) -> End {
    match tenant.status(user, app, now).access {
        AppAccess::Open(open) => open.closes,
        _ => End::Never,
    }
}

/// The bases on which an app is open from an instant on by time alone, each with its end, and the end of all.
#[derive(Debug)]
pub(super) struct Bases {
    /// In their order; without those that begin after the last instant that was looked at.
    ends: Vec<(Basis, End)>,
    closes: End,
}

impl Bases {
    /// Returns the bases from a decision on, of an app that closes at an instant; nothing of a denial.
    pub(super) fn of(tenant: &Tenant, decision: &Decision<'_>, closes: End) -> Self {
        let Decision::Allow(allow) = decision else { return Self { ends: Vec::new(), closes } };
        let (mut ends, mut basis, mut until) = (Vec::new(), allow.basis(), allow.until());
        for _ in 0..LOOKED_AT {
            let next = until.instant().map(|at| tenant.check(allow.user(), allow.app(), at));
            match next {
                Some(Decision::Allow(later)) => {
                    if later.basis() != basis {
                        ends.push((basis, until));
                        basis = later.basis();
                    }
                    until = later.until();
                }
                Some(Decision::Deny(_)) | None => {
                    ends.push((basis, until));
                    break;
                }
            }
        }
        Self { ends, closes }
    }

    /// Returns "paid until 2027-03-01, then in grace until 2027-03-31" for what is open on a basis.
    pub(super) fn text(&self, basis: Basis) -> String {
        let Some((_, last)) = self.ends.last() else { return format!("{basis}, open{}", until(self.closes)) };
        let parts: Vec<String> = self.ends.iter().map(|(basis, end)| format!("{basis}{}", until(*end))).collect();
        let rest = if *last == self.closes { String::new() } else { format!(", open{}", until(self.closes)) };
        parts.join(", then ") + &rest
    }

    /// Returns whether the text names what is open from an instant on.
    pub(super) fn name(&self, at: DateTime<Utc>) -> bool {
        self.closes == End::At(at) || self.ends.iter().any(|(_, end)| *end == End::At(at))
    }

    /// Returns each basis with its end as JSON.
    pub(super) fn json(&self) -> Value {
        self.ends.iter().map(|(basis, until)| json!({ "basis": basis, "until": until })).collect()
    }
}
