//! Deciding whether a list of commands may be done. Deciding changes nothing.

use chrono::{DateTime, Utc};

use crate::catalog::index::PlanIndex;
use crate::id::user::UserId;
use crate::id::{PlanId, RequestId};
use crate::quantity::amount::{Capacity, Quantity};
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::command::{Assignee, Assignment, Command, Event, MAX_COMMANDS, Takes, Unassignment};
use crate::tenant::consumption::Consumption;
use crate::tenant::entry::Entry;
use crate::tenant::evaluation::{Beneficiary, PlanEvaluation};
use crate::tenant::grant_state::GrantStates;
use crate::tenant::refusal::{Refusal, RefusedPart};
use crate::tenant::refusal_reason::RefusalReason;
use crate::tenant::role::Actor;
use crate::tenant::state::RecordState;
use crate::tenant::state::user::{Claim, UserEntitlements, claim_on};
use crate::tenant::state::view::View;
use crate::tenant::transition::apply::EventTransaction;
use crate::tenant::transition::settle::queue_diffs;
use crate::tenant::transition::touched_user::UserDiff;
use crate::time::whole_second;

impl Tenant {
    /// Decides whether these commands may be done now, all or none. Returns the entry to store and
    /// then to [`apply`](Tenant::apply).
    ///
    /// The request is any random number of the host's, by which it recognises the entry after a
    /// lost answer; two decisions with different requests never make the same entry (X7).
    ///
    /// The list is evaluated by the state it leads to: what must or must not exist is checked
    /// command by command; free seats and requirements are checked after the last command (S6).
    /// Deciding changes nothing.
    ///
    /// A time ticket must be the only command of its list. A document dated more than a day after
    /// `now` is refused, even if the record is ahead of `now` too: a host without a clock of its
    /// own has to get the time first (X6).
    ///
    /// Costs what [`apply`](Tenant::apply) does, and `O(n)` in the text of the entry; copies neither
    /// users nor queues.
    ///
    /// # Errors
    ///
    /// [`Refusal`] with the first command that may not be done, and why.
    pub fn decide(
        &self,
        actor: &Actor,
        commands: &[Command],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Entry, Refusal> {
        let event = self.judge(actor, commands, now)?;
        Entry::next(self.head().hash(), request, event)
            .map_err(|error| Refusal { part: RefusedPart::List, reason: RefusalReason::Entry(error) })
    }

    /// Returns the event of an entry that may be done, without its text.
    ///
    /// # Errors
    ///
    /// [`Refusal`] as for [`Tenant::decide`], except for an entry that is too long.
    pub(crate) fn judge(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Event, Refusal> {
        let refuse = |index, reason| {
            let part = if commands.len() == 1 { RefusedPart::OnlyCommand } else { RefusedPart::Command(index) };
            Err(Refusal { part, reason })
        };
        let refuse_list = |reason| Err(Refusal { part: RefusedPart::List, reason });
        match commands.len() {
            0 => return refuse_list(RefusalReason::Nothing),
            found if found > MAX_COMMANDS => return refuse_list(RefusalReason::TooMany { found }),
            _ => {}
        }
        let at = self.reading(now);
        let mut core = self.core().clone();
        let mut transaction = EventTransaction::begin(self.base(), &self.state().users, &mut core, &actor.user, at);
        for (index, command) in commands.iter().enumerate() {
            if let Takes::OneOf(needed) = command.takes() {
                if !actor.roles.iter().any(|role| needed.contains(role)) {
                    return refuse(index, RefusalReason::Forbidden { actor: actor.user.clone(), needed });
                }
            }
            if let (Command::CorrectTime(_), found @ 2..) = (command, commands.len()) {
                return refuse(index, RefusalReason::TicketNotAlone { found });
            }
            if let Err(reason) = transaction.check_preconditions(command, &actor.user, whole_second(now)) {
                return refuse(index, reason);
            }
            transaction.perform(command);
        }
        let diffs = transaction.settle(UserDiff::of);
        let queue_diffs = queue_diffs(&diffs);
        // A document among the commands may be evidence of a later time, so the reading is computed
        // anew.
        let at_end = whole_second(now).max(core.floor());
        let post_conditions =
            PostConditions { tenant: self, diffs: &diffs, after: View::with(&core, &queue_diffs), at: at_end };
        for (index, command) in commands.iter().enumerate() {
            let before = commands.get(..index).unwrap_or_default();
            if let Err(reason) = post_conditions.allows(command, before, &actor.user) {
                return refuse(index, reason);
            }
        }
        Ok(Event::new(core.position, at, actor.clone(), commands.to_vec()))
    }
}

/// The state that a list of commands leads to, and the checks of it.
struct PostConditions<'a> {
    tenant: &'a Tenant,
    diffs: &'a [UserDiff<'a>],
    after: View<'a>,
    at: DateTime<Utc>,
}

