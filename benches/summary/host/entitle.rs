//! A host as small as they come: it starts with a license file and a ledger, changes something, and asks.

use std::error::Error;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use entitle::chrono::DateTime;
use entitle::record::Ledger;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, KeyRing, RequestId, Role, Tenant};

const CATALOG: &str = include_str!("../../../examples/fabrikam.json");
const KEY: &str = "k4.public._RckOFqgx1tk-3jNYC-h2ZH96_drE8WO1wLqyDXp9hg";

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = DateTime::from_timestamp(i64::try_from(seconds)?, 0).ok_or("no such time")?;
    let catalog = Catalog::from_json(CATALOG)?;
    let ring = KeyRing::new().trust(KEY.parse()?, KeyPermissions::new(KeyPurpose::Licenses))?;
    let text = fs::read_to_string("ledger")?;
    let ledger = Ledger::read(&"contoso".parse()?, &text)?;
    let mut tenant = Tenant::new(&catalog, &ring, ledger.beginning());
    for entry in ledger.entries() {
        tenant.apply(&entry?)?;
    }
    let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    let install = Command::Install(fs::read_to_string("license")?.parse()?);
    match tenant.decide(&admin, &[install, Command::assign("bo".parse()?, "gold".parse()?)], RequestId::from_random([1; 16]), now) {
        Ok(entry) => {
            println!("{}", entry.text());
            tenant.apply(&entry)?;
        }
        Err(refusal) => println!("{refusal}"),
    }
    let (bo, audit) = ("bo".parse()?, catalog.app("f365/audit")?);
    match tenant.check(&bo, &audit, now).allowed() {
        Ok(allow) => println!("{}", allow.basis()),
        Err(reason) => println!("{reason}"),
    }
    Ok(())
}
