//! The remedies in the text of a denial or of a total over a quota.

use alloc::vec::Vec;

use crate::catalog::app_name::app_name_value;
use crate::catalog::offer::Plan;
use crate::catalog::release::Release;
use crate::decision::Denial;
use crate::decision::check_first::CheckFirst;
use crate::decision::denial_explanation::DenialExplanation;
use crate::explain::text::Audience;
use crate::explain::text::checks::SUPPORT_CLOCK_AHEAD;
use crate::explain::text::losses::loss;
use crate::explain::text::names::{plan_name, with_names};
use crate::explain::text::own_steps::own_step;
use crate::explain::text::plan_link::name_with_link;
use crate::explain::text::purchases::{is_needed, purchase};
use crate::explain::text::vendor::{INDIVIDUAL_CONTACT, INDIVIDUAL_CONTACT_ABOUT};
use crate::id::PlanId;
use crate::license::grant::GrantKind;
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::query::user_claims::ClaimStatus;
use crate::quota::{Over, QuotaExplanation};
use crate::remedy::effort::Effort;
use crate::remedy::goal::{Goal, UnreachedGoal};
use crate::remedy::ticket::ClockRemedy;
use crate::remedy::{PurchaseKind, Remedies, Remedy, Step};
use crate::tenant::command::{Assignee, Assignment, Command, TrialName};
use crate::time::End;

wordings! {
    USER_WAIT = "user.wait", "You need not do anything: you will have access from {until} on.";
    USER_WAIT_FOR_QUOTA = "user.wait-for-quota", "You need not do anything: it will be allowed from {until} on.";
    USER_SIGN_UP = "user.sign-up", "You can sign up for a trial of {name} before {closes}.";
    USER_CLAIM_SEAT = "user.claim-seat", "You can claim a free seat of {name} yourself.";
    ADMIN_NO_REMEDY = "admin.no-remedy", "No remedy was found: contact the publisher.";
    SUPPORT_NO_REMEDY = "support.no-remedy",
        "No remedy was found: if the plans of the catalog cannot open it in any way, correct the catalog in the next release.";
    SUPPORT_NO_REMEDY_FOR_QUOTA = "support.no-remedy-for-quota",
        "No remedy was found: if the plans of the catalog give too little, issue a license with a negotiated amount.";
    ADMIN_WAY = "admin.way", "This would help, for example:";
    ADMIN_REMEDY = "admin.remedy", "This would help:";
    ADMIN_REMEDIES = "admin.remedies", "Any of these would help:";
    CLOCK_AHEAD = "clock.ahead",
        "The clock of the machine that checks the license shows {now}, but the license record was last written at \
         {floor}, so this is denied: at least one of them is wrong. Compare the clock with another one before you buy anything.";
    CLOCK_RIGHT = "clock.right", "If the clock is right, nothing needs to be bought. This would help:";
    SUPPORT_CLOCK_TICKET = "support.clock-ticket",
        "issue a time ticket with the anchor {checkpoint}, and have the customer install it: from then on the license is checked by \
         the time that the clock shows";
    SUPPORT_CLOCK_WRONG = "support.clock-wrong", "If the clock is wrong, have it corrected, and check again. If the right time is {floor} or later, this applies:";
    INDIVIDUAL_CLOCK_TICKET = "individual.clock-ticket",
        "ask the vendor for a time ticket with the anchor {checkpoint}, and install it: from then on the license is checked by \
         the time that the clock shows";
    INDIVIDUAL_NO_REMEDY = "individual.no-remedy", "No remedy was found: contact the vendor.";
    CLOCK_TICKET = "clock.ticket",
        "ask the publisher for a time ticket with the anchor {checkpoint}, and install it: from then on the license is checked by \
         the time that the clock shows";
    CLOCK_WRONG = "clock.wrong", "If the clock is wrong, correct it, and check again. If the right time is {floor} or later, this applies:";
    ADMIN_TAKEN_BACK = "admin.taken-back",
        "The publisher ended the license of {plan} early: contact the publisher before you buy it again.";
    SUPPORT_TAKEN_BACK = "support.taken-back",
        "The license of {plan} was ended early: find out why before it is sold again.";
    INDIVIDUAL_TAKEN_BACK = "individual.taken-back",
        "The vendor ended your license for {plan} early: contact the vendor before you buy it again.";
    ADMIN_TURN_ON = "admin.turn-on", "assign {plan} to {user} again, with {app} turned on";
    ADMIN_TURN_ON_EXCEPT = "admin.turn-on-except", "assign {plan} to {user} again, with {app} turned on, without {except}";
    INDIVIDUAL_TURN_ON = "individual.turn-on", "assign {plan} to yourself again, with {app} turned on";
    INDIVIDUAL_TURN_ON_EXCEPT = "individual.turn-on-except",
        "assign {plan} to yourself again, with {app} turned on, without {except}";
    ADMIN_START_TRIAL = "admin.start-trial", "start the trial of {plan} in the license {license} before {closes}";
    INDIVIDUAL_START_TRIAL = "individual.start-trial", "start your trial of {plan} before {closes}";
    ADMIN_SIGN_UP = "admin.sign-up",
        "have the user sign up before {closes} for the trial of {plan} in the license {license}";
    INDIVIDUAL_SIGN_UP = "individual.sign-up", "sign up for the trial of {plan} before {closes}";
    SUPPORT_TAKE_LIST = "support.take-list", "send the customer the latest revocation list, and have it installed";
    SUPPORT_USE_DATED_RELEASE = "support.use-dated-release",
        "give the customer a release of the application that names its date, from before {fallback}: this one has none";
    ADMIN_REMEDIES_THEN = "admin.remedies-then", "If none of this helps, a license that the application accepts would:";
    ADMIN_MORE_REMEDIES = "admin.more-remedies", "and there are more remedies";
}

