//! `entitle microsoft isv`: reads and writes the two files of `pac solution add-license`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use entitle::Catalog;
use entitle::catalog::{Access, Offer, Scope};
use entitle::limits::MAX_CATALOG_BYTES;
use entitle::report::spreadsheet_cell;
use entitle_microsoft::File;
use entitle_microsoft::isv::{
    ComponentNames, ExportError, Files, FilesError, MAX_FILE_BYTES, OfferDefaults, PlanDefaults, Unexportable,
};
use serde_json::{Value, json};

use super::component_names::{self, NameOptions, ProposeNames};
use super::csv_faults;
use super::file_kind::{FileKind, SourceFile};
use super::scopes::{PlanScope, quoted_list};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::timeless::Timeless;

const HEADINGS: &str = "the heading line of the plan definition is `ServiceID,Display name,More info URL`, that of the plan mapping `Service ID,Component name`";

/// The two CSV files of `pac solution add-license`.
#[derive(Debug, Subcommand)]
pub(crate) enum IsvCommand {
    /// Make a catalog of the plan definition and the plan mapping.
    ///
    /// `entitle microsoft isv read plans.csv mapping.csv --scope base=tenant -o f365.json`
    ///
    /// Every fault is shown with its position.
    ///
    /// The files contain no scopes, requirements, exclusions, quotas, release or free apps: the command lists its
    /// assumptions about them. Change them with --scope and --like, or in the written catalog.
    Read(ReadFiles),
    /// Write the two files of a catalog, and list what they cannot express.
    ///
    /// `entitle microsoft isv write f365.json --plans plans.csv --mapping mapping.csv`
    ///
    /// Names of components have letters, digits and underscores only. For apps with other ids, name
    /// the components with --map-apps or --rename; `isv read` with the same options gives the same
    /// apps again.
    Write(WriteFiles),
    /// Propose a component for each app whose id Microsoft's tool cannot take.
    ///
    /// `entitle microsoft isv names f365.json -o names.json`
    Names(ProposeNames),
}

#[derive(Debug, Args)]
pub(crate) struct ReadFiles {
    /// The plan definition: `ServiceID,Display name,More info URL`.
    plans: PathBuf,
    /// The plan mapping: `Service ID,Component name`.
    mapping: PathBuf,
    /// The scope of a plan: `base=tenant` [default: user].
    ///
    /// By the last part of its service id. Can be repeated.
    #[arg(long = "scope", value_name = "PLAN=SCOPE")]
    scopes: Vec<PlanScope>,
    /// A catalog with what the files do not contain.
    #[arg(long, value_name = "CATALOG")]
    like: Option<PathBuf>,
    #[command(flatten)]
    names: NameOptions,
    /// The file for the catalog [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    time: Timeless,
}

#[derive(Debug, Args)]
#[command(override_usage = "entitle microsoft isv write [OPTIONS] --plans <FILE> --mapping <FILE>\n       <CATALOG>")]
pub(crate) struct WriteFiles {
    /// The catalog, in JSON.
    catalog: PathBuf,
    /// The file for the plan definition.
    #[arg(long, value_name = "FILE")]
    plans: PathBuf,
    /// The file for the plan mapping.
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    #[command(flatten)]
    names: NameOptions,
    #[command(flatten)]
    time: Timeless,
}

impl IsvCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::Read(read) => read.run(),
            Self::Write(write) => write.run(),
            Self::Names(names) => names.run(),
        }
    }
}

