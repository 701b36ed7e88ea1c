//! The texts of denials: for a user, an individual, an administrator and the support desk.

pub(crate) mod tenants;

mod administrators;
mod checks;
mod explanations;
mod own_steps;
mod purchases;
mod support;
mod users;

use crate::Row;

pub(crate) fn rows() -> Vec<Row> {
    [
        users::users(),
        vec![own_steps::without_end()],
        own_steps::withdrawals(),
        own_steps::own_steps(),
        purchases::purchases(),
        purchases::losses(),
        administrators::administrators(),
        checks::checks(),
        checks::unusable(),
        support::support(),
        explanations::explanations(),
        explanations::unknown_app(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
