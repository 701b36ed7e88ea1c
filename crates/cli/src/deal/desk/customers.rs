//! `entitle deal customers`: who has bought what.

use std::collections::BTreeMap;

use clap::Args;
use entitle::PlanId;
use entitle::chrono::{DateTime, Utc};
use entitle::license::Customer;
use entitle::quantity::Units;
use entitle::time::End;
use serde_json::json;

use super::options::DeskOptions;
use crate::answer::Answer;
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
}

impl Customers {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let mut accounts: BTreeMap<&str, Account<'_>> = BTreeMap::new();
        for deal in view.deals() {
            let Some(customer) = deal.customer() else { continue };
            let account = accounts.entry(customer.id.as_str()).or_insert_with(|| Account {
                customer,
                deals: 0,
                plans: BTreeMap::new(),
                ends: None,
            });
            (account.customer, account.deals) = (customer, account.deals.saturating_add(1));
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
                let end = super::view::end_of(grant);
                account.ends = Some(account.ends.map_or(end, |earlier| earlier.min(end)));
            }
        }
        let (mut rows, mut customers) = (Vec::new(), Vec::new());
        for (id, Account { customer, deals, plans, ends }) in accounts {
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
            }));
            let (name, country) = (customer.name.to_string(), customer.country.to_string());
            rows.push(vec![id.to_string(), name, country, deals.to_string(), usable, ends]);
        }
        let answer = Answer::new(json!(customers)).notes(view.notes(view.deals()));
        if rows.is_empty() {
            return Ok(answer.line("The book has no customers."));
        }
        Ok(answer.line(table(&["CUSTOMER", "NAME", "COUNTRY", "DEALS", "MAY USE", "NEXT END"], &rows)))
    }
}
