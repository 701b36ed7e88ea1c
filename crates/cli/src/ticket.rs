//! `entitle ticket`: a time ticket, which corrects the time of a customer's record.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::TimeTicketDraft;
use entitle::record::{Anchor, Checkpoint};
use entitle::{TenantId, TicketId};

use crate::answer::Answer;
use crate::book::handed_out::hand_out;
use crate::book::options::WriteOptions;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::day;
use crate::seal::OutputOptions;
use crate::signer::SignerOptions;

/// Sign a time ticket: times in a customer's record that are later than now count as recorded now.
///
/// `entitle ticket contoso --catalog f365.json --anchor CHECKPOINT --key fabrikam.key -o contoso.ticket`
///
/// For a customer whose clock was far ahead: `entitle tenant clock` shows it, and what to send to
/// the publisher. The customer installs the ticket with `entitle tenant install`. Without --anchor
/// they can keep the ticket and turn the record's time back to today much later; with it, only
/// times up to the checkpoint are corrected.
#[derive(Debug, Args)]
pub(crate) struct Ticket {
    /// The customer's tenant id, as their application uses it.
    tenant: TenantId,
    /// The catalog of the product.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// The checkpoint that the customer sent.
    ///
    /// As `record.position.hash`.
    #[arg(long, value_name = "CHECKPOINT")]
    anchor: Option<Checkpoint>,
    #[command(flatten)]
    by: SignerOptions,
    #[command(flatten)]
    to: OutputOptions,
    #[command(flatten)]
    book: WriteOptions,
}

impl Ticket {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let signer = self.by.open()?;
        let id = TicketId::from_random(crate::random::id()?);
        let mut draft = TimeTicketDraft::new(id, catalog.offer(), self.tenant.clone(), now);
        let mut scope = "for any record".to_string();
        if let Some(checkpoint) = &self.anchor {
            scope = format!("for a record that contains {checkpoint}");
            draft.anchor = Anchor::Record(checkpoint.clone());
        }
        self.to.require_free()?;
        let book = self.book.lock()?;
        let token = signer.sign(draft.prepare(signer.public()))?;
        let what = format!("time ticket of {} for {}, {scope}", day(draft.issued), self.tenant);
        Ok(hand_out(book, token, signer.public(), &self.to, &what, Secrecy::Public, now)?.notes(signer.notes))
    }
}
