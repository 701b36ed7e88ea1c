//! `entitle deal new`: the deal of a first sale, or of a trial for anyone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::{Catalog, Deal, Grant, LicenseId, PlanId};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::catalog::counting;
use crate::deal::amounts_of_nothing::amounts_of_nothing;
use crate::deal::sale_options::{SaleOptions, missing_option};
use crate::deal::{deal_file, prompt};
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::near::did_you_mean_or_list;
use crate::summary::summarize_grant_and_end;

/// Write the deal of a first sale, or of a trial for anyone.
///
/// `entitle deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant gold=5
/// --ends 2027-03-01 -o deal.json`
///
/// Missing options are prompted for at a terminal.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The catalog of the offer.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// A JSON file with any of the options, by name.
    ///
    /// The command line takes precedence.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    from: Option<PathBuf>,
    #[command(flatten)]
    options: SaleOptions,
    /// The file for the deal [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl New {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        let mut options = self.options.clone().or(options_from_file(self.from.as_deref())?);
        check_plan_ids(&catalog, options.plans())?;
        prompt::for_missing(&mut options, SaleOptions::missing, "give options, or a file with --from")?;
        let id = options.id.map_or_else(|| crate::random::id().map(LicenseId::from_random), Ok)?;
        let mut deal = Deal::new(id, catalog.offer(), licensee(&options)?, now);
        deal.grants = options.grants(now)?;
        options.terms.apply_to_deal(&mut deal);
        check_plans(&catalog, &deal.grants)?;
        deal_file::check_rules(&deal)?;
        let answer = write(&deal, self.out.as_deref(), self.from.as_deref())?;
        let answer = self.with_dates(answer, &deal.grants);
        let plans = deal.grants.iter().filter_map(|grant| catalog.plan(&grant.plan));
        let notes: BTreeSet<String> = plans.flat_map(|plan| counting(catalog.offer(), plan)).collect();
        Ok(notes.into_iter().fold(answer, Answer::note).notes(amounts_of_nothing(&deal, catalog.offer())))
    }

    /// Returns an answer with each grant and its dates: below the name of the file, or in notes, since stdout is the
    /// deal where there is no file.
    fn with_dates(&self, answer: Answer, grants: &[Grant]) -> Answer {
        grants.iter().map(summarize_grant_and_end).fold(answer, |answer, grant| match self.out {
            Some(_) => answer.escaped_line(format_args!("  {grant}")),
            None => answer.note(grant),
        })
    }
}

/// Returns the options in a file.
pub(crate) fn options_from_file(from: Option<&Path>) -> Result<SaleOptions, Failure> {
    let Some(path) = from else { return Ok(SaleOptions::default()) };
    serde_json::from_str(&files::read(path)?).map_err(|error| {
        Failure::unreadable("cli.not-answers", format!("{} does not contain the options of a sale: {}", crate::text::name(path), crate::text::json_error(&error)))
            .help(r#"as in {"tenant": "contoso", "name": "Contoso Ltd", "country": "DE", "grants": ["gold=5"], "ends": "2027-03-01"}"#)
    })
}

fn licensee(options: &SaleOptions) -> Result<Licensee, Failure> {
    if options.anyone {
        return Ok(Licensee::Anyone);
    }
    let tenant = options.tenant.clone().ok_or_else(|| missing_option("tenant"))?;
    let name = options.name.clone().ok_or_else(|| missing_option("name"))?;
    Ok(Licensee::Tenant(Customer::new(tenant, name, options.country.ok_or_else(|| missing_option("country"))?.0)))
}

/// Checks that the catalog contains the plans of grants.
pub(crate) fn check_plans<'a>(catalog: &Catalog, grants: impl IntoIterator<Item = &'a Grant>) -> Result<(), Failure> {
    check_plan_ids(catalog, grants.into_iter().map(|grant| &grant.plan))
}

/// Checks that the catalog contains plans.
pub(crate) fn check_plan_ids<'a>(
    catalog: &Catalog,
    plans: impl IntoIterator<Item = &'a PlanId>,
) -> Result<(), Failure> {
    let unknown = plans.into_iter().find(|plan| catalog.plan(plan).is_none());
    let Some(unknown) = unknown else { return Ok(()) };
    let known = catalog.offer().plans.iter().map(|plan| plan.id.as_str());
    let message = format!("no plan of this catalog has the id `{unknown}`");
    let help = did_you_mean_or_list("its plans are", unknown.as_str(), known);
    Err(Failure::usage("cli.unknown-plan", message).help(help))
}

/// Writes the deal to a file or to stdout. The file is no more readable than the one it is made of.
pub(crate) fn write(deal: &Deal, out: Option<&Path>, made_of: Option<&Path>) -> Result<Answer, Failure> {
    let text = deal_file::write(deal)?;
    let deal_json: Value = serde_json::from_str(&text).unwrap_or_default();
    let Some(path) = out else { return Ok(Answer::new(json!({ "deal": deal_json })).raw(&text)) };
    files::write_new(path, &text, made_of.map_or(Secrecy::Public, Secrecy::SameAs))?;
    let answer = Answer::new(json!({ "deal": deal_json, "file": path.to_string_lossy() }));
    Ok(answer.escaped_line(format_args!(
        "{}: revision {}, {}",
        crate::text::name(path),
        deal.revision,
        crate::summary::summarize_deal(deal)
    )))
}