impl ReadFiles {
    fn run(&self) -> Result<Answer, Failure> {
        let (mut plans, mut mapping) =
            (SourceFile::open(&self.plans, MAX_FILE_BYTES)?, SourceFile::open(&self.mapping, MAX_FILE_BYTES)?);
        if plans.kind == FileKind::PlanMapping && mapping.kind == FileKind::PlanDefinition {
            core::mem::swap(&mut plans, &mut mapping);
        }
        // A table of unknown kind may have misspelt headings: its faults are more helpful.
        for (read, kind) in [(&plans, FileKind::PlanDefinition), (&mapping, FileKind::PlanMapping)] {
            if read.kind != kind && !matches!(read.kind, FileKind::Table(_)) {
                return Err(read.wrong_kind(&kind.to_string(), HEADINGS));
            }
        }
        let (defaults, names) = (self.defaults()?, self.names.names()?);
        let catalog = match Files::new(&plans.text, &mapping.text).catalog_named(&defaults, &names) {
            Ok(catalog) => catalog,
            Err(FilesError::Faults(faults)) => {
                let sources = [
                    (File::PlanDefinition, plans.path.as_path(), plans.text.as_str()),
                    (File::PlanMapping, &mapping.path, &mapping.text),
                ];
                return Ok(csv_faults::faults(&faults, &sources));
            }
            Err(error) => return Err(unreadable(&error, &plans.path)),
        };
        let not_utf8 = [&plans, &mapping].into_iter().filter(|read| !read.is_utf8);
        let notes =
            not_utf8.map(|read| format!("{} is not UTF-8: read as Windows-1252", crate::text::name(&read.path)));
        let answer = write(&catalog, self.out.as_deref(), &assumed(&catalog, &defaults))?;
        Ok(answer.notes(notes.collect()).notes(component_names::unused(&names, &catalog)))
    }

    fn defaults(&self) -> Result<OfferDefaults, Failure> {
        let mut defaults = match &self.like {
            Some(path) => OfferDefaults::from_catalog(&crate::catalog::load(path)?),
            None => OfferDefaults::default(),
        };
        for PlanScope { plan, scope } in &self.scopes {
            match defaults.plans.iter_mut().find(|more| more.id == *plan) {
                Some(more) => more.scope = *scope,
                None => defaults.plans.push(PlanDefaults::new(plan.clone(), *scope)),
            }
        }
        Ok(defaults)
    }
}

fn unreadable(error: &FilesError, plans: &Path) -> Failure {
    // Each of several faults has its own line.
    let failure = Failure::unreadable(error.code(), "").with_lines(&format!("{}: {error}", crate::text::name(plans)));
    match error {
        FilesError::OfferDefaults { .. } => failure
            .help("--scope and --like name plans by the last part of the service id, as the plan definition does"),
        FilesError::Unsound(_) => {
            failure.help("every component has to be mapped to a plan, and --scope and --like have to fit the files")
        }
        _ => failure,
    }
}

/// Returns the assumptions about what the files do not contain.
fn assumed(catalog: &Catalog, defaults: &OfferDefaults) -> Vec<String> {
    let offer = catalog.offer();
    let users = offer.plans.iter().filter(|plan| plan.scope == Scope::User);
    let is_described = |plan: &&entitle::catalog::Plan| defaults.plans.iter().any(|more| more.id == plan.id);
    let not_described: Vec<_> = users.filter(|plan| !is_described(plan)).map(|plan| &plan.id).collect();
    let mut assumed = Vec::new();
    if !not_described.is_empty() {
        assumed.push(format!("user plans without requirements or exclusions: {}", quoted_list(not_described)));
    }
    if !offer.apps.iter().any(|app| app.access == Access::Free) {
        assumed.push("no app is free".to_string());
    }
    let mut standard = OfferDefaults::default();
    standard.plans.clone_from(&defaults.plans);
    if *defaults == standard {
        let (notice, tolerance) = (offer.notice, offer.clock_tolerance);
        assumed.push(format!(
            "license management is on, installing requires a license; {notice} of notice, {tolerance} of clock tolerance; no quotas, an undated release"
        ));
    }
    assumed
}

/// Writes the catalog to a file or to stdout.
fn write(catalog: &Catalog, out: Option<&Path>, assumed: &[String]) -> Result<Answer, Failure> {
    let offer = catalog.offer();
    let Some(path) = out else {
        let answer = Answer::new(json!({ "catalog": offer, "assumed": assumed })).raw(&text(offer)?);
        let notes = assumed.iter().map(|what| format!("assumed: {what}"));
        return Ok(answer.notes(notes.chain(warnings(catalog)).collect()));
    };
    let lines = write_catalog(catalog, path, assumed)?;
    let answer = Answer::new(json!({ "catalog": offer, "assumed": assumed, "file": path.to_string_lossy() }));
    Ok(lines.iter().fold(answer, Answer::line).notes(warnings(catalog).collect()))
}

