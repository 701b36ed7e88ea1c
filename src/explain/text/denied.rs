//! The text of a denial.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalog::app_name::AppName;
use crate::decision::check_first::CheckFirst;
use crate::decision::denial_explanation::{DenialExplanation, PlanDenial, Plans};
use crate::decision::denial_reason::DenialReason;
use crate::decision::{Denial, Question};
use crate::explain::text::detail::details;
use crate::explain::text::{Audience, Text, TextPart};
use crate::id::PlanId;
use crate::message::Message;
use crate::message::or_list::OrList;
use crate::time::Written;

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
        let name_of = |plan: &PlanId| catalog.plan(plan).map_or_else(|| plan.to_string(), |plan| plan.name.to_string());
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
        let contact = match audience {
            Audience::Individual => Message::new("individual.contact", "Contact the vendor for a license: {plans}."),
            _ => Message::new("user.contact", "Contact an administrator for a license: {plans}."),
        };
        text.state(contact.with("plans", Plans(explanation.misses())));
        #[cfg(feature = "answers")]
        self.state_own_remedies(&name_of, text);
    }

    fn for_administrator(&self, explanation: &DenialExplanation, text: &mut Text) {
        let message = Message::new("admin.denied", "`{user}` may not open {app}.");
        text.state(message.with("user", &explanation.user).with("app", app_name(explanation)));
        state_checks(explanation, text);
        for miss in explanation.misses() {
            let name =
                Message::new("plan.named", "{name} (`{plan}`)").with("name", &miss.name).with("plan", &miss.plan);
            text.push(TextPart::Plan, [name, miss.reason.message()]);
        }
        self.list_remedies(explanation, text);
    }

    /// Adds the details of all plans that a plan requires, directly and indirectly.
    fn required(&self, plan: &PlanId, text: &mut Text) {
        let catalog = self.question.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return };
        for required in catalog.chain(index).plans().filter_map(|plan| catalog.plan_at(plan)) {
            let message = Message::new("plan.required", "{name} (`{plan}`), which `{by}` requires");
            let message = message.with("name", &required.name).with("plan", &required.id).with("by", plan);
            text.push(TextPart::Plan, [message]);
            details(self.question, &required.id, text);
        }
    }

    /// Adds the sentence of a denial that no plan is behind, or else the remedies, which need the
    /// feature `answers`.
    #[cfg_attr(not(feature = "answers"), allow(clippy::unused_self, reason = "only remedies ask the denial itself"))]
    fn list_remedies(&self, explanation: &DenialExplanation, text: &mut Text) {
        if explanation.misses().is_empty() {
            text.state(explanation.message());
        } else {
            #[cfg(feature = "answers")]
            self.list_found(text);
        }
    }

    fn for_support(&self, explanation: &DenialExplanation, text: &mut Text) {
        let Question { tenant, .. } = self.question;
        let message = Message::new(
            "support.denied",
            "denied: `{user}` for `{app}` in tenant `{tenant}`, read at {at}, until {until}, after event {position}",
        );
        let message = message.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let message = message.with("at", Written(explanation.at)).with("until", explanation.until);
        text.state(message.with("position", tenant.position()));
        state_checks(explanation, text);
        for miss in explanation.misses() {
            let plan = Message::new("plan.full", "{name} (`{plan}`, {code})");
            let plan = plan.with("name", &miss.name).with("plan", &miss.plan).with("code", miss.reason.code());
            text.push(TextPart::Plan, [plan, miss.reason.message()]);
            details(self.question, &miss.plan, text);
            self.required(&miss.plan, text);
        }
        self.list_remedies(explanation, text);
    }
}

/// States what to check first for a user who has to ask somebody else to do it.
fn state_checks_for_user(explanation: &DenialExplanation, text: &mut Text) {
    if let Some(ahead) = explanation.record_ahead() {
        let english = "The license record was written until {floor}, and the clock shows {now}, so {app} is closed. Ask an \
                       administrator to compare the clock first. If the clock is wrong, this holds:";
        let message = Message::new("user.record-ahead", english).with("app", app_name(explanation));
        text.state(message.with("floor", Written(ahead.floor)).with("now", Written(ahead.now)));
    }
    if explanation.check_first.iter().any(|check| !matches!(check, CheckFirst::RecordAhead(_))) {
        let english =
            "Your organisation has installed a license that gives nothing at present: an administrator can see why.";
        text.state(Message::new("user.unusable-license", english));
    }
}

