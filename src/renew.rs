//! Renewing: the next revision of a deal, in which nobody is shut out at once where there is less (S11).

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::offer::{Offer, Scope};
use crate::deal::{Deal, LastRevisionError};
use crate::grant::{Grant, GrantKind, Tolerance, ToleratedUnits};
use crate::id::PlanId;
use crate::time::Days;
use crate::units::{Sum, Total, Units};

/// How long the units of the revision before are tolerated, where a revision takes units away (S11).
pub const RENEWAL_TOLERANCE: Days = Days::new(90);

impl Deal {
    /// The next revision with these grants, which replace those before as a whole (L3). Where it takes units of a user plan
    /// away, claims within the number before keep their seats for [`RENEWAL_TOLERANCE`] after its issue (S11).
    ///
    /// Units are compared plan by plan, paid with paid and trial with trial, those that had ended at `issued` left out.
    /// The allowance goes to the first grant of the plan that has no tolerance of its own; a plan that is not sold any
    /// more has no grant to carry one, and a capacity plan shrinks at once.
    ///
    /// # Errors
    ///
    /// [`LastRevisionError`] after revision 4,294,967,295.
    pub fn renew(&self, offer: &Offer, issued: DateTime<Utc>, grants: Vec<Grant>) -> Result<Self, LastRevisionError> {
        let mut renewed = Self { grants, ..self.revise(issued)? };
        let until = renewed
            .issued
            .checked_add_signed(TimeDelta::days(RENEWAL_TOLERANCE.get().into()))
            .unwrap_or(renewed.issued);
        for plan in offer.plans.iter().filter(|plan| plan.scope == Scope::User) {
            for paid in [IsPaid::Yes, IsPaid::No] {
                let before = total(&self.grants, &plan.id, paid, renewed.issued);
                let after = total(&renewed.grants, &plan.id, paid, renewed.issued);
                let mut carriers = renewed.grants.iter_mut().filter(|grant| is_of(grant, &plan.id, paid));
                let carrier = carriers.find(|grant| grant.tolerance == Tolerance::None && after < before);
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
    grant.plan == *plan && matches!(grant.terms, GrantKind::Paid(_)) == (paid == IsPaid::Yes)
}

/// The units of a plan in grants whose use had not ended.
fn total(grants: &[Grant], plan: &PlanId, paid: IsPaid, at: DateTime<Utc>) -> Total {
    let mut sum = Sum::default();
    let in_use = |grant: &&Grant| grant.terms.last_use().min(grant.terms.early().end()).is_after(at);
    for grant in grants.iter().filter(|grant| is_of(grant, plan, paid)).filter(in_use) {
        sum.add(grant.units);
    }
    sum.total()
}

/// The units of one grant with what its plan has lost on top.
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
