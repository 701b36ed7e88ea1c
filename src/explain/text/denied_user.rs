//! What a user of an organisation reads about a denial, as far as the explanation alone has it. It is
//! read in `DenialExplanation::text`, in one line in the `Display` of an explanation, and in
//! `Denial::text`, where the tenant adds what the user can do alone.

use core::fmt;

use crate::catalog::app_name::app_name_value;
use crate::catalog::release::Release;
use crate::decision::check_first::CheckFirst;
use crate::decision::denial_explanation::{DenialCause, DenialExplanation, PlanDenial};
use crate::decision::denial_reason::{DenialReason, queue_number};
use crate::explain::text::checks::state_checks_for_user;
use crate::explain::text::plan_link::name_with_link;
use crate::id::PlanId;
use crate::message::{Message, Text, Value, wordings};
use crate::quantity::units::Total;
use crate::tenant::no_units::NoUnits;
use crate::time::End;

wordings! {
    UNKNOWN_APP = "denied.unknown-app", "{app} is not part of this product";
    USER_CONTACT = "user.contact", "Contact an administrator for a license: {plans}.";
    USER_CONTACT_SOONER = "user.contact-sooner", "If you need it sooner, contact an administrator about {name}.";
    USER_CONTACT_ABOUT = "user.contact-about", "Contact an administrator about {name}.";
    USER_CONTACT_WAITING = "user.contact-waiting",
        "Your turn comes when seats are freed or bought: contact an administrator about {name}.";
    USER_CONTACT_TURNED_OFF = "user.contact-turned-off", "Ask an administrator to turn {app} on for you.";
    USER_CONTACT_REQUIRED = "user.contact-required", "Contact an administrator about {any_of}.";
    USER_RECORD_AHEAD = "user.record-ahead",
        "The clock of the machine that checks the license shows {now}, but the license record was last written at \
         {floor}, so {app} is closed. Ask an administrator to compare the clock first: if it is right, nothing needs to \
         be bought. If it is wrong, this may apply once it is corrected:";
    USER_NO_LICENSE = "user.no-license", "You have no license for {app}.";
    USER_NO_OTHER_LICENSE = "user.no-other-license", "There is no other license for {app}.";
    USER_NOT_ASSIGNED = "user.not-assigned", "{name}, which opens {app}, is not assigned to you.";
    USER_OVER = "user.over", "The license of your organisation for {name}, which opens {app}, has ended.";
    USER_TRIAL_OVER = "user.trial-over", "The trial of {name}, which opens {app}, has ended.";
    USER_REVOKED = "user.revoked",
        "The license of your organisation for {name}, which opens {app}, was revoked by its publisher on {since}.";
    USER_RELEASE_NOT_COVERED = "user.release-not-covered",
        "The license of your organisation for {name}, which opens {app}, covers releases from before {fallback}, and this release is \
         of {release}.";
    USER_RELEASE_UNDATED = "user.release-undated",
        "The license of your organisation for {name}, which opens {app}, covers releases from before {fallback}, and this version of \
         the application does not state its release date. No purchase is needed.";
    USER_SUSPENDED = "user.suspended",
        "The license of your organisation for {name}, which opens {app}, has been suspended since {since}.";
    USER_TRIAL_NOT_STARTED = "user.trial-not-started",
        "The trial of {name}, which opens {app}, has not been started.";
    USER_PENDING = "user.pending", "{name}, which opens {app}, has been bought, and starts on {from}.";
    USER_PENDING_FOR_EVER = "user.pending-for-ever",
        "{name}, which opens {app}, has been bought, and will not become usable by time alone.";
    USER_LIST_NOT_FRESH = "user.list-not-fresh",
        "The license of your organisation for {name}, which opens {app}, needs a recent revocation list of its publisher, which an \
         administrator can install. No purchase is needed.";
    USER_IN_QUEUE = "user.in-queue",
        "All {limit} seats of {name}, which opens {app}, are taken: you are number {number} in the queue for the next one.";
    USER_IN_QUEUE_ONE_SEAT = "user.in-queue-one-seat",
        "The only seat of {name}, which opens {app}, is taken: you are number {number} in the queue for it.";
    USER_EXCLUDED = "user.excluded",
        "You cannot open {app}: {name}, which opens it, cannot be used together with {by}, which you have had for longer.";
    USER_REQUIRES = "user.requires", "You have {name}, which opens {app}, and it needs {any_of}, which you do not have.";
    USER_TURNED_OFF = "user.turned-off", "You have {name}, and an administrator has turned {app} off for you.";
}

impl DenialExplanation {
    /// Returns what a user of an organisation reads: what to check first, the nearest reason, and
    /// whom to ask, for which plans (K3).
    ///
    /// [`Denial::text`](crate::Denial::text) also names what the user can do alone, tells a license that
    /// was withdrawn from one that ran out, and speaks to other audiences; it needs the tenant.
    #[must_use]
    pub fn text(&self) -> Text {
        let mut text = Text::new();
        let Some(nearest) = self.misses().first() else {
            text.state(without_plans(self));
            return text;
        };
        state_user_checks(self, &mut text);
        text.state(nearest_miss(self, nearest));
        if let Some(asked) = contact(self, nearest) {
            text.state(asked);
        }
        text
    }
}

impl fmt::Display for DenialExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().in_one_line())
    }
}

impl core::error::Error for DenialExplanation {}

