//! The publisher's side: a key, a license and its revisions, a trial for anyone, and what a verifier says to each.
//!
//! `cargo run --example back_office`

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, GrantKind, Licensee, PaidTerms, Termination, Tolerance};
use entitle::time::{Length, Window};
use entitle::token::{KeyPermissions, KeyPurpose, TokenError};
use entitle::{Catalog, Deal, Grant, KeyRing, LicenseId, SecretKey, Term, Token, Units, Zeroizing};

fn main() -> Result<(), Box<dyn Error>> {
    // A key pair. Take the 32 bytes from your operating system's randomness, never from a source text as here, and keep
    // the secret text in a safe place. The public text is compiled into the application.
    let kept = SecretKey::from_seed(&Zeroizing::new([7; 32])).to_paserk();
    let secret = SecretKey::from_paserk(&kept)?;
    println!("The application trusts\n  {}", secret.public());

    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;

    // The sale: five gold seats for a year. The id is 16 random bytes; it names the license over all its revisions.
    let contoso = Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let id = LicenseId::from_random([42; 16]);
    let starts = at("2026-03-01T00:00:00Z")?;
    let gold = |units, ends| {
        Ok::<_, Box<dyn Error>>(Grant::paid("gold".parse()?, Units::limited(units)?, Term::new(starts, at(ends)?)?))
    };
    let sold =
        Deal::new(id, catalog.offer(), contoso, at("2026-02-20T09:30:00Z")?).with(gold(5, "2027-03-01T00:00:00Z")?);

    // The renewal: eight seats, and a year longer. A revision replaces the one before as a whole, so its grant says the
    // new total and the whole term. Two grants of one plan would add up wherever their terms, or graces, overlap.
    let renewed = sold.revise(at("2027-02-01T10:00:00Z")?)?.with(gold(8, "2028-03-01T00:00:00Z")?);

    // Three seats only: for 90 days, those who hold one of the eight keep it, with a warning. Then the line decides.
    let fewer = gold(3, "2028-03-01T00:00:00Z")?.tolerating(Units::limited(8)?, at("2027-08-30T00:00:00Z")?);
    let reduced = renewed.revise(at("2027-06-01T00:00:00Z")?)?.with(fewer.clone());

    // Contoso gives notice: no grace, suspended from that day on. (Who ends a license has to get the revision to the
    // application; offline, a customer can keep it back until the term is over.)
    let notice = fewer.ending(Termination::Cancelled(at("2027-10-01T00:00:00Z")?));
    let cancelled = reduced.revise(at("2027-09-15T00:00:00Z")?)?.with(notice);

    // A trial for anyone, as one file on the web site: three seats for 30 days, to be started before 2027.
    let window = Window::new(starts, at("2027-01-01T00:00:00Z")?)?;
    let trial = Deal::new(LicenseId::from_random([43; 16]), catalog.offer(), Licensee::Anyone, starts)
        .with(Grant::trial("gold".parse()?, Units::limited(3)?, window, Length::days(30)?));

    // What an application says. It trusts the key for either kind of license by name.
    let ring = KeyRing::new()
        .trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone))?;
    let stranger = SecretKey::from_seed(&Zeroizing::new([8; 32]));
    for (title, token, expected) in [
        ("Sold", secret.seal(&sold)?, "ok"),
        ("Renewed, with more seats", secret.seal(&renewed)?, "ok"),
        ("Fewer seats, with a tolerance", secret.seal(&reduced)?, "ok"),
        ("Cancelled", secret.seal(&cancelled)?, "ok"),
        ("A trial for anyone", secret.seal(&trial)?, "ok"),
        ("One character changed", with_another_character(&secret.seal(&sold)?)?, "token.bad-signature"),
        ("Signed by a stranger", stranger.seal(&sold)?, "token.unknown-key"),
    ] {
        let (text, verdict) = (token.to_string(), ring.verify(&token));
        println!("\n{title}\n  {}…", text.get(..76).unwrap_or(&text));
        match &verdict {
            Ok(license) => print_deal(license.deal()),
            Err(error) => println!("  {}\n  {}", error.code(), error.to_string().replace("`, ", "`,\n  ")),
        }
        if verdict.as_ref().map_or_else(TokenError::code, |_| "ok") != expected {
            return Err(format!("expected {expected}").into());
        }
    }
    Ok(())
}

fn print_deal(deal: &Deal) {
    let licensee = match &deal.licensee {
        Licensee::Tenant(customer) => customer.name.as_str(),
        Licensee::Anyone => "anyone",
    };
    println!("  revision {} for {licensee}", deal.revision);
    for grant in &deal.grants {
        match &grant.kind {
            GrantKind::Paid(paid) => println!("  {} x {}, {}", grant.units, grant.plan, paid.term),
            GrantKind::Trial(trial) => println!("  {} x {}, a trial of {}", grant.units, grant.plan, trial.length),
        }
        if let Tolerance::UpTo(allowance) = grant.tolerance {
            println!("  {} tolerated until {}", allowance.units, allowance.until.date_naive());
        }
        if let GrantKind::Paid(PaidTerms { early: Termination::Cancelled(at), .. }) = &grant.kind {
            println!("  cancelled for {}", at.date_naive());
        }
    }
}

/// What tampering comes down to: another character somewhere in the signed part.
fn with_another_character(token: &Token) -> Result<Token, Box<dyn Error>> {
    let mut text = token.to_string();
    let other = if text.get(60..61) == Some("A") { "B" } else { "A" };
    text.replace_range(60..61, other);
    Ok(text.parse()?)
}

fn at(text: &str) -> Result<DateTime<Utc>, Box<dyn Error>> {
    Ok(text.parse()?)
}
