//! Fixtures of `entitle::testing`: each is in the situation that it is named after, or says why it cannot be.

use std::collections::BTreeSet;

use entitle::catalog::{Access, Management, Offer, Plan, Scope};
use entitle::chrono::TimeDelta;
use entitle::explain::{Basis, CheckFirst};
use entitle::query::ClockStatus;
use entitle::record::Ledger;
use entitle::testing::fixture::{Fixture, FixtureError, Situation, test_ring, test_signer};
use entitle::testing::{LawFailure, Laws, Opinion, Oracle, excludes};
use entitle::time::{EARLIEST, LATEST, Phase};
use entitle::token::KeyPurpose;
use entitle::{AppId, Catalog, Command, Decision, Entry, Grant, KeyRing, PlanId, Role, Tenant, Term, Units};
use proptest::prelude::*;

use crate::offers::offer;

/// A tenant plan, a user plan that requires it, two that exclude each other, a capacity plan and a free app.
const SHOP: &str = r#"{
  "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
  "apps": [
    { "id": "help", "access": "free" },
    { "id": "site", "access": "licensed" },
    { "id": "editor", "access": "licensed" },
    { "id": "batch", "access": "licensed" }
  ],
  "plans": [
    { "id": "editor", "scope": "user", "name": "Editor", "apps": ["editor"], "requires": [["site"]] },
    { "id": "editor-plus", "scope": "user", "name": "Editor Plus", "apps": ["editor", "batch"], "requires": [["editor", "bots"]] },
    { "id": "site", "scope": "tenant", "name": "Site", "apps": ["site"] },
    { "id": "messages", "scope": "capacity", "name": "Messages" },
    { "id": "bots", "scope": "user", "name": "Bots", "excludes": ["editor"] }
  ]
}"#;

fn shop() -> Catalog {
    Catalog::from_json(SHOP).unwrap()
}

fn fixture(app: &str, situation: Situation) -> Fixture {
    Fixture::new(&shop(), app, situation).unwrap()
}

fn ids(ids: &[&str]) -> Vec<PlanId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// Fails unless the check answers what the situation says, the record rebuilds the tenant, and the oracle agrees.
fn holds(fixture: &Fixture, catalog: &Catalog) {
    holds_by_the_check(fixture, catalog);
    let events = fixture.entries().iter().map(Entry::event);
    let oracle = Oracle::read(catalog, &test_ring(), fixture.tenant().id().clone(), &[], events);
    let expected = oracle.check(fixture.user(), fixture.app().id(), fixture.now());
    assert_eq!(Opinion::of(&fixture.check()), expected, "{} {}", fixture.app(), fixture.situation());
}

/// Fails unless the check answers what the situation says, and the record rebuilds the tenant.
fn holds_by_the_check(fixture: &Fixture, catalog: &Catalog) {
    let (tenant, situation, now) = (fixture.tenant(), fixture.situation(), fixture.now());
    let about = format!("{} {situation} by {}", fixture.app(), fixture.plan());
    match fixture.check() {
        Decision::Allow(allow) => {
            assert_eq!((Some(allow.basis()), None), (situation.basis(), situation.denial_code()), "{about}");
            assert_eq!(allow.plan().map(|plan| &plan.id), Some(fixture.plan()), "{about}");
            let warnings: Vec<&str> = allow.warnings().map(|warning| warning.code()).collect();
            assert_eq!(warnings, situation.warning_code().into_iter().collect::<Vec<_>>(), "{about}");
            assert_eq!(situation.check_first_code(), None, "{about}");
        }
        Decision::Deny(denial) => {
            let explanation = denial.explain();
            let nearest = &explanation.misses()[0];
            assert_eq!((None, Some(nearest.reason.code())), (situation.basis(), situation.denial_code()), "{about}");
            assert_eq!(situation.warning_code(), None, "{about}");
            assert!(nearest.plan == *fixture.plan() || nearest.reason.code() == "reason.no-grant", "{about}");
            let first: Vec<&str> = explanation.check_first.iter().map(CheckFirst::code).collect();
            assert_eq!(first, situation.check_first_code().into_iter().collect::<Vec<_>>(), "{about}");
        }
    }
    let phases = tenant.grants(now).filter(|grant| grant.grant.plan == *fixture.plan()).map(|grant| grant.phase);
    assert_eq!(phases.collect::<Vec<_>>(), situation.phase().into_iter().collect::<Vec<Phase>>(), "{about}");
    let is_behind = matches!(tenant.clock(now), ClockStatus::Behind { .. });
    assert_eq!(is_behind, situation == Situation::RecordAhead, "{about}");
    // The ledger is what a host reads.
    let ledger = fixture.ledger();
    let ledger = Ledger::read(tenant.id(), &ledger).unwrap();
    let mut read = Tenant::new(catalog, &test_ring(), ledger.beginning());
    ledger.entries().for_each(|entry| read.apply(&entry.unwrap()).unwrap());
    assert_eq!(read.head(), tenant.head(), "{about}");
    let opinion = Opinion::of(&read.check(fixture.user(), fixture.app(), now));
    assert_eq!(opinion, Opinion::of(&fixture.check()), "{about}");
}