/// The largest number of remedies in a text.
const SHOWN: usize = 5;

/// The effort of the search for these remedies: a text costs at most some thousand commands about
/// one user (X8).
const EFFORT: Effort = Effort::new(50_000);

/// The remedies in a text: of what, and for whom.
pub(super) struct RemedyText<'a> {
    of: UnreachedGoal<'a>,
    check_first: &'a [CheckFirst],
    /// The explanation of a denial, whose app a step may turn on again; `None` for a quota.
    denial: Option<&'a DenialExplanation>,
    audience: Audience,
}

impl<'a> RemedyText<'a> {
    pub(super) fn of_denial(denial: &Denial<'a>, explanation: &'a DenialExplanation, audience: Audience) -> Self {
        Self { of: denial.into(), check_first: &explanation.check_first, denial: Some(explanation), audience }
    }

    pub(super) fn of_quota(over: &Over<'a>, explanation: &'a QuotaExplanation, audience: Audience) -> Self {
        Self { of: over.into(), check_first: &explanation.check_first, denial: None, audience }
    }

    /// States what the user can do alone: wait, sign up for a trial, or claim a seat.
    pub(super) fn state_own_remedies(&self, text: &mut Text) {
        let name_of = |plan: &PlanId| plan_name(self.of.tenant.catalog(), plan);
        for remedy in Remedies::new(self.of, Effort::DEFAULT).by_the_user() {
            match remedy.steps() {
                [Step::Wait { until }] => {
                    let wording = match self.of.goal {
                        Goal::App { .. } => USER_WAIT,
                        Goal::Quota(_) => USER_WAIT_FOR_QUOTA,
                    };
                    text.state(wording.message().with("until", *until));
                }
                [Step::Do(Command::SignUp(trial))] => {
                    let message = USER_SIGN_UP.message().with("name", name_of(&trial.plan));
                    text.state(message.with("closes", &self.starts_before(trial)));
                }
                [Step::Do(Command::ClaimSeat(plan))] => {
                    let message = USER_CLAIM_SEAT.message();
                    text.state(message.with("name", name_of(plan)));
                }
                _ => {}
            }
        }
    }