/// Returns the message of a denial without plans: the app is unknown, or no plan lists it.
pub(super) fn without_plans(explanation: &DenialExplanation) -> Message {
    let wording = match explanation.cause {
        DenialCause::UnknownApp => UNKNOWN_APP,
        DenialCause::Plans(_) => USER_NO_LICENSE,
    };
    wording.message().with("app", app_name(explanation))
}

/// States what to check first, for a user who has to ask somebody else to do it.
pub(super) fn state_user_checks(explanation: &DenialExplanation, text: &mut Text) {
    let record_ahead = USER_RECORD_AHEAD.message().with("app", app_name(explanation));
    state_checks_for_user(&explanation.check_first, record_ahead, text);
}

/// Returns whom a user of an organisation asks: for a license, or about one that is there.
pub(super) fn contact(explanation: &DenialExplanation, nearest: &PlanDenial) -> Option<Message> {
    Some(match &nearest.reason {
        // Who is asked to look into a license that gives nothing is not asked for another one.
        DenialReason::NoUnits(NoUnits::NoGrant) if has_unusable_license(explanation) => return None,
        DenialReason::NoUnits(NoUnits::NoGrant | NoUnits::Ended { .. } | NoUnits::TrialEnded { .. })
        | DenialReason::NotAssigned => USER_CONTACT.message().with("plans", plan_names(explanation.misses())),
        DenialReason::NoUnits(NoUnits::Pending { from: End::At(_) }) => {
            USER_CONTACT_SOONER.message().with("name", &nearest.name)
        }
        // What stands in the way is the other plan.
        DenialReason::Excluded { by } => USER_CONTACT_ABOUT.message().with("name", plan_name(nearest, by)),
        DenialReason::Waiting { .. } => USER_CONTACT_WAITING.message().with("name", &nearest.name),
        DenialReason::TurnedOff => USER_CONTACT_TURNED_OFF.message().with("app", app_name(explanation)),
        // What is missing is the plan that is required.
        DenialReason::RequirementNotMet { any_of } => USER_CONTACT_REQUIRED
            .message()
            .with("any_of", Value::any_of(any_of.iter().map(|plan| plan_name(nearest, plan)))),
        _ => USER_CONTACT_ABOUT.message().with("name", &nearest.name),
    })
}

fn has_unusable_license(explanation: &DenialExplanation) -> bool {
    explanation.check_first.iter().any(|check| !matches!(check, CheckFirst::RecordAhead(_)))
}

pub(super) fn app_name(explanation: &DenialExplanation) -> Value {
    app_name_value(explanation.app_name.as_ref(), &explanation.app)
}

/// Returns the message for the user about the plan that is the nearest miss.
pub(super) fn nearest_miss(explanation: &DenialExplanation, nearest: &PlanDenial) -> Message {
    let message = match &nearest.reason {
        DenialReason::NoUnits(NoUnits::NoGrant) => {
            let wording = if has_unusable_license(explanation) { USER_NO_OTHER_LICENSE } else { USER_NO_LICENSE };
            return wording.message().with("app", app_name(explanation));
        }
        DenialReason::NotAssigned => USER_NOT_ASSIGNED.message(),
        DenialReason::NoUnits(NoUnits::TrialEnded { .. }) => USER_TRIAL_OVER.message(),
        DenialReason::NoUnits(NoUnits::Ended { .. }) => USER_OVER.message(),
        DenialReason::NoUnits(NoUnits::Revoked { since }) => USER_REVOKED.message().with("since", since),
        DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: Release::Dated(release), fallback }) => {
            USER_RELEASE_NOT_COVERED.message().with("fallback", fallback).with("release", release)
        }
        DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: Release::Undated, fallback }) => {
            USER_RELEASE_UNDATED.message().with("fallback", fallback)
        }
        DenialReason::NoUnits(NoUnits::Suspended { since, .. }) => USER_SUSPENDED.message().with("since", since),
        DenialReason::NoUnits(NoUnits::TrialNotStarted { .. }) => USER_TRIAL_NOT_STARTED.message(),
        DenialReason::NoUnits(NoUnits::Pending { from: End::At(from) }) => USER_PENDING.message().with("from", from),
        DenialReason::NoUnits(NoUnits::Pending { from: End::Never }) => USER_PENDING_FOR_EVER.message(),
        DenialReason::NoUnits(NoUnits::ListNotFresh { .. }) => USER_LIST_NOT_FRESH.message(),
        DenialReason::Waiting { place, limit: Total::ONE } => {
            USER_IN_QUEUE_ONE_SEAT.message().with("number", queue_number(*place, Total::ONE))
        }
        DenialReason::Waiting { place, limit } => {
            USER_IN_QUEUE.message().with("number", queue_number(*place, *limit)).with("limit", limit)
        }
        DenialReason::Excluded { by } => USER_EXCLUDED.message().with("by", plan_name(nearest, by)),
        DenialReason::RequirementNotMet { any_of } => {
            USER_REQUIRES.message().with("any_of", Value::any_of(any_of.iter().map(|plan| plan_name(nearest, plan))))
        }
        DenialReason::TurnedOff => USER_TURNED_OFF.message(),
    };
    message.with("app", app_name(explanation)).with("name", &nearest.name)
}

/// Returns the display name of a plan that the reason names, or its id if that is unknown.
fn plan_name(nearest: &PlanDenial, plan: &PlanId) -> Value {
    nearest.plan_names.get(plan).map_or_else(|| plan.into(), Value::from)
}

/// Returns the names of plans, each with the address for more information if it has one.
fn plan_names(misses: &[PlanDenial]) -> Value {
    Value::any_of(misses.iter().map(|miss| name_with_link(&miss.name, miss.more_info.as_ref())))
}
