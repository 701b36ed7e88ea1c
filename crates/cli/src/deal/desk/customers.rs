//! `entitle deal customers`: who has bought what.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::Customer;
use entitle::time::{End, Phase};
use entitle::token::KeyId;
use entitle::{PlanId, TenantId, Units};
use serde_json::json;

use super::options::DeskOptions;
use super::renewal::{Accounts, is_open};
use crate::answer::Answer;
use crate::deal::deal_status::GrantState;
use crate::exit::Failure;
use crate::instant::day_or_never;
use crate::table::table;

/// List the customers of the book: what each may use today, and what ends next.
///
/// `entitle deal customers`
#[derive(Debug, Args)]
pub(crate) struct Customers {
    #[command(flatten)]
    desk: DeskOptions,
}

/// What a customer has.
#[derive(Debug)]
struct Account<'a> {
    /// As the latest deal names them.
    customer: &'a Customer,
    deals: usize,
    /// The usable units of each plan; `None` for unlimited.
    plans: BTreeMap<PlanId, Option<u64>>,
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
                plans: BTreeMap::new(),
                ends: None,
                assumed: BTreeSet::new(),
                ignored: BTreeSet::new(),
            });
            (account.customer, account.deals) = (customer, account.deals.saturating_add(1));
            account.assumed.extend(view.assumed(deal));
            account.ignored.extend(view.ignored(deal));
            for state in view.states(deal) {
                if !state.phase.is_usable() {
                    continue;
                }
                let grant = &state.grant;
                let units = account.plans.entry(grant.plan.clone()).or_insert(Some(0));
                *units = match (*units, grant.units) {
                    (Some(sum), Units::Limited(more)) => Some(sum.saturating_add(more.get().into())),
                    _ => None,
                };
            }
        }
        // The next end is of a plan that the customer may use today, and of what is not renewed.
        for deal in view.deals() {
            let Some(account) = deal.customer().and_then(|customer| accounts.get_mut(customer.id.as_str())) else {
                continue;
            };
            for state in view.states(deal).iter().filter(|state| account.plans.contains_key(&state.grant.plan)) {
                if let Some(end) = next_end(&bought, &account.customer.id, state, now) {
                    account.ends = Some(account.ends.map_or(end, |earlier| earlier.min(end)));
                }
            }
        }
        let (mut rows, mut customers) = (Vec::new(), Vec::new());
        for (id, Account { customer, deals, plans, ends, assumed, ignored }) in accounts {
            let has = |(plan, units): (&PlanId, &Option<u64>)| match units {
                Some(units) => format!("{units} x {plan}"),
                None => format!("unlimited x {plan}"),
            };
            let usable: Vec<String> = plans.iter().map(has).collect();
            let usable = if usable.is_empty() { "nothing".to_string() } else { usable.join(" + ") };
            let ends = ends.map_or_else(|| "-".to_string(), day_or_never);
            customers.push(json!({
                "id": id,
                "name": customer.name,
                "country": customer.country,
                "deals": deals,
                "usable": usable,
                "next_end": ends,
                "assumed_list_keys": assumed,
                "ignored_list_keys": ignored,
            }));
            let (name, country) = (customer.name.to_string(), customer.country.to_string());
            rows.push(vec![id.to_string(), name, country, deals.to_string(), usable, ends]);
        }
        let answer = Answer::new(json!({ "customers": customers })).notes(view.notes(view.deals()));
        if rows.is_empty() {
            return Ok(answer.line("The book has no customers."));
        }
        Ok(answer.table(&table(&["CUSTOMER", "NAME", "COUNTRY", "DEALS", "MAY USE", "NEXT END"], &rows)))
    }
}
