//! X4, X8: a limit admits the last that it allows and not one more; what is read has one spelling.

use chrono::NaiveDateTime;
use entitle::catalog::CatalogError;
use entitle::command::{Assignee, RefusalReason, RefusedPart, TrialName};
use entitle::license::{Customer, DealError, Extension, Extensions, GrantKind, Licensee};
use entitle::limits::{
    MAX_ARMOR_BYTES, MAX_CATALOG_BYTES, MAX_COMMANDS, MAX_EXTENSIONS, MAX_GRANTS, MAX_LICENSE_BYTES, MAX_TOKEN_BYTES,
};
use entitle::testing::Facts;
use entitle::time::{End, Length};
use entitle::token::{ParseTokenError, SealError};
use entitle::{Actor, Catalog, Command, Deal, Event, Grant, LicenseId, Role, Tenant, Token};
use proptest::prelude::*;

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, group, join, leave, paid, request, unassign,
    unassign_group, units, user, window,
};

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

/// A trial that is extended day by day, as often as any can be; a record that says more is not read further.
#[test]
fn x8_a_trial_is_extended_at_most_so_many_times() {
    let vendor = Vendor::fabrikam();
    let most = u32::try_from(MAX_EXTENSIONS).unwrap();
    let trial = |times: u32| {
        let mut grant = Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(10).unwrap());
        if let GrantKind::Trial(trial) = &mut grant.kind {
            let times = Extension::new(times.try_into().unwrap(), Length::days(1).unwrap());
            trial.extensions = Extensions::UpTo(times);
        }
        vendor.deal_for("contoso").with(grant)
    };
    let refused = vendor.secret.seal(&trial(most + 1)).unwrap_err();
    assert!(matches!(refused, SealError::Deal(DealError::TooManyExtensions { .. })), "{refused}");

    let name = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&trial(most)))]).unwrap();
    tenant.forge(0, [Command::StartTrial(name())]);
    tenant.forge(0, (0..most - 1).map(|_| Command::ExtendTrial(name())));
    let ends = |tenant: &Tenant| tenant.trials(day(0)).map(|trial| trial.until).collect::<Vec<_>>();
    assert_eq!(ends(&tenant), [End::At(day(10 + 99))]);
    for _ in 0..3 {
        tenant.forge(0, [Command::ExtendTrial(name())]);
        assert_eq!(ends(&tenant), [End::At(day(10 + 100))]);
    }
    // What is not read is not kept either.
    let snapshot = tenant.snapshot().unwrap();
    tenant.forge(0, (0..900).map(|_| Command::ExtendTrial(name())));
    assert!(tenant.snapshot().unwrap().len() <= snapshot.len() + 1);
}

#[test]
fn x8_a_list_has_at_most_so_many_commands() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    let host = Actor::new("app".parse().unwrap()).with(Role::Host);
    let decide = |marks: usize| tenant.decide(&host, &vec![Command::RecordTime; marks], request(), day(0));
    assert_eq!(decide(MAX_COMMANDS).unwrap().event().commands.len(), MAX_COMMANDS);
    let refusal = decide(MAX_COMMANDS + 1).unwrap_err();
    assert_eq!((refusal.part, refusal.reason), (RefusedPart::List, RefusalReason::TooMany { found: MAX_COMMANDS + 1 }));
}

#[test]
fn x8_a_user_is_in_at_most_so_many_groups() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 9, days(0, 100))]);
    let joins = |from: usize, to: usize| (from..to).map(|n| join("ada", &format!("group-{n}"))).collect::<Vec<_>>();
    tenant.run(0, joins(0, 1_000)).unwrap();
    let refusal = tenant.run(0, [join("bo", "group-0"), join("ada", "group-1000")]).unwrap_err();
    assert_eq!((refusal.part, refusal.code()), (RefusedPart::Command(1), "refusal.too-many-groups"));
    // Joining twice changes nothing, and who leaves one may join another (G1, S6).
    tenant.run(0, [join("ada", "group-7"), leave("ada", "group-0"), join("ada", "group-1000")]).unwrap();

    // One that a forged record holds does not count: it gives no seat (S16).
    tenant.forge(0, [join("ada", "group-0"), assign_group("group-0", "bronze")]);
    assert!(!tenant.opens("ada", "f365/orders", 0));
    assert_eq!(tenant.members(&group("group-0")).count(), 0);
    let mut facts = Facts::none(&vendor.catalog, &vendor.ring(), tenant.id().clone());
    let whole = [joins(0, 1_001), vec![join("bo", "group-1000")]];
    for (number, commands) in (1..).zip(whole) {
        facts.event(&Event::new(number, day(0), admin(), commands));
    }
    assert_eq!(facts.groups_of(&user("ada")).len(), 1_000);
    assert_eq!(facts.groups_of(&user("bo")).len(), 1);
}

