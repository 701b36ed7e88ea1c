//! An allow in words.

use crate::allow_explanation::{AllowExplanation, AllowedBy, GrantingPlan, Seat, UpcomingChange};
use crate::decision::Allow;
use crate::grants::GrantChange;
use crate::message::Message;
use crate::text::detail::{details, sources};
use crate::text::{Audience, Text, TextPart};
use crate::time::{End, Phase, Written};

impl Allow<'_> {
    /// Why, in words for a reader.
    ///
    /// The user reads that they may; the administrator the plan, whence the user has it, and what is approaching; the support
    /// desk all that led to the answer.
    #[must_use]
    pub fn text(&self, reader: Audience) -> Text {
        let grounds = self.explain();
        let mut text = Text::new();
        match reader {
            Audience::User => for_user(&grounds, &mut text),
            Audience::Administrator => for_administrator(&grounds, &mut text),
            Audience::SupportDesk => self.for_support(&grounds, &mut text),
        }
        text
    }

    fn for_support(&self, grounds: &AllowExplanation, text: &mut Text) {
        let tenant = self.question.tenant;
        let say = Message::new(
            "support.allowed",
            "allowed: `{user}` for `{app}` in tenant `{tenant}`, read at {at}, until {until}, after event {position}, {code}",
        );
        let say = say.with("user", &grounds.user).with("app", &grounds.app).with("tenant", tenant.id());
        let say = say.with("at", Written(grounds.at)).with("until", grounds.until);
        text.state(say.with("position", tenant.position()).with("code", grounds.basis.code()));
        if let AllowedBy::Plan(ground) = &grounds.by {
            by_plan(ground, text);
            details(self.question, &ground.plan, text);
            for required in &ground.requires {
                by_plan(required, text);
                details(self.question, &required.plan, text);
            }
        }
        warn(grounds, text);
    }
}

fn for_user(grounds: &AllowExplanation, text: &mut Text) {
    let say = Message::new("user.allowed", "You may open `{app}`.");
    text.state(say.with("app", &grounds.app));
}

fn for_administrator(grounds: &AllowExplanation, text: &mut Text) {
    let say = match grounds.until {
        End::Never => Message::new("admin.allowed", "`{user}` may open `{app}`: {basis}."),
        End::At(until) => {
            let words = "`{user}` may open `{app}`: {basis}; by time alone that may change {until}.";
            Message::new("admin.allowed-until", words).with("until", Written(until))
        }
    };
    text.state(say.with("user", &grounds.user).with("app", &grounds.app).with("basis", grounds.basis));
    if let AllowedBy::Plan(ground) = &grounds.by {
        for ground in core::iter::once(ground).chain(&ground.requires) {
            by_plan(ground, text);
            for next in &ground.approaching {
                text.say(TextPart::Detail, [approaching(next)]);
            }
        }
    }
    warn(grounds, text);
}

fn by_plan(ground: &GrantingPlan, text: &mut Text) {
    let name = Message::new("plan.name", "{name}").with("name", &ground.name);
    match &ground.seat {
        Seat::Organisation => {
            let all = Message::new("source.organisation", "for the whole organisation");
            text.say(TextPart::Plan, [name, all]);
        }
        Seat::User { place, sources: from } => {
            text.say(TextPart::Plan, core::iter::once(name).chain(sources(from)));
            text.say(
                TextPart::Detail,
                [Message::new("detail.place", "place {place} in the line").with("place", place)],
            );
        }
    }
}

fn approaching(next: &UpcomingChange) -> Message {
    let (code, words) = match next.turn {
        GrantChange::ToleranceEnds => (
            "approaching.tolerance-ends",
            "{at}: license {license} tolerates no seats beyond its units ({units}) any more",
        ),
        GrantChange::Becomes { to: Phase::Active, .. } => {
            ("approaching.begins", "{at}: license {license} begins (units: {units})")
        }
        GrantChange::Becomes { to: Phase::Grace, .. } => {
            ("approaching.grace", "{at}: license {license} ends (units: {units}), grace begins")
        }
        GrantChange::Becomes { .. } => ("approaching.phase", "{at}: license {license} is {phase} (units: {units})"),
    };
    let say = Message::new(code, words).with("at", Written(next.at)).with("units", next.units);
    let say = say.with("license", next.license);
    match next.turn {
        GrantChange::Becomes { to, .. } => say.with("phase", to),
        GrantChange::ToleranceEnds => say,
    }
}

fn warn(grounds: &AllowExplanation, text: &mut Text) {
    for warning in &grounds.warnings {
        text.say(TextPart::Detail, [warning.sentence()]);
    }
}
