//! A process that writes until it is killed.

use core::time::Duration;
use std::io::{self, Write as _};
use std::thread;

use entitle::Command;

use super::error::{FaultsError, made, of_process};
use super::scene::{NOW, SEATS, Scene};
use crate::host::{Host, HostTenant};
use crate::random::request_id;
use crate::store::{Store, StoreError};
use crate::writer::Answer;

/// How many threads of a process write.
const THREADS: usize = 8;

/// How many users want the seats.
const USERS: usize = 7;

/// How long is waited for a store that does not answer, before it is asked again.
const RETRY: Duration = Duration::from_millis(20);

/// What a line begins with that is an answer: others may be written between.
pub(super) const LINE: &str = "entitle-faults ";

/// Writes to a store until this process is killed, and prints every answer on a line. The store is
/// opened again while it is unavailable. Returns only why that cannot go on.
///
/// # Errors
///
/// [`FaultsError::Store`] if the store cannot be opened for another reason,
/// [`FaultsError::Process`] if nobody reads the answers.
#[must_use]
pub fn write<S: Store + 'static>(open: impl FnMut() -> Result<S, StoreError>) -> FaultsError {
    match Scene::new().and_then(|scene| write_in(&scene, open)) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

fn write_in<S: Store + 'static>(
    scene: &Scene,
    mut open: impl FnMut() -> Result<S, StoreError>,
) -> Result<core::convert::Infallible, FaultsError> {
    let store = loop {
        match open() {
            Ok(store) => break store,
            Err(error) if error.is_temporary() => thread::sleep(RETRY),
            Err(error) => return Err(error.into()),
        }
    };
    let poll = Duration::from_millis(100);
    let host = Host::new(store, scene.catalog.clone(), scene.ring.clone());
    let host = host.poll(poll).clock_tolerance(Duration::MAX).start();
    let tenant = loop {
        match host.begin(&scene.id) {
            Ok(tenant) => break tenant,
            Err(_) => thread::sleep(RETRY),
        }
    };
    thread::scope(|scope| {
        let tenant = &tenant;
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || seats(scene, tenant, first))).collect();
        let ended = threads.into_iter().find_map(|thread| thread.join().ok());
        ended.unwrap_or_else(|| Err(FaultsError::Process { detail: "a thread panicked".to_string() }))
    })
}

/// Gives a seat and takes one, in turn, to one user after the other.
fn seats<S: Store + 'static>(
    scene: &Scene,
    tenant: &HostTenant<S>,
    first: usize,
) -> Result<core::convert::Infallible, FaultsError> {
    let mut number = first;
    let mut gives = true;
    loop {
        let user = made(format!("user-{}", number.checked_rem(USERS).unwrap_or_default()).parse())?;
        let plan = scene.plan.clone();
        let command = if gives { Command::assign(user, plan) } else { Command::unassign(user, plan) };
        let request = request_id()?;
        let answer = tenant.submit_once(scene.admin.clone(), vec![command], request, NOW);
        let word = match &answer {
            Answer::Stored { .. } => "stored",
            Answer::Refused(_) | Answer::NotStored(_) => "denied",
            Answer::Unknown { .. } => "unknown",
        };
        of_process(print(&format!("{word} {request} {answer}")))?;
        let seats = scene.given(&tenant.now());
        if seats > SEATS.into() {
            of_process(print(&format!("given {seats}")))?;
        }
        (number, gives) = (number.wrapping_add(1), !gives);
    }
}

/// Prints one line, which no other writes into.
fn print(line: &str) -> io::Result<()> {
    // What tests print before it may have no end.
    let line = format!("\n{LINE}{line}\n");
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}
