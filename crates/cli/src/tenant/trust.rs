//! `entitle tenant trust`: trusts public keys for more purposes, in the settings file.

use core::time::Duration;
use std::collections::BTreeMap;

use clap::Args;
use serde_json::json;

use super::options::{TenantOptions, WaitOptions};
use super::record::Record;
use super::settings::{self, Settings};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::text::name;
use crate::timeless::Timeless;
use crate::trust::{self, Trusted};

/// Trust public keys for more purposes.
#[derive(Debug, Args)]
pub(crate) struct Trust {
    /// A public key, as KEY or KEY=PURPOSES, with commas: licenses, anyone (licenses for anyone), lists,
    /// tickets, certificates [default: licenses,anyone].
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    #[command(flatten)]
    wait: WaitOptions,
    #[command(flatten)]
    time: Timeless,
}

impl Trust {
    pub(crate) fn run(&self, options: &TenantOptions) -> Result<Answer, Failure> {
        let path = options.ledger()?;
        // Another command may add keys meanwhile; without settings, there is nothing to lock.
        Settings::read(path)?;
        let _lock = settings::lock(path, Duration::from_secs(self.wait.seconds().into()))?;
        let settings = Settings::read(path)?;
        let more = trust::read(&self.keys)?;
        let before = settings.keys()?;
        let trust = with_purposes(&before, &more);
        let keys = trust::read(&trust)?;
        let is_new = keys != before;
        if is_new {
            Settings { trust: trust.clone(), ..settings }.write(path)?;
        }
        // The record is read with the keys: the answer is about one that can be read.
        let record = Record::read_present(options)?;
        let answer = Answer::new(json!({ "settings": settings::path(path).to_string_lossy(), "trust": trust }));
        let answer = answer.recorded().notes(keys.iter().filter_map(Trusted::warning).collect());
        let answer = answer.notes(settings::list_note(&trust)).notes(record.notes());
        let settings = name(&settings::path(path));
        let line = |answer: Answer, key: &Trusted| answer.escaped_line(format_args!("{settings}: trusts {key}"));
        if is_new {
            Ok(keys.iter().filter(|key| !before.contains(key)).fold(answer, line))
        } else {
            Ok(answer.escaped_line(format_args!("{settings}: nothing new, these keys are trusted for that already.")))
        }
    }
}

/// Returns the keys of settings with more purposes, and new keys after them, as the settings have them.
fn with_purposes(before: &[Trusted], more: &[Trusted]) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    let mut purposes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for trusted in before.iter().chain(more).map(ToString::to_string) {
        let (key, named) = trusted.rsplit_once('=').unwrap_or((&trusted, ""));
        if !purposes.contains_key(key) {
            order.push(key.to_string());
        }
        purposes.entry(key.to_string()).or_default().extend(named.split(',').map(ToString::to_string));
    }
    let text = |key: String| purposes.get(&key).map(|purposes| format!("{key}={}", purposes.join(",")));
    order.into_iter().filter_map(text).collect()
}
