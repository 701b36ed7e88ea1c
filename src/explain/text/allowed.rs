//! The text of an allow.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::app_name::app_name_value;
use crate::catalog::basis::Basis;
use crate::catalog::offer::Plan;
use crate::decision::{Allow, Decision, Question, Warning};
use crate::explain::allow_explanation::{AllowExplanation, AllowedBy, GrantingPlan, Seat};
use crate::explain::text::Audience;
use crate::explain::text::detail::details;
use crate::explain::text::missing_list::lacks_list_from;
use crate::explain::text::taken_back::is_ended_early;
use crate::explain::text::upcoming::approaching;
use crate::id::Label;
use crate::license::grant::Fallback;
use crate::license::phases::PhaseTimeline;
use crate::message::{Message, Text, TextPart, Value, Wording, wordings};
use crate::tenant::source::source;
use crate::time::{End, Phase};

wordings! {
    SUPPORT_ALLOWED = "support.allowed",
        "allowed: {user} for {app} in tenant {tenant}, as of {at}, next change by time: {until}, after entry {position}, {code}";
    USER_ALLOWED = "user.allowed", "You may open {app}.";
    INDIVIDUAL_TRIAL = "individual.trial", "This is a trial.";
    INDIVIDUAL_CLOSES = "individual.closes", "Your access ends on {closes}, unless you buy or renew {name} before then.";
    INDIVIDUAL_EXPIRES = "individual.expires",
        "The term of your license for {name} ends on {expires}: renew it before then. Without that your access ends on {closes}.";
    INDIVIDUAL_IN_GRACE = "individual.in-grace",
        "The term of your license for {name} has ended: renew it before {closes}, when your access ends.";
    INDIVIDUAL_FALLBACK = "individual.fallback",
        "In releases of the application from before {fallback}, your license for {name} goes on without an end.";
    INDIVIDUAL_TRIAL_CLOSES = "individual.trial-closes", "Your access ends on {closes}, unless you buy {name} before then.";
    INDIVIDUAL_OVER_ASSIGNED = "individual.over-assigned",
        "More seats are assigned ({seated}) than you have units ({usable}): your access ends on {closes}, unless you buy units of \
         {name} or take back the seat of somebody else before then.";
    INDIVIDUAL_GAP = "individual.gap",
        "You will have no access from {closes} until {opens}, when a license begins that is installed already: if that is too late, ask the vendor \
         for an earlier start, or buy for that time.";
    INDIVIDUAL_LIST_WANTED_WITHOUT_END = "individual.list-wanted-without-end",
        "Install the latest revocation list, which the vendor provides: your license requires a more recent one.";
    INDIVIDUAL_LIST_WANTED = "individual.list-wanted",
        "Install the latest revocation list, which the vendor provides, before {until}: without it your license gives nothing from \
         then on.";
    ADMIN_ALLOWED = "admin.allowed", "{user} may open {app}: {basis}.";
    ADMIN_ALLOWED_UNTIL = "admin.allowed-until",
        "{user} may open {app}: {basis}. Next change by time alone, on {until}: {change}.";
    ADMIN_TRIAL_CLOSES = "admin.trial-closes", "this is a trial: without a purchase, access ends on {closes}";
    ADMIN_CLOSES = "admin.closes", "without a renewal or a purchase, access ends on {closes}";
    ADMIN_TAKEN_BACK_LATER = "admin.taken-back-later",
        "the publisher ends the license of {name} on {closes}, and access with it: contact the publisher before you buy or renew it";
    SUPPORT_TAKEN_BACK_LATER = "support.taken-back-later",
        "the license of {name} is ended early on {closes}, and access with it: find out why before it is sold again";
    INDIVIDUAL_TAKEN_BACK_LATER = "individual.taken-back-later",
        "The vendor ends your license for {name} on {closes}, and your access with it: contact the vendor before you buy or renew it.";
    ADMIN_OVER_ASSIGNED = "admin.over-assigned",
        "more seats are assigned ({seated}) than licensed ({usable}), which is tolerated until {until}: buy units or free seats before \
         then";
    ADMIN_GAP = "admin.gap",
        "this user has no access from {closes} until {opens}, when a license begins that is installed already: if that is too late, ask the \
         publisher for an earlier start, or buy for that time";
    SUPPORT_GAP = "support.gap",
        "this user has no access from {closes} until {opens}, when a license begins that is installed already: if that is too late, issue the \
         license with an earlier start, or have the customer buy for that time";
    SUPPORT_IN_GRACE = "support.in-grace",
        "the term of the license has ended: have the customer renew it before its grace ends on {until}";
    SUPPORT_OVER_ASSIGNED = "support.over-assigned",
        "more seats are assigned ({seated}) than licensed ({usable}), which is tolerated until {until}: have the customer buy units or \
         free seats before then";
    SUPPORT_LIST_WANTED = "support.list-wanted",
        "send the customer the latest revocation list, and have it installed before {until}: without it the license gives nothing \
         from then on";
    SUPPORT_EXPIRING = "support.expiring-soon",
        "the term that covers this user ends on {at}: have the customer renew or replace it before then";
    SUPPORT_NEXT = "support.next", "next change by time: {change}";
    NEXT_CLOSED = "next.closed", "access ends";
    NEXT_GRACE = "next.grace", "the term ends, and grace begins";
    NEXT_TOLERATED = "next.tolerated", "the seat is no longer covered by units, and is tolerated for a time";
    NEXT_EXPIRING = "next.expiring-soon", "the notice begins that the term ends soon";
    NEXT_LIST_WANTED = "next.list-wanted", "the notice begins that a recent revocation list is wanted";
    NEXT_LIST_SOON = "next.list-soon", "the notice of the missing revocation list becomes urgent";
    NEXT_PAID = "next.paid", "access becomes paid";
    NEXT_TRIAL = "next.trial", "access becomes a trial";
    NEXT_UNITS = "next.units", "units change as listed below, and access stays";
    NEXT_OTHER = "next.other", "units or a notice of another plan change, and access stays";
    PLAN_NAME = "plan.name", "{name}";
    SOURCE_ORGANISATION = "source.organisation", "for the whole organisation";
    DETAIL_PLACE = "detail.place", "seat number {place}";
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
            Audience::Administrator => self.for_administrator(&explanation, &mut text),
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
            match warning {
                Warning::ListWanted { until: End::Never } => text.state(INDIVIDUAL_LIST_WANTED_WITHOUT_END.message()),
                Warning::ListWanted { until } => text.state(INDIVIDUAL_LIST_WANTED.message().with("until", until)),
                _ => {}
            }
        }
        let is_for_good = matches!(explanation.basis, Basis::Unmanaged | Basis::Free | Basis::Paid);
        let closes = self.closes();
        // A plan that the granting plan requires ends without a warning.
        let soon = End::after(self.question.at, self.question.tenant.catalog().offer().notice);
        if is_for_good && explanation.warnings.is_empty() && closes > soon {
            return;
        }
        // Where only a list is missing, it is enough.
        if wants_list(&explanation.warnings, closes) {
            return;
        }
        let (End::At(at), AllowedBy::Plan(ground)) = (closes, &explanation.by) else { return };
        if self.lacks_list_from(at) {
            text.state(INDIVIDUAL_LIST_WANTED.message().with("until", at));
            return;
        }
        let message = self.end_for_individual(explanation, ground, at);
        text.state(message.with("closes", Value::EndsAt(at)));
        if let Some((plan, fallback)) = self.falls_back_on(at) {
            text.state(INDIVIDUAL_FALLBACK.message().with("name", &plan.name).with("fallback", fallback));
        }
    }

    /// Returns the plan that allows the app, or one that it requires, of which grants no longer cover this
    /// release from an instant on, with the latest fallback of these grants (V2). `O(n)` in the grants of
    /// these plans.
    fn falls_back_on(&self, on: DateTime<Utc>) -> Option<(&Plan, DateTime<Utc>)> {
        let core = self.question.tenant.core();
        self.plans().find_map(|plan| {
            // One that is withdrawn later ends in all releases.
            let goes_on = |timeline: &PhaseTimeline| {
                timeline.begins(Phase::ReleaseNotCovered) == Some(on) && timeline.phase_ends(on) == End::Never
            };
            let fallbacks = core.grants(&plan.id).filter_map(|(grant, timeline)| match grant.kind.fallback() {
                Fallback::Before(before) if goes_on(&timeline) => Some(before),
                _ => None,
            });
            fallbacks.max().map(|fallback| (plan, fallback))
        })
    }

    /// Returns the message about the end of access for a user who is the whole tenant, without its
    /// instant.
    fn end_for_individual(&self, explanation: &AllowExplanation, ground: &GrantingPlan, at: DateTime<Utc>) -> Message {
        // A plan that the granting plan requires may end before it.
        let ends_then = |ground: &&GrantingPlan| ground.approaching.iter().any(|next| next.at == at);
        let ending = core::iter::once(ground).chain(&ground.requires).find(ends_then).unwrap_or(ground);
        let warns = |warning: Warning| explanation.warnings.contains(&warning);
        let is_over_assigned = warns(Warning::OverAssigned { until: End::At(at) });
        let over_assigned = is_over_assigned.then(|| self.with_seats(INDIVIDUAL_OVER_ASSIGNED, explanation)).flatten();
        if over_assigned.is_none() {
            if let End::At(opens) = self.opens_again(at) {
                return INDIVIDUAL_GAP.message().with("opens", opens);
            }
        }
        let message = if let Some(message) = over_assigned {
            message
        } else if let Some(taken_back) = self.taken_back_on(at) {
            return INDIVIDUAL_TAKEN_BACK_LATER.message().with("name", taken_back);
        } else if explanation.basis == Basis::Trial {
            INDIVIDUAL_TRIAL_CLOSES.message()
        } else if warns(Warning::InGrace { until: End::At(at) }) {
            INDIVIDUAL_IN_GRACE.message()
        } else if let Some(expires) = expires_before(&explanation.warnings, at) {
            INDIVIDUAL_EXPIRES.message().with("expires", Value::EndsAt(expires))
        } else {
            INDIVIDUAL_CLOSES.message()
        };
        message.with("name", &ending.name)
    }

    fn for_administrator(&self, explanation: &AllowExplanation, text: &mut Text) {
        let message = match explanation.until {
            End::Never => ADMIN_ALLOWED.message(),
            End::At(until) => {
                let message = ADMIN_ALLOWED_UNTIL.message().with("until", Value::EndsAt(until));
                message.with("change", self.next(explanation, until))
            }
        };
        let message = message.with("user", &explanation.user).with("app", app_name(explanation));
        text.state(message.with("basis", &explanation.basis));
        self.warn(explanation, Audience::Administrator, text);
        if let AllowedBy::Plan(ground) = &explanation.by {
            for ground in core::iter::once(ground).chain(&ground.requires) {
                by_plan(ground, text);
                for next in &ground.approaching {
                    text.push(TextPart::Detail, [approaching(next)]);
                }
            }
        }
    }

    /// Adds the warnings, and the end of access, or the time without access between what runs now and
    /// what begins later.
    fn warn(&self, explanation: &AllowExplanation, audience: Audience, text: &mut Text) {
        let (warned, over_assigned): (fn(&Warning) -> Message, Wording) = match audience {
            Audience::SupportDesk => (warned_for_support, SUPPORT_OVER_ASSIGNED),
            _ => (Warning::message, ADMIN_OVER_ASSIGNED),
        };
        let (gap, taken_back_later) = match audience {
            Audience::SupportDesk => (SUPPORT_GAP, SUPPORT_TAKEN_BACK_LATER),
            _ => (ADMIN_GAP, ADMIN_TAKEN_BACK_LATER),
        };
        let list_wanted = |at| warned(&Warning::ListWanted { until: End::At(at) });
        let closes = self.closes();
        let taken_back = closes.instant().and_then(|closes| self.taken_back_on(closes));
        // Nobody renews a trial, or what the publisher ends: the end follows.
        let is_renewed = explanation.basis != Basis::Trial && taken_back.is_none();
        let is_other_end = |warning: &Warning| {
            !is_renewed && matches!(warning, Warning::ExpiringSoon { at } if closes == End::At(*at))
        };
        for warning in explanation.warnings.iter().filter(|warning| !is_other_end(warning)) {
            let message = match warning {
                Warning::ExpiringSoon { at } if wants_list(&explanation.warnings, End::At(*at)) => continue,
                Warning::ExpiringSoon { at } if self.lacks_list_from(*at) => Some(list_wanted(*at)),
                Warning::OverAssigned { until: until @ End::At(_) } => {
                    self.with_seats(over_assigned, explanation).map(|message| message.with("until", until))
                }
                _ => None,
            };
            text.push(TextPart::Detail, [message.unwrap_or_else(|| warned(warning))]);
        }
        let End::At(closes) = closes else { return };
        let ends_access = |warning: &Warning| warning.ends_access(closes) && !is_other_end(warning);
        let message = match (self.opens_again(closes), taken_back) {
            (End::At(opens), _) => gap.message().with("opens", opens),
            (End::Never, Some(plan)) => taken_back_later.message().with("name", plan),
            (End::Never, None) if explanation.warnings.iter().any(ends_access) => return,
            (End::Never, None) if self.lacks_list_from(closes) => {
                text.push(TextPart::Detail, [list_wanted(closes)]);
                return;
            }
            (End::Never, None) if explanation.basis == Basis::Trial => ADMIN_TRIAL_CLOSES.message(),
            (End::Never, None) => ADMIN_CLOSES.message(),
        };
        text.push(TextPart::Detail, [message.with("closes", Value::EndsAt(closes))]);
    }

    /// Returns the message in a wording with the seats that are held and the usable units of the plan
    /// that allows the app, of which an over-assigned user holds one; `None` without a plan.
    fn with_seats(&self, wording: Wording, explanation: &AllowExplanation) -> Option<Message> {
        let AllowedBy::Plan(ground) = &explanation.by else { return None };
        let pool = self.question.tenant.pool(&ground.plan, self.question.at);
        Some(wording.message().with("seated", pool.seated).with("usable", &pool.usable))
    }

    /// Returns the name of the plan that allows the app, or of one that it requires, whose license the
    /// publisher ends at the end of access. `O(n)` in the tenant's grants.
    fn taken_back_on(&self, closes: DateTime<Utc>) -> Option<&Label> {
        self.plans().find(|plan| is_ended_early(self.question.tenant, &plan.id, closes)).map(|plan| &plan.name)
    }

    /// Returns whether the plan that allows the app, or one that it requires, loses units at an instant
    /// for want of a revocation list. `O(n)` in the grants of these plans.
    fn lacks_list_from(&self, on: DateTime<Utc>) -> bool {
        self.plans().any(|plan| lacks_list_from(self.question.tenant, &plan.id, on))
    }

    /// Returns the plan that allows the app, and those that it requires.
    fn plans(&self) -> impl Iterator<Item = &Plan> {
        let catalog = self.question.tenant.catalog();
        let plans = self.plan.into_iter().flat_map(|plan| core::iter::once(plan).chain(catalog.chain(plan).plans()));
        plans.filter_map(|plan| catalog.plan_at(plan))
    }

    /// Returns the first instant after the end of access at which it begins again by time alone.
    fn opens_again(&self, closes: DateTime<Utc>) -> End {
        let Question { tenant, user, app, .. } = self.question;
        match tenant.check(user, app, closes) {
            Decision::Allow(_) => End::Never,
            Decision::Deny(denial) => denial.opens(),
        }
    }

    /// Returns what happens at the first instant at which the answer can change by time alone.
    fn next(&self, explanation: &AllowExplanation, until: DateTime<Utc>) -> Message {
        let Question { tenant, user, app, .. } = self.question;
        let Decision::Allow(later) = tenant.check(user, app, until) else { return NEXT_CLOSED.message() };
        let before = |warning: &Warning| explanation.warnings.iter().any(|known| known.code() == warning.code());
        let begins = later.warnings().find(|warning| !before(warning));
        let changed = (later.basis() != explanation.basis).then_some(later.basis());
        let is_listed = |ground: &GrantingPlan| ground.approaching.iter().any(|next| next.at == until);
        let wording = match (begins, changed) {
            (Some(Warning::InGrace { .. }), _) => NEXT_GRACE,
            (Some(Warning::OverAssigned { .. }), _) => NEXT_TOLERATED,
            (Some(Warning::ListWanted { .. }), _) => NEXT_LIST_WANTED,
            (Some(Warning::ExpiringSoon { at }), _)
                if wants_list(&later.warnings().collect::<Vec<_>>(), End::At(at)) =>
            {
                NEXT_LIST_SOON
            }
            (Some(Warning::ExpiringSoon { at }), _) if self.lacks_list_from(at) => NEXT_LIST_WANTED,
            (Some(Warning::ExpiringSoon { .. }), _) => NEXT_EXPIRING,
            (None, Some(Basis::Paid)) => NEXT_PAID,
            (None, Some(Basis::Trial)) => NEXT_TRIAL,
            (None, _) => match &explanation.by {
                AllowedBy::Plan(ground) if is_listed(ground) || ground.requires.iter().any(is_listed) => NEXT_UNITS,
                _ => NEXT_OTHER,
            },
        };
        wording.message()
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
        if let End::At(until) = explanation.until {
            text.push(TextPart::Detail, [SUPPORT_NEXT.message().with("change", self.next(explanation, until))]);
        }
        self.warn(explanation, Audience::SupportDesk, text);
        if let AllowedBy::Plan(ground) = &explanation.by {
            by_plan(ground, text);
            details(tenant, Some(self.question.user), &ground.plan, self.question.at, text);
            for required in &ground.requires {
                by_plan(required, text);
                details(tenant, Some(self.question.user), &required.plan, self.question.at, text);
            }
        }
    }
}

