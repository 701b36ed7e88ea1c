//! `entitle deal ending`: what is to be renewed.

use core::str::FromStr;

use clap::Args;
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::GrantKind;
use entitle::time::{Days, End, Phase};
use serde_json::json;

use super::options::DeskOptions;
use super::renewal::{Accounts, is_open};
use super::view::BookDeal;
use crate::answer::Answer;
use crate::book::selector::short;
use crate::deal::deal_status::{GrantState, end_of};
use crate::exit::Failure;
use crate::instant::{Instant, NotAnInstant, day};
use crate::table::table;

/// List what ends soon and is not renewed, and what is in grace, by its end.
///
/// `entitle deal ending --within 60`, or `--until 2027` for what ends by the end of that year
///
/// What is renewed does not count, whether by the next revision or by another deal: a grant is listed if
/// the customer has fewer units of the plan after its end and its grace than before. LEFT is how many;
/// it is `-` for a trial, which ends here on the last day to start it. What a list revokes later ends
/// then; what one revokes already is left out, and a note names it.
#[derive(Debug, Args)]
pub(crate) struct Ending {
    #[command(flatten)]
    desk: DeskOptions,
    /// Ends within this many days.
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = crate::number::parse::<u32>)]
    within: u32,
    /// Ends until a date, or in or before a year: `2027`.
    ///
    /// In place of --within. What ends with the last day of a year is in it.
    #[arg(long, value_name = "DATE", conflicts_with = "within")]
    until: Option<Until>,
}

/// A date, an instant, or a year, which is until the first instant of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Until(DateTime<Utc>);

impl FromStr for Until {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let year = text.parse::<u32>().ok().filter(|year| text.len() == 4 && *year < 9999);
        let date = year.map_or_else(|| text.to_string(), |year| format!("{}-01-01", year.saturating_add(1)));
        date.parse().map(|Instant(at)| Self(at))
    }
}

/// A grant that ends.
struct Row {
    ends: DateTime<Utc>,
    cells: Vec<String>,
    json: serde_json::Value,
}

impl Row {
    fn with_field(mut self, name: &str, value: serde_json::Value) -> Self {
        if let Some(fields) = self.json.as_object_mut() {
            fields.insert(name.to_string(), value);
        }
        self
    }
}

impl Ending {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let accounts = Accounts::of(&view);
        let within = || now.checked_add_signed(TimeDelta::days(self.within.into())).map_or(End::Never, End::At);
        let until = self.until.map_or_else(within, |Until(at)| End::At(at));
        let (mut rows, mut revoked) = (Vec::new(), Vec::new());
        for deal in view.deals() {
            let states = view.states(deal);
            let is_left_out = |state: &GrantState| {
                state.phase == Phase::Revoked && (End::At(now)..=until).contains(&end_of(&state.grant))
            };
            if states.iter().any(is_left_out) {
                revoked.push(deal);
            }
            for state in states {
                let End::At(ends) = state.end() else { continue };
                if is_open(state.phase) && End::At(ends) <= until {
                    let row = row(&accounts, deal, &state, ends, now);
                    let row = row.map(|row| row.with_field("assumed_list_keys", json!(view.assumed(deal))));
                    rows.extend(row.map(|row| row.with_field("ignored_list_keys", json!(view.ignored(deal)))));
                }
            }
        }
        // A stable sort, so that ends of one day keep the order of the book.
        rows.sort_by_key(|row| row.ends);
        let (cells, json): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.cells, row.json)).unzip();
        let ids: Vec<_> = revoked.iter().map(|deal| deal.latest().id).collect();
        let answer = Answer::new(json!({ "ending": json, "revoked": ids })).notes(view.notes(view.deals()));
        let answer = match left_out(&revoked) {
            Some(note) => answer.note(note),
            None => answer,
        };
        if cells.is_empty() {
            let when = match self.until {
                Some(Until(at)) => format!("until {}", day(at)),
                None => format!("within {}", Days::new(self.within)),
            };
            return Ok(answer.line(format_args!("Nothing ends {when} that is not renewed.")));
        }
        Ok(answer.table(&table(&["ENDS", "CUSTOMER", "PLAN", "UNITS", "LEFT", "DEAL", "STATE"], &cells)))
    }
}

/// Returns a note about deals that are revoked, and would end soon otherwise.
fn left_out(revoked: &[&BookDeal<'_>]) -> Option<String> {
    let named = revoked.iter().map(|deal| format!("{} ({})", short(deal.latest().id), deal.name()));
    let named: Vec<String> = named.collect();
    let deals = if revoked.len() == 1 { "deal is" } else { "deals are" };
    (!revoked.is_empty()).then(|| format!("{} revoked {deals} left out: {}", revoked.len(), named.join(", ")))
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
        (GrantKind::Paid(_), Some(customer)) => accounts.left_after(&customer.id, grant, ends, now)?.to_string(),
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
