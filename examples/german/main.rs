//! A whole German: every text of the library from one table, `wordings.json`, which a test keeps complete.
//!
//! `cargo run --example german`

mod language;

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::explain::Audience;
use entitle::license::{Customer, Licensee};
use entitle::record::Beginning;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Decision, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant,
    Term, Token, Units, Zeroizing,
};

use crate::language::GERMAN;

fn main() -> Result<(), Box<dyn Error>> {
    for (title, text) in texts()? {
        println!("=== {title}\n{text}\n");
    }
    Ok(())
}

/// The texts of a few situations with their titles.
fn texts() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let catalog = Catalog::from_json(include_str!("../fabrikam.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let (admin, request) =
        (Actor::new("ada".parse()?).with(Role::GlobalAdministrator), RequestId::from_random([1; 16]));
    let [starts, today, ends] = ["2026-03-01T00:00:00Z", "2026-03-02T08:00:00Z", "2027-03-01T00:00:00Z"].map(at);
    let mut texts = Vec::new();

    // Two seats of bronze for a group of three.
    let term = Term::new(starts, ends)?;
    let contoso = Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso GmbH".parse()?, "DE".parse()?));
    let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), contoso, starts).with(Grant::paid(
        "bronze".parse()?,
        Units::limited(2)?,
        term,
    ));
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let mut commands = vec![Command::Install(secret.seal(&deal)?)];
    for name in ["bo", "cy", "dee"] {
        commands.push(Command::join(name.parse()?, "vertrieb".parse()?));
    }
    commands.push(Command::assign_group("vertrieb".parse()?, "bronze".parse()?));
    let entry = tenant.decide(&admin, &commands, request, today)?;
    tenant.apply(&entry)?;

    // A denial, for each reader.
    let (dee, orders) = ("dee".parse()?, catalog.app("f365/orders")?);
    if let Decision::Deny(denial) = tenant.check(&dee, &orders, today) {
        let german = |reader| denial.text(reader).in_language(&GERMAN);
        texts.push(("A denial, as the user reads it", german(Audience::User)));
        texts.push(("As the administrator reads it", german(Audience::Administrator)));
        texts.push(("As the support desk reads it", german(Audience::SupportDesk)));
    }

    // A refusal.
    let late = Command::assign("eve".parse()?, "bronze".parse()?);
    if let Err(refusal) = tenant.decide(&admin, &[late], request, today) {
        texts.push(("A refusal", refusal.message().in_language(&GERMAN)));
    }

    // Faults of a catalog: gold lists an app that is free, and one that does not exist.
    let mut offer = catalog.offer().clone();
    if let Some(gold) = offer.plans.iter_mut().find(|plan| plan.id.as_str() == "gold") {
        gold.apps.extend(["f365/basic".parse()?, "f365/chat".parse()?]);
    }
    if let Err(error) = Catalog::new(offer) {
        texts.push(("Faults of a catalog", error.message().in_language(&GERMAN)));
    }

    // A document by somebody whose key is not known here, and a text that was cut on its way.
    let stranger = SecretKey::from_seed(&Zeroizing::new([8; 32]));
    if let Err(error) = ring.verify(&stranger.seal(&deal)?) {
        texts.push(("A document of a stranger", error.message().in_language(&GERMAN)));
    }
    if let Err(error) = "v4.public.AAAA.".parse::<Token>() {
        texts.push(("A document that was cut", error.message().in_language(&GERMAN)));
    }

    // A smaller license, tried before it is installed.
    let smaller =
        vec![Grant::paid("bronze".parse()?, Units::limited(1)?, Term::new(starts, at("2028-03-01T00:00:00Z"))?)];
    let smaller = secret.seal(&deal.renew(catalog.offer(), at("2026-09-01T00:00:00Z"), smaller)?)?;
    let preview = tenant.preview(&admin, &[Command::Install(smaller)], at("2026-09-02T09:30:00Z"))?;
    texts.push(("A preview", preview.text().in_language(&GERMAN)));

    texts.push(("An entry of the record", tenant.audit(&entry).in_language(&GERMAN)));
    Ok(texts)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    #[test]
    fn the_texts_are_german_and_filled() {
        let texts = super::texts().unwrap();
        assert_eq!(texts.len(), 9);
        for (title, text) in texts {
            assert!(!text.contains(['{', '}']), "{title} has an open placeholder: {text}");
            assert!(!text.contains('`'), "{title} has a value as English writes it: {text}");
            let words = ["the", "of", "is", "and", "not", "until"].map(|word| format!(" {word} "));
            assert!(!words.iter().any(|word| text.contains(word)), "{title} has English in it: {text}");
        }
    }
}
