//! The questions of `entitle catalog new`, each with what its answers mean.

/// What stands in a question for the ids or the unit that are answered before.
const ANSWERED: &str = "{}";

/// A question, with what an answer means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    text: &'static str,
    /// What the help shows for what is answered before.
    answered: &'static str,
    /// When it is asked; empty for always.
    when: &'static str,
}

pub(super) const PUBLISHER: Question = fixed("Publisher's id (who sells; it is in every license), as in fabrikam");
pub(super) const OFFER: Question = fixed("Offer's id (the product that is sold), as in f365");
pub(super) const OFFER_NAME: Question = fixed("Its name for people (empty: the id)");
pub(super) const MANAGEMENT: Question =
    fixed("License management (yes: apps need a plan; no: all apps are open): yes or no");
pub(super) const INSTALLATION: Question =
    fixed("May tenants install it without a license (no: only with one): yes or no").only("with license management");

pub(super) const APP: Question = fixed("App's id (a part that users open), as in f365/orders (empty: no more apps)");
pub(super) const APP_NAME: Question = fixed("  its name for people (empty: the id)");
pub(super) const FREE: Question = fixed("  free for everyone (no: only users with a plan open it): yes or no");

pub(super) const QUOTA: Question = fixed(
    "Quota's id (a limit for the application, which entitle does not count), as in\n  projects (empty: no more quotas)",
);
pub(super) const QUOTA_NAME: Question = fixed("  its name for people");
pub(super) const UNIT: Question = fixed("  its unit, in the plural, as in gigabytes");
pub(super) const WHOSE: Question = fixed("  whose number it is (of each user, or of all in a tenant): user or tenant");
pub(super) const COMBINATION: Question =
    fixed("  of several plans, the largest number or the sum of all: largest or sum");
pub(super) const FREE_AMOUNT: Question = fixed("  the number that everyone has without a license (empty: 0)");

pub(super) const PLAN: Question = fixed("Plan's id (what is bought), as in gold (empty: no more plans)");
pub(super) const PLAN_NAME: Question = fixed("  its name for people");
pub(super) const SCOPE: Question = fixed(
    "  what a unit covers (tenant: all users; user: a seat; capacity: work that\n  consumes it, by calendar month): tenant, user or capacity",
);
pub(super) const APPS: Question = with("  the apps that it opens, of {} (empty: none)", "those that are not free")
    .only("of a tenant or user plan, where an app is not free");
pub(super) const NEED: Question =
    with("  the plans of which it needs one to work, of {} (empty: none)", "those above it")
        .only("where a plan before it can be needed: of a tenant plan tenant plans");
pub(super) const FURTHER_NEED: Question =
    with("  further plans of which it also needs one, of {} (empty: none)", "the others")
        .only("after plans in the question before, while others are left");
pub(super) const AMOUNT: Question =
    with("  {} that it gives: a number or unlimited (empty: none)", "for each quota, the units")
        .only("where there are quotas; of a capacity plan those of the tenant");
pub(super) const PER: Question = fixed("  given for each unit that is bought, or once for all of them: unit or plan")
    .only("after a number, of a tenant's quota in a user or capacity plan");

pub(super) const WITH_PLAN: Question =
    with("A tenant may install it with a license of {} (empty: of any plan)", "these plans")
        .only("where tenants may not install it without a license");

/// What is counted, and by whom.
const COUNTED: &str = "\
A quota has no period, and entitle does not count its use: it is a limit for the
application, which asks for it. To have use counted, sell a capacity plan: its
units are for each calendar month (UTC), what is unused lapses, and 25 percent
more may be consumed; `overage` in the catalog's file says another percentage.";

/// All questions, in order.
const ALL: [Question; 23] = [
    PUBLISHER,
    OFFER,
    OFFER_NAME,
    MANAGEMENT,
    INSTALLATION,
    APP,
    APP_NAME,
    FREE,
    QUOTA,
    QUOTA_NAME,
    UNIT,
    WHOSE,
    COMBINATION,
    FREE_AMOUNT,
    PLAN,
    PLAN_NAME,
    SCOPE,
    APPS,
    NEED,
    FURTHER_NEED,
    AMOUNT,
    PER,
    WITH_PLAN,
];

const fn fixed(text: &'static str) -> Question {
    Question { text, answered: "", when: "" }
}

const fn with(text: &'static str, answered: &'static str) -> Question {
    Question { text, answered, when: "" }
}

impl Question {
    const fn only(self, when: &'static str) -> Self {
        Self { when, ..self }
    }

    /// Returns its lines in the help.
    fn help(self) -> String {
        let question = format!("  {}", self.about(self.answered).replace('\n', "\n  "));
        if self.when.is_empty() { question } else { format!("{question}\n      [only {}]", self.when) }
    }

    /// Returns the prompt of a question about what is answered before.
    pub(super) fn about(self, answered: &str) -> String {
        self.text.replace(ANSWERED, answered)
    }

    /// Returns the prompt.
    pub(super) fn prompt(self) -> String {
        // In one line, whatever the help needs.
        self.text.replace("\n ", "")
    }
}

/// Returns the help of the command, with all questions in order.
pub(super) fn help() -> String {
    let lines: Vec<String> = ALL.iter().map(|question| question.help()).collect();
    format!(
        "Write a catalog by answering questions about the offer.\n\nExample: `entitle catalog new -o f365.json`. Answers can also be lines of\nstandard input. These are the questions, in order; those with an indent are\nabout each app, quota or plan. [only …] says when one\nis asked.\n\n{}\n\n{}",
        lines.join("\n"),
        COUNTED
    )
}

#[cfg(test)]
mod tests {
    use super::{ALL, help};

    #[test]
    fn each_question_is_a_line_or_two_of_the_help() {
        let help = help();
        for question in ALL {
            assert!(help.contains(&question.help()), "{question:?}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
}
