//! All texts that this crate can show somebody.

use entitle::language::Wording;

use crate::conformance::ConformanceError;
use crate::faults::FaultsError;
use crate::file::{Damage, DamageKind, FileError};
use crate::host::error::{LoadError, NotReached};
use crate::local::error::{OpenError, SubmitError};
use crate::local::install::{DocumentOutcome, DocumentReport};
use crate::random::RandomError;
use crate::store::StoreError;
use crate::writer::{Answer, NotStored};

/// The wordings of each part.
const PARTS: &[&[Wording]] = &[
    RandomError::WORDINGS,
    FileError::WORDINGS,
    Damage::WORDINGS,
    DamageKind::WORDINGS,
    OpenError::WORDINGS,
    SubmitError::WORDINGS,
    DocumentOutcome::WORDINGS,
    DocumentReport::WORDINGS,
    StoreError::WORDINGS,
    ConformanceError::WORDINGS,
    FaultsError::WORDINGS,
    Answer::WORDINGS,
    NotStored::WORDINGS,
    LoadError::WORDINGS,
    NotReached::WORDINGS,
];

/// Returns every text that this crate can show somebody, with its code, for translations, beside
/// [`entitle::language::wordings`] (K11).
pub fn wordings() -> impl Iterator<Item = Wording> {
    PARTS.iter().flat_map(|part| part.iter().copied())
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use entitle::language::{Message, Wording};
    use entitle::record::{Beginning, Checkpoint, Entry, Ledger, LedgerError};
    use entitle::{Catalog, KeyRing, RecordId, RequestId, Tenant, TenantId};

    use super::wordings;
    use crate::conformance::ConformanceError;
    use crate::faults::FaultsError;
    use crate::file::{Damage, DamageKind, FileError};
    use crate::host::error::{LoadError, NotReached};
    use crate::local::Receipt;
    use crate::local::error::{OpenError, SubmitError};
    use crate::local::install::{DocumentOutcome, DocumentReport};
    use crate::random::RandomError;
    use crate::store::StoreError;
    use crate::writer::{Answer, NotStored};

    fn path() -> PathBuf {
        "studio.record".into()
    }

    fn detail() -> String {
        "it does so".to_string()
    }

    fn id() -> TenantId {
        "contoso".parse().unwrap()
    }

    fn file_errors() -> Vec<FileError> {
        let (path, waited) = (path(), Duration::from_secs(2));
        vec![
            FileError::NotThere { path: path.clone() },
            FileError::AlreadyThere { path: path.clone() },
            FileError::NoFolder { path: path.clone() },
            FileError::NotAFile { path: path.clone() },
            FileError::NotARecord { path: path.clone() },
            FileError::NotReadable { path: path.clone() },
            FileError::NotWritable { path: path.clone() },
            FileError::Full { path: path.clone() },
            FileError::Locked { path: path.clone(), waited },
            FileError::TooLong { path: path.clone(), bytes: 7 },
            FileError::Io { path, error: std::io::Error::other("it does so") },
        ]
    }

    fn store_errors() -> Vec<StoreError> {
        vec![
            StoreError::Unavailable { detail: detail() },
            StoreError::ReadOnly { detail: detail() },
            StoreError::Full { detail: detail() },
            StoreError::OtherApplication { detail: detail() },
            StoreError::OtherTenant { found: id(), wanted: "fabrikam".parse().unwrap() },
            StoreError::Unsuitable { detail: detail() },
            StoreError::NewerSchema { found: 2, known: 1 },
            StoreError::Damaged { detail: detail() },
            StoreError::Failed { detail: detail() },
        ]
    }

    /// A ledger that lacks a checkpoint, and why.
    fn lacks() -> LedgerError {
        let beginning = |byte| Beginning::new(id(), RecordId::from_random([byte; 16]));
        let json = r#"{ "publisher": "p", "offer": "o", "management": "unmanaged", "apps": [], "plans": [] }"#;
        let tenant = Tenant::new(&Catalog::from_json(json).unwrap(), &KeyRing::new(), &beginning(1));
        let elsewhere: Checkpoint = tenant.checkpoint();
        let text = format!("{}\n", beginning(2).text());
        Ledger::read(&id(), &text).unwrap().require(&elsewhere).unwrap_err()
    }

    /// One message of each row.
    fn messages() -> Vec<Message> {
        let damage = |kind| Damage { path: path(), line: 3, kind };
        let (request, at) = (RequestId::from_random([7; 16]), entitle::time::EARLIEST);
        let entry_error = || Entry::read("half").unwrap_err();
        let report = |document, outcome| DocumentReport { file: path(), document, outcome };
        let beginning = Beginning::new(id(), RecordId::from_random([1; 16]));
        let receipt = Receipt { number: 3, head: beginning.head() };
        let json = r#"{ "publisher": "p", "offer": "o", "management": "unmanaged", "apps": [], "plans": [] }"#;
        let mut tenant = Tenant::new(&Catalog::from_json(json).unwrap(), &KeyRing::new(), &beginning);
        let host = entitle::Actor::new("host".parse().unwrap()).with(entitle::Role::GlobalAdministrator);
        let join = entitle::Command::join("bo".parse().unwrap(), "staff".parse().unwrap());
        let entry = tenant.decide(&host, &[join], request, at).unwrap();
        tenant.apply(&entry).unwrap();
        let twice = tenant.apply(&entry).unwrap_err();
        let mut all = vec![
            RandomError { detail: detail() }.message(),
            damage(DamageKind::NotText).message(),
            DamageKind::NotText.message(),
            OpenError::OtherTenant { path: path(), tenant: id(), ours: id() }.message(),
            OpenError::Damaged { damage: damage(DamageKind::NotText), valid_entries: 1 }.message(),
            OpenError::Damaged { damage: damage(DamageKind::Fault(Box::new(twice.into()))), valid_entries: 1 }
                .message(),
            OpenError::LacksCheckpoint(Box::new(lacks())).message(),
            SubmitError::Unknown { request, error: FileError::Full { path: path() } }.message(),
            SubmitError::Damaged(damage(DamageKind::NotText)).message(),
            SubmitError::OtherFile { path: path() }.message(),
            SubmitError::ReadOnly { path: path() }.message(),
            SubmitError::NotApplied(twice).message(),
            DocumentOutcome::Installed(receipt).message(),
            DocumentOutcome::Superseded.message(),
            DocumentOutcome::NotText.message(),
            DocumentOutcome::AlreadyThere.message(),
            report(1, DocumentOutcome::AlreadyThere).message(),
            report(2, DocumentOutcome::AlreadyThere).message(),
            ConformanceError::Store { case: "a case", error: StoreError::Full { detail: detail() } }.message(),
            ConformanceError::Setup { detail: detail() }.message(),
            FaultsError::Process { detail: detail() }.message(),
            FaultsError::Setup { detail: detail() }.message(),
            Answer::Stored { number: 7 }.message(),
            Answer::Unknown { request }.message(),
            NotStored::TimeOver(None).message(),
            NotStored::TimeOver(Some(StoreError::Full { detail: detail() })).message(),
            NotStored::Store(StoreError::Full { detail: detail() }).message(),
            NotStored::Forked.message(),
            NotStored::ClockDiffers { clock: at, store: at }.message(),
            NotStored::Unreadable { number: 7, error: entry_error() }.message(),
            LoadError::UnknownTenant { tenant: id() }.message(),
            LoadError::Unreadable { tenant: id(), number: 7, error: entry_error() }.message(),
            LoadError::Replaced { tenant: id() }.message(),
            NotReached { wanted: 9, position: 7, stopped: None }.message(),
            NotReached { wanted: 9, position: 7, stopped: Some(NotStored::Forked) }.message(),
        ];
        all.extend(file_errors().iter().map(FileError::message));
        all.extend(store_errors().iter().map(StoreError::message));
        all
    }

    #[test]
    fn k11_every_text_has_a_code_of_its_own_and_all_its_values() {
        let ours: Vec<Wording> = wordings().collect();
        let codes: BTreeSet<&str> = ours.iter().map(|wording| wording.code()).collect();
        assert_eq!(codes.len(), ours.len());
        let core: BTreeSet<&str> = entitle::language::wordings().map(Wording::code).collect();
        assert!(codes.is_disjoint(&core) && codes.iter().all(|code| code.starts_with("host.")));
        let messages = messages();
        for message in &messages {
            let missing: Vec<&str> =
                message.wording().placeholders().filter(|name| message.value(name).is_none()).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", message.code());
            assert!(message.values().all(|(name, _)| message.template().contains(name)), "{}", message.code());
        }
        let shown: BTreeSet<&str> = messages.iter().map(Message::code).collect();
        let unseen: Vec<&&str> = codes.difference(&shown).collect();
        assert!(unseen.is_empty(), "no message of this test has the codes {unseen:?}");
    }

    /// The rows of the example: a code and its wording in German.
    fn german() -> BTreeMap<String, String> {
        serde_json::from_str(include_str!("../examples/german_errors/wordings.json")).unwrap()
    }

    #[test]
    fn k11_every_text_has_its_german_with_the_same_values() {
        let german = german();
        let ours: BTreeMap<&str, Wording> = wordings().map(|wording| (wording.code(), wording)).collect();
        let missing: Vec<&Wording> = ours.values().filter(|wording| !german.contains_key(wording.code())).collect();
        assert!(missing.is_empty(), "translate these in examples/german_errors/wordings.json: {missing:#?}");
        let placeholders = |wording: Wording| wording.placeholders().collect::<BTreeSet<&str>>();
        for (code, words) in &german {
            let english = ours.get(code.as_str()).unwrap_or_else(|| panic!("no such code; remove it: {code}"));
            let words = Wording::new(english.code(), String::leak(words.clone()));
            assert_eq!(placeholders(words), placeholders(*english), "{code}");
            let has_words =
                english.english().split(['{', '}']).step_by(2).any(|text| text.contains(char::is_alphabetic));
            assert!(words != *english || !has_words, "still English: {code}");
        }
    }

    #[test]
    fn k11_an_error_within_another_is_worded_in_its_language_too() {
        let error = LoadError::Store(StoreError::Full { detail: detail() });
        assert_eq!((error.code(), error.message().code()), ("host.store.full", "host.store.full"));
        let error = NotStored::Store(StoreError::OtherTenant { found: id(), wanted: id() });
        assert_eq!((error.code(), error.message().code()), ("host.store.other-tenant", "host.not-stored.store"));
        let german = |code: &str| match code {
            "host.not-stored.store" => Some("nicht gespeichert: {error}"),
            "host.store.other-tenant" => Some("{found} statt {wanted}"),
            _ => None,
        };
        let german = entitle::language::Language::new(&german);
        assert_eq!(error.message().in_language(&german), "nicht gespeichert: `contoso` statt `contoso`");
    }
}
