//! X8: a limit admits the last that it allows and not one more; and what is shown is shown in full.

use chrono::NaiveDateTime;
use entitle::{
    Actor, Catalog, CatalogError, Command, Customer, Deal, DealError, Grant, Holder, KeyRing, Length, MAX_ARMOR_BYTES,
    MAX_CATALOG_BYTES, MAX_COMMANDS, MAX_GRANTS, MAX_LICENSE_BYTES, MAX_TOKEN_BYTES, NotAToken, Powers, Purpose, Role,
    SealError, Term, Token, Why,
};
use proptest::prelude::*;

use crate::given::{Scenario, Vendor, assign, day, days, paid, units, window};

#[test]
fn x8_a_license_has_at_most_so_many_grants() {
    let vendor = Vendor::fabrikam();
    let deal = |grants: usize| {
        let grants = (0..grants).map(|_| paid("gold", 1, days(0, 30)));
        grants.fold(vendor.deal_for("contoso"), Deal::with)
    };
    let ring = vendor.ring();
    assert!(ring.verify(&vendor.seal(&deal(MAX_GRANTS))).is_ok());
    let refused = vendor.secret.seal(&deal(MAX_GRANTS + 1)).unwrap_err();
    assert!(matches!(refused, SealError::Deal(DealError::TooManyGrants { .. })), "{refused}");
}

#[test]
fn x8_a_list_has_at_most_so_many_commands() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    let host = Actor::new("app".parse().unwrap()).with(Role::Host);
    let decide = |marks: usize| tenant.decide(&host, &vec![Command::Mark; marks], day(0));
    assert_eq!(decide(MAX_COMMANDS).unwrap().commands.len(), MAX_COMMANDS);
    let refusal = decide(MAX_COMMANDS + 1).unwrap_err();
    assert_eq!((refusal.command, refusal.why), (MAX_COMMANDS, Why::TooMany { found: MAX_COMMANDS + 1 }));
}

#[test]
fn x8_a_catalog_has_at_most_so_many_bytes() {
    let mut text = include_str!("../../examples/fabrikam.json").to_owned();
    text.push_str(&" ".repeat(MAX_CATALOG_BYTES - text.len()));
    assert!(Catalog::from_json(&text).is_ok());
    text.push(' ');
    let too_long = Catalog::from_json(&text).unwrap_err();
    assert!(matches!(too_long, CatalogError::TooLong { bytes } if bytes == MAX_CATALOG_BYTES + 1), "{too_long}");
}

/// A deal whose token is of this length; the customer's name and the first plans' ids are as long as it takes.
fn token_of(vendor: &Vendor, length: usize) -> Result<Token, SealError> {
    let deal = |grants: usize, filler: usize| {
        let name = "n".repeat(filler.clamp(1, 300)).parse().unwrap();
        let deal =
            vendor.deal(1, Holder::Tenant(Customer::new("contoso".parse().unwrap(), name, "DE".parse().unwrap())));
        // Of long ids, so that a license is full before it has too many grants.
        let rest = |n: usize| filler.saturating_sub(300 * (n + 1)).min(299);
        let plan = |n: usize| "x".repeat(if n < 3 { 1 + rest(n) } else { 250 });
        let grant = |n: usize| paid(&plan(n), 1, days(0, 400));
        (0..grants).map(grant).fold(deal, Deal::with)
    };
    let seal = |grants: usize, name: usize| vendor.secret.seal(&deal(grants, name));
    let long = |sealed: &Result<Token, SealError>| match sealed {
        Ok(token) => token.to_string().len(),
        Err(SealError::TooLong { bytes, .. }) => *bytes,
        Err(other) => panic!("{other}"),
    };
    let (one, two) = (long(&seal(100, 1)), long(&seal(200, 1)));
    // Full but for less than one grant; the filler takes what is left, at three bytes for four characters.
    let grants = 100 + (length - one) * 100 / (two - one) - 1;
    let filler = (length - long(&seal(grants, 1))) * 3 / 4;
    let found =
        (filler.saturating_sub(3)..filler + 4).map(|filler| seal(grants, filler)).find(|sealed| long(sealed) == length);
    found.unwrap()
}

