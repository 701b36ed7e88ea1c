//! Recognises files by their content.

use core::fmt;
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1252;
use entitle_microsoft::Separator;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::exit::Failure;
use crate::files;

/// The maximum length of an excerpt of a file.
const EXCERPT: usize = 60;

/// The kind of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileKind {
    PlanDefinition,
    PlanMapping,
    Catalogue,
    Skus,
    Subscriptions,
    Users,
    User,
    Details,
    Request,
    /// A known kind that no command here reads.
    Other(String),
    /// A table of unknown kind; its headings may be misspelt.
    Table(String),
    /// Anything else.
    Unknown(String),
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlanDefinition => "a plan definition",
            Self::PlanMapping => "a plan mapping",
            Self::Catalogue => "an edition of the Microsoft 365 catalogue",
            Self::Skus => "Graph's list of subscribedSkus",
            Self::Subscriptions => "Graph's list of directory/subscriptions",
            Self::Users => "Graph's list of users",
            Self::User => "Graph's answer about one user",
            Self::Details => "Graph's licenseDetails of a user",
            Self::Request => "a request to assign licenses, which contains changes and no current state",
            Self::Other(what) | Self::Table(what) | Self::Unknown(what) => what,
        })
    }
}

/// A file that was read, and its kind.
#[derive(Debug)]
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    /// The bytes as text: UTF-8 without a byte order mark, else Windows-1252.
    pub(super) text: String,
    pub(super) is_utf8: bool,
    pub(super) kind: FileKind,
    /// The context of a list of Graph, if it has one.
    pub(super) context: Option<String>,
    /// Whether a page of a list of Graph names a next page.
    pub(super) has_next_page: bool,
}

impl SourceFile {
    /// Reads a file of at most `limit` bytes.
    pub(super) fn open(path: &Path, limit: usize) -> Result<Self, Failure> {
        let bytes = files::read_bytes(path, u64::try_from(limit).unwrap_or(u64::MAX))?;
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let (text, is_utf8) = match core::str::from_utf8(rest) {
            Ok(text) => (text.to_string(), true),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(rest).0.into_owned(), false),
        };
        files::refuse_secret(path, &text)?;
        let (kind, top) = recognise(&bytes, &text, is_utf8);
        let TopLevel { context, next, .. } = top.unwrap_or_default();
        Ok(Self { path: path.to_path_buf(), bytes, text, is_utf8, kind, context, has_next_page: next.is_some() })
    }

    /// The error for a file of another kind.
    pub(super) fn wrong_kind(&self, wanted: &str, help: &str) -> Failure {
        let code = if matches!(self.kind, FileKind::Table(_) | FileKind::Unknown(_)) {
            "cli.unknown-file"
        } else {
            "cli.other-file"
        };
        let message = format!("{} seems to be {}; {wanted} is required", crate::text::name(&self.path), self.kind);
        Failure::unreadable(code, message).help(help)
    }
}

fn recognise(bytes: &[u8], text: &str, is_utf8: bool) -> (FileKind, Option<TopLevel>) {
    let start = text.trim_start();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return (FileKind::Other("text in UTF-16, which has to be saved as UTF-8 first".to_string()), None);
    }
    let is_stray = |c: char| c == '\0' || !is_utf8 && c.is_control() && !c.is_whitespace();
    if text.chars().take(4096).any(is_stray) {
        return (FileKind::Unknown("not text".to_string()), None);
    }
    if start.is_empty() {
        return (FileKind::Unknown("empty".to_string()), None);
    }
    if !start.starts_with(['{', '[']) {
        return (table_kind(start), None);
    }
    match serde_json::from_str::<TopLevel>(text) {
        Ok(top) if start.starts_with('{') => (json_kind(&top), Some(top)),
        Ok(_) => (FileKind::Other("a list without the object around it that Graph answers with".to_string()), None),
        Err(error) => (FileKind::Unknown(format!("unknown JSON: {error}")), None),
    }
}