    /// States that the record is ahead of the clock, what helps if the clock is right, and that the
    /// rest holds if it is wrong (K10). Returns whether it did: the record is ahead, and a time
    /// ticket is among the remedies.
    pub(super) fn state_clock(&self, text: &mut Text) -> bool {
        let Some(remedy) = ClockRemedy::new(self.of, EFFORT).find() else { return false };
        let Some((Step::CompareClock { now, floor, checkpoint }, others)) = remedy.steps().split_first() else {
            return false;
        };
        let (ahead, ticket, wrong) = match self.audience {
            Audience::SupportDesk => (SUPPORT_CLOCK_AHEAD, SUPPORT_CLOCK_TICKET, SUPPORT_CLOCK_WRONG),
            Audience::Individual => (CLOCK_AHEAD, INDIVIDUAL_CLOCK_TICKET, CLOCK_WRONG),
            _ => (CLOCK_AHEAD, CLOCK_TICKET, CLOCK_WRONG),
        };
        text.state(ahead.message().with("now", now).with("floor", floor));
        text.state(CLOCK_RIGHT.message());
        let ticket = ticket.message().with("checkpoint", checkpoint);
        let others = others.iter().map(|step| self.step(step));
        text.push(TextPart::Remedy, core::iter::once(ticket).chain(others));
        text.state(wrong.message().with("floor", floor));
        true
    }

    /// Lists the first few remedies. Where a revocation list is enough, no purchase is listed; where a
    /// trial can be started for everyone, no sign-up of one user that takes further steps.
    pub(super) fn list_found(&self, text: &mut Text) {
        let mut remedies = Vec::new();
        for remedy in Remedies::new(self.of, EFFORT).without_clock() {
            remedies.push(remedy);
            hide_detours(&mut remedies);
            if remedies.len() > SHOWN {
                break;
            }
        }
        if remedies.is_empty() {
            text.state(match (self.audience, self.of.goal) {
                (Audience::SupportDesk, Goal::App { .. }) => SUPPORT_NO_REMEDY.message(),
                (Audience::SupportDesk, Goal::Quota(_)) => SUPPORT_NO_REMEDY_FOR_QUOTA.message(),
                (Audience::Individual, _) => INDIVIDUAL_NO_REMEDY.message(),
                _ => ADMIN_NO_REMEDY.message(),
            });
            return;
        }
        let more = remedies.len() > SHOWN;
        remedies.truncate(SHOWN);
        let taken_back = taken_back(&remedies);
        if let Some(plan) = taken_back {
            self.state_taken_back(plan, text);
        }
        let has_checks = self.check_first.iter().any(|check| !matches!(check, CheckFirst::RecordAhead(_)));
        text.state(match remedies.as_slice() {
            all if has_checks && all.iter().all(is_purchase) => ADMIN_REMEDIES_THEN.message(),
            [only] if only.steps().len() > 2 => ADMIN_WAY.message(),
            [_] => ADMIN_REMEDY.message(),
            _ => ADMIN_REMEDIES.message(),
        });
        self.list(&remedies, text);
        if more {
            text.push(TextPart::Detail, [ADMIN_MORE_REMEDIES.message()]);
        }
        // Who reads that a license was taken back is sent to the publisher already.
        let asks_vendor = self.denial.is_some() && self.audience == Audience::Individual && taken_back.is_none();
        if asks_vendor {
            self.state_contact(&remedies, text);
        }
    }