impl<'a> PostConditions<'a> {
    /// Returns the change of a user whom the list names.
    fn user_diff(&self, user: &UserId) -> Option<&'a UserDiff<'a>> {
        let at = self.diffs.binary_search_by_key(&user.as_str(), |diff| diff.id).ok()?;
        self.diffs.get(at)
    }

    /// Checks a command against the state after the last command (S2, S7); only direct assignments
    /// and removals, and consumption, are checked here.
    fn allows(&self, command: &Command, before: &[Command], actor: &UserId) -> Result<(), RefusalReason> {
        match command {
            Command::Assign(Assignment { to: Assignee::User(user), plan, .. }) => self.has_seat(user, plan),
            Command::SignUp(name) => self.has_seat(actor, &name.plan),
            Command::ClaimSeat(plan) => self.has_seat(actor, plan),
            Command::Consume(consumption) => self.has_capacity(consumption, before),
            Command::Unassign(Unassignment { from: Assignee::User(user), plan }) => self.nothing_requires(user, plan),
            _ => Ok(()),
        }
    }

    /// Checks that a new direct assignment has a place within the usable units, unless the user
    /// holds a seat already (S2); that it excludes no plan that the user claims (S8); and that its
    /// requirements are met (S7).
    fn has_seat(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return Ok(()) };
        let Some(number) = self.after.core.of_catalog(index) else { return Ok(()) };
        let Some(diff) = self.user_diff(user) else { return Ok(()) };
        let (before, after) = (diff.before.claims(), diff.after.claims());
        let (before, after) = (before.as_slice(), after.as_slice());
        // An assignment that the list itself takes away needs nothing.
        let Some(claim) = claim_on(after, number).filter(|claim| claim.is_direct()) else { return Ok(()) };
        let had = claim_on(before, number).filter(|had| had.number == claim.number);
        if had.is_some_and(Claim::is_direct) {
            return Ok(());
        }
        let Some(evaluation) = self.after.evaluation(catalog, index, after, self.at) else { return Ok(()) };
        let (Some(beneficiary), Some(segment)) = (&evaluation.beneficiary, evaluation.segments().first()) else {
            return Ok(());
        };
        let is_seated = had.is_some() && beneficiary.is_within(segment.coverage.limit);
        if !is_seated {
            let units = segment.coverage.usable;
            if units == Total::ZERO {
                self.has_units(plan)?;
            }
            has_free_unit(&evaluation, beneficiary, units, plan)?;
        }
        self.excludes_nothing(user, &diff.after, plan, index)?;
        match evaluation.unmet().zip(catalog.plan_at(index)) {
            Some((need, plan)) => Err(RefusalReason::RequirementNotMet {
                user: user.clone(),
                plan: plan.id.clone(),
                any_of: plan.requires.get(need).cloned().unwrap_or_default(),
            }),
            None => Ok(()),
        }
    }

    /// Checks that the user has no claim, earlier or later, on a plan that excludes this one or
    /// that it excludes (S8).
    fn excludes_nothing(
        &self,
        user: &UserId,
        held: &UserEntitlements,
        plan: &PlanId,
        index: PlanIndex,
    ) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let claims = held.claims();
        for &other in catalog.exclusions(index) {
            let claim = self.after.core.of_catalog(other).and_then(|number| claim_on(claims.as_slice(), number));
            if let (Some(claim), Some(by)) = (claim, catalog.plan_at(other)) {
                let (user, plan, by) = (user.clone(), plan.clone(), by.id.clone());
                let sources = self.after.core.sources(&user, held.groups(), claim);
                return Err(RefusalReason::Excluded { user, plan, by, sources });
            }
        }
        Ok(())
    }

    /// Checks that the grants of a plan have units that are usable now (S2, M2).
    fn has_units(&self, plan: &PlanId) -> Result<(), RefusalReason> {
        match GrantStates::of(self.after.core, plan, self.at).no_units() {
            Some(why) => Err(RefusalReason::NoUsableUnits { plan: plan.clone(), why }),
            None => Ok(()),
        }
    }

    /// Checks that the consumption of the month, with this one and those before it in the list, is
    /// within the usable units and the plan's overage (M2, M3).
    fn has_capacity(&self, consumption: &Consumption, before: &[Command]) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let (Some(index), Some(plan)) = (catalog.plan_index(&consumption.plan), catalog.plan(&consumption.plan)) else {
            return Ok(());
        };
        let consumed = |core: &RecordState| {
            let month = core.catalog_plan(index).and_then(|plan| plan.consumption.of(consumption.month));
            month.map_or(Quantity::NONE, |month| month.total)
        };
        let segments = self.after.core.segments(index, self.at);
        let units = segments.first().map_or(Total::ZERO, |now| now.coverage.usable);
        let limit = Capacity::of(units, plan.overage());
        if limit.covers(consumed(self.after.core)) {
            return Ok(());
        }
        let is_beside = |other: &&Consumption| other.plan == consumption.plan && other.month == consumption.month;
        let of_list = before.iter().filter_map(Command::as_consumption).filter(is_beside);
        let consumed = of_list.fold(consumed(self.tenant.core()), |sum, other| sum.plus(other.amount));
        if limit.covers(consumed.plus(consumption.amount)) {
            return Ok(());
        }
        if units == Total::ZERO {
            self.has_units(&plan.id)?;
        }
        let more = segments.iter().skip(1).find(|later| later.coverage.usable > units);
        Err(RefusalReason::NoCapacity {
            plan: plan.id.clone(),
            month: consumption.month,
            amount: consumption.amount,
            consumed,
            limit,
            more_from: more.map(|later| later.from),
        })
    }

    /// Returns whether a plan was in effect for the user and no longer is, both at the time that the
    /// list leads to: what ends by then is ended by time (S7).
    fn is_lost(&self, user: &UserDiff<'_>, index: PlanIndex) -> bool {
        let catalog = self.tenant.catalog();
        let (before, after) = (user.before.claims(), user.after.claims());
        let held = self.tenant.view().evaluation(catalog, index, before.as_slice(), self.at);
        let holds = self.after.evaluation(catalog, index, after.as_slice(), self.at);
        let is_so = |evaluation: Option<PlanEvaluation<'_>>| {
            evaluation.is_some_and(|evaluation| evaluation.in_effect().is_some())
        };
        is_so(held) && !is_so(holds)
    }

    /// Checks that a direct removal puts no other plan of the user out of effect, unless that plan
    /// is removed too (S7).
    fn nothing_requires(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let (Some(removed), Some(diff)) = (catalog.plan_index(plan), self.user_diff(user)) else { return Ok(()) };
        if !self.is_lost(diff, removed) {
            return Ok(());
        }
        let claims = diff.after.claims();
        let claimed = claims.as_slice().iter().filter_map(|claim| self.after.core.numbering().in_catalog(claim.plan));
        let lost = claimed.filter(|&index| catalog.chain(index).requires(removed) && self.is_lost(diff, index));
        match lost.min().and_then(|index| catalog.plan_at(index)) {
            Some(by) => Err(RefusalReason::StillRequired { user: user.clone(), plan: plan.clone(), by: by.id.clone() }),
            None => Ok(()),
        }
    }
}

/// Checks that a claim is within the usable units of its plan (S2).
fn has_free_unit(
    evaluation: &PlanEvaluation<'_>,
    beneficiary: &Beneficiary<'_>,
    units: Total,
    plan: &PlanId,
) -> Result<(), RefusalReason> {
    if beneficiary.is_within(units) {
        return Ok(());
    }
    let more = evaluation.segments().iter().skip(1).find(|later| later.coverage.usable > units);
    let ahead = beneficiary.place().ahead();
    let taken = match units {
        Total::Limited(units) => ahead.min(units),
        Total::Unlimited => ahead,
    };
    Err(RefusalReason::NoFreeUnit {
        plan: plan.clone(),
        units,
        taken,
        waiting: ahead.saturating_sub(taken),
        more_from: more.map(|later| later.from),
    })
}