#[test]
fn x8_a_license_has_at_most_so_many_characters() {
    let vendor = Vendor::fabrikam();
    let longest = token_of(&vendor, MAX_LICENSE_BYTES).unwrap();
    assert!(vendor.ring().verify(&longest).is_ok());
    assert_eq!(Token::from_armor(&longest.to_armor()).unwrap(), longest);
    let refused = token_of(&vendor, MAX_LICENSE_BYTES + 1).unwrap_err();
    assert!(matches!(refused, SealError::TooLong { bytes, .. } if bytes == MAX_LICENSE_BYTES + 1), "{refused}");
}

#[test]
fn x8_a_text_is_looked_at_up_to_its_limit() {
    let read = |length: usize| "v".repeat(length).parse::<Token>().unwrap_err();
    assert!(matches!(read(MAX_TOKEN_BYTES), NotAToken::OtherHeader { .. }));
    assert!(matches!(read(MAX_TOKEN_BYTES + 1), NotAToken::TooLong { bytes } if bytes == MAX_TOKEN_BYTES + 1));
    let armored = |length: usize| Token::from_armor(&"v".repeat(length)).unwrap_err().code();
    assert_ne!(armored(MAX_ARMOR_BYTES), armored(MAX_ARMOR_BYTES + 1));
    assert_eq!(MAX_TOKEN_BYTES, 4_194_304);
}

#[test]
fn x8_a_footer_has_at_most_256_bytes() {
    let footer = |bytes: usize| {
        let text = "A".repeat((bytes * 4).div_ceil(3));
        format!("v4.public.{}.{text}", "A".repeat(100)).parse::<Token>()
    };
    assert!(footer(256).is_err_and(|error| !matches!(error, NotAToken::LongFooter { .. })) || footer(255).is_ok());
    assert!(footer(255).is_ok());
    assert!(matches!(footer(258), Err(NotAToken::LongFooter { bytes: 258 })));
}

#[test]
fn l4_lengths_and_terms_are_shown() {
    assert_eq!(Length::days(30).unwrap().to_string(), "30 days");
    assert_eq!(days(0, 31).to_string(), "2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z");
    assert_eq!(Term::perpetual(day(0)).to_string(), "2026-03-01T00:00:00Z on, perpetual");
    let app = Vendor::fabrikam().catalog.app("f365/orders").unwrap();
    assert_eq!(app.to_string(), "f365/orders");
}

#[test]
fn s11_a_refusal_says_how_many_wait() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 30))]);
    let refused = |tenant: &mut entitle::Tenant, on| tenant.run(on, [assign("zoe", "bronze")]).unwrap_err().to_string();
    tenant.run(1, [assign("ada", "bronze")]).unwrap();
    assert!(!refused(&mut tenant, 2).contains("wait"), "{}", refused(&mut tenant, 2));
    tenant.forge(2, [assign("bo", "bronze")]);
    assert!(refused(&mut tenant, 3).contains(", 1 waits"), "{}", refused(&mut tenant, 3));
    tenant.forge(3, [assign("cy", "bronze")]);
    assert!(refused(&mut tenant, 4).contains(", 2 wait"), "{}", refused(&mut tenant, 4));
}

/// L7: from the very instant at which it would begin, an early end comes after the beginning.
#[test]
fn l7_a_trial_withdrawn_before_it_starts_is_ended_and_at_its_start_it_never_lasts() {
    let ends = |early: i64| {
        let mut grant = Grant::trial("bronze".parse().unwrap(), units(1), window(5, 50), Length::days(10).unwrap());
        if let entitle::Terms::Trial(trial) = &mut grant.terms {
            trial.early = entitle::Early::Withdrawn(day(early));
        }
        let mut tenant = Vendor::fabrikam().contoso([grant]);
        let reasons = |tenant: &entitle::Tenant, on| tenant.reasons("ada", "f365/orders", on)[0].code();
        let before = reasons(&tenant, 2);
        let license = Vendor::fabrikam().deal_for("contoso").id;
        let name = entitle::TrialName::new(license, "bronze".parse().unwrap());
        tenant.forge(7, [Command::StartTrial(name), assign("ada", "bronze")]);
        let open = (7..60).filter(|&on| tenant.opens("ada", "f365/orders", on)).count();
        (before, open)
    };
    // A start recorded too early counts from the opening on (T1); ended before that, it was never to come.
    let early_start = |early: i64| {
        let mut grant = Grant::trial("bronze".parse().unwrap(), units(1), window(20, 50), Length::days(10).unwrap());
        if let entitle::Terms::Trial(trial) = &mut grant.terms {
            trial.early = entitle::Early::Withdrawn(day(early));
        }
        let mut tenant = Vendor::fabrikam().contoso([grant]);
        let name = entitle::TrialName::new(Vendor::fabrikam().deal_for("contoso").id, "bronze".parse().unwrap());
        tenant.forge(7, [Command::StartTrial(name)]);
        tenant.reasons("ada", "f365/orders", 10)[0].code()
    };
    assert_eq!([15, 19, 20, 21].map(early_start), ["reason.ended", "reason.ended", "reason.pending", "reason.pending"]);
    // Before the window: it never was one. At its opening: it is to come, and gone at once.
    assert_eq!(ends(4), ("reason.ended", 0));
    assert_eq!(ends(5), ("reason.trial-not-started", 0));
    // Started on day 7: before, at and after the start.
    assert_eq!((ends(6).1, ends(7).1, ends(8).1, ends(17).1, ends(30).1), (0, 0, 1, 10, 10));
}

