//! A customer's record, for the publisher's commands, which only read it.

use std::path::Path;

use entitle::chrono::{DateTime, Utc};
use entitle::id::TextError;
use entitle::preview::Preview;
use entitle::query::DocumentStatus;
use entitle::record::{Beginning, InclusionProver};
use entitle::token::{KeyPermissions, KeyPurpose, RevocationList};
use entitle::{Actor, Command, Deal, KeyRing, LicenseId, Role, SecretKey, Tenant, Zeroizing};

use super::options::TenantOptions;
use super::record::Record;
use super::refusal_failure::refusal_failure;
use super::whatif::text;
use crate::exit::Failure;

/// A record that is only read.
#[derive(Debug)]
pub(crate) struct CustomerRecord(Record);

impl CustomerRecord {
    /// Reads the record in a ledger, with the catalog and the keys of its settings.
    pub(crate) fn read(ledger: &Path) -> Result<Self, Failure> {
        Record::read(&TenantOptions::of(ledger)).map(Self)
    }

    /// Returns the tenant.
    pub(crate) fn tenant(&self) -> &Tenant {
        self.0.tenant()
    }

    /// Returns the keys of the settings.
    pub(crate) fn ring(&self) -> &KeyRing {
        &self.0.ring
    }

    /// Returns what became of an incomplete last line.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.0.notes()
    }

    /// Returns the revision of a license that is in force in the record, if there is one.
    pub(crate) fn in_force(&self, license: LicenseId) -> Option<Deal> {
        self.tenant().documents().find_map(|document| match document.status {
            DocumentStatus::InForce(found) if found.deal().id == license => Some(found.deal().clone()),
            _ => None,
        })
    }

    /// Returns the revocation lists in force.
    pub(crate) fn lists(&self) -> Vec<RevocationList> {
        let lists = self.tenant().documents().filter_map(|document| match document.status {
            DocumentStatus::Revokes(list) => Some(list.clone()),
            _ => None,
        });
        lists.collect()
    }

    /// Returns what installing a deal that is not signed yet would change. Its anchor is proved against the
    /// ledger.
    pub(crate) fn preview(&self, deal: &Deal, now: DateTime<Utc>) -> Result<Preview, Failure> {
        let mut seed = Zeroizing::new([0; 32]);
        crate::random::fill(seed.as_mut_slice())?;
        // A key of this preview alone, which nothing else trusts.
        let key = SecretKey::from_seed(&seed);
        let unreadable = |code: &'static str, error: &dyn core::fmt::Display| Failure::unreadable(code, error);
        let token = key.seal(deal).map_err(|error| unreadable(error.code(), &error))?;
        let permissions = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone);
        let ring = self.ring().clone().trust(key.public(), permissions);
        let ring = ring.map_err(|error| unreadable(error.code(), &error))?;
        let commands = [Command::install_any(token)];
        let tenant = self.proved(self.tenant().rebase(self.tenant().catalog(), &ring), &commands)?;
        let actor = publisher()?;
        tenant.preview(&actor, &commands, now).map_err(|refusal| {
            let verifier = self.0.verifier().with_those_of(&commands);
            refusal_failure(&verifier, &commands, &refusal)
        })
    }

    /// Returns the tenant under another ring, with the checkpoints proved that the commands depend on and
    /// the ledger contains. `O(n)` in it if there are any.
    fn proved(&self, tenant: Tenant, commands: &[Command]) -> Result<Tenant, Failure> {
        let wanted = tenant.missing_anchors_for(commands);
        if wanted.is_empty() {
            return Ok(tenant);
        }
        let beginning = Beginning::new(tenant.id().clone(), tenant.record());
        let mut prover = InclusionProver::new(&beginning, &wanted);
        for entry in self.0.entries()? {
            prover.add(&entry).map_err(|error| Failure::unreadable(error.code(), error))?;
        }
        tenant.with_proof(&prover.finish()).map_err(|error| Failure::unreadable(error.code(), error))
    }
}

/// Returns the lines of a preview, as `entitle tenant whatif` shows it.
pub(crate) fn preview_lines(preview: &Preview) -> Vec<String> {
    text::lines(preview, &text::Around { revoked: &[], consumed: &[], freed: &[], after: None }, false)
}

/// Returns an actor who may give every command.
fn publisher() -> Result<Actor, Failure> {
    let user = "publisher".parse().map_err(|error: TextError| Failure::usage(error.code(), error))?;
    Ok(Actor::new(user).with(Role::GlobalAdministrator).with(Role::Host))
}
