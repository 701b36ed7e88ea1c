//! What a host reports to `tracing`.

use core::fmt::{self, Write as _};
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use entitle_host::writer::Answer;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::faulty_store::{Shared, assign, id, settings};
use crate::support::{admin, join, now};

/// Keeps spans and events as lines.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>, Arc<AtomicU64>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Lines {
    fn add(&self, name: &str, record: impl FnOnce(&mut Fields)) {
        let mut fields = Fields(name.to_string());
        record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(span.metadata().name(), |fields| span.record(fields));
        Id::from_u64(self.1.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(&event.metadata().level().to_string(), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn submissions_and_calls_are_spans_whose_outcomes_have_the_stable_codes() {
    let (lines, store) = (Lines::default(), Shared::default());
    tracing::subscriber::with_default(lines.clone(), || {
        let host = settings(store.clone()).start();
        assert!(host.tenant(&id()).is_err());
        let tenant = host.begin(&id()).unwrap();
        store.1.not_stored.store(1, Ordering::Relaxed);
        assert_eq!(tenant.submit(admin(), vec![join("bo")], now()).unwrap(), Answer::Stored { number: 1 });
        assert!(matches!(tenant.submit(admin(), assign("bo"), now()).unwrap(), Answer::Refused(_)));
    });
    let lines = lines.0.lock().unwrap().clone();
    for expected in [
        "entitle.store call=\"load\" tenant=contoso",
        "WARN message=the tenant `contoso` has no record: check its id; the record of a new customer is begun first code=\"host.load.unknown-tenant\"",
        "INFO code=\"host.load.loaded\" position=0",
        "entitle.submit tenant=contoso request=",
        "entitle.store call=\"append\" tenant=contoso",
        "WARN message=the store does not answer: broken. It is tried again code=\"host.store.unavailable\" entries=1",
        "DEBUG code=\"host.append.stored\" entries=1",
        "INFO message=stored as entry 1 code=\"host.stored\" number=1",
        "code=\"refusal.",
    ] {
        assert!(lines.iter().any(|line| line.contains(expected)), "{expected}\n{lines:#?}");
    }
}
