//! A denial in words.

use alloc::vec::Vec;

use crate::decision::{Denial, Question};
use crate::explain::{Cause, Explanation, Reason};
use crate::remedy::{Remedy, Step};
use crate::sentence::Sentence;
use crate::tenant::command::Command;
use crate::text::detail::details;
use crate::text::{Part, Reader, Text};
use crate::time::Written;

/// How many remedies a text lists at most: more are no help.
const SHOWN: usize = 5;

/// How much is tried for them at most, so that a text costs no more than so many commands.
const EFFORT: u64 = 200;

impl Denial<'_> {
    /// Why not, and what would help, in words for a reader.
    ///
    /// The user reads whom to ask, and what they can do themself: wait, or sign up for a trial. The administrator reads one
    /// reason a plan and the first few remedies; the support desk all that led to the answer. Its cost is that of
    /// [`Denial::remedies`], as far as they are listed, and no more than a few hundred commands.
    #[must_use]
    pub fn text(&self, reader: Reader) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        match reader {
            Reader::User => self.for_user(&explanation, &mut text),
            Reader::Administrator => self.for_administrator(&explanation, &mut text),
            Reader::SupportDesk => self.for_support(&explanation, &mut text),
        }
        text
    }

    fn for_user(&self, explanation: &Explanation, text: &mut Text) {
        text.state(for_user(explanation));
        for miss in explanation.misses() {
            if let Reason::Waiting { place, limit } = &miss.reason {
                let say = Sentence::new(
                    "user.in-line",
                    "You are in line for a seat of {name}: place {place}, with seats for {limit}.",
                );
                text.state(say.with("name", &miss.name).with("place", place).with("limit", limit));
            }
        }
        for remedy in self.remedies().within(EFFORT).take_while(|remedy| remedy.steps().len() == 1) {
            match remedy.steps() {
                [Step::Wait { until }] => {
                    let say = Sentence::new("user.wait", "It will open for you by itself: {until}.");
                    text.state(say.with("until", Written(*until)));
                }
                [Step::Do(Command::SignUp(name))] => {
                    let plan = self.question.tenant.catalog().plan(&name.plan);
                    let say = Sentence::new("user.sign-up", "You can sign up for a trial of {name} by yourself.");
                    text.state(say.with("name", plan.map_or(name.plan.as_str(), |plan| plan.name.as_str())));
                }
                _ => {}
            }
        }
    }

    fn for_administrator(&self, explanation: &Explanation, text: &mut Text) {
        let say = Sentence::new("admin.denied", "`{user}` may not open `{app}`.");
        text.state(say.with("user", &explanation.user).with("app", &explanation.app));
        for miss in explanation.misses() {
            let name =
                Sentence::new("plan.named", "{name} (`{plan}`)").with("name", &miss.name).with("plan", &miss.plan);
            text.say(Part::Plan, [name, miss.reason.sentence()]);
        }
        self.list_remedies(explanation, text);
    }

    fn list_remedies(&self, explanation: &Explanation, text: &mut Text) {
        if explanation.misses().is_empty() {
            text.state(explanation.sentence());
            return;
        }
        let remedies: Vec<Remedy> = self.remedies().within(EFFORT).take(SHOWN.saturating_add(1)).collect();
        if remedies.is_empty() {
            text.state(Sentence::new("admin.no-remedy", "Nothing that was tried would help: ask the publisher."));
            return;
        }
        let words = if remedies.len() == 1 { "This would help:" } else { "Any of these would help:" };
        text.state(Sentence::new("admin.remedies", words));
        for remedy in remedies.iter().take(SHOWN) {
            text.say(Part::Remedy, remedy.steps().iter().map(Step::sentence));
        }
        if remedies.len() > SHOWN {
            text.say(Part::Detail, [Sentence::new("admin.more-remedies", "and there are more ways")]);
        }
    }

    fn for_support(&self, explanation: &Explanation, text: &mut Text) {
        let Question { tenant, .. } = self.question;
        let say = Sentence::new(
            "support.denied",
            "denied: `{user}` for `{app}` in tenant `{tenant}`, read at {at}, until {until}, after event {position}",
        );
        let say = say.with("user", &explanation.user).with("app", &explanation.app).with("tenant", tenant.id());
        let say = say.with("at", Written(explanation.at)).with("until", explanation.until);
        text.state(say.with("position", tenant.position()));
        for miss in explanation.misses() {
            let plan = Sentence::new("plan.full", "{name} (`{plan}`, {code})");
            let plan = plan.with("name", &miss.name).with("plan", &miss.plan).with("code", miss.reason.code());
            text.say(Part::Plan, [plan, miss.reason.sentence()]);
            details(self.question, &miss.plan, text);
        }
        self.list_remedies(explanation, text);
    }
}

/// As [`Explanation::sentence`], which is an error's, said to somebody.
fn for_user(explanation: &Explanation) -> Sentence {
    let words = match explanation.cause {
        Cause::UnknownApp => return explanation.sentence(),
        Cause::Plans(_) => "You have no license for `{app}`. Contact an administrator for a license: {plans}.",
    };
    explanation.sentence().saying(words)
}
