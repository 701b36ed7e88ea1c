//! `entitle key certify`: a certificate of another key.

use core::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::time::{Days, Window};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint, KeyPurpose, PlanUnits};
use entitle::{OfferId, PublisherId};

use crate::answer::Answer;
use crate::book::handed_out::hand_out;
use crate::book::options::WriteOptions;
use crate::deal::sale_options::PlanUnits as UnitsOption;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::Instant;
use crate::key;
use crate::near::did_you_mean;
use crate::seal::OutputOptions;
use crate::signer::SignerOptions;
use crate::summary::summarize_certificate;
use crate::trust;

/// The note about what a certificate is for.
const GIVE_NOTE: &str = "documents of the certified key count where the certificate is installed, and the key that signs it \
                         trusted for certificates and for the same purposes";

/// The note about a publisher that nothing was compared with.
const UNCOMPARED_NOTE: &str = "nothing says whether the publisher is written as in the catalog, and of another publisher the \
                               certificate does nothing: compare it by --catalog, or name a deal book";

/// The note about a certificate without limits.
const UNLIMITED_NOTE: &str = "the certificate has no limits, so that the key may sell whatever the key that signs it may: \
                              --offer, --units and --terms limit what it signs";

/// Sign a certificate of another key: what it may sign.
///
/// `entitle key certify reseller.pub --publisher fabrikam --until 2027-01-01 --key fabrikam.key -o
/// reseller.certificate`
///
/// It may sign no more than the key that signs the certificate. Applications that trust the signing key for `certificates`, and for each purpose that the
/// certificate names, accept documents of the certified key once the certificate is installed: a
/// reseller sells with a key of its own, and a new key needs no release. A certified key certifies no
/// other. Send the certificate with what the key signs.
#[derive(Debug, Args)]
#[command(
    override_usage = "entitle key certify [OPTIONS] --publisher <ID> --until <INSTANT>\n       --key <FILE> <CERTIFIED>"
)]
pub(crate) struct Certify {
    /// The public key: its file, or the text `k4.public.…`.
    ///
    /// The file may be in PEM.
    certified: String,
    /// The publisher, as in the catalog.
    #[arg(long, value_name = "ID")]
    publisher: PublisherId,
    /// The catalog of a product of the publisher, to compare the names with.
    ///
    /// The publisher, the offers and the plans of --units have to be those of the catalog. With a deal book the
    /// publisher is compared with that of the book in any case.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    catalog: Option<PathBuf>,
    /// What it may sign [default: licenses].
    ///
    /// `licenses`, `anyone` (licenses for anyone), `lists`, `tickets`, or several with commas.
    #[arg(
        long = "for",
        value_name = "PURPOSES",
        value_delimiter = ',',
        default_value = "licenses",
        hide_default_value = true
    )]
    purposes: Vec<String>,
    /// The first date of what the key signs [default: now].
    #[arg(long, value_name = "INSTANT")]
    from: Option<Instant>,
    /// When the key may no longer sign.
    ///
    /// Documents dated then or later do not count.
    #[arg(long, value_name = "INSTANT")]
    until: Instant,
    /// Only documents of this offer. Can be repeated.
    #[arg(long = "offer", value_name = "ID", hide_short_help = true)]
    offers: Vec<OfferId>,
    /// Only licenses of this plan, with at most so many units.
    ///
    /// In a license: `gold=100` or `gold=unlimited`. Can be repeated.
    #[arg(long = "units", value_name = "PLAN=UNITS", hide_short_help = true)]
    units: Vec<UnitsOption>,
    /// Only licenses that end so many days after their issue.
    ///
    /// Within so many days of their issue date, grace included.
    #[arg(long, value_name = "DAYS", hide_short_help = true, value_parser = crate::number::parse::<u32>)]
    terms: Option<u32>,
    /// The first sequence number of lists that counts, for a key that has signed lists before.
    #[arg(long, value_name = "NUMBER", default_value = "1", hide_short_help = true, value_parser = crate::number::parse::<NonZeroU32>)]
    first_list: NonZeroU32,
    #[command(flatten)]
    by: SignerOptions,
    #[command(flatten)]
    to: OutputOptions,
    #[command(flatten)]
    book: WriteOptions,
}