/// Writes the catalog to a new file, and returns a summary.
pub(super) fn write_catalog(catalog: &Catalog, path: &Path, assumed: &[String]) -> Result<Vec<String>, Failure> {
    files::write_new(path, &text(catalog.offer())?, Secrecy::Public)?;
    let head = format!("{}: {}", crate::text::name(path), count_summary(catalog.offer()));
    Ok(core::iter::once(head).chain(assumed.iter().map(|what| format!("  assumed: {what}"))).collect())
}

/// Returns the warnings of a catalog.
pub(super) fn warnings(catalog: &Catalog) -> impl Iterator<Item = String> {
    catalog.warnings().iter().map(ToString::to_string)
}

/// Returns the text of a catalog, short enough to be read again.
fn text(offer: &Offer) -> Result<String, Failure> {
    let unwritable = |error| Failure::unwritten("cli.unwritten", error);
    let mut text = serde_json::to_string_pretty(offer).map_err(unwritable)? + "\n";
    if text.len() > MAX_CATALOG_BYTES {
        text = serde_json::to_string(offer).map_err(unwritable)? + "\n";
    }
    if text.len() > MAX_CATALOG_BYTES {
        let message = format!("a catalog has at most {MAX_CATALOG_BYTES} bytes, this one would have {}", text.len());
        return Err(Failure::refused("catalog.too-long", message));
    }
    Ok(text)
}

fn count_summary(offer: &Offer) -> String {
    let (plans, apps) = (offer.plans.len(), offer.apps.len());
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    format!("{plans} plan{} and {apps} app{} of `{}`", plural(plans), plural(apps), offer.offer)
}

impl WriteFiles {
    fn run(&self) -> Result<Answer, Failure> {
        let catalog = crate::catalog::load(&self.catalog)?;
        if self.plans == self.mapping {
            return Err(Failure::usage(
                "cli.same-file",
                "the plan definition and the plan mapping cannot share a file",
            ));
        }
        let (defaults, names) = (OfferDefaults::from_catalog(&catalog), self.names.names()?);
        let files = Files::from_catalog_named(&catalog, &defaults, &names)
            .map_err(|ExportError(reasons)| self.refused(&catalog, &reasons))?;
        // Both files are written, or none.
        files::write_new(&self.plans, &files.definition, Secrecy::Public)?;
        if let Err(failure) = files::write_new(&self.mapping, &files.mapping, Secrecy::Public) {
            _ = std::fs::remove_file(&self.plans);
            return Err(failure);
        }
        let (definitions, pairs) = (count_rows(&files.definition), count_rows(&files.mapping));
        let not_in_files = not_in_files(&defaults);
        let json = json!({ "plans": self.plans.to_string_lossy(), "mapping": self.mapping.to_string_lossy(), "plan_rows": definitions, "mapping_rows": pairs, "unsaid": not_in_files, "components": component_names::json(&names) });
        let mut answer = Answer::new(json)
            .escaped_line(format_args!("{}: {definitions} plans", crate::text::name(&self.plans)))
            .escaped_line(format_args!("{}: {pairs} components of plans", crate::text::name(&self.mapping)));
        for what in &not_in_files {
            answer = answer
                .escaped_line(format_args!("  not in the files: {}", what["message"].as_str().unwrap_or_default()));
        }
        for plan in
            catalog.offer().plans.iter().filter(|plan| spreadsheet_cell(plan.name.as_str()) != plan.name.as_str())
        {
            // Microsoft's tool accepts it, so it is not changed.
            let what = "begins like a formula, which a spreadsheet would run: do not open the file in one";
            answer = answer.note(format_args!("the name of `{}` {what}", plan.id));
        }
        let renamed = names.iter().count();
        if renamed > 0 {
            let apps = if renamed == 1 { "app" } else { "apps" };
            let line = format!("  not in the files: the ids of {renamed} {apps} whose components are named otherwise");
            answer = answer.escaped_line(line);
        }
        if !not_in_files.is_empty() || renamed > 0 {
            let like =
                Some(format!("--like {}", crate::text::name(&self.catalog))).filter(|_| !not_in_files.is_empty());
            let names = Some(self.names.written()).filter(|_| renamed > 0);
            let options: Vec<String> = like.into_iter().chain(names).collect();
            answer = answer.escaped_line(format_args!("  `isv read {}` restores these", options.join(" ")));
        }
        Ok(answer)
    }

