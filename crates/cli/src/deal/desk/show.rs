//! `entitle deal show`: all of a deal.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Revocation};
use entitle::{License, LicenseId};
use serde_json::{Value, json};

use super::options::DeskOptions;
use super::view::{BookDeal, Revision, View};
use crate::answer::Answer;
use crate::book::content::{Document, Recorded};
use crate::book::file::BookFile;
use crate::book::revoked::{LicenseNames, RevokedName};
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

/// Returns the entries of a list about a license, in words: those that name it, or else the keys that it ends,
/// which signed the license or certified the key that did.
fn entries_about(book: &BookFile, list: &Recorded, license: &License) -> Vec<RevokedName> {
    let Document::List(list) = &list.document else { return Vec::new() };
    let (hash, revision) = (LicenseHash::of(license.deal().id), license.deal().revision);
    let signers = book.content().signers(license.key());
    let entries = &list.revocations().entries;
    let is_named = |entry: &&Revocation| matches!(entry, Revocation::License(revoked) if revoked.license == hash && revision <= revoked.through);
    let is_signer = |entry: &&Revocation| matches!(entry, Revocation::Key(revoked) if signers.contains(&revoked.key));
    let mut about: Vec<Revocation> = entries.iter().filter(is_named).cloned().collect();
    if about.is_empty() {
        about = entries.iter().filter(is_signer).cloned().collect();
    }
    LicenseNames::of(Some(book.content())).name(&about, &[])
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
            let revoking = entries_about(&book, list, found.latest_revision().license);
            let list = format!("{}, signed {}", list.document.summary(), signed(list));
            inspection.add_row("list", format_args!("revoked{when} by {list}"));
            for entry in revoking {
                inspection.add_row("list", format_args!("which revokes {entry}"));
            }
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
            .with_field("ignored_list_keys", json!(view.ignored(found)))
            .notes(view.notes([found]))
            .note(hint))
    }
}
