//! The open files of the records that were used last.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use entitle::TenantId;

use crate::file::KeptFiles;

/// Of how many records files stay open, two each: few beside the number that a process may have open.
const RECORDS: usize = 16;

/// The open files of the records that were used last, in the order of their use.
#[derive(Debug, Default)]
pub(super) struct RecentFiles(Mutex<VecDeque<(TenantId, KeptFiles)>>);

impl RecentFiles {
    fn files(&self) -> MutexGuard<'_, VecDeque<(TenantId, KeptFiles)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the files of a tenant's record, which nobody else gets meanwhile.
    pub(super) fn take(&self, tenant: &TenantId) -> KeptFiles {
        let mut files = self.files();
        let at = files.iter().position(|(kept, _)| kept == tenant);
        at.and_then(|at| files.remove(at)).map(|(_, files)| files).unwrap_or_default()
    }

    /// Keeps the files of a tenant's record, and closes those that were not used for the longest time.
    pub(super) fn keep(&self, tenant: &TenantId, kept: KeptFiles) {
        let mut files = self.files();
        files.push_back((tenant.clone(), kept));
        if files.len() > RECORDS {
            files.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RECORDS, RecentFiles};

    #[test]
    fn a_bounded_number_of_files_stays_open() {
        let recent = RecentFiles::default();
        for tenant in (0..RECORDS * 2).map(|number| format!("tenant-{number}").parse().unwrap()) {
            recent.keep(&tenant, recent.take(&tenant));
        }
        let kept: Vec<String> = recent.files().iter().map(|(tenant, _)| tenant.to_string()).collect();
        assert_eq!(kept, (RECORDS..RECORDS * 2).map(|number| format!("tenant-{number}")).collect::<Vec<_>>());
        recent.take(&"tenant-20".parse().unwrap());
        assert_eq!(recent.files().len(), RECORDS - 1, "who uses them has them alone");
    }
}