#[test]
fn every_situation_of_every_app_is_as_its_name_says() {
    use Situation::{Excluded, NotAssigned, OverAssigned, RequirementNotMet, TurnedOff, Waiting};
    // What the catalog cannot have for an app, and the plan of all else.
    let expected = [
        ("site", vec![OverAssigned, NotAssigned, Waiting, Excluded, RequirementNotMet, TurnedOff], "site"),
        ("editor", vec![], "editor"),
        ("batch", vec![Excluded], "editor-plus"),
    ];
    let catalog = shop();
    for (app, impossible, plan) in expected {
        for &situation in Situation::ALL {
            let built = Fixture::new(&catalog, app, situation);
            if impossible.contains(&situation) {
                let app = app.parse().unwrap();
                assert_eq!(built.unwrap_err(), FixtureError::Impossible { app, situation });
                continue;
            }
            let fixture = built.unwrap();
            holds(&fixture, &catalog);
            assert_eq!(fixture.plan().as_str(), plan, "{app} {situation}");
        }
    }
}

#[test]
fn the_situations_have_every_answer_of_a_check() {
    let all = |code: fn(Situation) -> Option<&'static str>| {
        Situation::ALL.iter().copied().filter_map(code).collect::<BTreeSet<_>>()
    };
    // The codes of the sources, of which `tests/precedence` has a row each.
    let reasons = include_str!("../../src/explain/text/reasons.rs").split("=> \"reason.").skip(1);
    let reasons: BTreeSet<String> = reasons.map(|rest| format!("reason.{}", rest.split('"').next().unwrap())).collect();
    assert_eq!(all(Situation::denial_code).len(), reasons.len());
    assert!(reasons.iter().all(|code| all(Situation::denial_code).contains(code.as_str())), "{reasons:?}");
    let codes = |text: &str, kind: &str| text.matches(&format!("=> \"{kind}.")).count();
    assert_eq!(
        all(Situation::warning_code).len(),
        codes(include_str!("../../src/explain/text/warnings.rs"), "warning")
    );
    let check_first = include_str!("../../src/explain/text/checks.rs");
    assert_eq!(all(Situation::check_first_code).len(), codes(check_first, "check-first"));
    let bases: BTreeSet<Basis> = Situation::ALL.iter().copied().filter_map(Situation::basis).collect();
    assert_eq!(bases, BTreeSet::from([Basis::Paid, Basis::Trial, Basis::Grace, Basis::Tolerance]));
    let phases: BTreeSet<Phase> = Situation::ALL.iter().copied().filter_map(Situation::phase).collect();
    assert_eq!(phases.len(), 9);
    let words: BTreeSet<String> = Situation::ALL.iter().map(Situation::to_string).collect();
    assert_eq!(words.len(), Situation::ALL.len());
    for &situation in Situation::ALL {
        assert_ne!(situation.basis().is_some(), situation.denial_code().is_some(), "{situation}");
    }
}

