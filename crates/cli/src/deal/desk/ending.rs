//! `entitle deal ending`: what is to be renewed.

use std::collections::BTreeMap;

use clap::Args;
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::GrantKind;
use entitle::time::{Days, End, Phase};
use entitle::{Deal, Grant, PlanId, TenantId, Units};
use serde_json::json;

use super::options::DeskOptions;
use super::view::{BookDeal, end_of};
use crate::answer::Answer;
use crate::book::selector::short;
use crate::deal::deal_status::GrantState;
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::table::table;

/// List what ends soon and is not renewed, and what is in grace, by its end.
///
/// `entitle deal ending --within 60`
///
/// What is renewed does not count, whether by the next revision or by another deal: a grant is listed if
/// the customer has fewer units of the plan after its end and its grace than before. LEFT is how many.
#[derive(Debug, Args)]
pub(crate) struct Ending {
    #[command(flatten)]
    desk: DeskOptions,
    /// Ends within this many days.
    #[arg(long, value_name = "DAYS", default_value_t = 60)]
    within: u32,
}

/// The latest deals of each customer, with when a list revoked them.
type Accounts<'a> = BTreeMap<&'a TenantId, Vec<(&'a Deal, Option<DateTime<Utc>>)>>;

/// A grant that ends.
struct Row {
    ends: DateTime<Utc>,
    cells: Vec<String>,
    json: serde_json::Value,
}

impl Ending {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let mut accounts = Accounts::new();
        for deal in view.deals() {
            // What no application accepts renews nothing.
            if let (Some(customer), Some(in_force)) = (deal.customer(), deal.in_force()) {
                let revoked = view.revoked_from(deal);
                accounts.entry(&customer.id).or_default().push((in_force.license.deal(), revoked));
            }
        }
        let until = now.checked_add_signed(TimeDelta::days(self.within.into())).map_or(End::Never, End::At);
        let mut rows = Vec::new();
        for deal in view.deals() {
            for state in view.states(deal) {
                let End::At(ends) = end_of(&state.grant) else { continue };
                let is_open = matches!(state.phase, Phase::Active | Phase::Grace | Phase::Pending | Phase::NotStarted);
                if is_open && End::At(ends) <= until {
                    rows.extend(row(&accounts, deal, &state, ends, now));
                }
            }
        }
        // A stable sort, so that ends of one day keep the order of the book.
        rows.sort_by_key(|row| row.ends);
        let (cells, json): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.cells, row.json)).unzip();
        let answer = Answer::new(json!(json)).notes(view.notes(view.deals()));
        if cells.is_empty() {
            return Ok(answer.line(format_args!("Nothing ends within {} that is not renewed.", Days::new(self.within))));
        }
        Ok(answer.line(table(&["ENDS", "CUSTOMER", "PLAN", "UNITS", "LEFT", "DEAL", "STATE"], &cells)))
    }
}

/// Returns the row of a grant that ends, unless it is renewed.
fn row(
    accounts: &Accounts<'_>,
    deal: &BookDeal<'_>,
    state: &GrantState,
    ends: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Row> {
    let grant = &state.grant;
    let left = match (&grant.kind, deal.customer()) {
        (GrantKind::Paid(paid), Some(customer)) => {
            let account = accounts.get(&customer.id).map(Vec::as_slice).unwrap_or_default();
            let pool = |at: DateTime<Utc>| units(account, &grant.plan, at);
            let second = TimeDelta::seconds(1);
            let before = pool(ends.checked_sub_signed(second)?);
            let grace = ends.checked_add_signed(TimeDelta::days(paid.grace.get().into()));
            let at_last = grace.and_then(|grace| grace.checked_sub_signed(second)).map_or(ends, |last| last.max(ends));
            let after = pool(ends).max(pool(at_last)).max(if ends < now { pool(now) } else { Pool::default() });
            if after >= before {
                return None;
            }
            after.to_string()
        }
        _ => "-".to_string(),
    };
    let text = state.text(now);
    let id = deal.latest().id;
    Some(Row {
        ends,
        cells: vec![
            day(ends),
            deal.name(),
            grant.plan.to_string(),
            grant.units.to_string(),
            left.clone(),
            short(id),
            text.clone(),
        ],
        json: json!({
            "ends": Instant(ends),
            "customer": deal.customer(),
            "plan": grant.plan,
            "units": grant.units,
            "left": left,
            "deal": id,
            "phase": state.phase,
            "state": text,
        }),
    })
}

/// A number of units; unlimited is more than any.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pool {
    is_unlimited: bool,
    units: u64,
}

impl core::fmt::Display for Pool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.is_unlimited { f.write_str("unlimited") } else { self.units.fmt(f) }
    }
}

/// Returns the paid units of a plan that a customer has at an instant, in the terms of all deals.
fn units(account: &[(&Deal, Option<DateTime<Utc>>)], plan: &PlanId, at: DateTime<Utc>) -> Pool {
    let mut pool = Pool::default();
    for (deal, _) in account.iter().filter(|(_, revoked)| revoked.is_none_or(|from| from > at)) {
        for grant in deal.grants.iter().filter(|grant| grant.plan == *plan && is_in_term(grant, at)) {
            match grant.units {
                Units::Limited(units) => pool.units = pool.units.saturating_add(units.get().into()),
                Units::Unlimited => pool.is_unlimited = true,
            }
        }
    }
    pool
}

fn is_in_term(grant: &Grant, at: DateTime<Utc>) -> bool {
    let GrantKind::Paid(paid) = &grant.kind else { return false };
    paid.term.starts() <= at && End::At(at) < end_of(grant)
}
