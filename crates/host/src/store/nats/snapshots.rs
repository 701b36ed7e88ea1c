//! Snapshots, in parts that fit into messages.

use async_nats::HeaderMap;
use bytes::Bytes;
use entitle::record::Head;

use super::failure::Published;
use super::log::{Log, Stored};
use crate::store::StoreError;

/// The length of a part in bytes; by default the servers take messages of at most 1 MiB.
const PART: usize = 512 * 1024;

/// Before each part: the number of the entry that the snapshot was made after, and of the parts.
const HEAD: usize = 16;

fn numbers(part: &Stored) -> Option<(u64, u64)> {
    let (number, rest) = part.payload.split_first_chunk::<8>()?;
    let parts = rest.first_chunk::<8>()?;
    Some((u64::from_le_bytes(*number), u64::from_le_bytes(*parts)))
}

/// Returns the latest snapshot; `None` if there is none, or another is being written.
pub(super) async fn load(log: &Log, tenant: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let subject = |part: u64| format!("{}.{tenant}.{part}", log.name());
    let Some(first) = log.last(&subject(0)).await? else { return Ok(None) };
    let Some((number, parts)) = numbers(&first) else { return Ok(None) };
    let rest = log.last_of((1..parts).map(subject).collect()).await;
    let rest = rest.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut snapshot = Vec::new();
    for part in core::iter::once(Some(first)).chain(rest) {
        match part.filter(|part| numbers(part) == Some((number, parts))) {
            Some(part) => snapshot.extend_from_slice(part.payload.get(HEAD..).unwrap_or_default()),
            None => return Ok(None),
        }
    }
    Ok(Some(snapshot))
}

/// Saves a snapshot, unless one of a later head is saved.
pub(super) async fn save(log: &Log, tenant: &str, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
    let subject = |part: usize| format!("{}.{tenant}.{part}", log.name());
    let saved = log.last(&subject(0)).await?;
    if saved.as_ref().and_then(numbers).is_some_and(|(number, _)| number > head.number()) {
        return Ok(());
    }
    let mut parts: Vec<&[u8]> = snapshot.chunks(PART).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let count = u64::try_from(parts.len()).unwrap_or(u64::MAX);
    // The first part last: until then the snapshot before it counts, or none.
    for (number, part) in parts.iter().enumerate().rev() {
        let payload = [&head.number().to_le_bytes()[..], &count.to_le_bytes()[..], part].concat();
        let expected = (number == 0).then(|| saved.as_ref().map_or(0, |saved| saved.sequence));
        match log.publish(subject(number), Bytes::from(payload), HeaderMap::new(), expected).await {
            // Another process saved one at the same time.
            Published::Stored(_) | Published::Duplicate | Published::Conflict => {}
            Published::NotStored(error) | Published::Unknown(error) => return Err(error),
        }
    }
    Ok(())
}
