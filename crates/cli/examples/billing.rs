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
//!
//! Any number of runs may work at once, on any computers that share the book. The id of a license follows
//! from the book and the subscription, so all runs make the same one, and the book refuses a second content
//! of a revision: the run that was slower reads what is there and goes on from it.

use core::sync::atomic::{AtomicU32, Ordering};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// How often an event is tried again that another run was faster with. Each time the book has a new revision.
const ATTEMPTS: u32 = 20;

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
    /// The program `entitle`.
    pub(crate) entitle: PathBuf,
    /// The folder in which it runs.
    pub(crate) folder: PathBuf,
    /// The deal book.
    pub(crate) book: String,
    pub(crate) catalog: String,
    pub(crate) key: String,
    /// The folder for the licenses.
    pub(crate) licenses: String,
    /// Environment variables for `entitle`, beside those of this program.
    pub(crate) environment: Vec<(String, String)>,
}

/// The deals of the book, as `entitle deal list --json` answers.
#[derive(Deserialize)]
struct Listed {
    deals: Vec<Value>,
}

/// The deal of a subscription, as the book has it.
struct Known {
    tenant: String,
    version: u32,
    entry: u64,
    plans: Vec<String>,
}

/// Why an event is not done.
enum NotDone {
    /// Another run has written another revision meanwhile.
    Overtaken(String),
    Failed(String),
}

