//! The text of a denial for each audience. What a user of an organisation reads is the text of the
//! explanation, with what only the tenant knows.

use crate::catalog::release::Release;
use crate::decision::denial_explanation::{DenialExplanation, PlanDenial};
use crate::decision::denial_reason::DenialReason;
#[cfg(not(feature = "answers"))]
use crate::decision::denial_reason::DenialReasonKind;
use crate::decision::{Denial, Question};
use crate::explain::text::Audience;
use crate::explain::text::checks::state_checks;
use crate::explain::text::denied_user::{
    USER_CONTACT_ABOUT, app_name, contact, nearest_miss, state_user_checks, without_plans,
};
use crate::explain::text::detail::details;
use crate::explain::text::names::with_names;
use crate::explain::text::reasons::{reason, required_list_age};
#[cfg(feature = "answers")]
use crate::explain::text::remedies::RemedyText;
use crate::explain::text::taken_back::withdrawn_since;
use crate::explain::text::used_trial::used_trial;
#[cfg(not(feature = "answers"))]
use crate::explain::text::vendor::INDIVIDUAL_CONTACT;
use crate::id::PlanId;
use crate::message::{Message, Text, TextPart, Value, Wording, wordings};
use crate::tenant::no_units::NoUnits;
use crate::time::End;

wordings! {
    USER_WITHDRAWN = "user.withdrawn",
        "The license of your organisation for {name}, which opens {app}, was withdrawn by its publisher on {since}, for \
         example after a refund.";
    ADMIN_DENIED = "admin.denied", "{user} may not open {app}.";
    PLAN_NAMED = "plan.named", "{name} ({plan})";
    PLAN_REQUIRED = "plan.required", "{name} ({plan}), which {by} requires";
    SUPPORT_DENIED = "support.denied",
        "denied: {user} for {app} in tenant {tenant}, as of {at}, next change by time: {until}, after entry {position}";
    PLAN_FULL = "plan.full", "{name} ({plan}, {code})";
    INDIVIDUAL_OVER = "individual.over", "Your license for {name}, which opens {app}, has ended.";
    INDIVIDUAL_TRIAL_OVER = "individual.trial-over", "Your trial of {name}, which opens {app}, has ended.";
    INDIVIDUAL_REVOKED = "individual.revoked",
        "Your license for {name}, which opens {app}, was revoked by its vendor on {since}.";
    INDIVIDUAL_WITHDRAWN = "individual.withdrawn",
        "Your license for {name}, which opens {app}, was withdrawn by its vendor on {since}, for example after a refund.";
    INDIVIDUAL_RELEASE_NOT_COVERED = "individual.release-not-covered",
        "Your license for {name}, which opens {app}, covers releases from before {fallback}, and this release is of {release}: renew \
         it, or use an earlier release.";
    INDIVIDUAL_RELEASE_UNDATED = "individual.release-undated",
        "Your license for {name}, which opens {app}, covers releases from before {fallback}, and this version of the application \
         does not state its release date. No purchase is needed.";
    INDIVIDUAL_SUSPENDED = "individual.suspended",
        "Your license for {name}, which opens {app}, has been suspended since {since}: a renewal before {until} restores it.";
    INDIVIDUAL_SUSPENDED_WITHOUT_END = "individual.suspended-without-end",
        "Your license for {name}, which opens {app}, has been suspended since {since}: a renewal restores it.";
    INDIVIDUAL_LIST_NOT_FRESH = "individual.list-not-fresh",
        "Your license for {name}, which opens {app}, needs a revocation list of its vendor that is less than {age} old: ask the \
         vendor for the latest, and install it. No purchase is needed.";
    INDIVIDUAL_TRIAL_NOT_STARTED = "individual.trial-not-started",
        "You have a trial of {name}, which opens {app}: start it before {until}.";
    INDIVIDUAL_TRIAL_USED = "individual.trial-used", "The trial of {name} was used too: it ended on {ended}.";
    ADMIN_TRIAL_USED = "admin.trial-used", "the trial of {name} was used too: it ended on {ended}";
    INDIVIDUAL_TURNED_OFF = "individual.turned-off", "You have {name}, and {app} is turned off for you.";
}

