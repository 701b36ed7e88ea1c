//! Licenses from the events of a billing system: a subscription that is created, changed or cancelled
//! becomes the next revision of a deal, once, even if an event arrives twice or late.
//!
//! ```text
//! $ export ENTITLE_BOOK=fabrikam.book
//! $ cargo run -p entitle-cli --example billing f365.json fabrikam.key events.jsonl licenses
//! ```
//!
//! It runs the commands that a person at the desk would. The reference of a deal is the subscription with
//! the version that the billing system counts, `sub_4711/3`, so the deal book itself says which events
//! have been done: nothing else is kept, and a run that was interrupted is simply done again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde::Deserialize;
use serde_json::Value;

/// An event: the whole subscription as it is since then.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    subscription: String,
    /// Counted by the billing system; a later state has a higher one.
    version: u32,
    #[serde(rename = "event")]
    kind: Kind,
    /// When it took effect.
    at: String,
    customer: Customer,
    /// Units by plan.
    plans: BTreeMap<String, u32>,
    /// The end of the period that is paid.
    until: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Created,
    Changed,
    Cancelled,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Customer {
    tenant: String,
    name: String,
    country: String,
}

/// What the example needs to know.
pub(crate) struct Billing {
    /// The program `entitle`, which finds the deal book in `ENTITLE_BOOK`.
    pub(crate) entitle: PathBuf,
    /// The folder in which it runs.
    pub(crate) folder: PathBuf,
    pub(crate) catalog: String,
    pub(crate) key: String,
    /// The folder for the licenses.
    pub(crate) licenses: String,
    /// Environment variables for `entitle`, beside those of this program.
    pub(crate) environment: Vec<(String, String)>,
}

/// The deal of a subscription, as the book has it.
struct Known {
    id: String,
    version: u32,
    entry: u64,
    plans: Vec<String>,
}

impl Billing {
    /// Does the events of a text, one a line, and returns what became of each.
    pub(crate) fn run(&self, events: &str) -> Result<Vec<String>, String> {
        let mut done = Vec::new();
        for (number, line) in (1_u32..).zip(events.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let event: Event = serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
            done.push(self.apply(&event).map_err(|error| format!("line {number}: {error}"))?);
        }
        Ok(done)
    }

    fn apply(&self, event: &Event) -> Result<String, String> {
        let Event { subscription, version, .. } = event;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if subscription.is_empty() || !subscription.chars().all(is_plain) {
            return Err(format!("`{subscription}` cannot be the name of a file"));
        }
        let license = format!("{}/{subscription}-{version}.license", self.licenses);
        let draft = format!("{}/{subscription}-{version}.json", self.licenses);
        let known = self.known(subscription)?;
        if let Some(known) = known.as_ref().filter(|known| known.version >= *version) {
            // An earlier run may have ended between the book and the file.
            if known.version == *version && !self.folder.join(&license).exists() {
                self.entitle(&["book", "document", &known.entry.to_string(), "-o", &license])?;
            }
            return Ok(format!("{subscription} {version}: nothing to do, version {} is in the book", known.version));
        }
        let reference = format!("{subscription}/{version}");
        let first = known.is_none();
        let plans = match &known {
            Some(known) => known.plans.clone(),
            None => self.first(event, &reference, &draft)?,
        };
        // The first revision of a subscription that is cancelled already is never signed.
        if !first || event.kind == Kind::Cancelled {
            let deal = known.map_or_else(|| draft.clone(), |known| known.id);
            self.revise(event, &deal, &plans, &reference, &draft)?;
        }
        self.entitle(&["seal", &draft, "--key", &self.key, "-o", &license])?;
        fs::remove_file(self.folder.join(&draft)).map_err(|error| format!("{draft}: {error}"))?;
        Ok(format!("{subscription} {version}: {license}"))
    }

    /// Returns the deal of a subscription, if the book has one.
    fn known(&self, subscription: &str) -> Result<Option<Known>, String> {
        let prefix = format!("{subscription}/");
        let listed = self.entitle(&["deal", "list", "--reference", &prefix, "--json"])?;
        let listed: Vec<Value> = serde_json::from_str(&listed).map_err(|error| error.to_string())?;
        let known = |deal: &Value| -> Option<Known> {
            let grants = deal.get("grants")?.as_array()?;
            let plans = grants.iter().filter_map(|grant| grant.get("plan")?.as_str().map(ToString::to_string));
            Some(Known {
                id: deal.get("id")?.as_str()?.to_string(),
                version: deal.get("reference")?.as_str()?.strip_prefix(&prefix)?.parse().ok()?,
                entry: deal.get("entry")?.as_u64()?,
                plans: plans.collect(),
            })
        };
        match listed.as_slice() {
            [] => Ok(None),
            [deal] => {
                known(deal).map(Some).ok_or_else(|| format!("the deal of `{subscription}` is not one of this program"))
            }
            _ => Err(format!("the book has several deals of `{subscription}`")),
        }
    }