    /// States whom one person asks about what they buy, and where to read more about it, if it is anywhere
    /// (K3).
    fn state_contact(&self, remedies: &[Remedy], text: &mut Text) {
        let mut bought: Vec<&PlanId> = Vec::new();
        for step in remedies.iter().flat_map(Remedy::steps).filter(|step| is_needed(self.of.tenant, step, self.of.at)) {
            if let Step::Buy { plan, .. } = step {
                if !bought.contains(&plan) {
                    bought.push(plan);
                }
            }
        }
        let catalog = self.of.tenant.catalog();
        let plans: Vec<&Plan> = bought.iter().filter_map(|plan| catalog.plan(plan)).collect();
        if plans.iter().any(|plan| plan.more_info.is_some()) {
            let named = plans.iter().map(|plan| name_with_link(&plan.name, plan.more_info.as_ref()));
            text.state(INDIVIDUAL_CONTACT_ABOUT.message().with("plans", Value::any_of(named)));
        } else if !bought.is_empty() {
            text.state(INDIVIDUAL_CONTACT.message());
        }
    }

    fn list(&self, remedies: &[Remedy], text: &mut Text) {
        for remedy in remedies {
            let steps = remedy.steps().iter().map(|step| self.step(step));
            text.push(TextPart::Remedy, steps);
        }
    }

    /// States that the publisher took back a plan that a remedy buys again.
    fn state_taken_back(&self, plan: &PlanId, text: &mut Text) {
        let wording = match self.audience {
            Audience::Individual => INDIVIDUAL_TAKEN_BACK,
            Audience::SupportDesk => SUPPORT_TAKEN_BACK,
            _ => ADMIN_TAKEN_BACK,
        };
        text.state(self.named(wording.message().with("plan", plan)));
    }

    /// Returns the message of a step for the audience.
    fn step(&self, step: &Step) -> Message {
        let is_individual = self.audience == Audience::Individual;
        let own = is_individual.then(|| own_step(step)).flatten();
        let turned_on = self.denial.and_then(|explanation| self.turn_on(explanation, step));
        let special = turned_on.or(own).or_else(|| self.purchase(step)).or_else(|| self.trial(step));
        let special = special.or_else(|| loss(step, self.audience)).or_else(|| self.for_support(step));
        self.named(special.unwrap_or_else(|| step.message()))
    }

    /// Returns the message of an assignment that turns the app on again; `None` for another step.
    fn turn_on(&self, explanation: &DenialExplanation, step: &Step) -> Option<Message> {
        let Step::Do(Command::Assign(Assignment { to: Assignee::User(user), plan, except })) = step else {
            return None;
        };
        // A step names no other user.
        if !self.has_turned_off(explanation, plan) {
            return None;
        }
        let message = match (self.audience, except.is_empty()) {
            (Audience::Individual, true) => INDIVIDUAL_TURN_ON.message(),
            (Audience::Individual, false) => INDIVIDUAL_TURN_ON_EXCEPT.message(),
            (_, true) => ADMIN_TURN_ON.message().with("user", user),
            (_, false) => ADMIN_TURN_ON_EXCEPT.message().with("user", user),
        };
        let message = if except.is_empty() { message } else { message.with("except", Value::all(except)) };
        let app = app_name_value(explanation.app_name.as_ref(), &explanation.app);
        Some(message.with("plan", plan).with("app", app))
    }

    /// Returns whether the app is turned off in the user's claim on a plan that lists it, which may not work for
    /// another reason too.
    fn has_turned_off(&self, explanation: &DenialExplanation, plan: &PlanId) -> bool {
        let is_off = |claim: &ClaimStatus<'_>| claim.plan == plan && claim.off.contains(&explanation.app);
        explanation.misses().iter().any(|miss| miss.plan == *plan)
            && self.of.tenant.claims_of(&explanation.user, self.of.now).iter().any(is_off)
    }

