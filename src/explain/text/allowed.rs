//! The text of an allow.

use crate::catalog::app_name::AppName;
use crate::decision::Allow;
use crate::explain::allow_explanation::{AllowExplanation, AllowedBy, GrantingPlan, Seat, UpcomingChange};
use crate::explain::text::detail::{details, sources};
use crate::explain::text::{Audience, Text, TextPart};
use crate::message::Message;
use crate::query::grants::GrantChange;
use crate::time::{End, Phase, Written};

impl Allow<'_> {
    /// Returns why access is allowed, as text for an audience.
    ///
    /// The user reads that access is allowed; the administrator the plan, the sources of the seat
    /// and the upcoming changes; the support desk everything that led to the answer.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        match audience {
            Audience::User | Audience::Individual => for_user(&explanation, &mut text),
            Audience::Administrator => for_administrator(&explanation, &mut text),
            Audience::SupportDesk => self.for_support(&explanation, &mut text),
        }
        text
    }

    fn for_support(&self, explanation: &AllowExplanation, text: &mut Text) {
        let tenant = self.question.tenant;
        let message = Message::new(
            "support.allowed",
            "allowed: `{user}` for `{app}` in tenant `{tenant}`, read at {at}, until {until}, after event {position}, {code}",
        );
        let message = message.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let message = message.with("at", Written(explanation.at)).with("until", explanation.until);
        text.state(message.with("position", tenant.position()).with("code", explanation.basis.code()));
        if let AllowedBy::Plan(ground) = &explanation.by {
            by_plan(ground, text);
            details(self.question, &ground.plan, text);
            for required in &ground.requires {
                by_plan(required, text);
                details(self.question, &required.plan, text);
            }
        }
        warn(explanation, text);
    }
}

fn app_name(explanation: &AllowExplanation) -> AppName<'_> {
    AppName::new(explanation.app_name.as_ref(), &explanation.app)
}

fn for_user(explanation: &AllowExplanation, text: &mut Text) {
    let message = Message::new("user.allowed", "You may open {app}.");
    text.state(message.with("app", app_name(explanation)));
}

fn for_administrator(explanation: &AllowExplanation, text: &mut Text) {
    let message = match explanation.until {
        End::Never => Message::new("admin.allowed", "`{user}` may open {app}: {basis}."),
        End::At(until) => {
            let english = "`{user}` may open {app}: {basis}. Next possible change by time alone: {until}.";
            Message::new("admin.allowed-until", english).with("until", Written(until))
        }
    };
    let message = message.with("user", &explanation.user).with("app", app_name(explanation));
    text.state(message.with("basis", explanation.basis));
    if let AllowedBy::Plan(ground) = &explanation.by {
        for ground in core::iter::once(ground).chain(&ground.requires) {
            by_plan(ground, text);
            for next in &ground.approaching {
                text.push(TextPart::Detail, [approaching(next)]);
            }
        }
    }
    warn(explanation, text);
}

fn by_plan(ground: &GrantingPlan, text: &mut Text) {
    let name = Message::new("plan.name", "{name}").with("name", &ground.name);
    match &ground.seat {
        Seat::Organisation => {
            let all = Message::new("source.organisation", "for the whole organisation");
            text.push(TextPart::Plan, [name, all]);
        }
        Seat::User { place, sources: from } => {
            text.push(TextPart::Plan, core::iter::once(name).chain(sources(from)));
            text.push(
                TextPart::Detail,
                [Message::new("detail.place", "place {place} in the queue").with("place", place)],
            );
        }
    }
}

fn approaching(next: &UpcomingChange) -> Message {
    let (code, english) = match next.change {
        GrantChange::ToleranceEnds => (
            "approaching.tolerance-ends",
            "{at}: license {license} no longer tolerates seats beyond its units ({units})",
        ),
        GrantChange::Becomes { to: Phase::Active, .. } => {
            ("approaching.begins", "{at}: license {license} begins (units: {units})")
        }
        GrantChange::Becomes { to: Phase::Grace, .. } => {
            ("approaching.grace", "{at}: license {license} ends (units: {units}), grace begins")
        }
        GrantChange::Becomes { .. } => ("approaching.phase", "{at}: license {license} is {phase} (units: {units})"),
    };
    let message = Message::new(code, english).with("at", Written(next.at)).with("units", next.units);
    let message = message.with("license", next.license);
    match next.change {
        GrantChange::Becomes { to, .. } => message.with("phase", to),
        GrantChange::ToleranceEnds => message,
    }
}

fn warn(explanation: &AllowExplanation, text: &mut Text) {
    for warning in &explanation.warnings {
        text.push(TextPart::Detail, [warning.message()]);
    }
}
