//! Documents and ledgers of every release load in this one and give the same answers.
//!
//! A folder a release. Its files are never changed; a release that writes differently adds a folder.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

#[path = "0.1/story.rs"]
mod story;
#[path = "../support/mod.rs"]
mod support;

use entitle::command::SignUpPolicy;
use entitle::explain::Basis;
use entitle::license::Licensee;
use entitle::record::Ledger;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{KeyRing, Tenant, Token};
use support::{Scenario, Vendor, day};

const LEDGER: &str = include_str!("0.1/contoso.ledger");
const TOKENS: [(&str, &str); 3] = [
    ("tenant", include_str!("0.1/tenant.token")),
    ("revised", include_str!("0.1/revised.token")),
    ("anyone", include_str!("0.1/anyone.token")),
];

const LIST: &str = include_str!("0.1/list.token");
const TICKET: &str = include_str!("0.1/ticket.token");
const CERTIFICATE: &str = include_str!("0.1/certificate.token");

#[test]
fn x2_tokens_of_every_release_verify() {
    let vendor = Vendor::fabrikam();
    let deals = story::deals(&vendor);
    for ((name, text), deal) in TOKENS.into_iter().zip(&deals) {
        let token: Token = text.trim_end().parse().unwrap();
        let license = vendor.ring().verify(&token).unwrap();
        assert_eq!(license.deal(), deal, "{name}");
        assert_eq!(matches!(deal.licensee, Licensee::Anyone), name == "anyone");
    }
}

#[test]
fn x2_lists_of_every_release_verify() {
    let vendor = Vendor::fabrikam();
    let token: Token = LIST.trim_end().parse().unwrap();
    assert_eq!(vendor.ring().verify_list(&token).unwrap().revocations(), &story::list());
    assert_eq!(vendor.secret.seal_list(&story::list()).unwrap(), token);
}

#[test]
fn x2_tickets_of_every_release_verify() {
    let vendor = Vendor::fabrikam();
    let token: Token = TICKET.trim_end().parse().unwrap();
    assert_eq!(vendor.ring().verify_ticket(&token).unwrap().correction(), &story::ticket(&vendor));
    assert_eq!(vendor.secret.seal_ticket(&story::ticket(&vendor)).unwrap(), token);
}

#[test]
fn x2_certificates_of_every_release_verify() {
    let vendor = Vendor::fabrikam();
    let token: Token = CERTIFICATE.trim_end().parse().unwrap();
    let draft = story::certificate();
    assert_eq!(vendor.secret.seal_certificate(&draft).unwrap(), token);
    let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses).and(KeyPurpose::Revocations);
    let ring = KeyRing::new().trust(vendor.secret.public(), issuer).unwrap();
    assert_eq!(ring.verify_certificate(&token).unwrap().certified(), &draft);
}

#[test]
fn x2_this_release_writes_the_tokens_it_was_released_with() {
    let vendor = Vendor::fabrikam();
    for ((name, text), deal) in TOKENS.into_iter().zip(story::deals(&vendor)) {
        assert_eq!(vendor.seal(&deal).to_string(), text.trim_end(), "{name}");
    }
}

#[test]
fn x7_this_release_writes_the_ledger_it_was_released_with() {
    let (lines, _) = story::record(&Vendor::fabrikam());
    for ((line, golden), number) in lines.iter().zip(LEDGER.split_inclusive('\n')).zip(1..) {
        assert_eq!(line, golden, "line {number}");
    }
    assert_eq!(lines.len(), LEDGER.lines().count());
}

#[test]
fn x7_ledgers_of_every_release_load() {
    let vendor = Vendor::fabrikam();
    let ledger = Ledger::read(&"contoso".parse().unwrap(), LEDGER).unwrap();
    let mut tenant = Tenant::new(&vendor.catalog, &vendor.ring(), ledger.beginning());
    for entry in ledger.entries() {
        tenant.apply(&entry.unwrap()).unwrap();
    }
    assert_eq!(tenant.position(), 19);
    assert_eq!(tenant.record().to_string(), "05050505050505050505050505050505");

    let basis = |name, app, on| tenant.see(name, app, day(on), |decision| decision.allowed().map(|a| a.basis()).ok());
    // Ada has gold, but not its audit; the trial of silver runs for staff; bo was removed; of bronze there is one unit.
    assert_eq!(basis("ada", "f365/orders", 40), Some(Basis::Paid));
    assert_eq!(basis("ada", "f365/audit", 40), None);
    assert_eq!(basis("cy", "f365/forecasts", 40), Some(Basis::Trial));
    assert_eq!(basis("bo", "f365/orders", 40), None);
    let waiting = tenant.queue(&"bronze".parse().unwrap()).map(|user| user.as_str()).collect::<Vec<_>>();
    assert_eq!(waiting, ["cy", "eve", "dee"]);
    // Until day 60 the trial and its grace open orders as well; then bronze is all there is.
    assert_eq!(basis("dee", "f365/orders", 59), Some(Basis::Grace));
    assert_eq!(basis("eve", "f365/orders", 60), Some(Basis::Tolerance));
    assert_eq!(basis("dee", "f365/orders", 60), None);
    assert_eq!(tenant.documents().count(), 5);
    assert_eq!(tenant.reading(day(0)), day(41));
    assert_eq!(tenant.sign_ups(), SignUpPolicy::Allowed);
    assert_eq!(tenant.queue(&"silver".parse().unwrap()).last().unwrap().as_str(), "flo");
}
