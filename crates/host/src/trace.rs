//! What is reported to `tracing`, with the feature of that name; nothing without it.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "nothing is reported"))]

use entitle::{RequestId, TenantId};

use crate::store::{Appended, Page, StoreError};
use crate::writer::{Answer, NotStored};

/// A span that ends when this is dropped.
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    _entered: tracing::span::EnteredSpan,
}

/// Begins the span of a submission.
pub(crate) fn submission(tenant: &TenantId, request: RequestId, commands: usize) -> Span {
    Span {
        #[cfg(feature = "tracing")]
        _entered: tracing::info_span!("entitle.submit", %tenant, %request, commands).entered(),
    }
}

/// Begins the span of a call to a store: `load`, `append`, `read`, `find`, `changed` or
/// `save_snapshot`.
pub(crate) fn call(call: &'static str, tenant: Option<&TenantId>) -> Span {
    Span {
        #[cfg(feature = "tracing")]
        _entered: match tenant {
            Some(tenant) => tracing::debug_span!("entitle.store", call, %tenant).entered(),
            None => tracing::debug_span!("entitle.store", call).entered(),
        },
    }
}

/// Reports the answer to a submission.
pub(crate) fn answered(answer: &Answer) {
    #[cfg(feature = "tracing")]
    match answer {
        Answer::Stored { number } => tracing::info!(code = answer.code(), number, "{answer}"),
        Answer::Refused(_) => tracing::info!(code = answer.code(), "{answer}"),
        Answer::NotStored(_) | Answer::Unknown { .. } => tracing::warn!(code = answer.code(), "{answer}"),
    }
}

/// Reports what became of entries.
pub(crate) fn appended(outcome: &Appended, entries: usize) {
    #[cfg(feature = "tracing")]
    match outcome {
        Appended::Stored(_) => tracing::debug!(code = "host.append.stored", entries),
        Appended::Conflict => tracing::debug!(code = "host.append.conflict", entries),
        Appended::AlreadyStored(request) => {
            tracing::debug!(code = "host.append.already-stored", entries, %request);
        }
        Appended::Forked => tracing::error!(code = "host.append.forked", entries),
        Appended::NotStored(error) => tracing::warn!(code = error.code(), entries, "{error}"),
        Appended::Unknown(error) => tracing::warn!(code = "host.append.unknown", entries, "{error}"),
    }
}

/// Reports what was read.
pub(crate) fn has_read(outcome: &Result<Page, StoreError>) {
    #[cfg(feature = "tracing")]
    match outcome {
        Ok(Page::Entries { entries, .. }) => tracing::debug!(code = "host.read.entries", entries = entries.len()),
        Ok(Page::Unreadable { number, error }) => tracing::error!(code = error.code(), number, "{error}"),
        Ok(Page::Forked) => tracing::error!(code = "host.read.forked"),
        Err(error) => tracing::warn!(code = error.code(), "{error}"),
    }
}

/// Reports the error of another call.
pub(crate) fn failed<T>(outcome: &Result<T, StoreError>) {
    #[cfg(feature = "tracing")]
    if let Err(error) = outcome {
        tracing::warn!(code = error.code(), "{error}");
    }
}

/// Reports that a tenant is loaded, or why not.
pub(crate) fn loaded(position: Result<u64, (&'static str, &dyn core::fmt::Display)>) {
    #[cfg(feature = "tracing")]
    match position {
        Ok(position) => tracing::info!(code = "host.load.loaded", position),
        Err((code, error)) => tracing::warn!(code, "{error}"),
    }
}

/// Reports that a tenant writes no more in this process.
pub(crate) fn stopped(tenant: &TenantId, why: &NotStored) {
    #[cfg(feature = "tracing")]
    tracing::error!(code = why.code(), %tenant, "{why}");
}
