//! The check: may this user use this app (K1).

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::offer::{Access, Plan};
use crate::catalog::{App, Ties};
use crate::decision::{Allow, Decision, Denial, Question, Warning};
use crate::id::UserId;
use crate::tenant::Tenant;
use crate::tenant::standing::Standing;
use crate::time::{Days, EARLIEST, End};

impl Tenant {
    /// May this user use this app, on what basis, until when (K1)?
    ///
    /// It changes nothing and allocates nothing; the same state and reading give the same answer. `now` is read no
    /// earlier than the record's floor, so setting a clock back revives nothing (X6). A user whom nobody named is a user
    /// without claims (S15). Its cost grows with the plans that list the app and what these require and exclude, not with users,
    /// seats or documents, but for a logarithm where more seats are claimed than there are units.
    pub fn check<'a>(&'a self, user: &'a UserId, app: &'a App, now: DateTime<Utc>) -> Decision<'a> {
        let question = Question { tenant: self, user, app, at: self.raw_reading(now) };
        let catalog = self.catalog();
        let free = |basis| Decision::Allow(Allow { question, plan: None, basis });
        match catalog.find(app) {
            None => Decision::Deny(Denial { question }),
            Some(_) if !catalog.is_managed() => free(Basis::Unmanaged),
            Some((_, entry)) if entry.access == Access::Free => free(Basis::Free),
            Some((app, _)) => match question.best(app) {
                Some((index, plan, basis)) => Decision::Allow(Allow { question, plan: Some((index, plan)), basis }),
                None => Decision::Deny(Denial { question }),
            },
        }
    }
}

impl<'a> Question<'a> {
    /// The plan that opens the app on the best basis, of several the first in the order of K7.
    fn best(self, app: usize) -> Option<(usize, &'a Plan, Basis)> {
        let catalog = self.tenant.catalog();
        let claims = self.tenant.state().claims(self.user);
        let claims = claims.as_slice();
        let listing = catalog.listing(app);
        // Who claims nothing has what the organisation has.
        let plans = if claims.is_empty() { listing.tenant_plans() } else { listing.plans() };
        let mut best: Option<(usize, Basis)> = None;
        for &listed in plans {
            let standing = self.tenant.view().standing(catalog, listed.plan, claims, self.at);
            let Some(basis) = standing.and_then(|standing| opens(&standing, listed.ties, self.app)) else { continue };
            if best.is_none_or(|(_, best)| basis < best) {
                best = Some((listed.plan, basis));
            }
            if basis == Basis::Paid {
                // None is better.
                break;
            }
        }
        best.and_then(|(index, basis)| Some((index, catalog.plan_at(index)?, basis)))
    }

    /// When anything in the answer can change by time alone (K5).
    pub(crate) fn until(self) -> End {
        let catalog = self.tenant.catalog();
        let Some((app, _)) = catalog.find(self.app) else { return End::Never };
        let claims = self.tenant.state().claims(self.user);
        let mut until = End::Never;
        for listed in catalog.listing(app).plans() {
            let standing = self.tenant.view().standing(catalog, listed.plan, claims.as_slice(), self.at);
            let Some(standing) = standing else { continue };
            let next = standing.next();
            let opens = opens(&standing, listed.ties, self.app);
            let notice = opens.map(|basis| warn(&standing, basis, next, self.at, catalog.offer().notice));
            until = until.min(next).min(notice.map_or(End::Never, |(_, begins)| begins));
        }
        until
    }

    /// What to warn of where a plan opens the app on a basis (K7).
    pub(crate) fn warnings(self, index: usize, basis: Basis) -> [Option<Warning>; 2] {
        let catalog = self.tenant.catalog();
        let claims = self.tenant.state().claims(self.user);
        let standing = self.tenant.view().standing(catalog, index, claims.as_slice(), self.at);
        let Some(standing) = standing else { return [None; 2] };
        let (warning, _) = warn(&standing, basis, standing.next(), self.at, catalog.offer().notice);
        let wanted = standing.segments().first().and_then(|now| now.stale);
        [warning, wanted.map(|until| Warning::ListWanted { until })]
    }
}

/// Whether a plan that lists the app opens it: it is in effect, and the app is not turned off.
#[inline]
fn opens(standing: &Standing<'_>, ties: Ties, app: &App) -> Option<Basis> {
    if standing.spot.as_ref()?.claim().is_some_and(|claim| !claim.opens(app.id())) {
        return None;
    }
    match ties {
        Ties::None => standing.basis(),
        Ties::Some => standing.in_effect(),
    }
}

/// What to warn of (K7), and when a notice begins should none have begun yet; `next` is the next boundary.
fn warn(standing: &Standing<'_>, basis: Basis, next: End, at: DateTime<Utc>, notice: Days) -> (Option<Warning>, End) {
    let Some(spot) = &standing.spot else { return (None, End::Never) };
    let later = standing.segments().get(1..).unwrap_or_default();
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
                .take_while(|segment| next.plus(notice).is_after(segment.from))
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
