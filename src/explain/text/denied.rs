//! The text of a denial.

use crate::catalog::app_name::app_name_value;
use crate::decision::check_first::CheckFirst;
use crate::decision::denial_explanation::{DenialExplanation, PlanDenial, plan_names};
use crate::decision::denial_reason::{DenialReason, DenialReasonKind};
use crate::decision::{Denial, Question};
use crate::explain::text::Audience;
use crate::explain::text::detail::details;
use crate::explain::text::names::with_names;
use crate::id::PlanId;
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::time::End;

wordings! {
    INDIVIDUAL_CONTACT = "individual.contact", "Contact the vendor for a license: {plans}.";
    INDIVIDUAL_CONTACT_ABOUT = "individual.contact-about", "Contact the vendor about {name}.";
    USER_CONTACT = "user.contact", "Contact an administrator for a license: {plans}.";
    USER_CONTACT_ABOUT = "user.contact-about", "Contact an administrator about {name}.";
    ADMIN_DENIED = "admin.denied", "{user} may not open {app}.";
    PLAN_NAMED = "plan.named", "{name} ({plan})";
    PLAN_REQUIRED = "plan.required", "{name} ({plan}), which {by} requires";
    SUPPORT_DENIED = "support.denied",
        "denied: {user} for {app} in tenant {tenant}, read at {at}, until {until}, after entry {position}";
    PLAN_FULL = "plan.full", "{name} ({plan}, {code})";
    USER_RECORD_AHEAD = "user.record-ahead",
        "The license record was written until {floor}, and the clock shows {now}, so {app} is closed. Ask an \
         administrator to compare the clock first. If the clock is wrong, this holds:";
    USER_UNUSABLE_LICENSE = "user.unusable-license",
        "Your organisation has installed a license that gives nothing at present: an administrator can see why.";
    USER_NO_LICENSE = "user.no-license", "You have no license for {app}.";
    USER_NOT_ASSIGNED = "user.not-assigned", "{name}, which opens {app}, is not assigned to you.";
    USER_OVER = "user.over", "The license of your organisation for {name}, which opens {app}, has ended.";
    USER_REVOKED = "user.revoked",
        "The license of your organisation for {name}, which opens {app}, was revoked by its publisher on {since}.";
    USER_SUSPENDED = "user.suspended",
        "The license of your organisation for {name}, which opens {app}, is suspended since {since}.";
    USER_TRIAL_NOT_STARTED = "user.trial-not-started",
        "Nobody has started the trial of {name} yet, which opens {app}.";
    USER_PENDING = "user.pending", "{name}, which opens {app}, has been bought, and starts on {from}.";
    USER_PENDING_FOR_EVER = "user.pending-for-ever",
        "{name}, which opens {app}, has been bought, and will not become usable by time alone.";
    USER_LIST_NOT_FRESH = "user.list-not-fresh",
        "The license of your organisation for {name}, which opens {app}, must be confirmed by its publisher.";
    USER_IN_QUEUE = "user.in-queue",
        "You are in the queue for {name}, which opens {app}: place {place}, with seats for {limit}.";
    USER_EXCLUDED = "user.excluded",
        "You have {name}, which opens {app}, and {by}, which cannot be used together with it.";
    USER_REQUIRES = "user.requires", "You have {name}, which opens {app}, and it needs {any_of}, which you do not have.";
    USER_TURNED_OFF = "user.turned-off", "You have {name}, and an administrator has turned {app} off for you.";
    INDIVIDUAL_OVER = "individual.over", "Your license for {name}, which opens {app}, has ended.";
    INDIVIDUAL_REVOKED = "individual.revoked",
        "Your license for {name}, which opens {app}, was revoked by its publisher on {since}.";
    INDIVIDUAL_SUSPENDED = "individual.suspended",
        "Your license for {name}, which opens {app}, is suspended since {since}.";
    INDIVIDUAL_LIST_NOT_FRESH = "individual.list-not-fresh",
        "Your license for {name}, which opens {app}, must be confirmed by its publisher.";
    INDIVIDUAL_TRIAL_NOT_STARTED = "individual.trial-not-started",
        "You have not started the trial of {name} yet, which opens {app}.";
    INDIVIDUAL_TURNED_OFF = "individual.turned-off", "You have {name}, and {app} is turned off for you.";
    CHECK_FIRST_MORE = "check-first.more", "more installed licenses that give nothing: {more}";
}

