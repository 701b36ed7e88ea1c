//! The text of a total over a quota.

use core::fmt;

use crate::explain::text::Audience;
use crate::explain::text::checks::{state_checks, state_checks_for_user};
use crate::explain::text::denied::{PLAN_FULL, PLAN_NAMED};
use crate::explain::text::detail::details;
use crate::explain::text::names::with_names;
use crate::explain::text::reasons::reason;
#[cfg(feature = "answers")]
use crate::explain::text::remedies::RemedyText;
use crate::message::{Message, Text, TextPart, Value, Wording, wordings};
use crate::quota::status::QuotaReading;
use crate::quota::{Over, QuotaExplanation, QuotaName, QuotaPlan, QuotaShare};

wordings! {
    UNKNOWN = "quota.unknown", "this product has no such quota";
    USER_OVER_QUOTA = "user.over-quota", "{total} {unit} are too many: {name} allows {limit}.";
    USER_RECORD_AHEAD = "user.quota-record-ahead",
        "The clock of the machine that checks the license shows {now}, but the license record was last written at \
         {floor}. Ask an administrator to compare the clock first. If the clock is wrong, this applies once it is \
         right:";
    USER_MORE = "user.more-quota", "Contact an administrator if you need more.";
    INDIVIDUAL_MORE = "individual.more-quota", "Contact the vendor if you need more.";
    ADMIN_OVER_QUOTA = "admin.over-quota", "{user} may have {limit} of {name}, and {total} are wanted.";
    ADMIN_OVER_TENANT_QUOTA = "admin.over-tenant-quota", "The organisation may have {limit} of {name}, and {total} are wanted.";
    PLAN_GIVES = "quota.plan-gives", "it gives {amount}";
    SUPPORT_OVER_QUOTA = "support.over-quota",
        "over: {user} wants {total} of {quota} in tenant {tenant}, allowed: {limit}, as of {at}, next change by time: {until}, after \
         entry {position}";
    SUPPORT_OVER_TENANT_QUOTA = "support.over-tenant-quota",
        "over: {total} of {quota} wanted in tenant {tenant}, allowed: {limit}, as of {at}, next change by time: {until}, after \
         entry {position}";
}

