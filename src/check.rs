//! The check: may this user use this app (K1).

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::App;
use crate::catalog::offer::{Access, Plan};
use crate::decision::{Allow, Decision, Denial, Warning};
use crate::id::UserId;
use crate::tenant::Tenant;
use crate::tenant::standing::{Spot, Standing};
use crate::time::{Days, EARLIEST, End};

impl Tenant {
    /// May this user use this app, on what basis, until when (K1)?
    ///
    /// It changes nothing and allocates nothing; the same state and reading give the same answer. `now` is read no
    /// earlier than the record's floor, so setting a clock back revives nothing (X6). A user whom nobody named is a user
    /// without claims (S15). Its cost grows with the plans that list the app and what these require and exclude, not with users,
    /// seats or documents, but for a logarithm where more seats are claimed than there are units.
    pub fn check<'a>(&'a self, user: &'a UserId, app: &'a App, now: DateTime<Utc>) -> Decision<'a> {
        let at = self.reading(now);
        let allow = |plan, basis, warnings, until| Decision::Allow(Allow { user, app, plan, basis, warnings, until });
        let deny = |until| Decision::Deny(Denial { tenant: self, user, app, at, until });

        let catalog = self.catalog();
        let Some((index, entry)) = catalog.find(app) else { return deny(End::Never) };
        if !catalog.is_managed() {
            return allow(None, Basis::Unmanaged, [None; 2], End::Never);
        }
        if entry.access == Access::Free {
            return allow(None, Basis::Free, [None; 2], End::Never);
        }
        let claims = self.state().claims(user);
        let mut until = End::Never;
        let mut best: Option<(&Plan, Basis, [Option<Warning>; 2])> = None;
        for (index, plan) in catalog.plans_listing(index) {
            let standing = self.state().standing(catalog, index, claims, at);
            until = until.min(standing.next);
            let Some((spot, basis)) = opens(&standing, app) else { continue };
            let (warning, next) = warn(spot, basis, &standing, at, catalog.offer().notice);
            until = until.min(next);
            if best.is_none_or(|(_, best, _)| basis < best) {
                let stale = standing.segments.first().and_then(|now| now.stale);
                best = Some((plan, basis, [warning, stale.map(|until| Warning::ListWanted { until })]));
            }
        }
        match best {
            Some((plan, basis, warnings)) => allow(Some(plan), basis, warnings, until),
            None => deny(until),
        }
    }
}

/// Whether a plan that lists the app opens it: it is in effect, and the app is not turned off.
fn opens<'a, 's>(standing: &'s Standing<'a>, app: &App) -> Option<(&'s Spot<'a>, Basis)> {
    let (basis, spot) = (standing.in_effect()?, standing.spot.as_ref()?);
    match spot {
        Spot::Claim { claim, .. } if !claim.opens(app.id()) => None,
        Spot::Claim { .. } | Spot::Tenant => Some((spot, basis)),
    }
}

/// What to warn of (K7), and when a notice begins should none have begun yet.
fn warn(
    spot: &Spot<'_>,
    basis: Basis,
    standing: &Standing<'_>,
    at: DateTime<Utc>,
    notice: Days,
) -> (Option<Warning>, End) {
    let later = standing.segments.get(1..).unwrap_or_default();
    let rests_until = || {
        let moved = later.iter().find(|segment| spot.basis(segment) != Some(basis));
        moved.map_or(End::Never, |segment| End::At(segment.from))
    };
    match basis {
        Basis::Grace => (Some(Warning::InGrace { until: rests_until() }), End::Never),
        Basis::Tolerance => (Some(Warning::OverAssigned { until: rests_until() }), End::Never),
        Basis::Unmanaged | Basis::Free => (None, End::Never),
        Basis::Paid | Basis::Trial => {
            // No further than one notice past the next boundary: what runs out later gives no notice before it.
            let runs_out = later
                .iter()
                .take_while(|segment| standing.next.plus(notice).is_after(segment.from))
                .find(|segment| !spot.is_within(segment.reach.active));
            let Some(runs_out) = runs_out.map(|segment| segment.from) else { return (None, End::Never) };
            let begins = runs_out.checked_sub_signed(notice.delta()).unwrap_or(EARLIEST);
            if begins <= at {
                (Some(Warning::ExpiringSoon { at: runs_out }), End::Never)
            } else {
                (None, End::At(begins))
            }
        }
    }
}
