//! A desktop application: a free tier without a license file, two gated features, a locked ledger on disk, and a clock that
//! somebody sets back.
//!
//! `cargo run --example desktop_by_hand`
//!
//! It is the whole of what a host does. With `entitle-host` all but the gates is done by the crate: see the 50 lines of
//! `crates/host/examples/desktop.rs`.
//!
//! Seats are counted in one record, and here every installation has its own. So sell *tenant* plans (see `studio.json`)
//! and let the tenant be the person or the installation; nothing is assigned then.

use core::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::query::InstallState;
use entitle::record::{Beginning, Ledger};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Allow, App, Catalog, Command, Deal, DenialExplanation, Entry, Grant, KeyRing, LicenseId, RecordId,
    RequestId, Role, SecretKey, Tenant, Term, Token, Units, Zeroizing,
};

/// Compiled in, like the catalog: a user who could edit them could open everything.
const FABRIKAM: &str = "k4.public.6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw";
/// Who uses this installation, as the app knows it from its sign-in.
const OWNER: &str = "mia@contoso.example";

struct Studio {
    tenant: Tenant,
    file: File,
    me: Actor,
    edit: App,
    export: App,
    batch: App,
}

/// One type a gate, made in one place: where that very feature is checked. Its field is private to this module, so
/// nobody can call `export` without asking first, nor with the allow for another feature.
mod gate {
    use super::{Allow, DateTime, DenialExplanation, Studio, Utc};

    pub(super) struct MayExport<'a>(Allow<'a>);
    pub(super) struct MayBatch<'a>(Allow<'a>);

    impl Studio {
        pub(super) fn may_export(&self, now: DateTime<Utc>) -> Result<MayExport<'_>, DenialExplanation> {
            self.tenant.check(&self.me.user, &self.export, now).allowed().map(MayExport)
        }
        pub(super) fn may_batch(&self, now: DateTime<Utc>) -> Result<MayBatch<'_>, DenialExplanation> {
            self.tenant.check(&self.me.user, &self.batch, now).allowed().map(MayBatch)
        }
    }
    pub(super) fn export(MayExport(allow): MayExport<'_>) -> String {
        format!("done ({})", allow.basis())
    }
    pub(super) fn batch(MayBatch(allow): MayBatch<'_>) -> String {
        format!("done ({})", allow.basis())
    }
}

impl Studio {
    fn start(dir: &Path, now: DateTime<Utc>) -> Result<Self, Box<dyn Error>> {
        let catalog = Catalog::from_json(include_str!("studio.json"))?;
        // The key signs licenses, and time tickets for customers whose clock was far ahead.
        let may = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::TimeTickets);
        let ring = KeyRing::new().trust(FABRIKAM.parse()?, may)?;
        // One process at a time: the lock goes with the file, however the process ends.
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(dir.join("ledger"))?;
        fs4::FileExt::try_lock(&file)?;
        // The ledger's entries, applied again, give the same state. It may lie in anybody's reach, since the licenses in it
        // are verified again. A last line without its end was cut by a power failure and never answered for: it goes.
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        text.truncate(text.rfind('\n').map_or(0, |last| last.saturating_add(1)));
        file.set_len(u64::try_from(text.len())?)?;
        if text.is_empty() {
            let beginning = Beginning::new(OWNER.parse()?, RecordId::from_random(random()?));
            text = format!("{}\n", beginning.text());
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
        }
        let ledger = Ledger::read(&OWNER.parse()?, &text)?;
        let mut tenant = Tenant::new(&catalog, &ring, ledger.beginning());
        for entry in ledger.entries() {
            tenant.apply(&entry?)?;
        }
        // A typing error in an app's id shows here. Who sits at their own machine may accept a license.
        let apps = ["studio/edit", "studio/export", "studio/batch"].map(|app| catalog.app(app));
        let [edit, export, batch] = apps;
        let me = Actor::new(OWNER.parse()?).with(Role::BillingAdministrator).with(Role::Host);
        let mut studio = Self { tenant, file, me, edit: edit?, export: export?, batch: batch? };
        studio.offer_license(&dir.join("license"), now)?;
        // Once the time is recorded, this record is read at no earlier instant.
        if studio.tenant.is_time_record_due(now) {
            let request = RequestId::from_random(random()?);
            let time = studio.tenant.decide(&studio.me, &[Command::RecordTime], request, now)?;
            studio.keep(&time)?;
        }
        Ok(studio)
    }

    /// Offers the license file, at every start: there is nothing to remember about it. Without one the free tier is open.
    fn offer_license(&mut self, path: &Path, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("  no license file");
                return Ok(());
            }
            Err(error) => {
                println!("  the license file cannot be read: {error}");
                return Ok(());
            }
            Ok(text) => text,
        };
        // Armored, as sent by e-mail, or bare. A damaged file must not stop the start.
        let tokens = match Token::all_in(&text) {
            Ok(tokens) => tokens,
            Err(error) => {
                println!("  the license file holds no license: {error}");
                return Ok(());
            }
        };
        for token in tokens {
            match self.tenant.install_state(&token) {
                Ok(InstallState::New) => self.install(token, now)?,
                Ok(state) => println!("  {state}"),
                Err(issue) => println!("  {issue}"), // tampered with, say: go on with what is installed
            }
        }
        Ok(())
    }

    fn install(&mut self, token: Token, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
        match self.tenant.decide(&self.me, &[Command::install_any(token)], RequestId::from_random(random()?), now) {
            Ok(entry) => self.keep(&entry)?,
            Err(refusal) => println!("  {refusal}"),
        }
        Ok(())
    }

    /// On the disk first, in memory second: nothing that was answered is forgotten.
    fn keep(&mut self, entry: &Entry) -> Result<(), Box<dyn Error>> {
        self.file.write_all(format!("{}\n", entry.text()).as_bytes())?;
        self.file.sync_data()?;
        self.tenant.apply(entry)?;
        println!("  recorded entry {} ({} commands)", entry.number(), entry.event().commands.len());
        Ok(())
    }
}