#[test]
fn x1_a_ring_names_its_keys_by_all_their_bytes() {
    let vendor = Vendor::fabrikam();
    let key = vendor.secret.public();
    let again = entitle::PublicKey::from_bytes(key.to_bytes()).unwrap();
    assert_eq!(again.id(), key.id());
    let ring = KeyRing::new().trust(again, Powers::of(Purpose::Licenses));
    assert!(ring.trusts(key.id(), Purpose::Licenses) && !ring.trusts(key.id(), Purpose::Revocations));
    assert!(!KeyRing::new().trusts(key.id(), Purpose::Licenses));
}

#[test]
fn x8_what_is_not_a_command_is_said_to_be_none() {
    let event = |commands: &str| {
        let text = format!(
            r#"{{"number":1,"at":"2026-03-01T00:00:00Z","actor":{{"user":"ada","roles":[]}},"commands":{commands}}}"#
        );
        serde_json::from_str::<entitle::Event>(&text).map_err(|error| error.to_string())
    };
    assert_eq!(event(r#"["mark"]"#).unwrap().commands, [Command::Mark]);
    let said = |commands: &str, words: &str| {
        let error = event(commands).unwrap_err();
        assert!(error.contains(words), "{error}");
    };
    said("5", "at most 1000 commands");
    said("[5]", "a word or an object of one field");
    said(r#"[{"mark":1}]"#, "the word alone, as text");
    said(r#"[{"mark":null}]"#, "the word alone, as text");
}

/// What a calendar's parser takes and writes again the same, from 1970 on.
fn is_instant(text: &str) -> bool {
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map(|parsed| parsed.and_utc());
    parsed.is_ok_and(|at| at.timestamp() >= 0 && at.format("%Y-%m-%dT%H:%M:%SZ").to_string() == text)
}

proptest! {
    /// X4: an instant has one spelling.
    #[test]
    fn x4_an_instant_is_what_a_calendar_writes(
        text in prop_oneof![
            "(19|20|00|99)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z",
            "[0-9 +-]{4}-[0-9 +]{2}-[0-9]{1,3}[Tt ][0-9 ]{2}:[0-9]{2}:[0-9é]{2}[Zz]?",
        ],
    ) {
        let event = format!(r#"{{"number":1,"at":"{text}","actor":{{"user":"ada","roles":[]}},"commands":["mark"]}}"#);
        prop_assert_eq!(serde_json::from_str::<entitle::Event>(&event).is_ok(), is_instant(&text), "{}", text);
    }
}

#[test]
fn x7_a_checkpoint_has_one_spelling() {
    let hash = "A".repeat(43);
    let read =
        |last: &str, position: &str| format!("{}.{position}.{last}", "0".repeat(32)).parse::<entitle::Checkpoint>();
    assert!(read(&hash, "7").is_ok());
    // As long and not base64url, base64url and not as long, and other spellings of the number.
    assert!(read(&"!".repeat(43), "7").is_err());
    assert!(read(&"A".repeat(42), "7").is_err() && read(&"A".repeat(44), "7").is_err());
    assert!(["07", "+7", "", "-1"].iter().all(|position| read(&hash, position).is_err()));
}

#[test]
fn s15_who_is_named_is_counted() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 3, days(0, 30))]);
    tenant.run(1, [assign("ada", "bronze"), assign("bo", "bronze"), crate::given::join("cy", "staff")]).unwrap();
    assert_eq!(tenant.user_count(), 3);
}
