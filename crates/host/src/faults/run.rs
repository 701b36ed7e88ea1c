//! Lets processes write, and kills one after the other.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use entitle::Tenant;

use super::compare::{ENOUGH, Left, compare};
use super::error::{FaultsError, made, of_process};
use super::read::read;
use super::report::FaultsReport;
use super::scene::{NOW, Scene};
use super::write::LINE;
use crate::random::request_id;
use crate::store::{Appended, Position, Store};

/// How long every process writes before the next is killed, at least.
const BETWEEN_KILLS: Duration = Duration::from_millis(250);

/// How much longer it may write, by the number of the kill.
const JITTER: u32 = 200;

/// How long is waited for enough acknowledgements, once nothing fails any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How processes are killed that write to a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    processes: usize,
    kills: u32,
    kills_a_crash: u32,
    late: Duration,
}

/// How much is stored so far: a caller whose server failed can wait until the others go on.
#[derive(Debug, Clone)]
pub struct Progress {
    stored: Arc<AtomicU64>,
}

impl Progress {
    /// Returns how many submissions were acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self::new()
    }
}

impl Faults {
    /// Returns three processes that write at a time, 50 kills, a failure of the servers after every
    /// fourth, and two seconds within which what a killed process sent may appear.
    #[must_use]
    pub fn new() -> Self {
        Self { processes: 3, kills: 50, kills_a_crash: 4, late: Duration::from_secs(2) }
    }

    /// Sets how many processes write at a time, at least one.
    #[must_use]
    pub fn processes(self, processes: usize) -> Self {
        Self { processes: processes.max(1), ..self }
    }

    /// Sets how many processes are killed.
    #[must_use]
    pub fn kills(self, kills: u32) -> Self {
        Self { kills, ..self }
    }

    /// Sets for how long what a killed process sent may still appear: not at all where a process writes
    /// by itself.
    #[must_use]
    pub fn late(self, late: Duration) -> Self {
        Self { late, ..self }
    }

    /// Lets processes write to a store, kills them and starts others, and compares every answer with the
    /// record. `writer` returns the command that runs [`write()`](super::write()) on the same store;
    /// `fail` lets the servers fail, and returns when they are back or others do their work. Takes some
    /// third of a second for each kill.
    ///
    /// # Errors
    ///
    /// [`FaultsError`] if processes cannot be started or the store has such a record.
    pub fn run(
        &self,
        store: &dyn Store,
        mut writer: impl FnMut() -> Command,
        mut fail: impl FnMut(&Progress),
    ) -> Result<FaultsReport, FaultsError> {
        let scene = Scene::new()?;
        let tenant = begin(&scene, store)?;
        let progress = Progress { stored: Arc::default() };
        let (sender, answers) = mpsc::channel();
        let mut writers = Writers { running: Vec::new(), ended: Vec::new() };
        let mut start = || listen(writer(), &sender, &progress);
        for _ in 0..self.processes {
            writers.running.push(start()?);
        }
        for kill in 0..self.kills {
            let more = kill.wrapping_mul(37).checked_rem(JITTER).unwrap_or_default();
            thread::sleep(BETWEEN_KILLS.saturating_add(Duration::from_millis(more.into())));
            writers.kill_first()?;
            if kill.checked_rem(self.kills_a_crash) == Some(1) {
                fail(&progress);
            }
            writers.running.push(start()?);
        }
        // Not by the time: servers that elect a leader take as long as they take.
        let (began, enough) = (Instant::now(), u64::try_from(ENOUGH.saturating_mul(2)).unwrap_or(u64::MAX));
        while progress.acknowledged() < enough && began.elapsed() < PATIENCE && writers.is_complete()? {
            thread::sleep(Duration::from_millis(20));
        }
        while !writers.running.is_empty() {
            writers.kill_first()?;
        }
        drop(sender);
        let answers: Vec<String> = answers.into_iter().collect();
        thread::sleep(self.late);
        let stored = read(store, &scene.id, tenant.head())?;
        let left = Left { kills: self.kills, ended: core::mem::take(&mut writers.ended), answers };
        Ok(compare(&scene, tenant, stored, left))
    }
}

/// The processes that write.
struct Writers {
    running: Vec<Child>,
    /// How those ended that were not killed.
    ended: Vec<String>,
}

impl Writers {
    /// Kills the process that runs longest.
    fn kill_first(&mut self) -> Result<(), FaultsError> {
        let mut killed = self.running.remove(0);
        if let Some(status) = of_process(killed.try_wait())? {
            self.ended.push(status.to_string());
            return Ok(());
        }
        of_process(killed.kill())?;
        of_process(killed.wait()).map(drop)
    }

    /// Returns whether no process ended by itself.
    fn is_complete(&mut self) -> Result<bool, FaultsError> {
        for child in &mut self.running {
            if of_process(child.try_wait())?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Drop for Writers {
    fn drop(&mut self) {
        for child in &mut self.running {
            _ = child.kill();
            _ = child.wait();
        }
    }
}

/// Begins the record, with a license for the seats.
fn begin(scene: &Scene, store: &dyn Store) -> Result<Tenant, FaultsError> {
    let beginning = store.begin(&scene.beginning())?;
    let tenant = Tenant::new(&scene.catalog, &scene.ring, &beginning);
    let entry = made(tenant.decide(&scene.admin, &[scene.install()?], request_id()?, NOW))?;
    match store.append(&scene.id, Position::of(tenant.head()), &[entry]) {
        Appended::Stored(_) => Ok(tenant),
        other => Err(FaultsError::Setup { detail: format!("the license is not stored: {other:?}") }),
    }
}

/// Starts a process; its answers are sent on, and those counted that something is stored.
fn listen(mut writer: Command, answers: &mpsc::Sender<String>, progress: &Progress) -> Result<Child, FaultsError> {
    let mut child = of_process(writer.stdout(Stdio::piped()).spawn())?;
    let (answers, stored) = (answers.clone(), Arc::clone(&progress.stored));
    if let Some(out) = child.stdout.take() {
        thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            for answer in lines.filter_map(|line| Some(line.strip_prefix(LINE)?.to_string())) {
                stored.fetch_add(answer.starts_with("stored ").into(), Ordering::Relaxed);
                _ = answers.send(answer);
            }
        });
    }
    Ok(child)
}
