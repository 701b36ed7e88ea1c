//! What the library costs a host that links it: bytes of its program, and time of its cold build.
//!
//! The programs are in `benches/summary/host`; each is built as a package of its own in `target/host`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, io};

use entitle::record::Beginning;
use entitle::{Catalog, Grant, RecordId, Units};

use crate::figures::{Goal, figure};
use crate::workload::{deal, secret, tenant_id, year};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What a host has who says nothing but `strip`: opt-level 3, 16 codegen units, no LTO, unwinding, no overflow checks.
const DEFAULT: &str = "[profile.release]\nstrip = true";
/// The small profile of the README.
const SMALL: &str =
    "[profile.release]\nstrip = true\nopt-level = \"s\"\nlto = true\ncodegen-units = 1\npanic = \"abort\"";

/// A program, built.
struct Built {
    kib: f64,
    /// Processor time of the cold build, user and system, where there is a `/proc`.
    ticks: Option<u64>,
}

pub fn run() {
    if let Err(error) = measure() {
        println!("host: skipped, {error}");
    }
}

fn measure() -> io::Result<()> {
    let whole = format!("entitle = {{ path = {ROOT:?} }}\n");
    let lean = format!("entitle = {{ path = {ROOT:?}, default-features = false }}\n");
    let bare = build("bare", "", DEFAULT)?;
    let alone = build("dependencies", &dependencies()?, DEFAULT)?;
    let host = build("entitle", &whole, DEFAULT)?;
    let built_lean = build("entitle", &lean, DEFAULT)?;
    figure("size added to a stripped host binary", host.kib - bare.kib, " KiB", Goal::AtMost(1_050.0));
    figure("size added by the dependencies alone", alone.kib - bare.kib, " KiB", Goal::Report);
    cold("cold build of a host / the same dependencies alone", &host, &alone, Goal::AtMost(2.1));
    cold("cold build of a lean host / the same dependencies alone", &built_lean, &alone, Goal::AtMost(1.8));
    let bare = build("bare", "", SMALL)?;
    let host = build("entitle", &whole, SMALL)?;
    let verify = build("verify", &whole, SMALL)?;
    figure("size added in the small profile", host.kib - bare.kib, " KiB", Goal::AtMost(600.0));
    figure("size added in the small profile, to verify only", verify.kib - bare.kib, " KiB", Goal::AtMost(200.0));
    Ok(())
}

fn cold(name: &str, host: &Built, alone: &Built, goal: Goal) {
    match (host.ticks, alone.ticks) {
        (Some(host), Some(alone)) => figure(name, host as f64 / alone as f64, "", goal),
        _ => println!("{name}: skipped, there is no /proc/self/stat"),
    }
}

/// The lines of a section of this package's manifest.
fn section(header: &str) -> io::Result<String> {
    let manifest = fs::read_to_string(Path::new(ROOT).join("Cargo.toml"))?;
    let lines = manifest.lines().skip_while(|line| *line != header).skip(1);
    Ok(lines.take_while(|line| !line.starts_with('[')).fold(String::new(), |all, line| all + line + "\n"))
}

/// What this package depends on, as it says it.
fn dependencies() -> io::Result<String> {
    let all = section("[dependencies]")?;
    let needed = all.lines().filter(|line| !line.contains("optional = true"));
    Ok(needed.fold(String::new(), |all, line| all + line + "\n"))
}

/// Builds a program cold, and runs it once to see that it does what it should.
fn build(name: &str, dependencies: &str, profile: &str) -> io::Result<Built> {
    let dir = Path::new(ROOT).join("target/host").join(name);
    let source = Path::new(ROOT).join("benches/summary/host").join(name).with_extension("rs");
    // The versions that the members of this workspace share.
    let workspace = format!("[workspace]\n\n[workspace.dependencies]\n{}", section("[workspace.dependencies]")?);
    let package = format!("{workspace}\n[package]\nname = \"host\"\nversion = \"0.0.0\"\nedition = \"2024\"");
    let program = format!("[[bin]]\nname = \"host\"\npath = {:?}", source.to_string_lossy());
    fs::create_dir_all(&dir)?;
    fs::write(
        dir.join("Cargo.toml"),
        format!("{package}\n\n{program}\n\n{profile}\n\n[dependencies]\n{dependencies}"),
    )?;
    // Without the network if that will do.
    let (built, ticks) = match cargo(&dir, &["--offline"])? {
        (built, ticks) if built.status.success() => (built, ticks),
        _ => cargo(&dir, &[])?,
    };
    succeeded(name, "does not build", &built)?;
    give(&dir)?;
    let program = dir.join("target/release").join(format!("host{}", env::consts::EXE_SUFFIX));
    succeeded(name, "does not run", &Command::new(&program).current_dir(&dir).output()?)?;
    Ok(Built { kib: fs::metadata(&program)?.len() as f64 / 1024.0, ticks })
}

/// `cargo build --release` with nothing built before, and its processor time.
fn cargo(dir: &Path, arguments: &[&str]) -> io::Result<(Output, Option<u64>)> {
    // The same versions, whatever an earlier run resolved.
    fs::copy(Path::new(ROOT).join("Cargo.lock"), dir.join("Cargo.lock"))?;
    let target = dir.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(cargo);
    command.args(["build", "--release"]).args(arguments).current_dir(dir).env("CARGO_TARGET_DIR", target);
    // A cache of compilations would answer instead of the compiler.
    command.env_remove("RUSTC_WRAPPER").env_remove("RUSTFLAGS");
    let before = ticks();
    let output = command.output()?;
    Ok((output, ticks().zip(before).map(|(after, before)| after - before)))
}

/// The processor time of the children that ended, and of theirs.
fn ticks() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name in parentheses, the 14th and 15th.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().skip(13).take(2).map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// The files that a host reads: a license and the head of a ledger.
fn give(dir: &Path) -> io::Result<()> {
    let catalog = Catalog::from_json(include_str!("../../examples/fabrikam.json")).map_err(io::Error::other)?;
    let gold = Grant::paid("gold".parse().unwrap(), Units::limited(2).unwrap(), year());
    let license = secret().seal(&deal(catalog.offer(), [gold])).map_err(io::Error::other)?;
    let beginning = Beginning::new(tenant_id(), RecordId::from_random([5; 16]));
    fs::write(dir.join("license"), license.to_string())?;
    fs::write(dir.join("ledger"), format!("{}\n", beginning.text()))
}

fn succeeded(name: &str, what: &str, output: &Output) -> io::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("`{name}` {what}: {}", message.trim_end().lines().last().unwrap_or_default())))
}