#[test]
fn x8_a_user_or_group_is_assigned_at_most_so_many_plans() {
    let vendor = Vendor::fabrikam();
    let unknown = |number: usize| format!("plan-{number}");
    for group in ["", "staff"] {
        let mut tenant = vendor.contoso([paid("bronze", 9, days(0, 100))]);
        let to = |plan: &str| if group.is_empty() { assign("ada", plan) } else { assign_group(group, plan) };
        tenant.run(0, [join("ada", "staff")]).unwrap();
        // Plans of another catalog are kept (C11).
        tenant.forge(0, (0..999).map(|number| to(&unknown(number))));
        let mut facts = Facts::none(&vendor.catalog, &vendor.ring(), tenant.id().clone());
        facts.event(&Event::new(1, day(0), admin(), (0..999).map(|number| to(&unknown(number))).collect()));
        let mut full = tenant.clone();
        full.forge(0, [to("one-more")]);
        let refusal = full.run(0, [to("bronze")]).unwrap_err();
        assert_eq!(refusal.code(), "refusal.too-many-plans");
        // One for another in one list, and what the group has is not assigned to its members.
        let from = |plan: &str| if group.is_empty() { unassign("ada", plan) } else { unassign_group(group, plan) };
        full.clone().run(0, [from("one-more"), to("bronze")]).unwrap();
        if !group.is_empty() {
            full.clone().run(0, [assign("ada", "bronze")]).unwrap();
        }
        full.forge(0, [to("bronze")]);
        assert!(!full.opens("ada", "f365/orders", 0), "a forged one does not count");
        assert_eq!(full.queue(&"bronze".parse().unwrap()).count(), 0);
        // The last that there may be, and the same once more (S5).
        tenant.run(0, [to("bronze")]).unwrap();
        assert!(tenant.opens("ada", "f365/orders", 0));
        tenant.run(0, [to("bronze")]).unwrap();
        assert!(facts.may_have(&assignee(&to("bronze")), &"bronze".parse().unwrap()));
        facts.event(&Event::new(2, day(0), admin(), vec![to("one-more"), to("bronze")]));
        assert!(!facts.has(&assignee(&to("bronze")), &"bronze".parse().unwrap()));
    }
}

fn assignee(command: &Command) -> Assignee {
    match command {
        Command::Assign(assignment) => assignment.to.clone(),
        other => panic!("{other:?}"),
    }
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
            vendor.deal(1, Licensee::Tenant(Customer::new("contoso".parse().unwrap(), name, "DE".parse().unwrap())));
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
    // Full, with less room than one grant needs; the filler takes what is left, at three bytes for four characters.
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
    assert!(matches!(read(MAX_TOKEN_BYTES), ParseTokenError::OtherHeader { .. }));
    assert!(matches!(read(MAX_TOKEN_BYTES + 1), ParseTokenError::TooLong { bytes } if bytes == MAX_TOKEN_BYTES + 1));
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
    assert!(
        footer(256).is_err_and(|error| !matches!(error, ParseTokenError::LongFooter { .. })) || footer(255).is_ok()
    );
    assert!(footer(255).is_ok());
    assert!(matches!(footer(258), Err(ParseTokenError::LongFooter { bytes: 258 })));
}

#[test]
fn x8_what_is_not_a_command_is_refused_with_what_one_is() {
    let event = |commands: &str| {
        let text = format!(
            r#"{{"number":1,"at":"2026-03-01T00:00:00Z","actor":{{"user":"ada","roles":[]}},"commands":{commands}}}"#
        );
        serde_json::from_str::<entitle::Event>(&text).map_err(|error| error.to_string())
    };
    assert_eq!(event(r#"["record_time"]"#).unwrap().commands, [Command::RecordTime]);
    let fails_with = |commands: &str, words: &str| {
        let error = event(commands).unwrap_err();
        assert!(error.contains(words), "{error}");
    };
    fails_with("5", "at most 1000 commands");
    fails_with("[5]", "a word or an object of one field");
    fails_with(r#"[{"record_time":1}]"#, "the word alone, as text");
    fails_with(r#"[{"record_time":null}]"#, "the word alone, as text");
}

/// What a calendar's parser takes and writes again the same, from 1970 on.
fn is_instant(text: &str) -> bool {
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map(|parsed| parsed.and_utc());
    // The calendar writes the 60th second of a minute too, which the time that is counted here does not have.
    let leaps = text.ends_with(":60Z");
    parsed.is_ok_and(|at| at.timestamp() >= 0 && !leaps && at.format("%Y-%m-%dT%H:%M:%SZ").to_string() == text)
}

#[test]
fn x4_a_number_out_of_range_is_refused_at_its_place() {
    let refused = |json: &str| serde_json::from_str::<Extension>(json).unwrap_err().to_string();
    assert_eq!(
        refused("{\"times\": 4294967296,\n\"length\": 1}"),
        "invalid value: integer `4294967296`, expected a whole number from 1 to 4294967295 at line 1 column 20"
    );
    assert_eq!(
        refused("{\"times\": 1,\n\"length\": 0\n}"),
        "invalid value: integer `0`, expected a whole number from 1 to 4294967295 at line 2 column 11"
    );
    assert_eq!(
        refused("{\"times\": -1}"),
        "invalid value: integer `-1`, expected a whole number from 1 to 4294967295 at line 1 column 12"
    );
    assert_eq!(
        refused("{\"times\": 1.5}"),
        "invalid type: floating point `1.5`, expected a whole number from 1 to 4294967295 at line 1 column 13"
    );
    assert_eq!(refused("{\"times\": 1}"), "missing field `length` at line 1 column 12");
    assert_eq!(refused("{\"times\": 1, \"times\": 2}"), "duplicate field `times` at line 1 column 22");
}

#[test]
fn x4_an_instant_has_no_leap_second() {
    let minute = |second: &str| format!("2016-12-31T23:59:{second}Z").parse::<entitle::time::End>();
    assert!(minute("59").is_ok() && minute("60").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// X4: an instant has one spelling.
    #[test]
    fn x4_an_instant_is_what_a_calendar_writes(
        text in prop_oneof![
            "(19|20|00|99)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z",
            "[0-9 +-]{4}-[0-9 +]{2}-[0-9]{1,3}[Tt ][0-9 ]{2}:[0-9]{2}:[0-9é]{2}[Zz]?",
        ],
    ) {
        let event = format!(r#"{{"number":1,"at":"{text}","actor":{{"user":"ada","roles":[]}},"commands":["record_time"]}}"#);
        prop_assert_eq!(serde_json::from_str::<entitle::Event>(&event).is_ok(), is_instant(&text), "{}", text);
    }
}
