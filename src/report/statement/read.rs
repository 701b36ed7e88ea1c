//! Reading and writing statements as JSON.

use alloc::collections::BTreeSet;
use alloc::string::String;

use crate::document::{FromDocument, Names, ReadError, Slot, TakeFields, Unreadable, ValueReader, Want, read};
use crate::id::excerpt;
use crate::license::head::Head;
use crate::report::statement::error::StatementError;
use crate::report::statement::wire::{FORMAT, MAX_STATEMENT_BYTES};
use crate::report::statement::{Content, StatementMonth, UsageStatement};

/// The name of the format of any statement. Other fields are ignored.
struct AnyFormat {
    statement: String,
}

impl FromDocument for AnyFormat {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        let mut found = FormatOnly(None);
        value.read(Want::Object { expected: &"a usage statement", names: Names::Any, take: &mut found })?;
        found.0.map(|statement| Self { statement }).ok_or_else(ReadError::unread)
    }
}

/// The name of the format, once it is found.
struct FormatOnly(Option<String>);

impl TakeFields for FormatOnly {
    fn take(&mut self, name: &str, value: &mut dyn ValueReader) -> Result<(), ReadError> {
        match name {
            "statement" => self.0.fill("statement", value),
            _ => value.read(Want::Anything),
        }
    }

    fn end(&mut self) -> Result<(), ReadError> {
        if self.0.is_some() { Ok(()) } else { Err(ReadError::of("missing field `statement`")) }
    }
}

impl UsageStatement {
    /// Reads a statement. `O(n log n)` in its length.
    ///
    /// Nothing in it is trusted: it is the tenant's word.
    ///
    /// # Errors
    ///
    /// [`StatementError`] for a text over [`MAX_STATEMENT_BYTES`], of another format, that is not a
    /// statement in JSON, whose months are not in order, or that contradicts itself.
    pub fn from_json(text: &str) -> Result<Self, StatementError> {
        let bytes = text.len();
        if bytes > MAX_STATEMENT_BYTES {
            return Err(StatementError::TooLong { bytes });
        }
        let not_json =
            |Unreadable { line, column, detail }: Unreadable| StatementError::NotJson { line, column, detail };
        let format: AnyFormat = read(text).map_err(not_json)?;
        if format.statement != FORMAT {
            return Err(StatementError::UnknownFormat { found: excerpt(&format.statement) });
        }
        let content: Content = read(text).map_err(not_json)?;
        check(&content)?;
        Ok(Self(content))
    }

    /// Returns the statement as JSON, on several lines. `O(n)` in its length.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Its fields always serialize.
        serde_json::to_string_pretty(&self.0).unwrap_or_default()
    }
}

/// Fails if a statement contradicts itself.
fn check(content: &Content) -> Result<(), StatementError> {
    let mut plans = BTreeSet::new();
    if let Some(plan) = content.plans.iter().find(|plan| !plans.insert(&plan.id)) {
        return Err(StatementError::RepeatedPlan { plan: plan.id.clone() });
    }
    let mut before: Option<&StatementMonth> = None;
    for stated in &content.months {
        let &StatementMonth { month, at, head, .. } = stated;
        if before.is_some_and(|before| before.month >= month) {
            return Err(StatementError::MonthNotLater { month });
        }
        if at < month.starts() || at > month.last_second() {
            return Err(StatementError::ReadOutsideMonth { month, at });
        }
        let is_continued = before.is_none_or(|before| continues(before.head, head)) && continues(head, content.head);
        if !is_continued {
            return Err(StatementError::HeadNotContinued { month, entry: head.number() });
        }
        let (mut granted, mut consumed) = (BTreeSet::new(), BTreeSet::new());
        let granted = stated.licenses.iter().map(|it| &it.plan).find(|plan| !granted.insert(*plan));
        let consumed = stated.consumption.iter().map(|it| &it.plan).find(|plan| !consumed.insert(*plan));
        if let Some(plan) = granted.or(consumed) {
            return Err(StatementError::RepeatedInMonth { month, plan: plan.clone() });
        }
        before = Some(stated);
    }
    Ok(())
}

/// Returns whether one head can be that of a record from which a record with the other continues.
fn continues(earlier: Head, later: Head) -> bool {
    earlier == later || earlier.number() < later.number()
}