/// Returns the message of a warning for the support desk, which has the customer act.
fn warned_for_support(warning: &Warning) -> Message {
    match warning {
        Warning::InGrace { until: until @ End::At(_) } => SUPPORT_IN_GRACE.message().with("until", until),
        Warning::ListWanted { until: until @ End::At(_) } => SUPPORT_LIST_WANTED.message().with("until", until),
        Warning::ExpiringSoon { at } => SUPPORT_EXPIRING.message().with("at", *at),
        // At the end of the calendar, or with numbers of its own.
        Warning::InGrace { .. } | Warning::OverAssigned { .. } | Warning::ListWanted { .. } => warning.message(),
    }
}

/// Returns the instant before the end of access at which a term ends that is warned of.
fn expires_before(warnings: &[Warning], closes: DateTime<Utc>) -> Option<DateTime<Utc>> {
    warnings.iter().find_map(|warning| match warning {
        Warning::ExpiringSoon { at } if *at < closes => Some(*at),
        _ => None,
    })
}

/// Returns whether a list is wanted, without which access ends at an instant, and which is enough.
fn wants_list(warnings: &[Warning], until: End) -> bool {
    warnings.contains(&Warning::ListWanted { until })
}

fn app_name(explanation: &AllowExplanation) -> Value {
    app_name_value(explanation.app_name.as_ref(), &explanation.app)
}

fn for_user(explanation: &AllowExplanation, text: &mut Text) {
    let message = USER_ALLOWED.message();
    text.state(message.with("app", app_name(explanation)));
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
