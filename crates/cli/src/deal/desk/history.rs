//! `entitle deal history`: the revisions of a deal, and what each changed.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use serde_json::json;

use super::options::DeskOptions;
use super::show::{find, signed};
use super::view::Revision;
use crate::answer::Answer;
use crate::book::selector::Selector;
use crate::deal::difference::{Difference, differences};
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::summary::summarize_deal;

/// Show the revisions of a deal: when and by whom each was signed, and what it changed.
///
/// `entitle deal history contoso`
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The deal: the id of the license or its first digits, the customer's tenant id, or the reference.
    deal: Selector,
    #[command(flatten)]
    desk: DeskOptions,
}

impl History {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let book = self.desk.read()?;
        let view = self.desk.view(&book, now)?;
        let found = find(&view, &book, &self.deal)?;
        let (mut revisions, mut lines) = (Vec::new(), Vec::new());
        let mut before = None;
        for Revision { recorded, license, refused } in found.revisions() {
            let deal = license.deal();
            lines.push(format!("revision {}, signed {}: {}", deal.revision, signed(recorded), summarize_deal(deal)));
            let changes = before.map(|before| differences(before, deal)).unwrap_or_default();
            lines.extend(changes.iter().map(|change| format!("  {}", change.text())));
            lines.extend(refused.as_ref().map(|why| format!("  not accepted: {why}")));
            before = Some(deal);
            revisions.push(json!({
                "revision": deal.revision,
                "entry": recorded.number,
                "at": Instant(recorded.at),
                "by": recorded.by,
                "summary": summarize_deal(deal),
                "not_accepted": refused.as_ref().map(ToString::to_string),
                "changes": changes.iter().map(Difference::json).collect::<Vec<_>>(),
            }));
        }
        let mut json = json!({ "id": found.latest().id, "revisions": revisions, "revoked": null, "assumed_list_keys": view.assumed(found), "ignored_list_keys": view.ignored(found) });
        if let Some((list, from)) = view.revocation(found) {
            let when = if from <= now { format!("on {}", day(from)) } else { format!("from {} on", day(from)) };
            lines.push(format!("revoked {when} by {}, signed {}", list.document.summary(), signed(list)));
            if let Some(fields) = json.as_object_mut() {
                fields.insert(
                    "revoked".to_string(),
                    json!({ "from": Instant(from), "entry": list.number, "by": list.by }),
                );
            }
        }
        Ok(lines.iter().fold(Answer::new(json), Answer::escaped_line).notes(view.notes([found])))
    }
}