/// The largest number of things to check first in a text.
const SHOWN_CHECKS: usize = 4;

impl Denial<'_> {
    /// Returns why access is denied and what would help, as text for an audience.
    ///
    /// The user reads the nearest reason, whom to ask, and what they can do alone: wait, or sign up
    /// for a trial. The administrator reads one reason for each plan and the first few remedies;
    /// the support desk everything that led to the answer. It costs as much as the listed
    /// remedies, and at most some thousand commands about one user. Remedies that need more effort
    /// are not listed; without the feature `answers` none are.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        match audience {
            Audience::User | Audience::Individual => self.for_user(&explanation, audience, &mut text),
            Audience::Administrator => self.for_administrator(&explanation, &mut text),
            Audience::SupportDesk => self.for_support(&explanation, &mut text),
        }
        text
    }

    fn for_user(&self, explanation: &DenialExplanation, audience: Audience, text: &mut Text) {
        let catalog = self.question.tenant.catalog();
        let name_of = |plan: &PlanId| catalog.plan(plan).map_or_else(|| plan.into(), |plan| Value::from(&plan.name));
        let Some(nearest) = explanation.misses().first() else {
            text.state(explanation.message());
            return;
        };
        match audience {
            Audience::Individual => state_checks(explanation, text),
            _ => state_checks_for_user(explanation, text),
        }
        let individual = match audience {
            Audience::Individual => nearest_miss_of_individual(explanation, nearest),
            _ => None,
        };
        text.state(individual.unwrap_or_else(|| nearest_miss(explanation, nearest, &name_of)));
        text.state(contact(explanation, nearest, audience));
        #[cfg(feature = "answers")]
        self.state_own_remedies(&name_of, text);
    }

    fn for_administrator(&self, explanation: &DenialExplanation, text: &mut Text) {
        let message = ADMIN_DENIED.message();
        text.state(message.with("user", &explanation.user).with("app", app_name(explanation)));
        state_checks(explanation, text);
        let catalog = self.question.tenant.catalog();
        for miss in explanation.misses() {
            let name = PLAN_NAMED.message().with("name", &miss.name).with("plan", &miss.plan);
            text.push(TextPart::Plan, [name, with_names(miss.reason.message(), catalog)]);
        }
        self.list_remedies(explanation, &|message| with_names(message, catalog), text);
    }

    /// Adds the details of all plans that a plan requires, directly and indirectly.
    fn required(&self, plan: &PlanId, text: &mut Text) {
        let catalog = self.question.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return };
        for required in catalog.chain(index).plans().filter_map(|plan| catalog.plan_at(plan)) {
            let message = PLAN_REQUIRED.message();
            let message = message.with("name", &required.name).with("plan", &required.id).with("by", plan);
            text.push(TextPart::Plan, [message]);
            details(self.question, &required.id, text);
        }
    }

    /// Adds the sentence of a denial that no plan is behind, or else the remedies, which need the
    /// feature `answers`.
    #[cfg_attr(
        not(feature = "answers"),
        allow(clippy::unused_self, unused_variables, reason = "only remedies ask the denial itself")
    )]
    fn list_remedies(&self, explanation: &DenialExplanation, step: &dyn Fn(Message) -> Message, text: &mut Text) {
        if explanation.misses().is_empty() {
            text.state(explanation.message());
        } else {
            #[cfg(feature = "answers")]
            self.list_found(step, text);
        }
    }

    fn for_support(&self, explanation: &DenialExplanation, text: &mut Text) {
        let Question { tenant, .. } = self.question;
        let message = SUPPORT_DENIED.message();
        let message = message.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let message = message.with("at", explanation.at).with("until", &explanation.until);
        text.state(message.with("position", Value::ordinal(tenant.position())));
        state_checks(explanation, text);
        for miss in explanation.misses() {
            let plan = PLAN_FULL.message();
            let plan = plan
                .with("name", &miss.name)
                .with("plan", &miss.plan)
                .with("code", Value::Literal(miss.reason.code().into()));
            text.push(TextPart::Plan, [plan, miss.reason.message()]);
            details(self.question, &miss.plan, text);
            self.required(&miss.plan, text);
        }
        self.list_remedies(explanation, &core::convert::identity, text);
    }
}