/// 16 random bytes of the operating system.
fn random() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map(|()| bytes)
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::temp_dir().join(format!("entitle-desktop-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let start = |clock: &str, title: &str, open: bool| -> Result<(), Box<dyn Error>> {
        println!("\n{} · {title}", clock.get(..10).unwrap_or(clock));
        let now = clock.parse()?;
        let studio = Studio::start(&dir, now)?;
        println!("  export: {}", studio.may_export(now).map_or_else(|reason| nearest(&reason), gate::export));
        println!("  batch:  {}", studio.may_batch(now).map_or_else(|reason| nearest(&reason), gate::batch));
        let may_edit = studio.tenant.check(&studio.me.user, &studio.edit, now).is_allowed();
        let second = Studio::start(&dir, now).is_ok();
        if !may_edit || second || studio.may_export(now).is_ok() != open || studio.may_batch(now).is_ok() {
            return Err("a gate or the lock is not as it should be".into());
        }
        Ok(())
    };
    start("2026-03-01T08:00:00Z", "The first start, without a license: the free tier", false)?;

    // The vendor sells Mia a year of Studio Standard, and she saves the license file from the e-mail.
    let mia = Licensee::Tenant(Customer::new(OWNER.parse()?, "Mia Moreno".parse()?, "PT".parse()?));
    let (id, issued) = (LicenseId::from_random([42; 16]), "2026-02-20T09:00:00Z".parse()?);
    let year = Term::new("2026-03-01T00:00:00Z".parse()?, "2027-03-01T00:00:00Z".parse()?)?;
    let catalog = Catalog::from_json(include_str!("studio.json"))?;
    let standard = Grant::paid("standard".parse()?, Units::limited(1)?, year);
    let deal = Deal::new(id, catalog.offer(), mia, issued).with(standard);
    fs::write(dir.join("license"), SecretKey::from_seed(&Zeroizing::new([7; 32])).seal(&deal)?.to_string())?;

    start("2026-03-02T08:00:00Z", "The license file is there", true)?;
    let license = fs::read(dir.join("license"))?;
    fs::write(dir.join("license"), license.get(..license.len() / 2).unwrap_or_default())?;
    start("2026-04-01T08:00:00Z", "The license file is cut off: what is installed counts", true)?;
    fs::write(dir.join("license"), license)?;
    start("2026-06-01T08:00:00Z", "A later start: the record is read back", true)?;
    start("2027-08-01T08:00:00Z", "The license has ended", false)?;
    start("2026-06-01T08:00:00Z", "The clock is set back: it stays ended", false)?;
    Ok(fs::remove_dir_all(&dir)?)
}

/// The nearest miss. `reason.to_string()` is the message for somebody in an organisation.
fn nearest(reason: &DenialExplanation) -> String {
    reason.misses().first().map_or_else(|| reason.to_string(), |miss| format!("no. {miss}"))
}
