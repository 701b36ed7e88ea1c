//! `entitle deal list`: the deals of the book.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::Reference;
use serde_json::json;

use super::options::DeskOptions;
use super::view::BookDeal;
use crate::answer::Answer;
use crate::book::selector::short;
use crate::deal::deal_status::GrantState;
use crate::exit::Failure;
use crate::instant::day_or_never;
use crate::summary::summarize_grants;
use crate::table::table;

/// List the deals of the book: what each customer has bought, until when, and what it gives today.
///
/// `entitle deal list --customer contoso`, or `--at 2026-12-31` for what the book had then.
///
/// ENDS is the next end of what can be used, or is paid and begins later; of trials alone the last day to
/// start one. `deal show` has the end of each plan.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    desk: DeskOptions,
    /// Only deals of this customer: their tenant id, or a part of their name.
    #[arg(long, value_name = "TEXT")]
    customer: Option<String>,
    /// Only deals whose reference begins so: an order number, or the subscription of a billing system.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
}

/// Returns the state of a deal as the table has it: where a list revokes later what can be used now, it says
/// so.
fn state_cell(word: &str, states: &[GrantState]) -> String {
    let is_revoked_later = states.iter().any(|state| state.phase.is_usable() && state.is_revoked_later());
    if is_revoked_later { format!("{word}, then revoked") } else { word.to_string() }
}

impl List {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let (mut rows, mut deals) = (Vec::new(), Vec::new());
        let selected: Vec<_> = view.deals().iter().filter(|deal| self.selects(deal)).collect();
        for deal in &selected {
            let (latest, states) = (deal.latest(), view.states(deal));
            let (ends, state) = (view.end(deal), view.word(deal));
            let ends = ends.map_or_else(|| "-".to_string(), day_or_never);
            let entry = deal.latest_revision().recorded.number;
            rows.push(vec![
                short(latest.id),
                deal.name(),
                latest.revision.to_string(),
                summarize_grants(&latest.grants),
                ends.clone(),
                state_cell(state, &states),
            ]);
            let reference = match &latest.reference {
                Reference::Of(reference) => json!(reference),
                Reference::None => json!(null),
            };
            deals.push(json!({
                "id": latest.id,
                "customer": deal.customer(),
                "revision": latest.revision,
                "reference": reference,
                "grants": latest.grants,
                "ends": ends,
                "state": state,
                "assumed_list_keys": view.assumed(deal),
                "ignored_list_keys": view.ignored(deal),
                "grant_states": states.iter().map(|state| state.json(now)).collect::<Vec<_>>(),
                "entry": entry,
            }));
        }
        let answer = Answer::new(json!({ "deals": deals })).notes(view.notes(selected));
        if rows.is_empty() {
            let is_empty = view.deals().is_empty();
            return Ok(answer.line(if is_empty { "The book has no deals." } else { "No deal is selected." }));
        }
        Ok(answer.table(&table(&["DEAL", "CUSTOMER", "REV", "GRANTS", "ENDS", "STATE"], &rows)))
    }

    fn selects(&self, deal: &BookDeal<'_>) -> bool {
        let is_of_customer = |text: &String| {
            deal.customer().is_some_and(|customer| {
                let is_named = customer.name.as_str().to_lowercase().contains(&text.to_lowercase());
                customer.id.as_str() == text || is_named
            })
        };
        let has_reference = |text: &String| matches!(&deal.latest().reference, Reference::Of(reference) if reference.as_str().starts_with(text));
        self.customer.as_ref().is_none_or(is_of_customer) && self.reference.as_ref().is_none_or(has_reference)
    }
}