impl Over<'_> {
    /// Returns why the total is over the quota and what would help, as text for an audience, as
    /// [`Denial::text`](crate::Denial::text) does for an app, at the same cost. Without the feature
    /// `answers` no remedies are listed.
    #[must_use]
    pub fn text(&self, audience: Audience) -> Text {
        let explanation = self.explain();
        let mut text = Text::new();
        let Some(quota) = &explanation.quota else {
            text.state(UNKNOWN.message());
            return text;
        };
        match audience {
            Audience::User => self.for_user(&explanation, quota, &mut text),
            Audience::Individual => self.for_individual(&explanation, quota, &mut text),
            Audience::Administrator => self.for_administrator(&explanation, quota, &mut text),
            Audience::SupportDesk => self.for_support(&explanation, quota, &mut text),
        }
        text
    }

    #[cfg_attr(not(feature = "answers"), allow(clippy::unused_self, reason = "only remedies ask the total itself"))]
    fn for_user(&self, explanation: &QuotaExplanation, quota: &QuotaName, text: &mut Text) {
        state_total_for_user(explanation, quota, text);
        #[cfg(feature = "answers")]
        RemedyText::of_quota(self, explanation, Audience::User).state_own_remedies(text);
        text.state(USER_MORE.message());
    }

    fn for_individual(&self, explanation: &QuotaExplanation, quota: &QuotaName, text: &mut Text) {
        self.state_checks(explanation, Audience::Individual, text);
        text.state(over(USER_OVER_QUOTA, explanation, quota).with("unit", &quota.unit));
        self.list_remedies(explanation, Audience::Individual, text);
        text.state(INDIVIDUAL_MORE.message());
    }

    fn for_administrator(&self, explanation: &QuotaExplanation, quota: &QuotaName, text: &mut Text) {
        text.state(match &explanation.user {
            Some(user) => over(ADMIN_OVER_QUOTA, explanation, quota).with("user", user),
            None => over(ADMIN_OVER_TENANT_QUOTA, explanation, quota),
        });
        self.state_checks(explanation, Audience::Administrator, text);
        let catalog = self.status.question.reading.tenant.catalog();
        for plan in &explanation.plans {
            let name = PLAN_NAMED.message().with("name", &plan.name).with("plan", &plan.plan);
            text.push(TextPart::Plan, [name, with_names(self.gives(plan), catalog)]);
        }
        self.list_remedies(explanation, Audience::Administrator, text);
    }

    fn for_support(&self, explanation: &QuotaExplanation, quota: &QuotaName, text: &mut Text) {
        let tenant = self.status.question.reading.tenant;
        let message = match &explanation.user {
            Some(user) => SUPPORT_OVER_QUOTA.message().with("user", user),
            None => SUPPORT_OVER_TENANT_QUOTA.message(),
        };
        let message = message.with("total", explanation.wanted).with("quota", &quota.id).with("tenant", tenant.id());
        let message = message.with("limit", &explanation.amount).with("at", explanation.at);
        let message = message.with("until", &explanation.until);
        text.state(message.with("position", Value::ordinal(tenant.position())));
        self.state_checks(explanation, Audience::SupportDesk, text);
        for plan in &explanation.plans {
            let code = match &plan.gives {
                QuotaShare::Amount(_) => PLAN_GIVES.code(),
                QuotaShare::Nothing(reason) => reason.code(),
            };
            let name = PLAN_FULL.message().with("name", &plan.name).with("plan", &plan.plan);
            text.push(TextPart::Plan, [name.with("code", Value::Literal(code.into())), self.gives(plan)]);
            details(tenant, explanation.user.as_ref(), &plan.plan, explanation.at, text);
        }
        self.list_remedies(explanation, Audience::SupportDesk, text);
    }

    /// Returns what a plan gives, or why it gives nothing.
    fn gives(&self, plan: &QuotaPlan) -> Message {
        match &plan.gives {
            QuotaShare::Amount(amount) => PLAN_GIVES.message().with("amount", amount),
            QuotaShare::Nothing(why) => {
                let QuotaReading { tenant, at, .. } = self.status.question.reading;
                reason(tenant, &plan.plan, why, at)
            }
        }
    }

    #[cfg_attr(
        not(feature = "answers"),
        allow(clippy::unused_self, unused_variables, reason = "only remedies ask the total itself")
    )]
    fn list_remedies(&self, explanation: &QuotaExplanation, audience: Audience, text: &mut Text) {
        #[cfg(feature = "answers")]
        RemedyText::of_quota(self, explanation, audience).list_found(text);
    }

    #[cfg_attr(
        not(feature = "answers"),
        allow(clippy::unused_self, unused_variables, reason = "only remedies ask the total itself")
    )]
    fn state_checks(&self, explanation: &QuotaExplanation, audience: Audience, text: &mut Text) {
        #[cfg(feature = "answers")]
        let is_clock_stated = RemedyText::of_quota(self, explanation, audience).state_clock(text);
        #[cfg(not(feature = "answers"))]
        let is_clock_stated = false;
        state_checks(
            self.status.question.reading.tenant,
            &explanation.check_first,
            usize::from(is_clock_stated),
            audience,
            text,
        );
    }
}

impl QuotaExplanation {
    /// Returns what a user of an organisation reads: what to check first, the total, the quota and its
    /// amount, and whom to ask.
    ///
    /// [`Over::text`] also names what the user can do alone, and speaks to other audiences; it needs the
    /// tenant.
    #[must_use]
    pub fn text(&self) -> Text {
        let mut text = Text::new();
        let Some(quota) = &self.quota else {
            text.state(UNKNOWN.message());
            return text;
        };
        state_total_for_user(self, quota, &mut text);
        text.state(USER_MORE.message());
        text
    }
}

impl fmt::Display for QuotaExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().in_one_line())
    }
}

impl core::error::Error for QuotaExplanation {}

fn state_total_for_user(explanation: &QuotaExplanation, quota: &QuotaName, text: &mut Text) {
    state_checks_for_user(&explanation.check_first, USER_RECORD_AHEAD.message(), text);
    text.state(over(USER_OVER_QUOTA, explanation, quota).with("unit", &quota.unit));
}

fn over(wording: Wording, explanation: &QuotaExplanation, quota: &QuotaName) -> Message {
    let message = wording.message().with("total", explanation.wanted).with("name", &quota.name);
    message.with("limit", &explanation.amount)
}