    /// Returns the message of a step that starts a trial, with the end of the time for it; `None` for
    /// another step.
    fn trial(&self, step: &Step) -> Option<Message> {
        let (message, trial) = match (step, self.audience) {
            (Step::Do(Command::StartTrial(trial)), Audience::Individual) => (INDIVIDUAL_START_TRIAL.message(), trial),
            (Step::Do(Command::StartTrial(trial)), _) => (ADMIN_START_TRIAL.message(), trial),
            (Step::Do(Command::SignUp(trial)), Audience::Individual) => (INDIVIDUAL_SIGN_UP.message(), trial),
            (Step::Do(Command::SignUp(trial)), _) => (ADMIN_SIGN_UP.message(), trial),
            _ => return None,
        };
        let message = message.with("plan", &trial.plan).with("license", &trial.license);
        Some(message.with("closes", &self.starts_before(trial)))
    }

    fn purchase(&self, step: &Step) -> Option<Message> {
        let openers = self.denial.map_or(&[][..], DenialExplanation::misses);
        purchase(self.of.tenant, openers, step, self.of.at, self.audience)
    }

    /// Returns the first instant at which a trial can no longer be started. `O(n)` in the tenant's
    /// grants.
    fn starts_before(&self, trial: &TrialName) -> End {
        let status = self.of.tenant.trials(self.of.at).find(|status| status.name == *trial);
        match status.map(|status| &status.grant.kind) {
            Some(GrantKind::Trial(terms)) => End::At(terms.may_start.closes()).min(terms.early.end()),
            _ => End::Never,
        }
    }

    /// Returns the message for the support desk of a step that others ask the publisher for; `None` for
    /// another step.
    fn for_support(&self, step: &Step) -> Option<Message> {
        match (step, self.audience) {
            (Step::TakeList, Audience::SupportDesk) => Some(SUPPORT_TAKE_LIST.message()),
            (Step::UseRelease { current: Release::Undated, before }, Audience::SupportDesk) => {
                Some(SUPPORT_USE_DATED_RELEASE.message().with("fallback", before))
            }
            _ => None,
        }
    }

    /// Returns a message with display names, or with ids for the support desk.
    fn named(&self, message: Message) -> Message {
        match self.audience {
            Audience::SupportDesk => message,
            _ => with_names(message, self.of.tenant.catalog()),
        }
    }
}

/// Removes the purchases where a revocation list is enough, and the sign-ups of one user that take further steps
/// where a trial can be started for everyone.
fn hide_detours(remedies: &mut Vec<Remedy>) {
    if remedies.iter().any(|remedy| remedy.steps() == [Step::TakeList]) {
        remedies.retain(|remedy| !is_purchase(remedy));
    }
    let started = started_trials(remedies);
    remedies.retain(|remedy| !is_long_sign_up(remedy, &started));
}

/// Returns the trials that remedies of one step start.
fn started_trials(remedies: &[Remedy]) -> Vec<TrialName> {
    let started = remedies.iter().filter_map(|remedy| match remedy.steps() {
        [Step::Do(Command::StartTrial(trial))] => Some(trial.clone()),
        _ => None,
    });
    started.collect()
}

/// Returns whether a remedy has a user sign up for one of these trials. It takes further steps: who is
/// helped by the start alone has the plan, or needs none, and cannot sign up for it.
fn is_long_sign_up(remedy: &Remedy, started: &[TrialName]) -> bool {
    let is_sign_up = |step: &Step| matches!(step, Step::Do(Command::SignUp(trial)) if started.contains(trial));
    remedy.steps().iter().any(is_sign_up)
}

/// Returns the plan that the publisher took back and a remedy buys again.
fn taken_back(remedies: &[Remedy]) -> Option<&PlanId> {
    remedies.iter().flat_map(Remedy::steps).find_map(|step| match step {
        Step::Buy { plan, kind: PurchaseKind::Again, .. } => Some(plan),
        _ => None,
    })
}

fn is_purchase(remedy: &Remedy) -> bool {
    remedy.steps().iter().any(|step| matches!(step, Step::Buy { .. }))
}
