//! `entitle deal show`: all of a deal.

use clap::Args;
use entitle::LicenseId;
use entitle::chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::options::DeskOptions;
use super::view::{BookDeal, Revision, View};
use crate::answer::Answer;
use crate::book::content::Recorded;
use crate::book::file::BookFile;
use crate::book::selector::Selector;
use crate::deal::deal_file;
use crate::exit::Failure;
use crate::inspect::{Inspection, add_deal_rows};
use crate::instant::day;

/// Show all of a deal: what was sold, what it gives today, who signed it, and its licenses.
///
/// `entitle deal show contoso`
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The deal: the id of the license or its first digits, the customer's tenant id, or the reference.
    deal: Selector,
    #[command(flatten)]
    desk: DeskOptions,
}

/// Returns a deal of a book as it was.
pub(super) fn find<'v, 'a>(
    view: &'v View<'a>,
    book: &BookFile,
    selector: &Selector,
) -> Result<&'v BookDeal<'a>, Failure> {
    let id: LicenseId = selector.find(book)?;
    view.deal(id).ok_or_else(|| {
        let message = format!("the deal {id} was not signed yet at {}", day(view.at));
        Failure::usage("cli.no-deal", message).help("give a later --at, or none")
    })
}

/// Returns when and by whom a document was signed.
pub(super) fn signed(recorded: &Recorded) -> String {
    let Recorded { number, at, by, .. } = recorded;
    format!("{} by {by} (entry {number})", day(*at))
}

impl Show {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let found = find(&view, &book, &self.deal)?;
        let deal = found.latest();
        let claims: Value = serde_json::from_str(&deal_file::write(deal)?).unwrap_or_default();
        let mut inspection = Inspection::new("deal".to_string(), claims);
        add_deal_rows(&mut inspection, deal);
        if let Some(why) = &found.latest_revision().refused {
            inspection.add_row("state", format_args!("not accepted: {why}"));
        } else {
            for state in view.states(found) {
                inspection.add_state(&state, now);
            }
        }
        if let Some((list, from)) = view.revocation(found) {
            let when = if from <= now { String::new() } else { format!(" from {} on", day(from)) };
            let list = format!("{}, signed {}", list.document.summary(), signed(list));
            inspection.add_row("list", format_args!("revoked{when} by {list}"));
        }
        let mut tokens = Vec::new();
        for Revision { recorded, license, .. } in found.revisions().iter().rev() {
            let number = recorded.number;
            inspection.add_row("signed", format_args!("revision {}, {}", license.deal().revision, signed(recorded)));
            tokens.push(json!({ "entry": number, "revision": license.deal().revision, "key": license.key(), "token": recorded.token }));
        }
        let latest = found.latest_revision().recorded.number;
        let hint = format!("`entitle book document {latest}` hands out the license");
        Ok(inspection
            .answer()
            .with_field("tokens", json!(tokens))
            .with_field("assumed_list_keys", json!(view.assumed(found)))
            .notes(view.notes([found]))
            .note(hint))
    }
}
