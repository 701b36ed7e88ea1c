//! The check: may this user use this app (K1).

use core::cell::OnceCell;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::App;
use crate::catalog::offer::{Access, Plan, Scope};
use crate::decision::{Allow, Decision, Denial, Warning};
use crate::id::UserId;
use crate::pool::Segment;
use crate::tenant::Tenant;
use crate::tenant::line::{Line, Turn};
use crate::tenant::state::{Claim, claim_on};
use crate::time::{Days, EARLIEST, End};
use crate::units::Total;

impl Tenant {
    /// May this user use this app, on what basis, until when (K1)?
    ///
    /// It changes nothing and allocates nothing; the same state and reading give the same answer. `now` is read no
    /// earlier than the record's floor, so setting a clock back revives nothing (X6). A user whom nobody named is a user
    /// without claims (S15). Its cost does not grow with users, seats or documents, but for a logarithm where more
    /// seats are claimed than there are units.
    pub fn check<'a>(&'a self, user: &'a UserId, app: &'a App, now: DateTime<Utc>) -> Decision<'a> {
        let at = self.reading(now);
        let allow = |plan, basis, warning, until| Decision::Allow(Allow { user, app, plan, basis, warning, until });
        let deny = |until| Decision::Deny(Denial { tenant: self, user, app, at, until });

        let catalog = self.catalog();
        let Some((index, entry)) = catalog.find(app) else { return deny(End::Never) };
        if !catalog.is_managed() {
            return allow(None, Basis::Unmanaged, None, End::Never);
        }
        if entry.access == Access::Free {
            return allow(None, Basis::Free, None, End::Never);
        }
        let claims = self.state().claims(user);
        let mut until = End::Never;
        let mut best: Option<(&Plan, Standing)> = None;
        for (index, plan) in catalog.plans_listing(index) {
            let (standing, next) = self.standing(index, plan, claims, app, at);
            until = until.min(next);
            if let Some(standing) = standing {
                if best.is_none_or(|(_, best)| standing.basis < best.basis) {
                    best = Some((plan, standing));
                }
            }
        }
        match best {
            Some((plan, standing)) => allow(Some(plan), standing.basis, standing.warning, until),
            None => deny(until),
        }
    }

    /// What one plan gives the user now, if anything, and when that can change by time alone.
    fn standing(
        &self,
        index: usize,
        plan: &Plan,
        claims: &[Claim],
        app: &App,
        at: DateTime<Utc>,
    ) -> (Option<Standing>, End) {
        let Some(state) = self.state().plan(index) else { return (None, End::Never) };
        let segments = state.schedule.from(at);
        let next = segments.get(1).map_or(End::Never, |segment| End::At(segment.from));
        let spot = match plan.scope {
            Scope::Tenant => Spot::Tenant,
            Scope::User => match claim_on(claims, index) {
                Some(claim) if claim.opens(app.id()) => {
                    Spot::Claim { line: &state.line, turn: claim.turn, place: OnceCell::new() }
                }
                Some(_) | None => return (None, next),
            },
            Scope::Capacity => return (None, next),
        };
        spot.standing(segments, at, self.catalog().offer().notice, next)
    }
}

/// On what a plan in effect rests, and what to warn of.
#[derive(Clone, Copy)]
struct Standing {
    basis: Basis,
    warning: Option<Warning>,
}

/// For whom the units of a plan have to reach.
enum Spot<'a> {
    /// The organisation: from one unit on (L2).
    Tenant,
    /// A claim in the line, whose place is counted only where fewer units than claims make it matter.
    Claim { line: &'a Line, turn: Turn, place: OnceCell<u64> },
}

impl Spot<'_> {
    fn is_within(&self, total: Total) -> bool {
        match self {
            Self::Tenant => total.reaches(1),
            Self::Claim { line, turn, place } => {
                let reaches_all = total.reaches(u64::try_from(line.len()).unwrap_or(u64::MAX));
                total > Total::ZERO && (reaches_all || total.reaches(*place.get_or_init(|| line.place(*turn))))
            }
        }
    }

    /// `segments` begin with the one that holds `at`; `next` is where the second begins.
    fn standing(&self, segments: &[Segment], at: DateTime<Utc>, notice: Days, next: End) -> (Option<Standing>, End) {
        let basis_in = |segment: &Segment| segment.reach.basis(|total| self.is_within(total));
        let Some(basis) = segments.first().and_then(basis_in) else { return (None, next) };
        let later = segments.get(1..).unwrap_or_default();
        let rests_until = || {
            let moved = later.iter().find(|segment| basis_in(segment) != Some(basis));
            moved.map_or(End::Never, |segment| End::At(segment.from))
        };
        let (warning, next) = match basis {
            Basis::Grace => (Some(Warning::InGrace { until: rests_until() }), next),
            Basis::Tolerance => (Some(Warning::OverAssigned { until: rests_until() }), next),
            Basis::Paid | Basis::Trial => self.expiry(later, at, notice, next),
            Basis::Unmanaged | Basis::Free => (None, next),
        };
        (Some(Standing { basis, warning }), next)
    }

    /// The notice that the active units will no longer reach, or when it begins should that come before `next`.
    ///
    /// Looks no further than one notice past `next`: what runs out later gives no notice before then.
    fn expiry(&self, later: &[Segment], at: DateTime<Utc>, notice: Days, next: End) -> (Option<Warning>, End) {
        let runs_out = later
            .iter()
            .take_while(|segment| next.plus(notice).is_after(segment.from))
            .find(|segment| !self.is_within(segment.reach.active));
        let Some(runs_out) = runs_out.map(|segment| segment.from) else { return (None, next) };
        let begins = runs_out.checked_sub_signed(notice.delta()).unwrap_or(EARLIEST);
        if begins <= at {
            (Some(Warning::ExpiringSoon { at: runs_out }), next)
        } else {
            (None, next.min(End::At(begins)))
        }
    }
}
