//! `entitle deal customers`: who has bought what.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, GrantKind};
use entitle::time::{End, Phase};
use entitle::token::KeyId;
use entitle::{Grant, PlanId, TenantId, Units};
use serde_json::json;

use super::options::DeskOptions;
use super::renewal::{Accounts, is_open};
use crate::answer::Answer;
use crate::deal::deal_status::GrantState;
use crate::exit::Failure;
use crate::instant::{Instant, day, day_or_never};
use crate::table::table;

/// List the customers of the book: what each may use today, and what ends next.
///
/// `entitle deal customers`
///
/// Where a customer may use nothing yet, it says what begins next, and which trials can be started.
#[derive(Debug, Args)]
pub(crate) struct Customers {
    #[command(flatten)]
    desk: DeskOptions,
}

/// Units of each plan; `None` for unlimited.
type Sold = BTreeMap<PlanId, Option<u64>>;

/// What a customer has.
#[derive(Debug)]
struct Account<'a> {
    /// As the latest deal names them.
    customer: &'a Customer,
    deals: usize,
    /// The units that can be used.
    plans: Sold,
    /// The first day on which what is paid begins, and its units, where nothing can be used before.
    begins: Option<(DateTime<Utc>, Sold)>,
    /// The units of trials that can be started.
    trials: Sold,
    ends: Option<End>,
    /// The keys that are assumed to be trusted for lists.
    assumed: BTreeSet<KeyId>,
    /// The keys of lists that name a deal and do not count.
    ignored: BTreeSet<KeyId>,
}

/// Returns when a grant ends, or in its grace when that ends; nothing if it is renewed.
fn next_end(bought: &Accounts<'_>, customer: &TenantId, state: &GrantState, now: DateTime<Utc>) -> Option<End> {
    let end = state.end();
    match (end, state.phase) {
        (_, phase) if !is_open(phase) => None,
        (End::Never, _) => Some(End::Never),
        (End::At(ends), phase) => {
            bought.left_after(customer, &state.grant, ends, now)?;
            Some(if phase == Phase::Grace { state.until } else { end })
        }
    }
}

/// Adds the units of a grant.
fn add(sold: &mut Sold, grant: &Grant) {
    let units = sold.entry(grant.plan.clone()).or_insert(Some(0));
    *units = match (*units, grant.units) {
        (Some(sum), Units::Limited(more)) => Some(sum.saturating_add(more.get().into())),
        _ => None,
    };
}

/// Returns units and plans: `2 x gold + unlimited x silver`.
fn listed(sold: &Sold) -> String {
    let each = sold.iter().map(|(plan, units)| match units {
        Some(units) => format!("{units} x {plan}"),
        None => format!("unlimited x {plan}"),
    });
    each.collect::<Vec<_>>().join(" + ")
}

impl Customers {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let bought = Accounts::of(&view);
        let mut accounts: BTreeMap<&str, Account<'_>> = BTreeMap::new();
        for deal in view.deals() {
            let Some(customer) = deal.customer() else { continue };
            let account = accounts.entry(customer.id.as_str()).or_insert_with(|| Account {
                customer,
                deals: 0,
                plans: Sold::new(),
                begins: None,
                trials: Sold::new(),
                ends: None,
                assumed: BTreeSet::new(),
                ignored: BTreeSet::new(),
            });
            (account.customer, account.deals) = (customer, account.deals.saturating_add(1));
            account.assumed.extend(view.assumed(deal));
            account.ignored.extend(view.ignored(deal));
            for state in view.states(deal) {
                if state.phase.is_usable() {
                    add(&mut account.plans, &state.grant);
                } else if state.is_startable(now) {
                    add(&mut account.trials, &state.grant);
                } else if let (Phase::Pending, GrantKind::Paid(paid)) = (state.phase, &state.grant.kind) {
                    let starts = paid.term.starts();
                    if account.begins.as_ref().is_none_or(|(first, _)| starts < *first) {
                        account.begins = Some((starts, Sold::new()));
                    }
                    if let Some((_, sold)) = account.begins.as_mut().filter(|(first, _)| *first == starts) {
                        add(sold, &state.grant);
                    }
                }
            }
        }
        // The next end is of a plan that the customer may use today, or of what begins next, and is not renewed.
        for deal in view.deals() {
            let Some(account) = deal.customer().and_then(|customer| accounts.get_mut(customer.id.as_str())) else {
                continue;
            };
            let begins = account.begins.as_ref().map(|(_, sold)| sold).filter(|_| account.plans.is_empty());
            let plans: BTreeSet<PlanId> = begins.unwrap_or(&account.plans).keys().cloned().collect();
            for state in view.states(deal).iter().filter(|state| plans.contains(&state.grant.plan)) {
                if let Some(end) = next_end(&bought, &account.customer.id, state, now) {
                    account.ends = Some(account.ends.map_or(end, |earlier| earlier.min(end)));
                }
            }
        }
        let (mut rows, mut customers) = (Vec::new(), Vec::new());
        for (id, Account { customer, deals, plans, begins, trials, ends, assumed, ignored }) in accounts {
            let usable = if plans.is_empty() { "nothing".to_string() } else { listed(&plans) };
            let begins = begins.filter(|_| plans.is_empty());
            let begins_json = begins.as_ref().map(|(at, sold)| json!({ "at": Instant(*at), "usable": listed(sold) }));
            let mut shown = vec![usable.clone()];
            shown.extend(begins.map(|(at, sold)| format!("from {} on {}", day(at), listed(&sold))));
            shown.extend((plans.is_empty() && !trials.is_empty()).then(|| format!("may try {}", listed(&trials))));
            let shown = shown.join("; ");
            let ends = ends.map_or_else(|| "-".to_string(), day_or_never);
            customers.push(json!({
                "id": id,
                "name": customer.name,
                "country": customer.country,
                "deals": deals,
                "usable": usable,
                "begins": begins_json,
                "next_end": ends,
                "assumed_list_keys": assumed,
                "ignored_list_keys": ignored,
            }));
            let (name, country) = (customer.name.to_string(), customer.country.to_string());
            rows.push(vec![id.to_string(), name, country, deals.to_string(), shown, ends]);
        }
        let answer = Answer::new(json!({ "customers": customers })).notes(view.notes(view.deals()));
        if rows.is_empty() {
            return Ok(answer.line("The book has no customers."));
        }
        Ok(answer.table(&table(&["CUSTOMER", "NAME", "COUNTRY", "DEALS", "MAY USE", "NEXT END"], &rows)))
    }
}
