//! Deciding: whether a list of commands may be done. It changes nothing.

use chrono::{DateTime, Utc};

use crate::amount::{Capacity, Quantity};
use crate::id::PlanId;
use crate::role::Actor;
use crate::tenant::Tenant;
use crate::tenant::apply::Underway;
use crate::tenant::command::{Assignee, Assignment, Command, Event, MAX_COMMANDS, Takes, Unassignment};
use crate::tenant::draws::Consumption;
use crate::tenant::refusal::{Refusal, RefusalReason};
use crate::tenant::settle::{Settled, moves};
use crate::tenant::standing::Standing;
use crate::tenant::state::Core;
use crate::tenant::user::{Claim, Held, claim_on};
use crate::tenant::view::View;
use crate::time::whole_second;
use crate::units::Total;
use crate::user_id::UserId;

impl Tenant {
    /// Whether these commands may be done now, all or none, and the event to record and [`apply`](Tenant::apply).
    ///
    /// The list is judged by the state it leads to: what must or must not be there is asked command by command; whether a
    /// seat is free and requirements are met, after the last (S6). Deciding changes nothing.
    ///
    /// A time ticket is a list of its own. A document that is dated more than a day ahead of `now` is refused, even where the
    /// record is ahead of it too: a host without a clock of its own has to get the time from somewhere first (X6).
    ///
    /// Its cost is that of [`apply`](Tenant::apply); it copies neither users nor lines.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with the first command that may not be done and why.
    pub fn decide(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Event, Refusal> {
        let refuse = |command, reason| Err(Refusal { command, reason });
        match commands.len() {
            0 => return refuse(0, RefusalReason::Nothing),
            found if found > MAX_COMMANDS => return refuse(MAX_COMMANDS, RefusalReason::TooMany { found }),
            _ => {}
        }
        let at = self.reading(now);
        let mut core = self.core().clone();
        let mut underway = Underway::begin(self.base(), &self.state().users, &mut core, &actor.user, at);
        for (index, command) in commands.iter().enumerate() {
            if let Takes::OneOf(needed) = command.takes() {
                if !actor.roles.iter().any(|role| needed.contains(role)) {
                    return refuse(index, RefusalReason::Forbidden { actor: actor.user.clone(), needed });
                }
            }
            if let (Command::CorrectTime(_), found @ 2..) = (command, commands.len()) {
                return refuse(index, RefusalReason::TicketNotAlone { found });
            }
            if let Err(reason) = underway.admits(command, &actor.user, whole_second(now)) {
                return refuse(index, reason);
            }
            underway.perform(command);
        }
        let settlement = underway.settle(Settled::of);
        let moves = moves(&settlement);
        // Read anew, since a document among the commands may be evidence of a later time.
        let at_end = whole_second(now).max(core.floor());
        let aftermath = Aftermath {
            tenant: self,
            settlement: &settlement,
            after: View::with(&core, &moves),
            before_at: at,
            at: at_end,
        };
        for (index, command) in commands.iter().enumerate() {
            if let Err(reason) = aftermath.allows(command, &actor.user) {
                return refuse(index, reason);
            }
        }
        Ok(Event::new(core.position, at, actor.clone(), commands.to_vec()))
    }
}

/// What a list of commands leads to.
struct Aftermath<'a> {
    tenant: &'a Tenant,
    settlement: &'a [Settled<'a>],
    after: View<'a>,
    before_at: DateTime<Utc>,
    at: DateTime<Utc>,
}

impl<'a> Aftermath<'a> {
    /// What the list makes of a user whom it names.
    fn settled(&self, user: &UserId) -> Option<&'a Settled<'a>> {
        let at = self.settlement.binary_search_by_key(&user.as_str(), |settled| settled.id).ok()?;
        self.settlement.get(at)
    }

    /// What is asked of the state after the last command (S2, S7); of direct assignments and removals only.
    fn allows(&self, command: &Command, actor: &UserId) -> Result<(), RefusalReason> {
        match command {
            Command::Assign(Assignment { to: Assignee::User(user), plan, .. }) => self.has_seat(user, plan),
            Command::SignUp(name) => self.has_seat(actor, &name.plan),
            Command::Draw(draw) => self.has_capacity(draw),
            Command::Unassign(Unassignment { from: Assignee::User(user), plan }) => self.nothing_requires(user, plan),
            _ => Ok(()),
        }
    }

