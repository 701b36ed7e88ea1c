//! The tenant whose seats are given and taken.

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::record::Beginning;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, PlanId, RecordId, Role, SecretKey, Tenant, TenantId,
    Term, Units, Zeroizing,
};

use super::error::{FaultsError, made};

const CATALOG: &str = r#"{ "publisher": "entitle", "offer": "faults", "management": { "managed": "with_license" },
    "apps": [{ "id": "app", "access": "licensed" }],
    "plans": [{ "id": "seat", "scope": "user", "name": "Seat", "apps": ["app"] }] }"#;

/// How many seats there are, for twice as many users.
pub(super) const SEATS: u32 = 3;

/// Everything happens at one instant: time is not what fails.
pub(super) const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// What every process knows.
pub(super) struct Scene {
    pub(super) id: TenantId,
    pub(super) plan: PlanId,
    pub(super) admin: Actor,
    pub(super) catalog: Catalog,
    pub(super) ring: KeyRing,
    key: SecretKey,
}

impl Scene {
    pub(super) fn new() -> Result<Self, FaultsError> {
        // It signs nothing but the license below, which gives nothing elsewhere.
        let key = SecretKey::from_seed(&Zeroizing::new([1; 32]));
        let ring = made(KeyRing::new().trust(key.public(), KeyPermissions::new(KeyPurpose::Licenses)))?;
        Ok(Self {
            id: made("entitle-faults".parse())?,
            plan: made("seat".parse())?,
            admin: Actor::new(made("admin".parse())?).with(Role::GlobalAdministrator),
            catalog: made(Catalog::from_json(CATALOG))?,
            ring,
            key,
        })
    }

    pub(super) fn beginning(&self) -> Beginning {
        Beginning::new(self.id.clone(), RecordId::from_random([1; 16]))
    }

    /// Returns the command that installs the license for the seats.
    pub(super) fn install(&self) -> Result<Command, FaultsError> {
        let customer = Customer::new(self.id.clone(), made("Faults".parse())?, made("DE".parse())?);
        let grant = Grant::paid(self.plan.clone(), made(Units::limited(SEATS))?, Term::perpetual(NOW));
        let licensee = Licensee::Tenant(customer);
        let deal = Deal::new(LicenseId::from_random([1; 16]), self.catalog.offer(), licensee, NOW).with(grant);
        Ok(Command::Install(made(self.key.seal(&deal))?))
    }

    /// Returns how many seats users were given. One too many gives nobody access, and waits for a seat:
    /// no writer may have stored it.
    pub(super) fn given(&self, tenant: &Tenant) -> u64 {
        let pool = tenant.pool(&self.plan, NOW);
        pool.seated.saturating_add(pool.waiting)
    }
}