/// Returns whom to ask: for a license, or about the plan that the user has already.
fn contact(explanation: &DenialExplanation, nearest: &PlanDenial, audience: Audience) -> Message {
    let is_about_claim = nearest.reason.kind() > DenialReasonKind::NotAssigned;
    let message = match (audience, is_about_claim) {
        (Audience::Individual, false) => INDIVIDUAL_CONTACT.message(),
        (Audience::Individual, true) => INDIVIDUAL_CONTACT_ABOUT.message(),
        (_, false) => USER_CONTACT.message(),
        (_, true) => USER_CONTACT_ABOUT.message(),
    };
    if is_about_claim {
        message.with("name", &nearest.name)
    } else {
        message.with("plans", plan_names(explanation.misses()))
    }
}

/// States what to check first for a user who has to ask somebody else to do it.
fn state_checks_for_user(explanation: &DenialExplanation, text: &mut Text) {
    if let Some(ahead) = explanation.record_ahead() {
        let message = USER_RECORD_AHEAD.message().with("app", app_name(explanation));
        text.state(message.with("floor", ahead.floor).with("now", ahead.now));
    }
    if explanation.check_first.iter().any(|check| !matches!(check, CheckFirst::RecordAhead(_))) {
        text.state(USER_UNUSABLE_LICENSE.message());
    }
}

/// States what to check before anything is bought, for those who can do something about it.
fn state_checks(explanation: &DenialExplanation, text: &mut Text) {
    for check in explanation.check_first.iter().take(SHOWN_CHECKS) {
        text.state(check.message());
    }
    let more = explanation.check_first.len().saturating_sub(SHOWN_CHECKS);
    if more > 0 {
        let message = CHECK_FIRST_MORE.message();
        text.push(TextPart::Detail, [message.with("more", more)]);
    }
}

fn app_name(explanation: &DenialExplanation) -> Value {
    app_name_value(explanation.app_name.as_ref(), &explanation.app)
}

/// Returns the message about the plan that is the nearest miss for a user who is the whole tenant,
/// where it differs from that for a user of an organisation.
fn nearest_miss_of_individual(explanation: &DenialExplanation, nearest: &PlanDenial) -> Option<Message> {
    let message = match &nearest.reason {
        DenialReason::Ended { .. } => INDIVIDUAL_OVER.message(),
        DenialReason::Revoked { since } => INDIVIDUAL_REVOKED.message().with("since", since),
        DenialReason::Suspended { since, .. } => INDIVIDUAL_SUSPENDED.message().with("since", since),
        DenialReason::ListNotFresh { .. } => INDIVIDUAL_LIST_NOT_FRESH.message(),
        DenialReason::TrialNotStarted { .. } => INDIVIDUAL_TRIAL_NOT_STARTED.message(),
        DenialReason::TurnedOff => INDIVIDUAL_TURNED_OFF.message(),
        _ => return None,
    };
    Some(message.with("app", app_name(explanation)).with("name", &nearest.name))
}

/// Returns the message for the user about the plan that is the nearest miss.
fn nearest_miss(explanation: &DenialExplanation, nearest: &PlanDenial, name_of: &dyn Fn(&PlanId) -> Value) -> Message {
    let message = match &nearest.reason {
        DenialReason::NoGrant => return USER_NO_LICENSE.message().with("app", app_name(explanation)),
        DenialReason::NotAssigned => USER_NOT_ASSIGNED.message(),
        DenialReason::Ended { .. } => USER_OVER.message(),
        DenialReason::Revoked { since } => USER_REVOKED.message().with("since", since),
        DenialReason::Suspended { since, .. } => USER_SUSPENDED.message().with("since", since),
        DenialReason::TrialNotStarted { .. } => USER_TRIAL_NOT_STARTED.message(),
        DenialReason::Pending { from: End::At(from) } => USER_PENDING.message().with("from", from),
        DenialReason::Pending { from: End::Never } => USER_PENDING_FOR_EVER.message(),
        DenialReason::ListNotFresh { .. } => USER_LIST_NOT_FRESH.message(),
        DenialReason::Waiting { place, limit } => USER_IN_QUEUE.message().with("place", place).with("limit", limit),
        DenialReason::Excluded { by } => USER_EXCLUDED.message().with("by", name_of(by)),
        DenialReason::RequirementNotMet { any_of } => {
            USER_REQUIRES.message().with("any_of", Value::any_of(any_of.iter().map(name_of)))
        }
        DenialReason::TurnedOff => USER_TURNED_OFF.message(),
    };
    message.with("app", app_name(explanation)).with("name", &nearest.name)
}
