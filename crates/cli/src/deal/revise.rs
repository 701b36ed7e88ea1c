//! `entitle revise`: the next revision of a deal.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::id::Label;
use entitle::{Deal, PlanId};
use serde_json::json;

use crate::answer::Answer;
use crate::book::options::BookOption;
use crate::book::reached::{ReachedBy, reached};
use crate::book::selector::Selector;
use crate::country::Country;
use crate::deal::amounts_of_nothing::amounts_of_nothing;
use crate::deal::difference::{Difference, differences};
use crate::deal::ends::PlanEnd;
use crate::deal::revision::RevisionChanges;
use crate::deal::sale_options::{PlanUnits, SaleOptions};
use crate::deal::terms_options::{PlanInstant, TermsOptions};
use crate::deal::{deal_file, new};
use crate::exit::Failure;
use crate::tenant::customer_record::{CustomerRecord, preview_lines};
use crate::text;

/// The note about units that are gone until others begin.
const OWN_DEAL: &str = "a grant has one beginning: --starts moves all of its units; to sell more from a later date on, sell a deal of its own by `entitle deal new`, beside this one";

/// Write the next revision of a deal: the options say what changes.
///
/// `entitle revise contoso --catalog f365.json --grant gold=2 -o next.json` sells two units of gold,
/// whatever their number was. With `--ends 2028-03-01 --ends silver=2027-09-01` plans get different ends.
///
/// What no option names stays: other plans, trials, early ends, tolerances, quotas and
/// anchors. It prints what differs from the revision before. Where it sells fewer units, users keep
/// their seats for 90 days: the previous number is tolerated that long, in place of an earlier tolerance.
#[derive(Debug, Args)]
pub(crate) struct Revise {
    /// The current deal: its file, or a deal of the book.
    ///
    /// The file that `deal new` or `revise` wrote; or with a deal book a deal of it, by the id of its license,
    /// the customer's tenant id, or the reference.
    deal: PathBuf,
    #[command(flatten)]
    book: BookOption,
    /// The catalog of the offer.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// The customer's new name [default: as before].
    #[arg(long, hide_short_help = true)]
    name: Option<Label>,
    /// The customer's new billing country, by its code of ISO 3166-1: `DE` [default: as before].
    #[arg(long, value_name = "CODE", hide_short_help = true)]
    country: Option<Country>,
    /// The new number of paid units, in all: `gold=5`.
    ///
    /// Or `gold=unlimited`. A plan that was not sold is added. Can be repeated.
    #[arg(long = "grant", value_name = "PLAN=UNITS")]
    grants: Vec<PlanUnits>,
    /// The new number of units of a trial: `gold=3`.
    ///
    /// A plan that had no trial gets one, which may be started from --starts until --ends. Can be repeated.
    #[arg(long = "trial", value_name = "PLAN=UNITS")]
    trials: Vec<PlanUnits>,
    /// A plan that is no longer sold, with its trial.
    ///
    /// Can be repeated.
    #[arg(long = "drop", value_name = "PLAN")]
    drop: Vec<PlanId>,
    /// The length of trials, in days.
    #[arg(long, value_name = "DAYS", hide_short_help = true, value_parser = crate::number::parse::<u32>)]
    days: Option<u32>,
    /// When it begins: of the plans that --grant and --trial name, or of all paid plans.
    ///
    /// It moves all units of a grant, and until then they are gone: a purchase with dates of its own is a deal
    /// of its own, by `entitle deal new` [default: as before; now for a new plan].
    #[arg(long, value_name = "INSTANT", hide_short_help = true)]
    starts: Option<crate::instant::Instant>,
    /// The end, or `never`; of one: `gold=2027-03-01`.
    ///
    /// Exclusive, the day after the last one; grace and suspension follow it, while --cancel suspends at once.
    /// It is of the plans that --grant and --trial name, or of all paid plans; that of one plan is in
    /// place of that for all. Can be repeated [default: as before].
    #[arg(long, value_name = "[PLAN=]INSTANT")]
    ends: Vec<PlanEnd>,
    /// End a plan early: `gold=2026-05-01`.
    ///
    /// Paid grants are suspended from then on, trials end. `gold=never` takes an early end back. Can be
    /// repeated.
    #[arg(long, value_name = "PLAN=DATE")]
    cancel: Vec<PlanInstant>,
    /// End a plan early and without suspension: `gold=2026-05-01`.
    ///
    /// Can be repeated.
    #[arg(long, value_name = "PLAN=DATE", hide_short_help = true)]
    withdraw: Vec<PlanInstant>,
    #[command(flatten)]
    terms: TermsOptions,
    /// A customer's ledger: shows whom it touches there.
    ///
    /// As if it was installed. The settings file next to the ledger names the catalog and the keys: put your own
    /// there, not the customer's.
    #[arg(long, value_name = "LEDGER")]
    record: Option<PathBuf>,
    /// The file for the revision [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Revise {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let (before, source) = self.before()?;
        let offer = catalog.offer();
        if (&offer.publisher, &offer.offer) != (&before.publisher, &before.offer) {
            let message = format!("the deal is for the offer `{}`, the catalog is of `{}`", before.offer, offer.offer);
            return Err(Failure::usage("cli.other-offer", message));
        }
        // A plan that the catalog has dropped can stay in a deal, and none can be added (C11).
        let is_new = |plan: &&PlanId| before.grants.iter().all(|earlier| earlier.plan != **plan);
        let changes = self.changes();
        new::check_plan_ids(&catalog, changes.sold.plans().filter(is_new))?;
        let revised = changes.apply(&before, offer, now)?;
        deal_file::check_rules(&revised)?;
        let touched = self.touched(&revised, now)?;
        let differences = differences(&before, &revised);
        let answer = new::write(&revised, self.out.as_deref(), Some(&source))?;
        let json: Vec<_> = differences.iter().map(Difference::json).collect();
        let mut lines: Vec<String> =
            differences.iter().map(|difference| format!("  {}", text::one_line(&difference.text()))).collect();
        let mut answer = answer.with_field("changes", json!(json));
        if let Some((preview, notes)) = touched {
            answer = answer.with_field("touches", json!(preview)).notes(notes);
            lines.extend(preview_lines(&preview));
        }
        answer = answer.notes(amounts_of_nothing(&revised, offer)).notes(self.reached(&revised, now));
        if differences.iter().any(Difference::is_gap) {
            answer = answer.note(OWN_DEAL);
        }
        // Without a file, stdout is the deal.
        let is_shown = self.out.is_some();
        Ok(lines
            .into_iter()
            .fold(answer, |answer, line| if is_shown { answer.line(line) } else { answer.note(line.trim()) }))
    }

    /// Returns the current deal, and the file that it is in: the book only where no file has the name.
    fn before(&self) -> Result<(Deal, PathBuf), Failure> {
        let is_file = self.deal.as_os_str() == "-" || self.deal.exists();
        let (false, Some(path), Some(text)) = (is_file, self.book.path(), self.deal.to_str()) else {
            return Ok((deal_file::read(&self.deal)?, self.deal.clone()));
        };
        let selector: Selector = text.parse().map_err(|error| Failure::usage("cli.no-deal", error))?;
        let book = self.book.read()?;
        let id = selector.find(&book)?;
        let (_, license) = book.content().latest(id).ok_or_else(|| Failure::usage("cli.no-deal", id))?;
        Ok((license.deal().clone(), path.to_path_buf()))
    }

    /// Returns the note that lists of the book revoke the revision. A file can be revised without the book,
    /// so one that cannot be read is no failure.
    fn reached(&self, revised: &Deal, now: DateTime<Utc>) -> Vec<String> {
        let book = self.book.path().and_then(|_| self.book.read().ok());
        let reached = book.and_then(|book| reached(book.content(), revised, None, now));
        reached.map(ReachedBy::note).into_iter().collect()
    }

    fn changes(&self) -> RevisionChanges<'_> {
        let sold = SaleOptions {
            name: self.name.clone(),
            country: self.country,
            grants: self.grants.clone(),
            trials: self.trials.clone(),
            days: self.days,
            starts: self.starts,
            ends: self.ends.clone(),
            terms: self.terms.clone(),
            ..SaleOptions::default()
        };
        RevisionChanges { sold, drop: &self.drop, cancel: &self.cancel, withdraw: &self.withdraw }
    }

    /// Returns what installing the revision would change in the record of the customer, if one is given.
    fn touched(
        &self,
        revised: &Deal,
        now: DateTime<Utc>,
    ) -> Result<Option<(entitle::preview::Preview, Vec<String>)>, Failure> {
        let Some(ledger) = &self.record else { return Ok(None) };
        let record = CustomerRecord::read(ledger)?;
        Ok(Some((record.preview(revised, now)?, record.notes())))
    }
}
