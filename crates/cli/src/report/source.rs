//! The ledgers and usage statements of which a report is made.

use core::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use entitle::chrono::{DateTime, Utc};
use entitle::query::ClockStatus;
use entitle::report::{Contradiction, UsageStatement};
use entitle::time::{End, Month};
use entitle::{Entry, RecordId, Tenant, TenantId};

use super::months::MonthRange;
use crate::exit::Failure;
use crate::files;
use crate::instant::{Instant, day};
use crate::tenant::record::Record;
use crate::tenant::settings;
use crate::text::name;

/// The beginning of every ledger.
const LEDGER: &[u8] = br#"{"ledger""#;

/// One ledger or usage statement.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Record(Box<Record>),
    Statement(Box<UsageStatement>),
}

/// All ledgers and statements, record by record: of each, the one with the latest head first, a
/// ledger before a statement with the same head, the latest statement before an earlier one.
#[derive(Debug)]
pub(super) struct Sources(Vec<Source>);

/// What the sources state about months, in the order of the sources.
#[derive(Debug)]
pub(super) struct Statements(pub(super) Vec<(String, UsageStatement)>);

impl Source {
    fn read(path: &Path, chosen: Option<DateTime<Utc>>) -> Result<Self, Failure> {
        let content = if is_ledger(path) {
            Content::Record(Box::new(Record::read_at(path, chosen)?))
        } else {
            let text = files::read(path)?;
            let statement = UsageStatement::from_json(&text).map_err(|error| {
                Failure::unreadable(error.code(), format!("{}: {error}", name(path)))
                    .help("give a ledger with its settings file next to it, or a file of `entitle tenant statement`")
            })?;
            Content::Statement(Box::new(statement))
        };
        Ok(Self { path: path.to_path_buf(), content })
    }

    /// Returns whose record it is.
    pub(super) fn record(&self) -> (&TenantId, RecordId) {
        match &self.content {
            Content::Record(record) => (record.tenant().id(), record.tenant().record()),
            Content::Statement(statement) => (statement.tenant(), statement.record()),
        }
    }

    /// Returns the latest instant of which its record has evidence, if there is any.
    pub(super) fn last_evidence(&self) -> Option<DateTime<Utc>> {
        let floor = match &self.content {
            // A clock at the beginning of time is behind every evidence.
            Content::Record(record) => match record.tenant().clock(DateTime::UNIX_EPOCH) {
                ClockStatus::Behind { floor } => floor,
                _ => DateTime::UNIX_EPOCH,
            },
            Content::Statement(statement) => statement.floor(),
        };
        Some(floor).filter(|floor| *floor > DateTime::UNIX_EPOCH)
    }

    /// Returns the number of the latest entry.
    fn head(&self) -> u64 {
        match &self.content {
            Content::Record(record) => record.present().head().number(),
            Content::Statement(statement) => statement.head().number(),
        }
    }

    /// Returns the latest instant at which a statement read its record; of a ledger nothing.
    fn latest(&self) -> Option<DateTime<Utc>> {
        match &self.content {
            Content::Record(_) => None,
            Content::Statement(statement) => statement.months().iter().map(|stated| stated.at).max(),
        }
    }

    fn statement(&self, months: MonthRange, now: DateTime<Utc>) -> Result<UsageStatement, Failure> {
        match &self.content {
            Content::Record(record) => state(record.tenant(), &record.entries()?, months, now),
            Content::Statement(statement) => Ok(UsageStatement::clone(statement)),
        }
    }

    /// Returns the same of a ledger as it is now, whatever instant was chosen.
    fn present(&self, months: MonthRange, now: DateTime<Utc>) -> Result<UsageStatement, Failure> {
        match &self.content {
            Content::Record(record) => state(record.present(), &record.present_entries()?, months, now),
            Content::Statement(statement) => Ok(UsageStatement::clone(statement)),
        }
    }
}

/// Returns the usage statement of a tenant with these entries.
pub(crate) fn state(
    tenant: &Tenant,
    entries: &[Entry],
    months: MonthRange,
    now: DateTime<Utc>,
) -> Result<UsageStatement, Failure> {
    let statement = tenant.usage_statement(entries, months.range(), now);
    statement.map_err(|error| Failure::unreadable(error.code(), error))
}