    /// A new direct assignment needs a place within the usable units, unless the user holds a seat already (S2), no claim
    /// on a plan that it excludes (S8), and what the plan requires (S7).
    fn has_seat(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return Ok(()) };
        let Some(number) = self.after.core.of_catalog(index) else { return Ok(()) };
        let Some(settled) = self.settled(user) else { return Ok(()) };
        let (before, after) = (settled.before.claims(), settled.after.claims());
        let (before, after) = (before.as_slice(), after.as_slice());
        // What the list takes away again needs nothing.
        let Some(claim) = claim_on(after, number).filter(|claim| claim.is_direct()) else { return Ok(()) };
        let had = claim_on(before, number).filter(|had| had.number == claim.number);
        if had.is_some_and(Claim::is_direct) {
            return Ok(());
        }
        let Some(standing) = self.after.standing(catalog, index, after, self.at) else { return Ok(()) };
        let (Some(spot), Some(segment)) = (&standing.spot, standing.segments().first()) else { return Ok(()) };
        let units = segment.reach.usable;
        let seated = had.is_some() && spot.is_within(segment.reach.limit);
        if !seated && !spot.is_within(units) {
            let more = standing.segments().iter().skip(1).find(|later| later.reach.usable > units);
            let ahead = spot.place().saturating_sub(1);
            let taken = match units {
                Total::Limited(units) => ahead.min(units),
                Total::Unlimited => ahead,
            };
            let (plan, waiting) = (plan.clone(), ahead.saturating_sub(taken));
            return Err(RefusalReason::NoFreeUnit {
                plan,
                units,
                taken,
                waiting,
                more_from: more.map(|later| later.from),
            });
        }
        self.excludes_nothing(user, &settled.after, plan, index)?;
        match standing.unmet().zip(catalog.plan_at(index)) {
            Some((need, plan)) => Err(RefusalReason::RequirementNotMet {
                user: user.clone(),
                plan: plan.id.clone(),
                any_of: plan.requires.get(need).cloned().unwrap_or_default(),
            }),
            None => Ok(()),
        }
    }

    /// Whether the user has no claim, earlier or later, on a plan that this one excludes (S8).
    fn excludes_nothing(&self, user: &UserId, held: &Held, plan: &PlanId, index: usize) -> Result<(), RefusalReason> {
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

    /// The draws of the month, these included, stay within the usable units and the plan's overage (M2, M3).
    fn has_capacity(&self, draw: &Consumption) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let (Some(index), Some(plan)) = (catalog.plan_index(&draw.plan), catalog.plan(&draw.plan)) else {
            return Ok(());
        };
        let drawn = |core: &Core| {
            let drawn = core.catalog_plan(index).and_then(|plan| plan.draws.of(draw.month).map(|drawn| drawn.total));
            drawn.unwrap_or(Quantity::NONE)
        };
        let segments = self.after.core.segments(index, self.at);
        let units = segments.first().map_or(Total::ZERO, |now| now.reach.usable);
        let limit = Capacity::of(units, plan.overage());
        if limit.covers(drawn(self.after.core)) {
            return Ok(());
        }
        let more = segments.iter().skip(1).find(|later| later.reach.usable > units);
        Err(RefusalReason::NoCapacity {
            plan: plan.id.clone(),
            month: draw.month,
            drawn: drawn(self.tenant.core()),
            limit,
            more_from: more.map(|later| later.from),
        })
    }

    /// Whether a plan was in effect for the user and is no longer.
    fn is_lost(&self, user: &Settled<'_>, index: usize) -> bool {
        let catalog = self.tenant.catalog();
        let (before, after) = (user.before.claims(), user.after.claims());
        let held = self.tenant.view().standing(catalog, index, before.as_slice(), self.before_at);
        let holds = self.after.standing(catalog, index, after.as_slice(), self.at);
        let is_so = |standing: Option<Standing<'_>>| standing.is_some_and(|standing| standing.in_effect().is_some());
        is_so(held) && !is_so(holds)
    }

    /// A direct removal must not put another plan of the user out of effect, unless that goes too (S7).
    fn nothing_requires(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        let catalog = self.tenant.catalog();
        let (Some(removed), Some(settled)) = (catalog.plan_index(plan), self.settled(user)) else { return Ok(()) };
        if !self.is_lost(settled, removed) {
            return Ok(());
        }
        let claims = settled.after.claims();
        let claimed = claims.as_slice().iter().filter_map(|claim| self.after.core.numbering().in_catalog(claim.plan));
        let lost = claimed.filter(|&index| catalog.chain(index).requires(removed) && self.is_lost(settled, index));
        match lost.min().and_then(|index| catalog.plan_at(index)) {
            Some(by) => Err(RefusalReason::StillRequired { user: user.clone(), plan: plan.clone(), by: by.id.clone() }),
            None => Ok(()),
        }
    }
}