    /// The failure for a catalog that the files cannot express, with what to do.
    fn refused(&self, catalog: &Catalog, reasons: &[Unexportable]) -> Failure {
        let code = reasons.first().map_or("isv.no-plans", Unexportable::code);
        let apps: Vec<_> = reasons
            .iter()
            .filter_map(|reason| if let Unexportable::NotAComponent { app } = reason { Some(app) } else { None })
            .collect();
        let mut texts: Vec<String> = reasons
            .iter()
            .filter(|reason| !matches!(reason, Unexportable::NotAComponent { .. }))
            .map(ToString::to_string)
            .collect();
        let mut help = Vec::new();
        if reasons.iter().any(|reason| matches!(reason, Unexportable::ServiceId(_))) {
            help.push("service ids consist of a-z 0-9 - _".to_string());
        }
        if let Some(first) = apps.first() {
            let are = if apps.len() == 1 { "is no component name" } else { "are no component names" };
            texts.push(format!("{} {are}, which have letters, digits and underscores only", quoted_list(&apps)));
            let proposed = ComponentNames::propose(catalog);
            let (file, component) = (crate::text::name(&self.catalog), proposed.component(first));
            help.push(format!(
                "`entitle microsoft isv names {file} -o apps.json` proposes names for --map-apps apps.json; or name one \
                 with `--rename {first}={component}`"
            ));
        }
        help.push("nothing was written".to_string());
        Failure::refused(code, format!("the files cannot express this catalog: {}", texts.join("; ")))
            .help(help.join("; "))
    }
}

/// Returns the number of rows below the heading line of a text written here; names and addresses
/// have no line ends.
fn count_rows(text: &str) -> usize {
    text.lines().count().saturating_sub(1)
}

/// Returns what the files of a catalog cannot express.
fn not_in_files(defaults: &OfferDefaults) -> Vec<Value> {
    let standard = OfferDefaults::default();
    let free: Vec<_> = defaults.apps.iter().filter(|app| app.access == Access::Free).map(|app| &app.id).collect();
    let quotas: Vec<_> = defaults.quotas.iter().map(|quota| &quota.id).collect();
    let offer = [
        (defaults.name != standard.name, "name", "the offer's name".to_string()),
        (
            defaults.management != standard.management,
            "management",
            "license management, and who may install".to_string(),
        ),
        (defaults.notice != standard.notice, "notice", format!("{} of notice", defaults.notice)),
        (
            defaults.clock_tolerance != standard.clock_tolerance,
            "clock_tolerance",
            format!("{} of clock tolerance", defaults.clock_tolerance),
        ),
        (defaults.release != standard.release, "release", format!("the release, {}", defaults.release)),
        (!quotas.is_empty(), "quotas", format!("quotas: {}", quoted_list(quotas))),
        (!free.is_empty(), "free_apps", format!("free apps: {}", quoted_list(free))),
        (defaults.apps.iter().any(|app| app.name.is_some()), "app_names", "the names of apps".to_string()),
        (!defaults.apps.is_empty(), "order", "the order of the apps".to_string()),
    ];
    let mut not_in_files: Vec<Value> = offer
        .into_iter()
        .filter(|(is, _, _)| *is)
        .map(|(_, what, message)| json!({ "what": what, "message": message }))
        .collect();
    for plan in &defaults.plans {
        let parts = [
            (plan.scope != Scope::User).then(|| format!("is of scope {}", plan.scope)),
            (!plan.requires.is_empty()).then(|| "requires others".to_string()),
            (!plan.excludes.is_empty()).then(|| format!("excludes {}", quoted_list(&plan.excludes))),
            (!plan.quotas.is_empty()).then(|| {
                format!("gives {}", quoted_list(plan.quotas.iter().map(|given| &given.quota).collect::<Vec<_>>()))
            }),
            plan.overage.map(|overage| format!("has an overage of {} percent", overage.get())),
        ];
        let message = format!("`{}` {}", plan.id, parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
        not_in_files.push(json!({ "what": "plan", "plan": plan.id, "message": message }));
    }
    not_in_files
}