impl Denial<'_> {
    /// Returns why access is denied and what would help, as text for an audience.
    ///
    /// The user reads the nearest reason, what they can do alone (wait, sign up for a trial, claim a
    /// seat) and whom to ask; a user who is the whole tenant the nearest reason and the first few
    /// remedies. The administrator reads one reason for each plan and the first few remedies;
    /// the support desk everything that led to the answer. It costs as much as the listed
    /// remedies, and at most some thousand commands about one user. Remedies that need more effort
    /// are not listed; without the feature `answers` none are.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        match audience {
            Audience::User => self.for_user(&explanation, &mut text),
            Audience::Individual => self.for_individual(&explanation, &mut text),
            Audience::Administrator => self.for_administrator(&explanation, &mut text),
            Audience::SupportDesk => self.for_support(&explanation, &mut text),
        }
        text
    }

    fn for_user(&self, explanation: &DenialExplanation, text: &mut Text) {
        let Some(nearest) = explanation.misses().first() else {
            text.state(without_plans(explanation));
            return;
        };
        state_user_checks(explanation, text);
        let withdrawn = self.withdrawn(explanation, nearest, USER_WITHDRAWN);
        // What was taken back is asked about before it is bought again.
        let asked = match withdrawn {
            Some(_) => Some(USER_CONTACT_ABOUT.message().with("name", &nearest.name)),
            None => contact(explanation, nearest),
        };
        text.state(withdrawn.unwrap_or_else(|| nearest_miss(explanation, nearest)));
        #[cfg(feature = "answers")]
        RemedyText::of_denial(self, explanation, Audience::User).state_own_remedies(text);
        if let Some(asked) = asked {
            text.state(asked);
        }
    }

    /// A user who is the whole tenant reads what an administrator could do, since nobody else can.
    fn for_individual(&self, explanation: &DenialExplanation, text: &mut Text) {
        let Some(nearest) = explanation.misses().first() else {
            text.state(without_plans(explanation));
            return;
        };
        self.state_checks(explanation, Audience::Individual, text);
        let withdrawn = self.withdrawn(explanation, nearest, INDIVIDUAL_WITHDRAWN);
        let individual = withdrawn.or_else(|| self.nearest_miss_of_individual(explanation, nearest));
        text.state(individual.unwrap_or_else(|| nearest_miss(explanation, nearest)));
        if let Some(ended) = used_trial(self.question.tenant, nearest, self.question.at) {
            text.state(INDIVIDUAL_TRIAL_USED.message().with("name", &nearest.name).with("ended", ended));
        }
        self.list_remedies(explanation, Audience::Individual, text);
        // With remedies, it follows them where one is a purchase.
        #[cfg(not(feature = "answers"))]
        if matches!(nearest.reason.kind(), DenialReasonKind::NoGrant | DenialReasonKind::Over) {
            text.state(INDIVIDUAL_CONTACT.message());
        }
    }

    fn for_administrator(&self, explanation: &DenialExplanation, text: &mut Text) {
        let message = ADMIN_DENIED.message();
        text.state(message.with("user", &explanation.user).with("app", app_name(explanation)));
        self.state_checks(explanation, Audience::Administrator, text);
        let catalog = self.question.tenant.catalog();
        for miss in explanation.misses() {
            let name = PLAN_NAMED.message().with("name", &miss.name).with("plan", &miss.plan);
            let Question { tenant, at, .. } = self.question;
            let reason = with_names(reason(tenant, &miss.plan, &miss.reason, at), catalog);
            text.push(TextPart::Plan, [name, reason]);
            if let Some(ended) = used_trial(tenant, miss, at) {
                text.push(TextPart::Detail, [ADMIN_TRIAL_USED.message().with("name", &miss.name).with("ended", ended)]);
            }
        }
        self.list_remedies(explanation, Audience::Administrator, text);
    }

    /// Adds the details of all plans that a plan requires, directly and indirectly.
    fn required(&self, plan: &PlanId, text: &mut Text) {
        let catalog = self.question.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return };
        for required in catalog.chain(index).plans().filter_map(|plan| catalog.plan_at(plan)) {
            let message = PLAN_REQUIRED.message();
            let message = message.with("name", &required.name).with("plan", &required.id).with("by", plan);
            text.push(TextPart::Plan, [message]);
            details(self.question.tenant, Some(self.question.user), &required.id, self.question.at, text);
        }
    }

    /// Adds the sentence of a denial that no plan is behind, or else the remedies, which need the
    /// feature `answers`.
    #[cfg_attr(
        not(feature = "answers"),
        allow(clippy::unused_self, unused_variables, reason = "only remedies ask the denial itself")
    )]
    fn list_remedies(&self, explanation: &DenialExplanation, audience: Audience, text: &mut Text) {
        if explanation.misses().is_empty() {
            text.state(without_plans(explanation));
        } else {
            #[cfg(feature = "answers")]
            RemedyText::of_denial(self, explanation, audience).list_found(text);
        }
    }

    /// Returns the message in a wording where the license of a plan did not run out, but was withdrawn
    /// after it had begun.
    fn withdrawn(&self, explanation: &DenialExplanation, miss: &PlanDenial, wording: Wording) -> Option<Message> {
        let Question { tenant, at, .. } = self.question;
        let since = withdrawn_since(tenant, &miss.plan, &miss.reason, at)?;
        let message = wording.message().with("app", app_name(explanation)).with("name", &miss.name);
        Some(message.with("since", since))
    }

    /// States what to check before anything is bought, for those who can do something about it.
    #[cfg_attr(
        not(feature = "answers"),
        allow(clippy::unused_self, unused_variables, reason = "only remedies ask the denial itself")
    )]
    fn state_checks(&self, explanation: &DenialExplanation, audience: Audience, text: &mut Text) {
        #[cfg(feature = "answers")]
        let is_clock_stated = RemedyText::of_denial(self, explanation, audience).state_clock(text);
        // The ticket for a clock that is behind is a remedy.
        #[cfg(not(feature = "answers"))]
        let is_clock_stated = false;
        state_checks(self.question.tenant, &explanation.check_first, usize::from(is_clock_stated), audience, text);
    }

    fn for_support(&self, explanation: &DenialExplanation, text: &mut Text) {
        let Question { tenant, .. } = self.question;
        let message = SUPPORT_DENIED.message();
        let message = message.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let message = message.with("at", explanation.at).with("until", &explanation.until);
        text.state(message.with("position", Value::ordinal(tenant.position())));
        self.state_checks(explanation, Audience::SupportDesk, text);
        for miss in explanation.misses() {
            let plan = PLAN_FULL.message();
            let plan = plan
                .with("name", &miss.name)
                .with("plan", &miss.plan)
                .with("code", Value::Literal(miss.reason.code().into()));
            let reason = reason(tenant, &miss.plan, &miss.reason, self.question.at);
            text.push(TextPart::Plan, [plan, reason]);
            details(self.question.tenant, Some(self.question.user), &miss.plan, self.question.at, text);
            self.required(&miss.plan, text);
        }
        self.list_remedies(explanation, Audience::SupportDesk, text);
    }

    /// Returns the message about the plan that is the nearest miss for a user who is the whole tenant,
    /// where it differs from that for a user of an organisation.
    fn nearest_miss_of_individual(&self, explanation: &DenialExplanation, nearest: &PlanDenial) -> Option<Message> {
        let message = match &nearest.reason {
            DenialReason::NoUnits(NoUnits::TrialEnded { .. }) => INDIVIDUAL_TRIAL_OVER.message(),
            DenialReason::NoUnits(NoUnits::Ended { .. }) => INDIVIDUAL_OVER.message(),
            DenialReason::NoUnits(NoUnits::Revoked { since }) => INDIVIDUAL_REVOKED.message().with("since", since),
            DenialReason::NoUnits(NoUnits::Suspended { since, until: End::Never }) => {
                INDIVIDUAL_SUSPENDED_WITHOUT_END.message().with("since", since)
            }
            DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: Release::Dated(release), fallback }) => {
                INDIVIDUAL_RELEASE_NOT_COVERED.message().with("fallback", fallback).with("release", release)
            }
            DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: Release::Undated, fallback }) => {
                INDIVIDUAL_RELEASE_UNDATED.message().with("fallback", fallback)
            }
            DenialReason::NoUnits(NoUnits::Suspended { since, until }) => {
                INDIVIDUAL_SUSPENDED.message().with("since", since).with("until", until)
            }
            DenialReason::NoUnits(NoUnits::ListNotFresh { .. }) => {
                let Question { tenant, at, .. } = self.question;
                INDIVIDUAL_LIST_NOT_FRESH.message().with("age", &required_list_age(tenant, &nearest.plan, at)?)
            }
            DenialReason::NoUnits(NoUnits::TrialNotStarted { until: until @ End::At(_) }) => {
                INDIVIDUAL_TRIAL_NOT_STARTED.message().with("until", until)
            }
            DenialReason::TurnedOff => INDIVIDUAL_TURNED_OFF.message(),
            _ => return None,
        };
        Some(message.with("app", app_name(explanation)).with("name", &nearest.name))
    }
}
