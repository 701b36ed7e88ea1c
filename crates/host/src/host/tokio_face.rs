//! The same for handlers on tokio: calls that wait run on its threads for blocking work.

use core::time::Duration;
use std::sync::Arc;

use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Command, Entry, RequestId, Tenant, TenantId};
use tokio::task::{JoinError, spawn_blocking};

use super::error::{LoadError, NotReached};
use super::{Host, HostTenant};
use crate::store::Store;
use crate::writer::Answer;

impl<S: Store + 'static> Host<S> {
    /// Returns a tenant, as [`tenant`](Host::tenant), on tokio.
    ///
    /// # Errors
    ///
    /// [`JoinError`] if the runtime is shut down meanwhile.
    pub async fn tenant_async(&self, id: TenantId) -> Result<Result<HostTenant<S>, LoadError>, JoinError> {
        let host = self.clone();
        spawn_blocking(move || host.tenant(&id)).await
    }

    /// Returns a tenant, whose record is begun if there is none, as [`begin`](Host::begin), on tokio.
    ///
    /// # Errors
    ///
    /// [`JoinError`] if the runtime is shut down meanwhile.
    pub async fn begin_async(&self, id: TenantId) -> Result<Result<HostTenant<S>, LoadError>, JoinError> {
        let host = self.clone();
        spawn_blocking(move || host.begin(&id)).await
    }
}

impl<S: Store + 'static> HostTenant<S> {
    /// Records commands under the id of a request, as [`submit_once`](HostTenant::submit_once), on
    /// tokio. They are recorded though the future is dropped.
    ///
    /// # Errors
    ///
    /// [`JoinError`] if the runtime is shut down meanwhile: the outcome is unknown then.
    pub async fn submit_once_async(
        &self,
        actor: Actor,
        commands: Vec<Command>,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Answer, JoinError> {
        let tenant = self.clone();
        spawn_blocking(move || tenant.submit_once(actor, commands, request, now)).await
    }

    /// Returns all entries of the tenant, as [`entries`](HostTenant::entries), on tokio.
    ///
    /// # Errors
    ///
    /// [`JoinError`] if the runtime is shut down meanwhile.
    pub async fn entries_async(&self) -> Result<Result<Vec<Entry>, LoadError>, JoinError> {
        let tenant = self.clone();
        spawn_blocking(move || tenant.entries()).await
    }

    /// Waits until readers see an entry, as [`at_least`](HostTenant::at_least), on tokio.
    ///
    /// # Errors
    ///
    /// [`JoinError`] if the runtime is shut down meanwhile.
    pub async fn at_least_async(
        &self,
        number: u64,
        timeout: Duration,
    ) -> Result<Result<Arc<Tenant>, NotReached>, JoinError> {
        let tenant = self.clone();
        spawn_blocking(move || tenant.at_least(number, timeout)).await
    }
}