    /// Writes the first revision, and returns its plans.
    fn first(&self, event: &Event, reference: &str, draft: &str) -> Result<Vec<String>, String> {
        let Event { customer, at, until, .. } = event;
        let mut words = vec!["deal", "new", "--catalog", &self.catalog, "--tenant", &customer.tenant];
        words.extend(["--name", &customer.name, "--country", &customer.country, "--reference", reference]);
        words.extend(["--starts", at, "--ends", until]);
        let grants = grants(event);
        words.extend(grants.iter().flat_map(|grant| ["--grant", grant.as_str()]));
        self.draft(&words, draft)?;
        Ok(event.plans.keys().cloned().collect())
    }

    /// Writes the next revision of a deal, of which these plans are sold.
    fn revise(&self, event: &Event, deal: &str, sold: &[String], reference: &str, draft: &str) -> Result<(), String> {
        let mut words = vec!["revise", deal, "--catalog", &self.catalog, "--reference", reference];
        let grants = grants(event);
        let (kept, gone): (Vec<&String>, Vec<&String>) = sold.iter().partition(|plan| event.plans.contains_key(*plan));
        let early: Vec<String> = if event.kind == Kind::Cancelled {
            sold.iter().map(|plan| format!("{plan}={}", event.at)).collect()
        } else {
            words.extend(grants.iter().flat_map(|grant| ["--grant", grant.as_str()]));
            words.extend(gone.iter().flat_map(|plan| ["--drop", plan.as_str()]));
            words.extend(["--ends", &event.until]);
            // A subscription that goes on is not cancelled any more.
            kept.iter().map(|plan| format!("{plan}=never")).collect()
        };
        words.extend(early.iter().flat_map(|end| ["--cancel", end.as_str()]));
        self.draft(&words, draft)
    }

    /// Runs a command that writes a deal to a file, in place of what an interrupted run has left.
    fn draft(&self, words: &[&str], draft: &str) -> Result<(), String> {
        let next = format!("{draft}.next");
        _ = fs::remove_file(self.folder.join(&next));
        self.entitle(&[words, &["-o", &next]].concat())?;
        fs::rename(self.folder.join(&next), self.folder.join(draft)).map_err(|error| format!("{draft}: {error}"))
    }

    /// Runs a command, and returns what it prints.
    fn entitle(&self, words: &[&str]) -> Result<String, String> {
        let run =
            Command::new(&self.entitle).args(words).current_dir(&self.folder).envs(self.environment.clone()).output();
        let run = run.map_err(|error| format!("{}: {error}", self.entitle.display()))?;
        if run.status.success() {
            Ok(String::from_utf8_lossy(&run.stdout).into_owned())
        } else {
            Err(format!("entitle {}: {}", words.join(" "), String::from_utf8_lossy(&run.stderr).trim_end()))
        }
    }
}

/// Returns what is sold, as an option of `entitle` takes it.
fn grants(event: &Event) -> Vec<String> {
    event.plans.iter().map(|(plan, units)| format!("{plan}={units}")).collect()
}

/// The events of a subscription, as the example takes them.
pub(crate) const SAMPLE: &str = r#"{"subscription":"sub_4711","version":1,"event":"created","at":"2026-03-01","customer":{"tenant":"northwind","name":"Northwind","country":"US"},"plans":{"gold":5},"until":"2027-03-01"}
{"subscription":"sub_4711","version":2,"event":"changed","at":"2026-05-01","customer":{"tenant":"northwind","name":"Northwind","country":"US"},"plans":{"gold":8,"silver":2},"until":"2027-03-01"}
{"subscription":"sub_4711","version":3,"event":"cancelled","at":"2026-09-01","customer":{"tenant":"northwind","name":"Northwind","country":"US"},"plans":{"gold":8,"silver":2},"until":"2027-03-01"}"#;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [catalog, key, events, licenses] = words.as_slice() else {
        println!("usage: billing CATALOG KEY EVENTS LICENSES, with ENTITLE_BOOK set and `entitle` on the path\n");
        println!("events, one a line, each with the whole subscription:\n{SAMPLE}");
        return ExitCode::SUCCESS;
    };
    let billing = Billing {
        entitle: PathBuf::from("entitle"),
        folder: PathBuf::from("."),
        catalog: catalog.clone(),
        key: key.clone(),
        licenses: licenses.clone(),
        environment: Vec::new(),
    };
    let text = fs::read_to_string(Path::new(events)).map_err(|error| format!("{events}: {error}"));
    match text.and_then(|text| billing.run(&text)) {
        Ok(done) => {
            for line in done {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
