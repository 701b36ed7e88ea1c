//! The text of an allow.

use crate::catalog::app_name::app_name_value;
use crate::catalog::basis::Basis;
use crate::decision::{Allow, Warning};
use crate::explain::allow_explanation::{AllowExplanation, AllowedBy, GrantingPlan, Seat, UpcomingChange};
use crate::explain::text::Audience;
use crate::explain::text::detail::details;
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::query::grants::GrantChange;
use crate::tenant::source::source;
use crate::time::{End, Phase};

wordings! {
    SUPPORT_ALLOWED = "support.allowed",
        "allowed: {user} for {app} in tenant {tenant}, read at {at}, next change by time: {until}, after entry {position}, {code}";
    USER_ALLOWED = "user.allowed", "You may open {app}.";
    INDIVIDUAL_TRIAL = "individual.trial", "This is a trial.";
    INDIVIDUAL_CLOSES = "individual.closes", "Your access ends on {closes}, unless you buy or renew before then.";
    INDIVIDUAL_LIST_WANTED = "individual.list-wanted",
        "Install a recent revocation list of the publisher before {until}: without one your license gives nothing from then on.";
    ADMIN_ALLOWED = "admin.allowed", "{user} may open {app}: {basis}.";
    ADMIN_ALLOWED_UNTIL = "admin.allowed-until",
        "{user} may open {app}: {basis}. Next possible change by time alone: {until}.";
    PLAN_NAME = "plan.name", "{name}";
    SOURCE_ORGANISATION = "source.organisation", "for the whole organisation";
    APPROACHING_TOLERANCE_ENDS = "approaching.tolerance-ends",
        "{at}: license {license} no longer tolerates seats beyond its units ({units})";
    APPROACHING_BEGINS = "approaching.begins", "{at}: units of license {license} become usable ({units})";
    APPROACHING_GRACE = "approaching.grace", "{at}: the term of units of license {license} ends, and their grace begins ({units})";
    APPROACHING_SUSPENDED = "approaching.suspended", "{at}: units of license {license} are suspended ({units})";
    APPROACHING_ENDED = "approaching.ended", "{at}: units of license {license} end for good ({units})";
    APPROACHING_NOT_FRESH = "approaching.not-fresh",
        "{at}: units of license {license} give nothing without a recent revocation list ({units})";
    APPROACHING_PHASE = "approaching.phase", "{at}: units of license {license} become {phase} ({units})";
    DETAIL_PLACE = "detail.place", "seat {place}";
}

impl Allow<'_> {
    /// Returns why access is allowed, as text for an audience.
    ///
    /// The user reads that access is allowed; a user who is the whole tenant also when it ends, where
    /// that is near or it is a trial; the administrator the plan, the sources of the seat and the
    /// upcoming changes; the support desk everything that led to the answer.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        match audience {
            Audience::User => for_user(&explanation, &mut text),
            Audience::Individual => self.for_individual(&explanation, &mut text),
            Audience::Administrator => for_administrator(&explanation, &mut text),
            Audience::SupportDesk => self.for_support(&explanation, &mut text),
        }
        text
    }

    fn for_individual(&self, explanation: &AllowExplanation, text: &mut Text) {
        for_user(explanation, text);
        if explanation.basis == Basis::Trial {
            text.state(INDIVIDUAL_TRIAL.message());
        }
        for warning in &explanation.warnings {
            if let Warning::ListWanted { until } = warning {
                text.state(INDIVIDUAL_LIST_WANTED.message().with("until", until));
            }
        }
        let is_for_good = matches!(explanation.basis, Basis::Unmanaged | Basis::Free | Basis::Paid);
        if is_for_good && explanation.warnings.is_empty() {
            return;
        }
        let closes = self.closes();
        // Where only a list is missing, it is enough.
        if explanation.warnings.contains(&Warning::ListWanted { until: closes }) {
            return;
        }
        if let End::At(closes) = closes {
            text.state(INDIVIDUAL_CLOSES.message().with("closes", Value::EndsAt(closes)));
        }
    }

    fn for_support(&self, explanation: &AllowExplanation, text: &mut Text) {
        let tenant = self.question.tenant;
        let message = SUPPORT_ALLOWED.message();
        let message = message.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let message = message.with("at", explanation.at).with("until", &explanation.until);
        text.state(
            message
                .with("position", Value::ordinal(tenant.position()))
                .with("code", Value::Literal(explanation.basis.code().into())),
        );
        warn(explanation, text);
        if let AllowedBy::Plan(ground) = &explanation.by {
            by_plan(ground, text);
            details(self.question, &ground.plan, text);
            for required in &ground.requires {
                by_plan(required, text);
                details(self.question, &required.plan, text);
            }
        }
    }
}

fn app_name(explanation: &AllowExplanation) -> Value {
    app_name_value(explanation.app_name.as_ref(), &explanation.app)
}

fn for_user(explanation: &AllowExplanation, text: &mut Text) {
    let message = USER_ALLOWED.message();
    text.state(message.with("app", app_name(explanation)));
}

fn for_administrator(explanation: &AllowExplanation, text: &mut Text) {
    let message = match explanation.until {
        End::Never => ADMIN_ALLOWED.message(),
        End::At(until) => ADMIN_ALLOWED_UNTIL.message().with("until", Value::EndsAt(until)),
    };
    let message = message.with("user", &explanation.user).with("app", app_name(explanation));
    text.state(message.with("basis", &explanation.basis));
    warn(explanation, text);
    if let AllowedBy::Plan(ground) = &explanation.by {
        for ground in core::iter::once(ground).chain(&ground.requires) {
            by_plan(ground, text);
            for next in &ground.approaching {
                text.push(TextPart::Detail, [approaching(next)]);
            }
        }
    }
}

fn by_plan(ground: &GrantingPlan, text: &mut Text) {
    let name = PLAN_NAME.message().with("name", &ground.name);
    match &ground.seat {
        Seat::Organisation => {
            let all = SOURCE_ORGANISATION.message();
            text.push(TextPart::Plan, [name, all]);
        }
        Seat::User { place, sources: from } => {
            text.push(TextPart::Plan, core::iter::once(name).chain(from.iter().map(source)));
            text.push(TextPart::Detail, [DETAIL_PLACE.message().with("place", place)]);
        }
    }
}

fn approaching(next: &UpcomingChange) -> Message {
    let message = match next.change {
        GrantChange::ToleranceEnds => APPROACHING_TOLERANCE_ENDS.message(),
        GrantChange::Becomes { to: Phase::Active, .. } => APPROACHING_BEGINS.message(),
        GrantChange::Becomes { to: Phase::Grace, .. } => APPROACHING_GRACE.message(),
        GrantChange::Becomes { to: Phase::Suspended, .. } => APPROACHING_SUSPENDED.message(),
        GrantChange::Becomes { to: Phase::Ended, .. } => APPROACHING_ENDED.message(),
        GrantChange::Becomes { to: Phase::NotFresh, .. } => APPROACHING_NOT_FRESH.message(),
        GrantChange::Becomes { to, .. } => APPROACHING_PHASE.message().with("phase", &to),
    };
    message.with("at", next.at).with("license", &next.license).with("units", &next.units)
}

fn warn(explanation: &AllowExplanation, text: &mut Text) {
    for warning in &explanation.warnings {
        text.push(TextPart::Detail, [warning.message()]);
    }
}
