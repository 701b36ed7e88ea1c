//! Renewal: the next revision of a deal, with a tolerance where it reduces units (S11).

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::offer::{Offer, Scope};
use crate::id::PlanId;
use crate::license::deal::{Deal, LastRevisionError};
use crate::license::grant::{Grant, GrantKind, Tolerance, ToleratedUnits};
use crate::quantity::units::{Sum, Total, Units};
use crate::time::Days;

/// How long the units of the previous revision are tolerated after a reduction (S11).
pub const RENEWAL_TOLERANCE: Days = Days::new(90);

impl Deal {
    /// Returns the next revision with these grants, which replace the previous grants as a whole
    /// (L3). If it reduces the units of a user plan, claims within the previous number keep their
    /// seats for [`RENEWAL_TOLERANCE`] after its issue (S11).
    ///
    /// What still runs is not carried over: a renewal before the end has the current term, longer, or
    /// beside the next one. A revision with the next term alone gives nothing until that begins, and one
    /// with fewer units takes them away at its issue, whatever was paid for.
    ///
    /// Units are compared plan by plan, paid with paid and trial with trial, as they are at `issued`:
    /// without grants that have ended, and without those that begin later, unless the revision has
    /// only such. The tolerance goes to the first grant that is compared and has none. A plan that is
    /// no longer sold has no grant to hold a tolerance, and a capacity plan shrinks at once. The amounts
    /// of quotas are those of the new grants: nothing of them is carried over (Q2).
    ///
    /// # Errors
    ///
    /// [`LastRevisionError`] after revision 4,294,967,295.
    pub fn renew(&self, offer: &Offer, issued: DateTime<Utc>, grants: Vec<Grant>) -> Result<Self, LastRevisionError> {
        let mut renewed = Self { grants, ..self.revise(issued)? };
        let issued = renewed.issued;
        let until = issued.checked_add_signed(TimeDelta::days(RENEWAL_TOLERANCE.get().into())).unwrap_or(issued);
        for plan in offer.plans.iter().filter(|plan| plan.scope == Scope::User) {
            for paid in [IsPaid::Yes, IsPaid::No] {
                let goes_on = |grant: &Grant| is_of(grant, &plan.id, paid) && !is_over(grant, issued);
                let is_in_use = |grant: &Grant| goes_on(grant) && has_begun(grant, issued);
                let is_any_in_use = renewed.grants.iter().any(is_in_use);
                let counts = |grant: &Grant| if is_any_in_use { is_in_use(grant) } else { goes_on(grant) };
                let before = total(&self.grants, is_in_use);
                let after = total(&renewed.grants, counts);
                let is_carrier =
                    |grant: &&mut Grant| after < before && counts(grant) && grant.tolerance == Tolerance::None;
                let carrier = renewed.grants.iter_mut().find(is_carrier);
                if let Some((carrier, units)) = carrier.and_then(|c| larger(c.units, before, after).map(|u| (c, u))) {
                    carrier.tolerance = Tolerance::UpTo(ToleratedUnits::new(units, until));
                }
            }
        }
        Ok(renewed)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsPaid {
    Yes,
    No,
}

fn is_of(grant: &Grant, plan: &PlanId, paid: IsPaid) -> bool {
    grant.plan == *plan && matches!(grant.kind, GrantKind::Paid(_)) == (paid == IsPaid::Yes)
}

/// Returns whether the use of a grant has ended, in a release that no fallback covers.
fn is_over(grant: &Grant, at: DateTime<Utc>) -> bool {
    !grant.kind.last_use().min(grant.kind.early().end()).is_after(at)
}

/// Returns whether a grant can be in use by now: its term has begun, or it may be started.
fn has_begun(grant: &Grant, at: DateTime<Utc>) -> bool {
    match &grant.kind {
        GrantKind::Paid(paid) => paid.term.starts() <= at,
        GrantKind::Trial(trial) => trial.may_start.opens() <= at,
    }
}

/// Returns the units of the grants that count.
fn total(grants: &[Grant], counts: impl Fn(&Grant) -> bool) -> Total {
    let mut sum = Sum::default();
    for grant in grants.iter().filter(|grant| counts(grant)) {
        sum.add(grant.units);
    }
    sum.total()
}

/// Returns the units of one grant plus the units that its plan loses.
fn larger(units: Units, before: Total, after: Total) -> Option<Units> {
    match (units, before, after) {
        (Units::Limited(units), Total::Limited(before), Total::Limited(after)) => {
            let lost = u32::try_from(before.checked_sub(after)?).ok()?;
            units.checked_add(lost).map(Units::Limited)
        }
        (Units::Limited(_), Total::Unlimited, _) => Some(Units::Unlimited),
        _ => None,
    }
}
