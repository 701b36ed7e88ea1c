//! The preconditions of commands: what must or must not exist, checked for each command in turn
//! (S4, S6, G5, L3, T1, T2, M5).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::offer::{Plan, Scope};
use crate::collections::sorted::sorted;
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::license::grant::{GrantKind, TrialTerms};
use crate::license::phases::{PhaseTimeline, extended};
use crate::tenant::command::{
    Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Command, Membership, SignUpPolicy, TrialName, Unassignment,
};
use crate::tenant::consumption::{Consumption, MAX_CONSUMPTIONS};
use crate::tenant::document_issue::{DocumentIssue, MAX_DATE_AHEAD};
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::refusal_reason::{MAX_DOCUMENTS, RefusalReason};
use crate::tenant::state::Group;
use crate::tenant::transition::apply::EventTransaction;
use crate::time::month::Month;
use crate::time::{End, Phase};
use crate::token::footer::Kind;

impl EventTransaction<'_, '_> {
    /// Checks the preconditions of a command at this point of the event, by a clock that reads
    /// `now`. What depends on the state after the last command is checked later.
    pub(crate) fn check_preconditions(
        &self,
        command: &Command,
        actor: &UserId,
        now: DateTime<Utc>,
    ) -> Result<(), RefusalReason> {
        match command {
            Command::Install(token) => {
                let license = self.base.license(&self.core.documents, token)?;
                self.core.documents.accept(&license)?;
                is_dated_by(Kind::License, license.deal().issued, now)?;
                self.has_room()
            }
            Command::InstallRevocationList(token) => {
                let list = self.base.list(&self.core.documents, token)?;
                self.core.documents.accept_list(&list)?;
                Ok(is_dated_by(Kind::RevocationList, list.revocations().issued, now)?)
            }
            Command::CorrectTime(token) => {
                let (ticket, _) = self.base.ticket(&self.core.documents, token)?;
                self.core.documents.accept_ticket(&ticket)?;
                is_dated_by(Kind::TimeTicket, ticket.correction().issued, now)?;
                self.has_room()
            }
            Command::InstallCertificate(token) => {
                let certificate = self.base.certificate(&self.core.documents, token)?;
                self.core.documents.accept_certificate(&certificate)?;
                is_dated_by(Kind::KeyCertificate, certificate.certified().issued, now)?;
                self.has_room()
            }
            Command::Assign(assignment) => self.is_assignable(assignment),
            Command::Unassign(unassignment) => self.is_assigned(unassignment),
            // A join adds the user and the group if they do not exist (S15).
            Command::Join(membership) => self.may_join(membership),
            Command::SetSignUps(_) | Command::RecordTime => Ok(()),
            Command::Leave(membership) => self.is_member(membership),
            Command::RemoveUser(user) if self.knows(user) => Ok(()),
            Command::RemoveUser(user) => Err(RefusalReason::NoSuchUser { user: user.clone() }),
            Command::RemoveGroup(group) => self.is_removable(group),
            Command::StartTrial(name) => self.may_start(name),
            Command::ExtendTrial(name) => self.may_extend(name),
            Command::SignUp(name) => self.may_sign_up(actor, name),
            Command::ClaimSeat(plan) => self.may_claim(actor, plan),
            Command::SetClaimOnFirstUse(setting) => self.may_set_claim_on_first_use(setting),
            Command::Consume(consumption) => self.may_consume(consumption),
        }
    }

    fn has_room(&self) -> Result<(), RefusalReason> {
        if self.core.documents.without_lists() >= MAX_DOCUMENTS { Err(RefusalReason::TooManyDocuments) } else { Ok(()) }
    }