/// States what to check before anything is bought, for those who can do something about it.
fn state_checks(explanation: &DenialExplanation, text: &mut Text) {
    for check in explanation.check_first.iter().take(SHOWN_CHECKS) {
        text.state(check.message());
    }
    let more = explanation.check_first.len().saturating_sub(SHOWN_CHECKS);
    if more > 0 {
        let message = Message::new("check-first.more", "and {more} more installed licenses that give nothing");
        text.push(TextPart::Detail, [message.with("more", more)]);
    }
}

fn app_name(explanation: &DenialExplanation) -> AppName<'_> {
    AppName::new(explanation.app_name.as_ref(), &explanation.app)
}

/// Returns the message about the plan that is the nearest miss for a user who is the whole tenant,
/// where it differs from that for a user of an organisation.
fn nearest_miss_of_individual(explanation: &DenialExplanation, nearest: &PlanDenial) -> Option<Message> {
    let message =
        |code, english| Message::new(code, english).with("app", app_name(explanation)).with("name", &nearest.name);
    Some(match &nearest.reason {
        DenialReason::Ended { .. } => {
            message("individual.over", "Your license for {name}, which opens {app}, has ended.")
        }
        DenialReason::Revoked { since } => message(
            "individual.revoked",
            "Your license for {name}, which opens {app}, was revoked by its publisher on {since}.",
        )
        .with("since", Written(*since)),
        DenialReason::Suspended { since, .. } => {
            message("individual.suspended", "Your license for {name}, which opens {app}, is suspended since {since}.")
                .with("since", Written(*since))
        }
        DenialReason::ListNotFresh { .. } => message(
            "individual.list-not-fresh",
            "Your license for {name}, which opens {app}, must be confirmed by its publisher.",
        ),
        DenialReason::TrialNotStarted { .. } => {
            message("individual.trial-not-started", "You have not started the trial of {name} yet, which opens {app}.")
        }
        DenialReason::TurnedOff => {
            message("individual.turned-off", "You have {name}, and {app} is turned off for you.")
        }
        _ => return None,
    })
}

/// Returns the message for the user about the plan that is the nearest miss.
fn nearest_miss(explanation: &DenialExplanation, nearest: &PlanDenial, name_of: &dyn Fn(&PlanId) -> String) -> Message {
    let message =
        |code, english| Message::new(code, english).with("app", app_name(explanation)).with("name", &nearest.name);
    match &nearest.reason {
        DenialReason::NoGrant | DenialReason::NotAssigned => {
            message("user.no-license", "You have no license for {app}.")
        }
        DenialReason::Ended { .. } => {
            message("user.over", "The license of your organisation for {name}, which opens {app}, has ended.")
        }
        DenialReason::Revoked { since } => message(
            "user.revoked",
            "The license of your organisation for {name}, which opens {app}, was revoked by its publisher on {since}.",
        )
        .with("since", Written(*since)),
        DenialReason::Suspended { since, .. } => message(
            "user.suspended",
            "The license of your organisation for {name}, which opens {app}, is suspended since {since}.",
        )
        .with("since", Written(*since)),
        DenialReason::TrialNotStarted { .. } => {
            message("user.trial-not-started", "Nobody has started the trial of {name} yet, which opens {app}.")
        }
        DenialReason::Pending { from } => {
            message("user.pending", "{name}, which opens {app}, has been bought but has not started yet.")
                .with("from", from)
        }
        DenialReason::ListNotFresh { .. } => message(
            "user.list-not-fresh",
            "The license of your organisation for {name}, which opens {app}, must be confirmed by its publisher.",
        ),
        DenialReason::Waiting { place, limit } => message(
            "user.in-queue",
            "You are in the queue for {name}, which opens {app}: place {place}, with seats for {limit}.",
        )
        .with("place", place)
        .with("limit", limit),
        DenialReason::Excluded { by } => message(
            "user.excluded",
            "You have {name}, which opens {app}, and {by}, which cannot be used together with it.",
        )
        .with("by", name_of(by)),
        DenialReason::RequirementNotMet { any_of } => {
            let names: Vec<String> = any_of.iter().map(name_of).collect();
            message(
                "user.requires",
                "You have {name}, which opens {app}, and it needs {any_of}, which you do not have.",
            )
            .with("any_of", OrList::of(&names))
        }
        DenialReason::TurnedOff => {
            message("user.turned-off", "You have {name}, and an administrator has turned {app} off for you.")
        }
    }
}