impl From<String> for NotDone {
    fn from(error: String) -> Self {
        Self::Failed(error)
    }
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
        let mut overtaken = String::new();
        for _ in 0..ATTEMPTS {
            match self.attempt(event) {
                Ok(done) => return Ok(done),
                Err(NotDone::Failed(error)) => return Err(error),
                Err(NotDone::Overtaken(error)) => overtaken = error,
            }
        }
        Err(overtaken)
    }

    fn attempt(&self, event: &Event) -> Result<String, NotDone> {
        let Event { subscription, version, customer, .. } = event;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if subscription.is_empty() || !subscription.chars().all(is_plain) {
            return Err(NotDone::Failed(format!("`{subscription}` cannot be the name of a file")));
        }
        let license = format!("{}/{subscription}-{version}.license", self.licenses);
        let known = self.known(subscription)?;
        if let Some(known) = known.as_ref().filter(|known| known.version >= *version) {
            // An earlier run may have ended between the book and the file, or within the file.
            if known.version == *version {
                self.deliver(known.entry, &license)?;
            }
            return Ok(format!("{subscription} {version}: nothing to do, version {} is in the book", known.version));
        }
        let deal = match &known {
            None => {
                let first = self.first(event)?;
                // The first revision of a subscription that is cancelled already is never signed.
                let plans: Vec<String> = event.plans.keys().cloned().collect();
                if event.kind == Kind::Cancelled { self.revise(event, &first, &plans)? } else { first }
            }
            Some(known) if known.tenant != customer.tenant => {
                let (ours, theirs) = (&known.tenant, &customer.tenant);
                let error = format!(
                    "`{subscription}` is of tenant `{ours}` in the book, not `{theirs}`: another tenant needs another subscription"
                );
                return Err(NotDone::Failed(error));
            }
            Some(known) => {
                // Of this entry, whatever another run writes meanwhile: no later revision is revised by an
                // earlier event.
                let document = self.entitle(&["book", "document", &known.entry.to_string()], "")?;
                let deal = self.entitle(&["inspect", "-", "--deal"], &document)?;
                self.revise(event, &deal, &known.plans)?
            }
        };
        let sealed = self.entitle(&["seal", "-", "--key", &self.key, "--form", "plain", "--json"], &deal)?;
        let sealed: Value = serde_json::from_str(&sealed).map_err(|error| error.to_string())?;
        let entry = sealed.get("entry").and_then(Value::as_u64).ok_or_else(|| "it is in no book".to_string())?;
        self.deliver(entry, &license)?;
        Ok(format!("{subscription} {version}: {license}"))
    }

    /// Returns the deal of a subscription, if the book has one, whatever the clock says: other computers
    /// have clocks of their own.
    fn known(&self, subscription: &str) -> Result<Option<Known>, NotDone> {
        let prefix = format!("{subscription}/");
        let listed = self.entitle(&["deal", "list", "--reference", &prefix, "--at", "9999-12-31", "--json"], "")?;
        let listed: Listed = serde_json::from_str(&listed).map_err(|error| error.to_string())?;
        let known = |deal: &Value| -> Option<Known> {
            let grants = deal.get("grants")?.as_array()?;
            let plans = grants.iter().filter_map(|grant| grant.get("plan")?.as_str().map(ToString::to_string));
            Some(Known {
                tenant: deal.get("customer")?.get("id")?.as_str()?.to_string(),
                version: deal.get("reference")?.as_str()?.strip_prefix(&prefix)?.parse().ok()?,
                entry: deal.get("entry")?.as_u64()?,
                plans: plans.collect(),
            })
        };
        match listed.deals.as_slice() {
            [] => Ok(None),
            [deal] => {
                let known =
                    known(deal).ok_or_else(|| format!("the deal of `{subscription}` is not one of this program"));
                Ok(Some(known?))
            }
            _ => Err(NotDone::Failed(format!("the book has several deals of `{subscription}`"))),
        }
    }

    /// Returns the first revision.
    fn first(&self, event: &Event) -> Result<String, NotDone> {
        let Event { customer, at, until, .. } = event;
        let (reference, id) = (event.reference(), self.license_id(&event.subscription)?);
        let mut words = vec!["deal", "new", "--catalog", &self.catalog, "--tenant", &customer.tenant, "--id", &id];
        words.extend(["--name", &customer.name, "--country", &customer.country, "--reference", &reference]);
        words.extend(["--starts", at, "--ends", until]);
        let grants = grants(event);
        words.extend(grants.iter().flat_map(|grant| ["--grant", grant.as_str()]));
        self.entitle(&words, "")
    }

    /// Returns the id of the license of a subscription. It is the same in each run, and since it follows from
    /// the random id of the book, which its owner alone can read, nobody guesses it from the subscription.
    fn license_id(&self, subscription: &str) -> Result<String, NotDone> {
        let mut first_line = String::new();
        let book = File::open(self.folder.join(&self.book));
        book.and_then(|book| BufReader::new(book).read_line(&mut first_line))
            .map_err(|error| format!("{}: {error}", self.book))?;
        let hash = Sha256::digest(format!("{}\n{subscription}", first_line.trim_end()));
        let digits = hash.iter().take(16).flat_map(|byte| [byte >> 4, byte & 0xf]);
        Ok(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect())
    }

    /// Returns the next revision of a deal, of which these plans are sold.
    fn revise(&self, event: &Event, deal: &str, sold: &[String]) -> Result<String, NotDone> {
        let (reference, customer) = (event.reference(), &event.customer);
        let mut words = vec!["revise", "-", "--catalog", &self.catalog, "--reference", &reference];
        words.extend(["--name", &customer.name, "--country", &customer.country]);
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
        self.entitle(&words, deal)
    }

    /// Writes a document of the book to a file, unless it is there and whole. A part of it, which an
    /// interrupted run has left, is replaced at once.
    fn deliver(&self, entry: u64, file: &str) -> Result<(), NotDone> {
        static DRAFTS: AtomicU32 = AtomicU32::new(0);
        let document = self.entitle(&["book", "document", &entry.to_string()], "")?;
        let path = self.folder.join(file);
        if fs::read_to_string(&path).is_ok_and(|found| found == document) {
            return Ok(());
        }
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let draft = path.with_extension(format!("part-{}-{number}", std::process::id()));
        let written = File::create(&draft).and_then(|mut file| {
            file.write_all(document.as_bytes())?;
            file.sync_all()
        });
        let named = written.and_then(|()| fs::rename(&draft, &path));
        Ok(named.map_err(|error| format!("{file}: {error}"))?)
    }

    /// Runs a command with an input, and returns what it prints.
    fn entitle(&self, words: &[&str], input: &str) -> Result<String, NotDone> {
        let mut command = Command::new(&self.entitle);
        command.args(words).current_dir(&self.folder).envs(self.environment.clone()).env("ENTITLE_BOOK", &self.book);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let run = command.spawn().and_then(|mut running| {
            // It may end without reading its input.
            _ = running.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
            running.wait_with_output()
        });
        let run = run.map_err(|error| format!("{}: {error}", self.entitle.display()))?;
        if run.status.success() {
            return Ok(String::from_utf8_lossy(&run.stdout).into_owned());
        }
        // With --json an error is on stdout.
        let output = format!("{}{}", String::from_utf8_lossy(&run.stderr), String::from_utf8_lossy(&run.stdout));
        let error = format!("entitle {}: {}", words.join(" "), output.trim_end());
        let overtaken = ["cli.other-content", "cli.older-revision"];
        Err(if overtaken.iter().any(|code| output.contains(code)) { NotDone::Overtaken(error) } else { error.into() })
    }
}

impl Event {
    /// Returns the reference of the deal: which version of which subscription it is.
    fn reference(&self) -> String {
        format!("{}/{}", self.subscription, self.version)
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
        book: std::env::var("ENTITLE_BOOK").unwrap_or_default(),
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
