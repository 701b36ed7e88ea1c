//! `entitle ticket`: a time ticket, which corrects the time of a customer's record.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Licensee, TimeTicketDraft};
use entitle::record::{Anchor, Checkpoint};
use entitle::{TenantId, TicketId};

use crate::answer::Answer;
use crate::book::file::Locked;
use crate::book::handed_out::hand_out;
use crate::book::options::WriteOptions;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::day;
use crate::near::did_you_mean;
use crate::seal::OutputOptions;
use crate::signer::SignerOptions;

/// The note about what becomes of a ticket.
const GIVE_NOTE: &str =
    "give the ticket to the customer: it counts where it is installed, and its key trusted for tickets";

/// The note about a ticket without a checkpoint.
const ANY_RECORD_NOTE: &str = "without --anchor the customer can keep the ticket and turn the time of a record back to today much \
                               later: `entitle tenant clock` shows them the checkpoint to send";

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
        let stranger = book.as_ref().and_then(|book| self.stranger(book));
        let answer = hand_out(book, token, signer.public(), &self.to, &what, Secrecy::Public, now)?.notes(signer.notes);
        let any_record = self.anchor.is_none().then(|| ANY_RECORD_NOTE.to_string());
        Ok(answer.notes(stranger.into_iter().chain(any_record).collect()).note(GIVE_NOTE))
    }

    /// Returns the note about a tenant for whom the book has no license.
    fn stranger(&self, book: &Locked) -> Option<String> {
        let customers = book.content().licenses().filter_map(|(_, license)| match &license.deal().licensee {
            Licensee::Tenant(customer) => Some(customer.id.as_str()),
            Licensee::Anyone => None,
        });
        let customers: BTreeSet<&str> = customers.collect();
        if customers.contains(self.tenant.as_str()) {
            return None;
        }
        let note = format!(
            "{} has no license for `{}`, and a ticket counts for the tenant alone that it names",
            crate::text::name(book.path()),
            self.tenant
        );
        let question = did_you_mean(self.tenant.as_str(), customers);
        Some(question.map_or_else(|| note.clone(), |question| format!("{note}: {question}")))
    }
}
