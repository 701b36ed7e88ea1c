//! A scenario that prints its steps while it is checked.

use core::fmt::{Display, Write};
use std::thread;

use entitle::command::TrialName;
use entitle::time::{Length, Window};
use entitle::{Actor, Command, Grant, LicenseId, Refusal, Role, Tenant};

use crate::support::{Scenario, day, units, user};

/// Sentences so far; printed as a whole when it ends well, and in the panic's message when a sentence is not true.
pub(crate) struct Story {
    text: String,
    last: &'static str,
}

impl Story {
    pub(crate) fn of(title: &str) -> Self {
        Self { text: format!("\n{title}\n"), last: "" }
    }

    /// What is the case at first.
    pub(crate) fn given(&mut self, sentence: &str) {
        self.write_step("Given", sentence);
    }

    /// What somebody does.
    pub(crate) fn when(&mut self, sentence: &str) {
        self.write_step("When", sentence);
    }

    /// What is the case now, and the check that it is.
    pub(crate) fn then(&mut self, sentence: &str, is_so: bool) {
        self.write_step("Then", sentence);
        assert!(is_so, "this is not so:\n{}", self.text);
    }

    /// What somebody reads now, word for word.
    pub(crate) fn reads(&mut self, who: &str, text: &impl Display, expected: &str) {
        self.write_step("Then", &format!("{who} reads: \"{expected}\""));
        assert_eq!(text.to_string(), expected, "this is not what they read:\n{}", self.text);
    }

    /// What somebody may not do, and the reason they read.
    pub(crate) fn refused<T>(&mut self, who: &str, answer: Result<T, Refusal>, expected: &str) {
        self.write_step("Then", &format!("it is refused, and {who} reads: \"{expected}\""));
        let Err(refusal) = answer else { panic!("it was not refused:\n{}", self.text) };
        assert_eq!(refusal.reason.to_string(), expected, "this is not what they read:\n{}", self.text);
    }

    fn write_step(&mut self, word: &'static str, sentence: &str) {
        let keyword = if word == self.last { "and" } else { word };
        writeln!(self.text, "  {keyword:<6}{sentence}").unwrap();
        self.last = word;
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if !thread::panicking() {
            print!("{}", self.text); // at once, so that stories printed at the same time do not mix
        }
    }
}

/// A person with one role.
pub(crate) fn person(name: &str, role: Role) -> Actor {
    Actor::new(user(name)).with(role)
}

/// Starts the trial of a plan that a license holds.
pub(crate) fn start(license: u8, plan: &str) -> Command {
    Command::StartTrial(TrialName::new(LicenseId::from_random([license; 16]), plan.parse().unwrap()))
}

/// A trial of 30 days.
pub(crate) fn trial(plan: &str, n: u32, may_start: Window) -> Grant {
    Grant::trial(plan.parse().unwrap(), units(n), may_start, Length::days(30).unwrap())
}

/// Which of several people may open an app on a day.
pub(crate) fn who_opens<'a>(tenant: &Tenant, people: &[&'a str], app: &str, on: i64) -> Vec<&'a str> {
    people.iter().copied().filter(|name| tenant.opens(name, app, on)).collect()
}

/// What a user reads who may not open an app on a day.
pub(crate) fn denial(tenant: &Tenant, name: &str, app: &str, on: i64) -> String {
    tenant.see(name, app, day(on), |decision| decision.allowed().map(|_| ()).unwrap_err().to_string())
}

/// Why, one reason a plan, the nearest miss first.
pub(crate) fn why_not(tenant: &Tenant, name: &str, app: &str, on: i64) -> Vec<String> {
    let explanation = tenant.see(name, app, day(on), |decision| decision.allowed().map(|_| ()).unwrap_err());
    explanation.misses().iter().map(ToString::to_string).collect()
}

/// Whether the tenant may install on a day.
pub(crate) fn may_install(tenant: &Tenant, on: i64) -> bool {
    tenant.may_install(day(on)).is_allowed()
}

#[test]
#[should_panic(expected = "this is not so:\n\nThe moon\n  Given a telescope\n  Then  it is made of cheese")]
fn a_story_that_fails_prints_the_steps_before() {
    let mut story = Story::of("The moon");
    story.given("a telescope");
    story.then("it is made of cheese", false);
}
