//! Two statements of one record that cannot both be true (P3).

use alloc::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::id::PlanId;
use crate::license::head::{EntryHash, Head};
use crate::message::{Value, messages};
use crate::report::statement::wordings::{consumption, customer, licenses};
use crate::report::statement::{
    StatementConsumption, StatementCustomer, StatementLicenses, StatementMonth, UsageStatement,
};
use crate::tenant::Tenant;
use crate::tenant::entry::{ApplyError, Entry};
use crate::time::End;
use crate::time::month::Month;

/// How a statement contradicts an earlier one of the same record: at least one of them was not made
/// of that record as the application keeps it (P3).
///
/// In each, the value of the earlier statement comes first.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Contradiction {
    /// They name different hashes of one entry: the record was edited, or replaced by another
    /// history.
    OtherHash {
        /// The number of the entry.
        entry: u64,
        /// Its hashes.
        hashes: [EntryHash; 2],
    },
    /// They end a month with different entries.
    OtherHead {
        /// The month.
        month: Month,
        /// The numbers of the last entries.
        entries: [u64; 2],
    },
    /// They name different customers in a month.
    OtherCustomer {
        /// The month.
        month: Month,
        /// The customers; `None` for a tenant with only trials for anyone.
        customers: [Option<StatementCustomer>; 2],
    },
    /// They state other licenses of a plan in a month.
    OtherLicenses {
        /// The month.
        month: Month,
        /// The plan.
        plan: PlanId,
        /// The licenses; `None` for a plan that is not granted.
        licenses: [Option<StatementLicenses>; 2],
    },
    /// They state other consumption of a plan in a month.
    OtherConsumption {
        /// The month.
        month: Month,
        /// The plan.
        plan: PlanId,
        /// The consumption; `None` for a plan that is not consumed and cannot be.
        consumption: [Option<StatementConsumption>; 2],
    },
}

messages! {
    Contradiction;
    Self::OtherHash { entry, hashes: [earlier, later] } => "statement.other-hash",
        "entry {entry} has hash {earlier} in the earlier usage statement and {later} in the later one: the record was edited or replaced",
        entry = Value::ordinal(entry), earlier = Value::from(earlier), later = Value::from(later);
    Self::OtherHead { month, entries: [earlier, later] } => "statement.other-head",
        "{month} ends with entry {earlier} in the earlier usage statement and with entry {later} in the later one",
        month, earlier = Value::ordinal(earlier), later = Value::ordinal(later);
    Self::OtherCustomer { month, customers: [earlier, later] } => "statement.other-customer",
        "the customer in {month} is {earlier} in the earlier usage statement and {later} in the later one", month,
        earlier = customer(earlier.as_ref()), later = customer(later.as_ref());
    Self::OtherLicenses { month, plan, licenses: [earlier, later] } => "statement.other-licenses",
        "{plan} in {month}: {earlier} in the earlier usage statement, {later} in the later one", plan, month,
        earlier = licenses(earlier.as_ref()), later = licenses(later.as_ref());
    Self::OtherConsumption { month, plan, consumption: [earlier, later] } => "statement.other-consumption",
        "{plan} in {month}: {earlier} in the earlier usage statement, {later} in the later one", plan, month,
        earlier = consumption(earlier.as_ref()), later = consumption(later.as_ref());
}

impl UsageStatement {
    /// Returns how this statement contradicts an earlier one of the same record; `None` if it does
    /// not, and for a statement of another record (P3).
    ///
    /// They contradict each other if they name different hashes of one entry. If both were made with
    /// one catalog and with the same number of time tickets in force, they also do if they differ in
    /// a month that ended before the floors of both and that both read at one instant: nothing can be
    /// recorded in it any more. The key rings and proofs of anchors of both are expected to be the same, as in one application.
    /// `O(n log n)` in their lengths.
    #[must_use]
    pub fn contradiction(&self, earlier: &Self) -> Option<Contradiction> {
        if (self.tenant(), self.record()) != (earlier.tenant(), earlier.record()) {
            return None;
        }
        let heads: BTreeMap<u64, EntryHash> = earlier.heads().map(|head| (head.number(), head.hash())).collect();
        other_hash(|entry| heads.get(&entry).copied(), self.heads()).or_else(|| self.other_figures(earlier))
    }

