//! The texts of allows: for a user, an individual, an administrator and the support desk.

mod administrators;
mod endings;
mod next_changes;
mod support;
mod tenants;
mod users;

use entitle::explain::{Audience, Text};
use entitle::{Decision, Tenant};

use crate::Row;
use crate::support::{Scenario, day};
use crate::wordings::message_row;

const AUDIT: &str = "f365/audit";

/// The text of an allow for ada on day 10.
fn text(tenant: &Tenant, app: &str, audience: Audience) -> Text {
    tenant.see("ada", app, day(10), |decision| match decision {
        Decision::Allow(allow) => allow.text(audience),
        Decision::Deny(denial) => panic!("{denial:?}"),
    })
}

/// The message of the text for the support desk that has this code.
fn for_support(code: &'static str, expected: &str, tenant: &Tenant) -> Row {
    let text = text(tenant, AUDIT, Audience::SupportDesk);
    let mut messages = text.lines().iter().flat_map(|line| &line.messages);
    message_row(code, expected, messages.find(|message| message.code() == code).unwrap())
}

pub(crate) fn rows() -> Vec<Row> {
    let rows = [
        users::users(),
        administrators::administrators(),
        support::support(),
        next_changes::next_changes(),
        endings::gap(),
        vec![endings::list_without_end()],
    ];
    rows.into_iter().flatten().collect()
}