/// Returns whether a file is a ledger; one that is empty is one if it has a settings file.
fn is_ledger(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LEDGER.len()).unwrap_or(u64::MAX);
    let read = files::open_regular(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.is_ok() && (bytes == LEDGER || bytes.is_empty() && settings::path(path).exists())
}

impl Sources {
    pub(super) fn read(paths: &[PathBuf], chosen: Option<DateTime<Utc>>) -> Result<Self, Failure> {
        let mut sources = paths.iter().map(|path| Source::read(path, chosen)).collect::<Result<Vec<_>, _>>()?;
        sources.sort_by(|a, b| {
            let order = |source: &Source| {
                (Reverse(source.head()), matches!(source.content, Content::Statement(_)), Reverse(source.latest()))
            };
            a.record().cmp(&b.record()).then_with(|| order(a).cmp(&order(b)))
        });
        Ok(Self(sources))
    }

    /// Fails if a statement contradicts another source of its record (P3).
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        let mut found = Vec::new();
        for (index, one) in self.0.iter().enumerate() {
            let others = self.0.iter().skip(index.saturating_add(1));
            for other in others.take_while(|other| other.record() == one.record()) {
                found.extend(contradiction(one, other, now)?);
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let message = format!("what is stated about one record is contradictory\n  {}", found.join("\n  "));
        Err(Failure::refused("report.contradiction", "")
            .with_lines(&message)
            .help("ask the customer for the ledger: it proves which of them is true"))
    }

    /// Returns the sources of which no better one of the same record is given.
    pub(super) fn best(&self) -> impl Iterator<Item = &Source> {
        let before = core::iter::once(None).chain(self.0.iter().map(Some));
        self.0.iter().zip(before).filter_map(|(source, before)| {
            let is_first = before.is_none_or(|before| before.record() != source.record());
            is_first.then_some(source)
        })
    }

    /// Returns what they state about months.
    pub(super) fn statements(&self, months: MonthRange, now: DateTime<Utc>) -> Result<Statements, Failure> {
        let stated = self.0.iter().map(|source| Ok((name(&source.path), source.statement(months, now)?)));
        let stated = Statements(stated.collect::<Result<_, Failure>>()?);
        let has_one = stated.0.iter().any(|(_, it)| it.months().iter().any(|it| months.range().contains(&it.month)));
        if has_one {
            return Ok(stated);
        }
        Err(Failure::unreadable("report.no-months", format!("nothing is known about {months}"))
            .help("a report has months up to now, and of a statement the months in it: pass --months"))
    }

    /// Returns the notes about figures of statements that are not final, or of months that are not begun.
    pub(super) fn not_final(&self, months: MonthRange, now: DateTime<Utc>) -> Vec<String> {
        self.best().flat_map(|source| source.not_final(months, now)).collect()
    }

    /// Returns the notes about ledgers that were read, and about tenants with several records.
    pub(super) fn notes(&self) -> Vec<String> {
        let of_ledgers = self.0.iter().flat_map(|source| match &source.content {
            Content::Record(record) => record.notes(),
            Content::Statement(_) => Vec::new(),
        });
        let tenants = self.0.chunk_by(|one, other| one.record().0 == other.record().0);
        let of_tenants = tenants.filter_map(|sources| {
            let records: BTreeSet<RecordId> = sources.iter().map(|source| source.record().1).collect();
            let (tenant, _) = sources.first()?.record();
            let note = "records, which are counted each: ask the customer which of them counts";
            (records.len() > 1).then(|| format!("`{tenant}` has {} {note}", records.len()))
        });
        of_ledgers.chain(of_tenants).collect()
    }
}

impl Source {
    /// Returns what a statement has of months of which its record says nothing final: an event may still be
    /// dated in them, or they are not begun.
    fn not_final(&self, months: MonthRange, now: DateTime<Utc>) -> Vec<String> {
        let Content::Statement(statement) = &self.content else { return Vec::new() };
        let (path, tenant) = (name(&self.path), statement.tenant());
        let stated = || statement.months().iter().filter(|stated| months.range().contains(&stated.month));
        let open = stated().filter(|stated| {
            stated.month.ends() > End::At(statement.floor()) && stated.at == stated.month.last_second()
        });
        let open: Vec<Month> = open.map(|stated| stated.month).collect();
        let later: Vec<Month> = stated().map(|stated| stated.month).filter(|month| *month > Month::of(now)).collect();
        let open = ranges(&open).map(|months| {
            let floor = Instant(statement.floor());
            format!("{path}: figures of {tenant} in {months} are not final: its record had no event since {floor}")
        });
        let later = ranges(&later).map(|months| {
            format!("{path}: states {months} of {tenant}, which are not begun on {}: its clock was ahead, or a date was given with --at", day(now))
        });
        open.into_iter().chain(later).collect()
    }
}

/// Returns how two sources of one record contradict each other, of which the first has the later
/// head. A ledger is read whole for it, whatever instant was chosen: what it had then proves less.
fn contradiction(one: &Source, other: &Source, now: DateTime<Utc>) -> Result<Option<String>, Failure> {
    let months = MonthRange::of(now);
    let (earlier, later, found) = match (&one.content, &other.content) {
        (Content::Record(record), _) => (other, one, of_record(record, &other.present(months, now)?)?),
        (_, Content::Record(record)) => (one, other, of_record(record, &one.present(months, now)?)?),
        (Content::Statement(later), Content::Statement(earlier)) => (other, one, later.contradiction(earlier)),
    };
    let (earlier, later) = (name(&earlier.path), name(&later.path));
    Ok(found.map(|found| format!("earlier {earlier}, later {later}: {found} [{}]", found.code())))
}

/// Returns how a statement contradicts a record.
fn of_record(record: &Record, statement: &UsageStatement) -> Result<Option<Contradiction>, Failure> {
    let found = record.present().contradiction(&record.present_entries()?, statement);
    found.map_err(|error| Failure::unreadable(error.code(), error))
}

impl Statements {
    /// Returns what is missing: months that no source of a record has, and months that were read
    /// before they were over, though they are over in another source; and the last months, if no source
    /// has them.
    pub(super) fn gaps(&self, months: MonthRange, now: DateTime<Utc>) -> Vec<String> {
        let in_range = |month: &Month| months.range().contains(month);
        let all = self.0.iter().flat_map(|(_, statement)| statement.months());
        let last = all.map(|stated| (stated.month, stated.at)).filter(|(month, _)| in_range(month)).max();
        let Some((last, until)) = last else { return Vec::new() };
        let mut notes = Vec::new();
        for group in self.0.chunk_by(|(_, a), (_, b)| (a.tenant(), a.record()) == (b.tenant(), b.record())) {
            let Some((path, first)) = group.first() else { continue };
            let every = core::iter::successors(Some(months.first), |month| month.next());
            let mut missing: Vec<Month> = Vec::new();
            for month in every.take_while(|month| *month <= last) {
                match group.iter().find_map(|(_, statement)| statement.month(month)) {
                    None => missing.push(month),
                    Some(stated) if stated.at < until.min(month.last_second()) => notes.push(format!(
                        "{path}: {month} of {} is as of {}",
                        first.tenant(),
                        crate::instant::Instant(stated.at)
                    )),
                    Some(_) => {}
                }
            }
            if let Some(missing) = ranges(&missing) {
                notes.push(format!("{path}: nothing about {} in {missing}, which the totals lack", first.tenant()));
            }
        }
        notes.extend(after(last, months, now));
        notes
    }
}

/// Returns the notes about the months after the last one that a source has: those up to now, and those that
/// are not begun.
fn after(last: Month, months: MonthRange, now: DateTime<Utc>) -> Vec<String> {
    let begins = |month: Month| core::iter::successors(month.next(), |month| month.next());
    let (begun, later): (Vec<Month>, Vec<Month>) =
        begins(last).take_while(|month| *month <= months.last).partition(|month| *month <= Month::of(now));
    let begun = ranges(&begun).map(|months| format!("nothing is known about {months}, which the report lacks"));
    let later = ranges(&later).map(|months| format!("not begun yet, and not in the report: {months}"));
    begun.into_iter().chain(later).collect()
}

/// Returns months in order as ranges, "2026-01 to 2026-02, 2026-06"; none for no months.
fn ranges(months: &[Month]) -> Option<String> {
    let ranges = months.chunk_by(|one, other| one.next() == Some(*other)).filter_map(|months| {
        let (first, last) = months.first().zip(months.last())?;
        Some(MonthRange { first: *first, last: *last }.to_string())
    });
    let ranges: Vec<String> = ranges.collect();
    (!ranges.is_empty()).then(|| ranges.join(", "))
}
