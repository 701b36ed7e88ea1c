//! Records commands, and reads what other processes recorded.

use core::time::Duration;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::record::Checkpoint;
use entitle::{Actor, Command, Entry, RequestId, Tenant};

use super::error::SubmitError;
use super::open::Access;
use super::{Local, Receipt, TimeRecord};
use crate::file::{Appended, Contents, FileError, Fresh, FreshError, OpenFile, append, lock, open};
use crate::random::request_id;

/// How often it is asked whether the time is to be recorded.
const TIME_INTERVAL: TimeDelta = TimeDelta::minutes(1);

impl Local {
    /// Records commands: all of them, or none. They are on disk when this returns.
    ///
    /// They are decided on the record as it is then, whatever other processes recorded before.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] for commands that the tenant may not do, for another process that writes for
    /// longer than the [wait](crate::LocalOptions::wait), and for a file that cannot be written.
    pub fn submit(&mut self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Receipt, SubmitError> {
        self.write(self.options.wait, actor, commands, request_id()?, now)
    }

    /// Records commands unless the record has an entry of the same request, whose receipt is
    /// returned then: for a host that repeats a call whose outcome it does not know. `O(n)` in the
    /// record.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] as for [`Local::submit`].
    pub fn submit_once(
        &mut self,
        actor: &Actor,
        commands: &[Command],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SubmitError> {
        self.require_writing()?;
        let _lock = lock(&mut self.files, &self.path, self.options.wait)?;
        let mut file = open::for_writing(&self.path)?;
        self.catch_up(&mut file)?;
        let text = Contents::read(&self.path, &mut file, 0)?.text;
        let wanted = request.to_string();
        // Few lines contain the id at all.
        let found = text.lines().skip(1).filter(|line| line.contains(&wanted));
        let mut found = found.filter_map(|line| Entry::read(line).ok()).filter(|entry| entry.request() == request);
        if let Some(entry) = found.next() {
            return Ok(Receipt { number: entry.number(), head: self.tenant.head() });
        }
        self.write_locked(&mut file, actor, commands, request, now)
    }

    /// Records entries that the host decides one on the other: all of them, or none. They are on disk
    /// when this returns.
    ///
    /// `decide` gets the tenant as it is, whatever other processes recorded before, while the record
    /// is locked; a clone of it takes the first entry before the second is decided. The checkpoints
    /// that the documents among `commands` depend on are proved before.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] as for [`Local::submit`], and for entries that do not continue the record, and
    /// what `decide` returns. Nothing was recorded then.
    pub fn submit_with<E: From<SubmitError>>(
        &mut self,
        commands: &[Command],
        decide: impl FnOnce(&Tenant) -> Result<Vec<Entry>, E>,
    ) -> Result<Vec<Entry>, E> {
        self.require_writing()?;
        let _lock = lock(&mut self.files, &self.path, self.options.wait).map_err(SubmitError::from)?;
        let mut file = open::for_writing(&self.path).map_err(SubmitError::from)?;
        self.catch_up(&mut file)?;
        self.prove_anchors(&mut file, commands).map_err(SubmitError::from)?;
        let entries = decide(&self.tenant)?;
        let (mut ahead, mut mark, mut lines) = (self.tenant.clone(), self.mark, String::new());
        for entry in &entries {
            ahead.apply(entry).map_err(SubmitError::NotApplied)?;
            let line = format!("{}\n", entry.text());
            mark = mark.after(&line, entry.head());
            lines.push_str(&line);
        }
        if let Some(last) = entries.last() {
            self.append(&mut file, &lines, last.request())?;
            (self.tenant, self.mark) = (ahead, mark);
        }
        Ok(entries)
    }

    /// Proves the checkpoints that the documents among commands depend on, for a preview of the
    /// commands on the [tenant](Local::tenant). `O(n)` in the record if there are any.
    ///
    /// # Errors
    ///
    /// [`FileError`] for a file that cannot be read.
    pub fn prove(&mut self, commands: &[Command]) -> Result<(), FileError> {
        let mut file = open::for_reading(&self.path)?;
        self.prove_anchors(&mut file, commands)
    }

    /// Reads what other processes recorded since. Returns the number of entries.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] for a file that cannot be read, that was replaced or cut, or whose new lines
    /// are damaged. The tenant answers with what it has then.
    pub fn refresh(&mut self) -> Result<u64, SubmitError> {
        let before = self.tenant.position();
        if self.options.access == Access::ReadOnly {
            self.read_new(&mut open::for_reading(&self.path)?)?;
        } else {
            // Under the lock, since what another process is writing may be removed again.
            let _lock = lock(&mut self.files, &self.path, self.options.wait)?;
            self.catch_up(&mut open::for_writing(&self.path)?)?;
        }
        Ok(self.tenant.position().saturating_sub(before))
    }

    /// Records the time if that is due ([`Tenant::is_time_record_due`](entitle::Tenant)), so that
    /// what has ended stays so if the clock is set back (X6). Returns whether it was.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] as for [`Local::submit`].
    pub fn record_time(&mut self, now: DateTime<Utc>) -> Result<bool, SubmitError> {
        self.record_time_waiting(self.options.wait, now)
    }

    /// Asks whether the time is to be recorded, and does it without waiting for others.
    pub(super) fn record_time_when_due(&mut self, now: DateTime<Utc>) {
        let is_early = |time: &TimeRecord| now.signed_duration_since(time.asked).abs() < TIME_INTERVAL;
        if self.options.access == Access::ReadOnly || self.time.as_ref().is_some_and(is_early) {
            return;
        }
        let error = self.record_time_waiting(Duration::ZERO, now).err();
        self.time = Some(TimeRecord { asked: now, error });
    }

    fn record_time_waiting(&mut self, wait: Duration, now: DateTime<Utc>) -> Result<bool, SubmitError> {
        let Some(clock) = self.options.clock.clone().filter(|_| self.tenant.is_time_record_due(now)) else {
            return Ok(false);
        };
        self.write(wait, &clock, &[Command::RecordTime], request_id()?, now).map(|_| true)
    }

    fn write(
        &mut self,
        wait: Duration,
        actor: &Actor,
        commands: &[Command],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SubmitError> {
        self.require_writing()?;
        let lock = lock(&mut self.files, &self.path, wait)?;
        let mut record = self.files.record.take(&self.path, open::for_writing)?;
        self.catch_up(&mut record)?;
        let receipt = self.write_locked(&mut record, actor, commands, request, now)?;
        self.files.record.keep(record);
        lock.end(&mut self.files);
        Ok(receipt)
    }

    fn write_locked(
        &mut self,
        file: &mut OpenFile,
        actor: &Actor,
        commands: &[Command],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SubmitError> {
        self.prove_anchors(file, commands)?;
        let entry = self.tenant.decide(actor, commands, request, now)?;
        let line = [entry.text(), "\n"].concat();
        self.append(file, &line, request)?;
        self.tenant.apply(&entry).map_err(SubmitError::NotApplied)?;
        self.mark = self.mark.after(&line, entry.head());
        Ok(Receipt { number: entry.number(), head: entry.head() })
    }

    /// Appends lines after those that are applied.
    fn append(&self, file: &mut OpenFile, lines: &str, request: RequestId) -> Result<(), SubmitError> {
        let failed = |error| FileError::writing(&self.path, error);
        match append(&mut file.file, self.mark.end, lines) {
            Appended::Stored => Ok(()),
            Appended::NotStored(error) => Err(SubmitError::NotStored(failed(error))),
            Appended::Unknown(error) => Err(SubmitError::Unknown { request, error: failed(error) }),
        }
    }

    fn require_writing(&self) -> Result<(), SubmitError> {
        if self.options.access == Access::ReadOnly {
            Err(SubmitError::ReadOnly { path: self.path.clone() })
        } else {
            Ok(())
        }
    }

    /// Applies what other processes recorded, while the record is locked, and removes a line whose
    /// writing was interrupted.
    fn catch_up(&mut self, file: &mut OpenFile) -> Result<(), SubmitError> {
        let before = self.mark.end;
        let torn = self.read_new(file)?;
        if self.mark.end > before {
            // Who wrote these lines may have been stopped before they were on disk; here they count as stored.
            file.file.sync_data().map_err(|error| FileError::writing(&self.path, error))?;
        }
        if torn > 0 {
            let cut = file.file.set_len(self.mark.end).and_then(|()| file.file.sync_all());
            cut.map_err(|error| FileError::writing(&self.path, error))?;
            self.opening.removed_bytes = self.opening.removed_bytes.saturating_add(torn);
        }
        Ok(())
    }

    /// Applies the entries after those that are applied. Returns the length of an interrupted line
    /// after them.
    fn read_new(&mut self, file: &mut OpenFile) -> Result<u64, SubmitError> {
        let Fresh { entries, mark, torn, damage } = self.mark.read(&self.path, file).map_err(|error| match error {
            FreshError::File(error) => SubmitError::NotStored(error),
            FreshError::OtherFile => SubmitError::OtherFile { path: self.path.clone() },
        })?;
        for entry in &entries {
            self.tenant.apply(entry).map_err(SubmitError::NotApplied)?;
        }
        self.mark = mark;
        if !entries.is_empty() {
            self.prove_installed(file)?;
        }
        damage.map_or(Ok(torn), |damage| Err(SubmitError::Damaged(damage)))
    }

    /// Proves the checkpoints that the documents among the commands depend on, from the whole
    /// record.
    fn prove_anchors(&mut self, file: &mut OpenFile, commands: &[Command]) -> Result<(), FileError> {
        let wanted = self.tenant.missing_anchors_for(commands);
        if wanted.is_empty() { Ok(()) } else { self.prove_checkpoints(file, &wanted) }
    }

    /// Proves the checkpoints that documents depend on which other processes installed, each once.
    fn prove_installed(&mut self, file: &mut OpenFile) -> Result<(), FileError> {
        let missing: Vec<Checkpoint> = self.tenant.missing_anchors().into_iter().cloned().collect();
        if missing == self.unproved {
            return Ok(());
        }
        self.prove_checkpoints(file, &missing)?;
        self.unproved = self.tenant.missing_anchors().into_iter().cloned().collect();
        Ok(())
    }

    /// Proves which checkpoints the record contains. `O(n)` in it.
    fn prove_checkpoints(&mut self, file: &mut OpenFile, wanted: &[Checkpoint]) -> Result<(), FileError> {
        let contents = Contents::read(&self.path, file, 0)?;
        // A record that cannot be read from its beginning contains nothing that could be proved.
        if let Ok(loaded) = self.source.load(&self.path, &contents, None, wanted) {
            if loaded.tenant.head() == self.tenant.head() {
                self.tenant = loaded.tenant;
            }
        }
        Ok(())
    }
}