    /// Returns the heads that the statement names.
    fn heads(&self) -> impl Iterator<Item = Head> {
        self.0.months.iter().map(|stated| stated.head).chain([self.0.head])
    }

    /// Returns how a month that both read after it was complete differs.
    fn other_figures(&self, earlier: &Self) -> Option<Contradiction> {
        let (ours, theirs) = (&self.0, &earlier.0);
        if (ours.catalog, ours.tickets) != (theirs.catalog, theirs.tickets) {
            return None;
        }
        let floor = End::At(ours.floor.min(theirs.floor));
        let complete = ours.months.iter().filter(|stated| stated.month.ends() <= floor);
        let both = complete.filter_map(|stated| Some((earlier.month(stated.month)?, stated)));
        // Of one instant: a statement from within the month has less of it.
        let both = both.filter(|(earlier, later)| earlier.at == later.at);
        both.filter(|(earlier, later)| earlier != later).find_map(|(earlier, later)| difference(earlier, later))
    }
}

impl Tenant {
    /// Returns how a usage statement contradicts this tenant's record, which is given as all its
    /// entries; `None` if it does not, and for a statement of another record (P3).
    ///
    /// Every head that the statement names is compared with the record, and its figures as
    /// [`UsageStatement::contradiction`] compares them, at the instants at which the statement says
    /// that it read them. In the answer the statement is the earlier
    /// one. Entries that only the statement has are no contradiction: this record may be an older
    /// copy. It replays the record once.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for entries that do not continue each other from number 1 on, or that are not
    /// those of this tenant's record.
    pub fn contradiction(
        &self,
        record: &[Entry],
        statement: &UsageStatement,
    ) -> Result<Option<Contradiction>, ApplyError> {
        if (self.id(), self.record()) != (statement.tenant(), statement.record()) {
            return Ok(None);
        }
        let months = statement.0.months.iter().map(|stated| (stated.month, stated.at));
        let ours = self.statement_of(record, months)?;
        let heads: BTreeMap<u64, EntryHash> = statement.heads().map(|head| (head.number(), head.hash())).collect();
        let beginning = record.first().map(|first| Head::new(0, first.previous()));
        let all = beginning.into_iter().chain(record.iter().map(Entry::head));
        let other = other_hash(|entry| heads.get(&entry).copied(), all);
        Ok(other.or_else(|| ours.contradiction(statement)))
    }
}

/// Returns the first of the later heads that has another hash in the earlier statement.
fn other_hash(
    earlier: impl Fn(u64) -> Option<EntryHash>,
    mut later: impl Iterator<Item = Head>,
) -> Option<Contradiction> {
    later.find_map(|later| {
        let hash = earlier(later.number()).filter(|&hash| hash != later.hash())?;
        Some(Contradiction::OtherHash { entry: later.number(), hashes: [hash, later.hash()] })
    })
}

/// Returns the first difference of a month in two statements.
fn difference(earlier: &StatementMonth, later: &StatementMonth) -> Option<Contradiction> {
    let month = later.month;
    if earlier.head != later.head {
        return Some(Contradiction::OtherHead { month, entries: [earlier.head.number(), later.head.number()] });
    }
    if earlier.customer != later.customer {
        let customers = [earlier.customer.clone(), later.customer.clone()];
        return Some(Contradiction::OtherCustomer { month, customers });
    }
    let other = other_of_plan(&earlier.licenses, &later.licenses, |licenses| &licenses.plan);
    let licenses = other.map(|(plan, licenses)| Contradiction::OtherLicenses { month, plan, licenses });
    licenses.or_else(|| {
        let other = other_of_plan(&earlier.consumption, &later.consumption, |consumption| &consumption.plan);
        other.map(|(plan, consumption)| Contradiction::OtherConsumption { month, plan, consumption })
    })
}

/// Returns the first plan of which two lists say different things, with both.
fn other_of_plan<T: Clone + PartialEq>(
    earlier: &[T],
    later: &[T],
    plan: impl Fn(&T) -> &PlanId,
) -> Option<(PlanId, [Option<T>; 2])> {
    let plans: BTreeSet<&PlanId> = earlier.iter().chain(later).map(&plan).collect();
    plans.into_iter().find_map(|each| {
        let of = |list: &[T]| list.iter().find(|stated| plan(stated) == each).cloned();
        let both = [of(earlier), of(later)];
        let [before, after] = &both;
        (before != after).then(|| (each.clone(), both.clone()))
    })
}
