//! How the instructions of a check grow with the tenant, counted by valgrind, which no other work on the machine disturbs.

use core::hint::black_box;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use entitle::Tenant;

use crate::figures::{Goal, figure};
use crate::workload::{Kind, PROJECTS, Workload, now, ring, tenant_id};

/// The first argument of the process whose checks are counted; the second is a snapshot, the third its users, the
/// fourth what is checked.
pub const COUNTED: &str = "counted";

/// Checks of apps.
const APPS: &str = "apps";
/// Checks of a quota that three plans give.
const QUOTAS: &str = "quotas";

const CHECKS: usize = 10_000;

pub fn run(big: &Workload) {
    let small = Workload::new(Kind::Plain, 100);
    let [few, many] = [&small, big].map(|load| instructions(load, APPS));
    let name = "instructions of a check, 1000000 users / 100 users";
    match (few, many) {
        (Ok(few), Ok(many)) => {
            figure(name, many / few, "", Goal::AtMost(1.2));
            figure("instructions of a check, 100 users", few, "", Goal::Report);
            match instructions(&small, QUOTAS) {
                Ok(quota) => {
                    figure("instructions of a check of a quota / of a check", quota / few, "", Goal::AtMost(2.0));
                }
                Err(reason) => println!("{name:<62} not counted: {reason}"),
            }
        }
        (Err(reason), _) | (_, Err(reason)) => println!("{name:<62} not counted: {reason}"),
    }
}

/// How many instructions a check takes, in a process of its own.
fn instructions(load: &Workload, what: &str) -> Result<f64, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (snapshot, counts) = (folder.join("growth.snapshot"), folder.join("growth.callgrind"));
    fs::write(&snapshot, load.tenant.snapshot().unwrap()).map_err(|error| error.to_string())?;
    let exe = env::current_exe().map_err(|error| error.to_string())?;
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*growth*checks*"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(exe)
        .args([COUNTED.as_ref(), snapshot.as_os_str()])
        .args([load.users.to_string().as_str(), what])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    let count = collected.and_then(|count| count.parse::<f64>().ok()).filter(|&count| count > 0.0);
    count.map(|count| count / CHECKS as f64).ok_or(format!("valgrind reported: {text}"))
}

/// The process whose checks are counted.
pub fn counted(snapshot: &Path, users: usize, what: &str) {
    let catalog = Workload::new(Kind::Plain, 1).catalog;
    let bytes = fs::read(snapshot).unwrap();
    let tenant = Tenant::restore(&catalog, &ring(), tenant_id(), &bytes).unwrap();
    let load = Workload { catalog, tenant, entries: Vec::new(), users };
    let questions = load.stream(CHECKS);
    black_box(if what == QUOTAS { quota_checks(&load, &questions) } else { checks(&load, &questions) });
}

#[inline(never)]
fn checks(load: &Workload, questions: &[(entitle::UserId, entitle::App)]) -> usize {
    crate::check::check_all(load, questions)
}

#[inline(never)]
fn quota_checks(load: &Workload, questions: &[(entitle::UserId, entitle::App)]) -> usize {
    let (quota, at) = (load.catalog.user_quota(PROJECTS).unwrap(), now());
    questions.iter().filter(|(user, _)| load.tenant.check_quota(user, &quota, 10, at).is_within()).count()
}