    /// Checks that a consumption is of a capacity plan, in the present month, and not recorded
    /// before (M5).
    fn may_consume(&self, consumption: &Consumption) -> Result<(), RefusalReason> {
        let plan = self
            .base
            .catalog
            .plan(&consumption.plan)
            .ok_or_else(|| RefusalReason::UnknownPlan { plan: consumption.plan.clone() })?;
        if plan.scope != Scope::Capacity {
            return Err(RefusalReason::NotConsumable { plan: plan.id.clone(), scope: plan.scope });
        }
        let now = Month::of(self.core.floor());
        if consumption.month != now {
            return Err(RefusalReason::OtherMonth { month: consumption.month, now });
        }
        let state = self.core.number(&plan.id).and_then(|number| self.core.plan(number));
        match state.and_then(|plan| plan.consumption.of(consumption.month)) {
            Some(month) if month.has(&consumption.id) => {
                Err(RefusalReason::AlreadyRecorded { consumption: consumption.id.clone(), month: consumption.month })
            }
            Some(month) if month.len() >= MAX_CONSUMPTIONS => {
                Err(RefusalReason::TooManyConsumptions { plan: plan.id.clone(), month: consumption.month })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn is_assignable(&self, assignment: &Assignment) -> Result<(), RefusalReason> {
        let plan = self.user_plan(&assignment.plan)?;
        if let Some(app) = assignment.except.iter().find(|app| !plan.apps.contains(app)) {
            return Err(RefusalReason::NotAnAppOfIt { plan: plan.id.clone(), app: app.clone() });
        }
        if self.may_have_more(&assignment.to, &plan.id) {
            Ok(())
        } else {
            Err(RefusalReason::TooManyPlans { to: assignment.to.clone() })
        }
    }

    /// Returns whether a plan is assigned already, or may be added to those that are.
    fn may_have_more(&self, to: &Assignee, plan: &PlanId) -> bool {
        let number = self.core.number(plan);
        match to {
            Assignee::User(user) => {
                self.count_direct(user) < MAX_ASSIGNED || number.is_some_and(|number| self.has_direct(user, number))
            }
            Assignee::Group(id) => self.core.groups.get(id).is_none_or(|group| {
                group.plans.len() < MAX_ASSIGNED || number.is_some_and(|number| group.plans.contains(&number))
            }),
        }
    }

    fn is_assigned(&self, unassignment: &Unassignment) -> Result<(), RefusalReason> {
        let Unassignment { from, plan } = unassignment;
        let number = self.core.number(plan);
        let has_plan = |group: &Group| number.is_some_and(|number| group.plans.contains(&number));
        let groups_with_it = match from {
            Assignee::User(user) if number.is_some_and(|number| self.has_direct(user, number)) => return Ok(()),
            Assignee::Group(group) if self.core.groups.get(group).is_some_and(has_plan) => return Ok(()),
            Assignee::User(user) => self.groups_of(user).to_vec(),
            Assignee::Group(_) => {
                return Err(RefusalReason::NoSuchAssignment { from: from.clone(), plan: plan.clone() });
            }
        };
        let groups = groups_with_it.into_iter().filter(|group| self.core.groups.get(group).is_some_and(has_plan));
        match (from, groups.collect::<Vec<_>>()) {
            (Assignee::User(user), groups) if !groups.is_empty() => {
                Err(RefusalReason::Inherited { user: user.clone(), plan: plan.clone(), groups })
            }
            (from, _) => Err(RefusalReason::NoSuchAssignment { from: from.clone(), plan: plan.clone() }),
        }
    }

    /// Checks that the user may join a group. Joining twice changes nothing (G1).
    fn may_join(&self, Membership { user, group }: &Membership) -> Result<(), RefusalReason> {
        let groups = self.groups_of(user);
        if groups.len() < MAX_GROUPS || groups.binary_search(group).is_ok() {
            Ok(())
        } else {
            Err(RefusalReason::TooManyGroups { user: user.clone() })
        }
    }

    fn is_member(&self, Membership { user, group }: &Membership) -> Result<(), RefusalReason> {
        let is_member = self.groups_of(user).binary_search(group).is_ok();
        if is_member { Ok(()) } else { Err(RefusalReason::NoSuchMember { user: user.clone(), group: group.clone() }) }
    }

    fn is_removable(&self, id: &GroupId) -> Result<(), RefusalReason> {
        let group = self.core.groups.get(id).ok_or_else(|| RefusalReason::NoSuchGroup { group: id.clone() })?;
        let plans = sorted(group.plans.keys().filter_map(|&plan| self.core.numbering().id(plan).cloned()));
        if plans.is_empty() { Ok(()) } else { Err(RefusalReason::GroupHasPlans { group: id.clone(), plans }) }
    }

    /// Returns the dates and phases of the trial that a command names.
    fn trial<'a>(&'a self, name: &'a TrialName) -> Result<(&'a TrialTerms, PhaseTimeline), RefusalReason> {
        let license = self.core.documents.license(name.license);
        let grant_instances =
            license.into_iter().flat_map(|license| self.core.grant_instances(license, |plan| *plan == name.plan));
        let trials = grant_instances.filter_map(|instance| match &instance.grant.kind {
            GrantKind::Trial(trial) => Some((trial, instance.timeline)),
            GrantKind::Paid(_) => None,
        });
        let (license, plan) = (name.license, name.plan.clone());
        trials.last().ok_or(RefusalReason::NoSuchTrial { license, plan })
    }

    fn may_start(&self, name: &TrialName) -> Result<(), RefusalReason> {
        let (trial, phases) = self.trial(name)?;
        let (at, plan, window) = (self.core.floor(), name.plan.clone(), trial.may_start);
        if let Some(run) = self.core.run(name) {
            return Err(RefusalReason::TrialUsed { plan, started: run.started });
        }
        if at < window.opens() || at >= window.closes() {
            return Err(RefusalReason::OutsideTheWindow { plan, window, at });
        }
        if phases.phase(at) == Phase::NotStarted { Ok(()) } else { Err(RefusalReason::TrialEnded { plan }) }
    }

    /// Checks that a user without the plan may sign up for its trial: the trial is active or may be
    /// started, and the plan is not bought (T2).
    fn may_sign_up(&self, user: &UserId, name: &TrialName) -> Result<(), RefusalReason> {
        if self.core.sign_ups == SignUpPolicy::Off {
            return Err(RefusalReason::SignUpsOff);
        }
        let plan = name.plan.clone();
        self.is_claimable(user, &plan)?;
        let (_, phases) = self.trial(name)?;
        let phase = phases.phase(self.core.floor());
        if self.core.run(name).is_none() {
            self.may_start(name)?;
        } else if phase != Phase::Active {
            return Err(RefusalReason::TrialOver { plan, phase });
        }
        if self.core.is_bought(&plan, self.core.floor()) { Err(RefusalReason::Bought { plan }) } else { Ok(()) }
    }

    /// Checks that users may claim seats of the plan by themselves, and that this one has no claim
    /// on it (S18).
    fn may_claim(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        let state = self.core.number(plan).and_then(|number| self.core.plan(number));
        if state.is_none_or(|plan| plan.claim_policy == ClaimPolicy::Off) {
            return Err(RefusalReason::ClaimsOff { plan: plan.clone() });
        }
        self.is_claimable(user, plan)
    }

    /// Checks that a plan can be assigned to a user who has no claim on it. A user who has it from
    /// a group is refused too: a direct source would turn on the apps that the group turns off
    /// (S3).
    fn is_claimable(&self, user: &UserId, plan: &PlanId) -> Result<(), RefusalReason> {
        self.is_assignable(&Assignment { to: user.clone().into(), plan: plan.clone(), except: Vec::new() })?;
        if self.claims(user, plan) {
            return Err(RefusalReason::HasItAlready { user: user.clone(), plan: plan.clone() });
        }
        Ok(())
    }

    /// Checks that seats of the plan can be claimed. Switching it off is never refused (S12).
    fn may_set_claim_on_first_use(&self, setting: &ClaimOnFirstUse) -> Result<(), RefusalReason> {
        match setting.policy {
            ClaimPolicy::Allowed => self.user_plan(&setting.plan).map(|_| ()),
            ClaimPolicy::Off => Ok(()),
        }
    }

    /// Returns a plan that can be assigned (S1).
    fn user_plan(&self, plan: &PlanId) -> Result<&Plan, RefusalReason> {
        let found = self.base.catalog.plan(plan);
        let plan: &Plan = found.ok_or_else(|| RefusalReason::UnknownPlan { plan: plan.clone() })?;
        match plan.scope {
            Scope::User => Ok(plan),
            scope => Err(RefusalReason::NotAssignable { plan: plan.id.clone(), scope }),
        }
    }

    /// Returns whether the user has a source of the plan at this point of the event.
    fn claims(&self, user: &UserId, plan: &PlanId) -> bool {
        let Some(number) = self.core.number(plan) else { return false };
        let inherits = |group: &GroupId| self.core.groups.get(group).is_some_and(|g| g.plans.contains(&number));
        self.has_direct(user, number) || self.groups_of(user).iter().any(inherits)
    }

    fn may_extend(&self, name: &TrialName) -> Result<(), RefusalReason> {
        let (trial, phases) = self.trial(name)?;
        let (phase, plan) = (phases.phase(self.core.floor()), name.plan.clone());
        if phase != Phase::Active {
            return Err(RefusalReason::TrialNotActive { plan, phase });
        }
        if self.core.is_bought(&plan, self.core.floor()) {
            return Err(RefusalReason::Bought { plan });
        }
        match self.core.run(name).map(|run| extended(trial, &run)) {
            Some((_, 0)) | None => Err(RefusalReason::NoExtensionLeft { plan }),
            Some(_) => Ok(()),
        }
    }
}

/// Checks that a document is dated at most [`MAX_DATE_AHEAD`] after the clock. A later date would
/// be evidence of a time in the future, and what should end later would end at once (X6).
fn is_dated_by(kind: Kind, issued: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), DocumentIssue> {
    if End::after(now, MAX_DATE_AHEAD) < End::At(issued) {
        return Err(DocumentIssue::DatedAhead { kind, issued, now });
    }
    Ok(())
}
