//! All there is to know of a plan for a user, for the support desk.

use alloc::vec::Vec;

use crate::decision::Question;
use crate::grant::GrantKind;
use crate::grants::GrantStatus;
use crate::id::PlanId;
use crate::message::Message;
use crate::tenant::command::Assignee;
use crate::tenant::user::{UserEntitlements, claim_on};
use crate::text::{Text, TextPart};
use crate::time::Phase;

/// How many grants of a plan a text lists at most.
const SHOWN: usize = 10;

/// The pool of a plan, its grants, and whence the user has it.
pub(crate) fn details(question: Question<'_>, plan: &PlanId, text: &mut Text) {
    let Question { tenant, user, at, .. } = question;
    let pool = tenant.pool(plan, at);
    let say = Message::new(
        "detail.pool",
        "usable units {usable}, seats for {limit}, seated {seated}, waiting {waiting}, changes by time {until}",
    );
    let say = say.with("usable", pool.usable).with("limit", pool.limit).with("seated", pool.seated);
    text.say(TextPart::Detail, [say.with("waiting", pool.waiting).with("until", pool.until)]);
    let of_plan = || tenant.grants(at).filter(|evaluation| evaluation.grant.plan == *plan);
    // What is over comes last.
    let (first, last) =
        (|it: &GrantStatus<'_>| it.phase > Phase::Ended, |it: &GrantStatus<'_>| it.phase <= Phase::Ended);
    let grants: Vec<Message> = of_plan().filter(first).chain(of_plan().filter(last)).map(|it| grant(&it)).collect();
    let more = grants.len().saturating_sub(SHOWN);
    for grant in grants.into_iter().take(SHOWN) {
        text.say(TextPart::Detail, [grant]);
    }
    if more > 0 {
        text.say(TextPart::Detail, [Message::new("detail.more-grants", "and {more} more grants").with("more", more)]);
    }
    let held = tenant.state().users.held(user).unwrap_or(&UserEntitlements::Nothing);
    let claims = held.claims();
    let claim = tenant.core().number(plan).and_then(|number| claim_on(claims.as_slice(), number));
    if let Some(claim) = claim {
        let since = Message::new("detail.claim", "claimed since event {event}").with("event", claim.event);
        let sources = tenant.core().sources(user, held.groups(), claim);
        text.say(TextPart::Detail, core::iter::once(since).chain(self::sources(&sources)));
    }
}

/// Whence a user has a plan, a sentence each.
pub(crate) fn sources(sources: &[Assignee]) -> Vec<Message> {
    let say = |source: &Assignee| match source {
        Assignee::User(_) => Message::new("source.direct", "assigned directly"),
        Assignee::Group(group) => Message::new("source.group", "through the group `{group}`").with("group", group),
    };
    sources.iter().map(say).collect()
}

fn grant(evaluation: &GrantStatus<'_>) -> Message {
    let deal = evaluation.license.deal();
    let say = match evaluation.grant.terms {
        GrantKind::Paid(_) => Message::new(
            "detail.grant-paid",
            "license {license} revision {revision}: {units} paid, {phase} until {until}",
        ),
        GrantKind::Trial(_) => Message::new(
            "detail.grant-trial",
            "license {license} revision {revision}: {units} on trial, {phase} until {until}",
        ),
    };
    let say = say.with("license", deal.id).with("revision", deal.revision);
    say.with("units", evaluation.grant.units).with("phase", evaluation.phase).with("until", evaluation.until)
}