impl Certify {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let certificate = self.draft(now)?;
        self.compare_with_catalog()?;
        let signer = self.by.open()?;
        self.to.require_free()?;
        let book = self.book.lock()?;
        let token = signer.sign(certificate.prepare(signer.public()))?;
        let (key, what) = (signer.public(), summarize_certificate(&certificate));
        let is_compared = book.is_some() || self.catalog.is_some();
        let sells = certificate
            .purposes
            .iter()
            .any(|purpose| matches!(purpose, CertifiedPurpose::Licenses | CertifiedPurpose::LicensesForAnyone));
        let mut answer = hand_out(book, token, key, &self.to, &what, Secrecy::Public, now)?.notes(signer.notes);
        if !is_compared {
            answer = answer.note(UNCOMPARED_NOTE);
        }
        if sells && certificate.constraints.is_empty() {
            answer = answer.note(UNLIMITED_NOTE);
        }
        Ok(answer.note(GIVE_NOTE))
    }

    /// Fails for a publisher, an offer or a plan that the catalog does not have.
    fn compare_with_catalog(&self) -> Result<(), Failure> {
        let Some(path) = &self.catalog else { return Ok(()) };
        let (catalog, file) = (crate::catalog::load(path)?, crate::text::name(path));
        let offer = catalog.offer();
        if self.publisher != offer.publisher {
            let message =
                format!("--publisher: the publisher of {file} is `{}`, not `{}`", offer.publisher, self.publisher);
            return Err(Failure::usage("cli.other-publisher", message));
        }
        if let Some(other) = self.offers.iter().find(|other| **other != offer.offer) {
            let message = format!("--offer: {file} is of the offer `{}`, not of `{other}`", offer.offer);
            return Err(Failure::usage("cli.other-offer", message));
        }
        let unknown = self.units.iter().find(|each| catalog.plan(&each.plan).is_none());
        unknown.map_or(Ok(()), |each| {
            let failure = Failure::usage("cli.unknown-plan", format!("--units: {file} has no plan `{}`", each.plan));
            let question = did_you_mean(each.plan.as_str(), offer.plans.iter().map(|plan| plan.id.as_str()));
            Err(match question {
                Some(question) => failure.help(question),
                None => failure,
            })
        })
    }

    fn draft(&self, now: DateTime<Utc>) -> Result<KeyCertificateDraft, Failure> {
        let purposes = self.purposes.iter().map(|name| self.purpose(name)).collect::<Result<Vec<_>, _>>()?;
        let [first, others @ ..] = purposes.as_slice() else {
            return Err(Failure::usage("cli.missing", "--for names no purpose"));
        };
        let from = self.from.map_or(now, |from| from.0);
        let window = Window::new(from, self.until.0).map_err(|error| Failure::usage(error.code(), error))?;
        let key = key::public(&self.certified)?;
        let draft = KeyCertificateDraft::new(self.publisher.clone(), key, *first, window, now);
        let draft = others.iter().copied().fold(draft, KeyCertificateDraft::and);
        Ok(self.constraints().into_iter().fold(draft, KeyCertificateDraft::within))
    }

    fn purpose(&self, name: &str) -> Result<CertifiedPurpose, Failure> {
        Ok(match trust::purpose(name)? {
            KeyPurpose::Licenses => CertifiedPurpose::Licenses,
            KeyPurpose::LicensesForAnyone => CertifiedPurpose::LicensesForAnyone,
            KeyPurpose::Revocations => CertifiedPurpose::Revocations(self.first_list),
            KeyPurpose::TimeTickets => CertifiedPurpose::TimeTickets,
            _ => {
                let message = format!("a key cannot be certified for `{name}`: a certified key certifies no other");
                return Err(Failure::usage("cli.not-certifiable", message));
            }
        })
    }

    fn constraints(&self) -> Vec<KeyConstraint> {
        let offers = (!self.offers.is_empty()).then(|| KeyConstraint::Offers(self.offers.clone()));
        let units = self.units.iter().map(|each| PlanUnits::new(each.plan.clone(), each.units));
        let units = (!self.units.is_empty()).then(|| KeyConstraint::Units(units.collect()));
        let terms = self.terms.map(|days| KeyConstraint::Terms(Days::new(days)));
        offers.into_iter().chain(units).chain(terms).collect()
    }
}
