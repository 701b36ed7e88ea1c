//! `entitle microsoft catalogue read`: the counts and data issues of an edition, and its catalog.

use std::path::PathBuf;

use clap::Args;
use entitle::catalog::Scope;
use entitle::{Catalog, OfferId, PublisherId};
use entitle_microsoft::Guid;
use entitle_microsoft::catalogue::{DataIssue, Edition, Encoding, MAX_EDITION_BYTES, Scopes};
use serde_json::{Value, json};

use super::super::file_kind::SourceFile;
use super::super::scopes::{PlanScope, scope_of};
use super::super::{isv, merge};
use super::edition;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::table::table;
use crate::timeless::Timeless;

/// The number of examples shown per kind of data issue.
const EXAMPLES: usize = 1;

#[derive(Debug, Args)]
pub(crate) struct ReadEdition {
    /// The edition, in UTF-8 or Windows-1252.
    file: PathBuf,
    /// Show all data issues, not one of each kind.
    #[arg(long)]
    all: bool,
    /// The file for a catalog.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The publisher id of the catalog.
    #[arg(long, value_name = "ID", default_value = "microsoft", hide_short_help = true)]
    publisher: PublisherId,
    /// The offer id of the catalog.
    #[arg(long, value_name = "ID", default_value = "microsoft-365", hide_short_help = true)]
    offer: OfferId,
    /// The scope of products, which the file does not contain: `user` or `tenant` for all, or
    /// `GUID=tenant` for one [default: user]. Can be repeated.
    #[arg(long = "scope", value_name = "[PRODUCT=]SCOPE", value_parser = scope_option)]
    scopes: Vec<ScopeOption>,
    #[command(flatten)]
    time: Timeless,
}

/// A scope of all products, or of one.
#[derive(Debug, Clone)]
enum ScopeOption {
    All(Scope),
    One(Guid, Scope),
}

fn scope_option(text: &str) -> Result<ScopeOption, String> {
    if !text.contains('=') {
        return scope_of(text).map(ScopeOption::All);
    }
    let PlanScope { plan, scope } = text.parse()?;
    let product = plan.as_str().parse().map_err(|error: entitle_microsoft::ParseGuidError| error.to_string())?;
    Ok(ScopeOption::One(product, scope))
}

impl ReadEdition {
    pub(super) fn run(&self) -> Result<Answer, Failure> {
        let edition = match edition(&SourceFile::open(&self.file, MAX_EDITION_BYTES)?)? {
            Ok(edition) => edition,
            Err(faults) => return Ok(faults),
        };
        let pairs: usize = edition.products().iter().map(|product| product.service_plans.len()).sum();
        let (products, plans) = (edition.products().len(), edition.service_plans().len());
        let encoding = match edition.encoding() {
            Encoding::Utf8WithMark => "UTF-8 with a byte order mark",
            Encoding::Utf8 => "UTF-8",
            _ => "Windows-1252",
        };
        let data_issues: Vec<Value> = edition
            .data_issues()
            .iter()
            .map(|each| json!({ "code": each.code(), "message": each.to_string() }))
            .collect();
        let mut json = json!({
            "file": self.file, "encoding": encoding, "products": products, "service_plans": plans, "pairs": pairs,
            "blemishes": data_issues,
        });
        let mut lines = vec![format!(
            "{}: {products} products, {plans} service plans, {pairs} pairs; {encoding}",
            crate::text::name(&self.file)
        )];
        lines.extend(data_issue_lines(edition.data_issues(), self.all));
        let mut notes = Vec::new();
        if let Some(out) = &self.out {
            let catalog = self.catalog(&edition)?;
            let assumed = self.assumed();
            lines.extend(isv::write_catalog(&catalog, out, &assumed)?);
            notes.extend(isv::warnings(&catalog));
            merge(&mut json, json!({ "catalog_file": out.to_string_lossy(), "assumed": assumed }));
        }
        let answer = lines.iter().fold(Answer::new(json), Answer::line);
        Ok(answer.notes(notes))
    }

    fn catalog(&self, edition: &Edition) -> Result<Catalog, Failure> {
        let mut scopes = Scopes::all(self.scope_of_all());
        for option in &self.scopes {
            let ScopeOption::One(product, scope) = option else { continue };
            if edition.product(*product).is_none() {
                let message = format!("no product of {} has the GUID {product}", crate::text::name(&self.file));
                return Err(Failure::usage("cli.unknown-product", message));
            }
            scopes = scopes.except(*product, *scope);
        }
        let offer = edition.offer(self.publisher.clone(), self.offer.clone(), &scopes);
        Catalog::new(offer).map_err(|error| {
            let failure = Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(&self.file)));
            failure.help("every product contains service plans, so that none can have the scope capacity")
        })
    }

    fn scope_of_all(&self) -> Scope {
        let mut all = self
            .scopes
            .iter()
            .filter_map(|option| if let ScopeOption::All(scope) = option { Some(*scope) } else { None });
        all.next_back().unwrap_or(Scope::User)
    }

    fn assumed(&self) -> Vec<String> {
        let one = |option: &&ScopeOption| matches!(option, ScopeOption::One(..));
        let exceptions = match self.scopes.iter().filter(one).count() {
            0 => String::new(),
            some => format!(", except {some}"),
        };
        vec![
            format!("every product is of scope {}{exceptions}", self.scope_of_all()),
            "no product requires or excludes another, and no service plan is free".to_string(),
        ]
    }
}

/// Returns the data issues: all of them, or the count and an example of each kind.
fn data_issue_lines(data_issues: &[DataIssue], all: bool) -> Vec<String> {
    if data_issues.is_empty() {
        return Vec::new();
    }
    if all {
        return data_issues.iter().map(|each| format!("  {each} [{}]", each.code())).collect();
    }
    let mut kinds: Vec<(&str, usize, Vec<String>)> = Vec::new();
    for each in data_issues {
        let at = kinds.iter().position(|(code, _, _)| *code == each.code()).unwrap_or(kinds.len());
        if at == kinds.len() {
            kinds.push((each.code(), 0, Vec::new()));
        }
        let Some((_, count, first)) = kinds.get_mut(at) else { continue };
        *count = count.saturating_add(1);
        if first.len() < EXAMPLES {
            first.push(each.to_string());
        }
    }
    let rows: Vec<Vec<String>> = kinds
        .into_iter()
        .map(|(code, count, first)| vec![count.to_string(), code.to_string(), first.join("; ")])
        .collect();
    vec![table(&["COUNT", "DATA ISSUE", "EXAMPLE"], &rows).to_string()]
}