/// Recognises a table by its heading line.
fn table_kind(text: &str) -> FileKind {
    let line = text.lines().next().unwrap_or_default();
    // A separator is one byte.
    let separator = u8::try_from(Separator::detect(text).as_char()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    let cells: Vec<String> = row.iter().map(|cell| cell.trim().to_ascii_lowercase()).collect();
    let has = |name: &str| cells.iter().any(|cell| cell == name);
    if has("service_plan_id") || has("string_id") || has("string_ id") {
        FileKind::Catalogue
    } else if has("component name") {
        FileKind::PlanMapping
    } else if has("licenses provisioned") || has("licenses assigned") {
        FileKind::Other("a License report: `entitle tenant report` writes one, and no command reads it".to_string())
    } else if has("attribute name") && has("definition") {
        FileKind::Other("the description of the columns of a License report".to_string())
    } else if has("serviceid") || has("service id") {
        FileKind::PlanDefinition
    } else if has("channel") && has("grace_or_expired_days") {
        FileKind::Other("the table of how many days subscriptions have before they end".to_string())
    } else if cells.len() > 1 {
        let names: Vec<String> = row.iter().take(4).map(|name| format!("`{}`", excerpt(name.trim()))).collect();
        FileKind::Table(format!("a table headed {}", names.join(", ")))
    } else {
        FileKind::Unknown(format!("a text that begins with `{}`", excerpt(line)))
    }
}

fn json_kind(top: &TopLevel) -> FileKind {
    let first = top.value.as_ref().map(|FirstEntry(first)| first.as_ref());
    let is_of = |what: &str| top.context.as_ref().is_some_and(|context| context.contains(what));
    match first {
        Some(_) if is_of("/licenseDetails") => FileKind::Details,
        Some(_) if is_of("#subscribedSkus") => FileKind::Skus,
        Some(_) if is_of("#directory/subscriptions") || is_of("#subscriptions") => FileKind::Subscriptions,
        Some(_) if is_of("#users") => FileKind::Users,
        Some(Some(entry)) => match entry {
            Entry { states: Some(_), .. } | Entry { name: Some(_), .. } | Entry { location: Some(_), .. } => {
                FileKind::Users
            }
            Entry { prepaid: Some(_), .. } | Entry { consumed: Some(_), .. } | Entry { capability: Some(_), .. } => {
                FileKind::Skus
            }
            Entry { next: Some(_), .. } | Entry { total: Some(_), .. } | Entry { status: Some(_), .. } => {
                FileKind::Subscriptions
            }
            Entry { plans: Some(_), .. } => FileKind::Details,
            _ => FileKind::Unknown("another list of Graph".to_string()),
        },
        Some(None) => FileKind::Unknown("an empty list of Graph without a context".to_string()),
        None => object_kind(top),
    }
}

/// Recognises a JSON object that is not a list.
fn object_kind(top: &TopLevel) -> FileKind {
    let TopLevel { error, add, remove, states, name, location, sku, enums, plans, license, .. } = top;
    if let Some(GraphRefusal { code, message }) = error {
        let refusal = format!("an error of Graph: {}: {}", excerpt(code), excerpt(message));
        return FileKind::Other(refusal);
    }
    if add.is_some() || remove.is_some() {
        return FileKind::Request;
    }
    if states.is_some() || name.is_some() || location.is_some() {
        return FileKind::User;
    }
    let known = [
        (sku.is_some() || enums.is_some(), "a description of Graph's types, without any values"),
        (plans.is_some(), "a catalog, which `entitle catalog check` reads"),
        (license.is_some(), "a deal, which `entitle inspect` reads"),
    ];
    match known.into_iter().find(|(is, _)| *is) {
        Some((_, what)) => FileKind::Other(what.to_string()),
        None => FileKind::Unknown("JSON of another kind".to_string()),
    }
}

/// Returns the beginning of a text.
fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().take(EXCERPT).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// The fields by which a JSON object is recognised.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TopLevel {
    #[serde(rename = "@odata.context")]
    context: Option<String>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<IgnoredAny>,
    value: Option<FirstEntry>,
    error: Option<GraphRefusal>,
    #[serde(rename = "addLicenses")]
    add: Option<IgnoredAny>,
    #[serde(rename = "removeLicenses")]
    remove: Option<IgnoredAny>,
    #[serde(rename = "licenseAssignmentStates")]
    states: Option<IgnoredAny>,
    #[serde(rename = "userPrincipalName")]
    name: Option<IgnoredAny>,
    #[serde(rename = "usageLocation")]
    location: Option<IgnoredAny>,
    #[serde(rename = "subscribedSku")]
    sku: Option<IgnoredAny>,
    enums: Option<IgnoredAny>,
    plans: Option<IgnoredAny>,
    #[serde(rename = "jti")]
    license: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GraphRefusal {
    code: String,
    message: String,
}

/// The first entry of a list; the others are skipped.
#[derive(Debug)]
struct FirstEntry(Option<Entry>);

/// The fields by which an entry of a list is recognised.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(rename = "licenseAssignmentStates")]
    states: Option<IgnoredAny>,
    #[serde(rename = "userPrincipalName")]
    name: Option<IgnoredAny>,
    #[serde(rename = "usageLocation")]
    location: Option<IgnoredAny>,
    #[serde(rename = "prepaidUnits")]
    prepaid: Option<IgnoredAny>,
    #[serde(rename = "consumedUnits")]
    consumed: Option<IgnoredAny>,
    #[serde(rename = "capabilityStatus")]
    capability: Option<IgnoredAny>,
    #[serde(rename = "nextLifecycleDateTime")]
    next: Option<IgnoredAny>,
    #[serde(rename = "totalLicenses")]
    total: Option<IgnoredAny>,
    status: Option<IgnoredAny>,
    #[serde(rename = "servicePlans")]
    plans: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for FirstEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = FirstEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FirstEntry, A::Error> {
                let first = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(FirstEntry(first))
            }
        }
        deserializer.deserialize_seq(List)
    }
}