#[test]
fn a_plan_can_be_named_and_its_requirements_are_in_effect() {
    let plus = fixture("batch", Situation::Paid);
    assert_eq!(plus.tenant().queue(&"editor".parse().unwrap()).count(), 1, "it requires it");
    assert_eq!(plus.tenant().queue(&"bots".parse().unwrap()).count(), 0);
    assert!(plus.tenant().check(plus.user(), &shop().app("site").unwrap(), plus.now()).is_allowed());
    // `editor-plus` is in effect with `bots` as well, which lists nothing.
    let editor = fixture("editor", Situation::Suspended).with_plan("editor-plus").unwrap();
    holds(&editor, &shop());
    let granted: Vec<PlanId> = editor.tenant().grants(editor.now()).map(|grant| grant.grant.plan.clone()).collect();
    assert_eq!(granted, ids(&["bots", "editor-plus"]));
    let named = fixture("site", Situation::Paid);
    for plan in ["editor", "messages", "nothing", ""] {
        let error = named.with_plan(plan).unwrap_err();
        assert_eq!(error, FixtureError::NotListed { app: "site".parse().unwrap(), plan: plan.to_string() });
    }
}

#[test]
fn a_plan_that_requires_another_of_the_app_has_no_situation_alone() {
    let catalog = Catalog::from_json(&SHOP.replace(r#"[["editor", "bots"]]"#, r#"[["editor"]]"#)).unwrap();
    let app: AppId = "editor".parse().unwrap();
    for &situation in Situation::ALL {
        let fixture = Fixture::new(&catalog, "editor", situation).unwrap();
        holds(&fixture, &catalog);
        let plus = fixture.with_plan("editor-plus");
        match situation {
            Situation::NoLicense | Situation::RequirementNotMet => holds(&plus.unwrap(), &catalog),
            Situation::Excluded => {
                assert_eq!(plus.unwrap_err(), FixtureError::Impossible { app: app.clone(), situation });
            }
            _ => {
                let [plan, by] = ["editor-plus", "editor"].map(|id| id.parse().unwrap());
                assert_eq!(plus.unwrap_err(), FixtureError::OpenedByRequirement { app: app.clone(), plan, by });
            }
        }
    }
}

#[test]
fn what_no_license_decides_has_no_situation() {
    let open = |catalog: &Catalog, app: &str| {
        let errors = Situation::ALL.iter().map(|&situation| Fixture::new(catalog, app, situation).unwrap_err());
        let errors: Vec<FixtureError> = errors.collect();
        assert!(errors.iter().all(|error| *error == errors[0]));
        errors[0].clone()
    };
    let free = FixtureError::NeedsNoPlan { app: "help".parse().unwrap(), basis: Basis::Free };
    assert_eq!(open(&shop(), "help"), free);
    let mut offer = shop().offer().clone();
    offer.management = Management::Unmanaged;
    let unmanaged = FixtureError::NeedsNoPlan { app: "site".parse().unwrap(), basis: Basis::Unmanaged };
    assert_eq!(open(&Catalog::new(offer).unwrap(), "site"), unmanaged);
    assert_eq!(open(&shop(), "shop").code(), "catalog.unknown-app");
}

/// The catalog of an app whose one plan has these needs, with user plans of which `z` excludes some.
fn needing(needs: &str, plans: impl Iterator<Item = String>, excluded: &str) -> Catalog {
    let plans = plans.map(|id| format!(r#", {{ "id": "{id}", "scope": "user", "name": "N" }}"#));
    let plans = plans.collect::<Vec<_>>().concat();
    let text = format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
              "apps": [{{ "id": "app", "access": "licensed" }}],
              "plans": [{{ "id": "x", "scope": "user", "name": "X", "apps": ["app"], "requires": [{needs}] }},
                        {{ "id": "z", "scope": "user", "name": "Z", "excludes": [{excluded}] }}{plans}] }}"#
    );
    Catalog::from_json(&text).unwrap()
}

#[test]
fn an_app_that_no_purchase_opens_has_only_the_situations_of_nothing_bought() {
    let two_each = (0..20).map(|n| format!(r#"["a{n}", "b{n}"], "#)).collect::<Vec<_>>().concat();
    let all = || (0..20).flat_map(|n| [format!("a{n}"), format!("b{n}")]);
    // The last requirement excludes all plans of the first: two to the power of 20 combinations, of which few are tried.
    let many = needing(&format!(r#"{two_each}["z"]"#), all(), r#""a0", "b0""#);
    let few =
        needing(r#"["a0", "z"], ["b0"], ["c0", "z"]"#, ["a0", "b0", "c0"].into_iter().map(str::to_string), r#""b0""#);
    let never = needing(r#"["a0"], ["z"]"#, core::iter::once("a0".to_string()), r#""a0""#);
    for (catalog, opens) in [(many, false), (few, true), (never, false)] {
        for &situation in Situation::ALL {
            match (Fixture::new(&catalog, "app", situation), situation) {
                (Ok(fixture), Situation::NoLicense | Situation::RequirementNotMet) => holds(&fixture, &catalog),
                (Ok(fixture), _) if opens => {
                    holds(&fixture, &catalog);
                    let other = |id: &str| fixture.tenant().queue(&id.parse().unwrap()).count() > 0;
                    assert_eq!(["a0", "b0", "c0", "z"].map(other), [true, true, true, false]);
                }
                (Err(error), Situation::Excluded) => assert_eq!(error.code(), "fixture.impossible"),
                (Err(error), _) if !opens => {
                    assert_eq!(error, FixtureError::NeverOpens { app: "app".parse().unwrap() });
                }
                (other, _) => panic!("{situation}: {other:?}"),
            }
        }
    }
}

#[test]
fn users_tenants_and_instants_can_be_those_of_the_application() {
    let catalog = shop();
    for &situation in Situation::ALL {
        let fixture = fixture("editor", situation);
        for name in ["mia@contoso.example", "bob@contoso.example", "cyd@contoso.example", "admin@contoso.example"] {
            let other = fixture.with_user(name).unwrap();
            assert_eq!(other.user().as_str(), name);
            holds(&other, &catalog);
        }
        let other = fixture.with_tenant("northwind").unwrap();
        assert_eq!((other.tenant().id().as_str(), other.deal().id), ("northwind", fixture.deal().id));
        holds(&other, &catalog);
        let later = fixture.at("2040-02-29T12:34:56Z".parse().unwrap()).unwrap();
        holds(&later, &catalog);
        // The same input, the same bytes.
        assert_eq!(later.at(fixture.now()).unwrap().ledger(), fixture.ledger());
        for at in [EARLIEST, LATEST] {
            match fixture.at(at) {
                // The oracle counts on after the year 9999.
                Ok(fixture) => holds_by_the_check(&fixture, &catalog),
                Err(error) => assert_eq!(error, FixtureError::OutOfRange { situation, now: at }),
            }
        }
    }
    let fixture = fixture("editor", Situation::Paid);
    assert_eq!(fixture.with_user("").unwrap_err().code(), "text.empty");
    assert_eq!(fixture.with_tenant(" x").unwrap_err().code(), "text.padded");
}

#[test]
fn time_goes_on_in_a_fixture() {
    let opens = |fixture: &Fixture, days: i64| {
        let at = fixture.now() + TimeDelta::days(days);
        fixture.tenant().check(fixture.user(), fixture.app(), at).is_allowed()
    };
    for (situation, first, last) in [
        (Situation::InGrace, 0, 19),
        (Situation::ExpiringSoon, 0, 36),
        (Situation::ListWanted, 0, 60),
        (Situation::OverAssigned, 0, 29),
        (Situation::OnTrial, 0, 59),
        (Situation::Pending, 30, 424),
    ] {
        let fixture = fixture("editor", situation);
        let open: Vec<i64> = (0..500).filter(|&days| opens(&fixture, days)).collect();
        assert_eq!(open, (first..=last).collect::<Vec<_>>(), "{situation}");
    }
}

#[test]
fn a_fixture_takes_other_deals_and_commands() {
    let catalog = shop();
    let mut fixture = fixture("editor", Situation::Waiting);
    // A second seat, bought by a license of its own, is that of the user who waits.
    let before = fixture.clone();
    let seat = |fixture: &Fixture| {
        Grant::paid(fixture.plan().clone(), Units::limited(1).unwrap(), Term::perpetual(fixture.now()))
    };
    let deal = fixture.deal().with(seat(&fixture));
    fixture.install(&deal).unwrap();
    assert!(fixture.check().is_allowed());
    assert!(!before.check().is_allowed());
    assert_ne!(fixture.deal().id, deal.id, "the next license has another id");
    assert_eq!(fixture.install(&deal).unwrap_err().code(), "install.already-installed");
    let mut foreign = fixture.deal().with(seat(&fixture));
    foreign.offer = "other".parse().unwrap();
    assert!(matches!(fixture.install(&foreign), Err(FixtureError::Refused(_))));
    let anyone = entitle::Deal::new(deal.id, catalog.offer(), entitle::license::Licensee::Anyone, fixture.now());
    assert_eq!(fixture.install(&anyone.with(seat(&fixture))).unwrap_err().code(), "deal.paid-for-anyone");
    let entries = fixture.entries().len();
    fixture.run(&[Command::RemoveUser(fixture.user().clone())]).unwrap();
    assert_eq!(fixture.entries().len(), entries + 1);
    assert!(!fixture.check().is_allowed());
    assert!(matches!(fixture.run(&[]), Err(FixtureError::Refused(_))));
    assert_eq!(fixture.entries().len(), entries + 1, "a refusal leaves no entry");
    let actor = &fixture.entries().last().unwrap().event().actor;
    assert!(actor.roles.contains(&Role::GlobalAdministrator));
}

#[test]
fn the_test_key_is_trusted_by_the_test_ring_alone() {
    let key = test_signer().public().id();
    for purpose in
        [KeyPurpose::Licenses, KeyPurpose::LicensesForAnyone, KeyPurpose::Revocations, KeyPurpose::TimeTickets]
    {
        assert!(test_ring().trusts(key, purpose));
        assert!(!entitle::testing::ring().trusts(key, purpose));
    }
    // The record of a fixture opens nothing in an application that does not trust it.
    for &situation in Situation::ALL {
        let fixture = fixture("editor", situation);
        let released = fixture.tenant().rebase(&shop(), &KeyRing::new());
        assert!(!released.check(fixture.user(), fixture.app(), fixture.now()).is_allowed(), "{situation}");
    }
}

#[test]
fn a_catalog_with_the_longest_notice_and_tolerance_has_all_it_can() {
    use entitle::time::Days;
    for (notice, tolerance) in [(0, 0), (1, 1), (4_000, 4_000), (u32::MAX, u32::MAX)] {
        let mut offer = shop().offer().clone();
        (offer.notice, offer.clock_tolerance) = (Days::new(notice), Days::new(tolerance));
        let catalog = Catalog::new(offer).unwrap();
        for &situation in Situation::ALL {
            match Fixture::new(&catalog, "editor", situation) {
                Ok(fixture) => holds_by_the_check(&fixture, &catalog),
                Err(error) => match situation {
                    Situation::ExpiringSoon if notice == 0 => assert_eq!(error.code(), "fixture.impossible"),
                    Situation::RecordAhead if tolerance == u32::MAX => assert_eq!(error.code(), "fixture.out-of-range"),
                    _ => panic!("{situation}: {error}"),
                },
            }
        }
    }
}

/// All sets of plans with one plan in which it is in effect for one user, by trying every set.
fn in_effect<'a>(offer: &'a Offer, opener: &'a Plan) -> Vec<Vec<&'a Plan>> {
    let sets = (0..1_u32 << offer.plans.len()).map(|set| {
        let chosen = offer.plans.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0);
        chosen.map(|(_, plan)| plan).collect::<Vec<_>>()
    });
    let is_met = |set: &[&Plan], plan: &Plan| {
        plan.requires.iter().all(|any| any.iter().any(|id| set.iter().any(|other| other.id == *id)))
    };
    let is_sound = |set: &Vec<&Plan>| {
        set.iter().any(|plan| plan.id == opener.id)
            && set.iter().all(|plan| is_met(set, plan) && !set.iter().any(|other| excludes(plan, other)))
    };
    sets.filter(is_sound).collect()
}

/// Whether an error is right, by trying every set of plans.
fn is_right(error: &FixtureError, offer: &Offer, situation: Situation, app: &AppId) -> bool {
    let listing: Vec<&Plan> = offer.plans.iter().filter(|plan| plan.apps.contains(app)).collect();
    let is_user = |plan: &&Plan| plan.scope == Scope::User;
    let has_seats = listing.iter().any(is_user);
    let opens_alone = |plan: &Plan| {
        let sets = in_effect(offer, plan);
        sets.iter().any(|set| set.iter().all(|other| other.id == plan.id || !other.apps.contains(app)))
    };
    let is_excluding = |plan: &Plan| offer.plans.iter().any(|other| excludes(plan, other));
    let fits = |plan: &&&Plan| match situation {
        Situation::Waiting | Situation::OverAssigned | Situation::NotAssigned | Situation::TurnedOff => is_user(plan),
        Situation::Excluded => is_excluding(plan),
        _ => true,
    };
    match error {
        FixtureError::NeedsNoPlan { basis: Basis::Unmanaged, .. } => offer.management == Management::Unmanaged,
        FixtureError::NeedsNoPlan { .. } => {
            offer.apps.iter().any(|entry| entry.id == *app && entry.access == Access::Free)
        }
        FixtureError::Impossible { .. } => match situation {
            Situation::ExpiringSoon => offer.notice.get() == 0,
            Situation::RequirementNotMet => listing.iter().all(|plan| plan.requires.is_empty()),
            Situation::Excluded => !listing.iter().any(|plan| is_excluding(plan)),
            _ => !has_seats,
        },
        FixtureError::NeverOpens { .. } => listing.iter().filter(fits).all(|plan| in_effect(offer, plan).is_empty()),
        FixtureError::OpenedByRequirement { .. } => {
            let can_be = |plan: &&Plan| !in_effect(offer, plan).is_empty();
            listing.iter().filter(fits).all(|plan| !opens_alone(plan)) && listing.iter().any(can_be)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the catalog, a fixture is in its situation, or trying every set of plans shows that it cannot be.
    #[test]
    fn of_any_catalog_a_fixture_is_in_its_situation_or_cannot_be(offer in offer()) {
        let catalog = Catalog::new(offer.clone()).unwrap();
        for (app, &situation) in catalog.apps().flat_map(|app| Situation::ALL.iter().map(move |situation| (app.clone(), situation))) {
            match Fixture::new(&catalog, app.id().as_str(), situation) {
                Ok(fixture) => {
                    holds(&fixture, &catalog);
                    let named = fixture.with_plan(fixture.plan().as_str()).unwrap();
                    prop_assert_eq!(named.ledger(), fixture.ledger());
                }
                Err(error) => {
                    prop_assert!(is_right(&error, &offer, situation, app.id()), "{app} {situation}: {error}");
                    if let FixtureError::NeverOpens { .. } = error {
                        let laws = Laws::of(&catalog).every_app_can_be_opened();
                        let is_law = matches!(laws, Err(LawFailure::NeverOpens { .. }));
                        prop_assert!(is_law || situation != Situation::Paid, "{app} can be opened");
                    }
                }
            }
        }
    }
}
