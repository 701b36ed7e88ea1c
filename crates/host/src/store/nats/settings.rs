//! The settings of the streams of a store, and which streams are used.

use core::time::Duration;

use async_nats::jetstream::stream::{Config, DiscardPolicy, Republish, RetentionPolicy, StorageType};

use crate::store::StoreError;

/// The version of how records are kept in a stream.
const VERSION: i64 = 1;

/// What the description of a stream begins with; its version follows.
const DESCRIPTION: &str = "records of entitle, version ";

/// How long the servers remember the ids of messages.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);

/// Returns the settings of the stream of records.
pub(super) fn records(name: &str, replicas: usize) -> Config {
    Config {
        name: name.to_string(),
        description: Some(format!("{DESCRIPTION}{VERSION}")),
        subjects: vec![format!("{name}.*")],
        storage: StorageType::File,
        num_replicas: replicas,
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        // Reads are answered by the server that leads the stream, or believes that it does.
        allow_direct: false,
        // Those of the barrier go.
        allow_message_ttl: true,
        duplicate_window: DUPLICATE_WINDOW,
        republish: Some(Republish {
            source: format!("{name}.*"),
            destination: format!("{}.{{{{wildcard(1)}}}}", stored_subject(name)),
            headers_only: true,
        }),
        ..Config::default()
    }
}

/// Returns the settings of the stream of snapshots, which keeps the latest message of a subject.
pub(super) fn snapshots(name: &str, replicas: usize) -> Config {
    Config {
        name: format!("{name}-snapshots"),
        description: Some(format!("{DESCRIPTION}{VERSION}")),
        subjects: vec![format!("{name}-snapshots.*.*")],
        storage: StorageType::File,
        num_replicas: replicas,
        max_messages_per_subject: 1,
        ..Config::default()
    }
}

/// Returns the subject under which the servers say what they stored.
pub(super) fn stored_subject(name: &str) -> String {
    format!("{name}-stored")
}

/// Checks that a stream is one of records, which loses none.
pub(super) fn check(wanted: &Config, found: &Config) -> Result<(), StoreError> {
    let (name, description) = (&found.name, found.description.as_deref().unwrap_or_default());
    let version = description.strip_prefix(DESCRIPTION).and_then(|version| version.parse().ok());
    match version {
        None => {
            let detail = format!("the stream `{name}` is of another application");
            return Err(StoreError::OtherApplication { detail });
        }
        Some(found) if found > VERSION => return Err(StoreError::NewerSchema { found, known: VERSION }),
        Some(_) => {}
    }
    let per_subject = |config: &Config| config.max_messages_per_subject.max(0);
    let kept = |config: &Config| {
        let limits = (config.max_messages.max(-1) <= 0, config.max_bytes.max(-1) <= 0, config.max_age.is_zero());
        let refused = (config.deny_delete, config.deny_purge, config.sealed, config.mirror.is_some());
        (config.subjects.clone(), config.retention, limits, per_subject(config), refused, config.allow_message_ttl)
    };
    let keeps_new = wanted.max_messages_per_subject > 0 || found.discard == wanted.discard;
    let unsuitable = |detail: String| Err(StoreError::Unsuitable { detail });
    if kept(wanted) != kept(found) || !keeps_new {
        return unsuitable(format!(
            "the settings of the stream `{name}` were changed: they lose or refuse messages; change them back"
        ));
    }
    if found.num_replicas < wanted.num_replicas {
        let (found, wanted) = (found.num_replicas, wanted.num_replicas);
        return unsuitable(format!(
            "the stream `{name}` is on {found} of the servers, and {wanted} are wanted: add servers and \
             `nats stream edit {name} --replicas {wanted}`, or want {found} replicas"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy};

    use super::{check, records, snapshots};

    /// What an administrator may change in the settings of a stream, and what it is then.
    fn changed(wanted: &Config, change: impl FnOnce(&mut Config)) -> &'static str {
        let mut found = wanted.clone();
        change(&mut found);
        check(wanted, &found).map_or_else(|error| error.code(), |()| "used")
    }

    #[test]
    fn a_stream_of_records_loses_none_and_one_whose_settings_would_is_not_used() {
        let wanted = records("entitle", 3);
        // Nothing is removed, and a message is not taken for new that was sent again.
        assert!(wanted.deny_delete && wanted.deny_purge && wanted.discard == DiscardPolicy::New);
        assert_eq!(wanted.duplicate_window, Duration::from_secs(120));
        // Only the server that leads the stream answers readers.
        assert!(!wanted.allow_direct);
        // What the servers say of a message does not repeat it.
        assert!(wanted.republish.as_ref().is_some_and(|republish| republish.headers_only));
        let is = |change: fn(&mut Config)| changed(&wanted, change);
        let lossy = "host.store.unsuitable";
        assert_eq!(is(|_| ()), "used");
        assert_eq!(is(|found| found.num_replicas = 5), "used");
        assert_eq!(is(|found| (found.max_messages, found.max_bytes) = (-1, -1)), "used");
        assert_eq!(is(|found| found.num_replicas = 1), lossy);
        assert_eq!(is(|found| found.max_messages = 10), lossy);
        assert_eq!(is(|found| found.max_bytes = 10), lossy);
        assert_eq!(is(|found| found.max_age = Duration::from_secs(10)), lossy);
        assert_eq!(is(|found| found.max_messages_per_subject = 1), lossy);
        assert_eq!(is(|found| found.deny_delete = false), lossy);
        assert_eq!(is(|found| found.deny_purge = false), lossy);
        assert_eq!(is(|found| found.sealed = true), lossy);
        assert_eq!(is(|found| found.mirror = Some(async_nats::jetstream::stream::Source::default())), lossy);
        assert_eq!(is(|found| found.subjects.push("more.*".to_string())), lossy);
        assert_eq!(is(|found| found.retention = RetentionPolicy::WorkQueue), lossy);
        assert_eq!(is(|found| found.discard = DiscardPolicy::Old), lossy);
        assert_eq!(is(|found| found.allow_message_ttl = false), lossy);
        assert_eq!(is(|found| found.description = None), "host.store.other-application");
        let newer = |found: &mut Config| found.description = Some("records of entitle, version 2".to_string());
        assert_eq!(is(newer), "host.store.newer-schema");
    }

    #[test]
    fn a_stream_of_snapshots_keeps_the_latest_of_each_part() {
        let wanted = snapshots("entitle", 3);
        assert_eq!((wanted.max_messages_per_subject, wanted.num_replicas), (1, 3));
        assert_eq!(changed(&wanted, |_| ()), "used");
        // A new one replaces another in any case.
        assert_eq!(changed(&wanted, |found| found.discard = DiscardPolicy::New), "used");
        assert_eq!(changed(&wanted, |found| found.max_messages_per_subject = -1), "host.store.unsuitable");
    }
}
