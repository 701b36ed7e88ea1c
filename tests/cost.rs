//! What a check and a clone may cost, counted in allocations and bytes, never in time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "a test may fail by panicking")]

mod support;

use core::num::NonZeroU32;

use allocation_counter::measure;
use entitle::capacity::Consumption;
use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Revocation, RevocationListDraft, RevokedKey, RevokedLicense};
use entitle::quantity::{Amount, QuotaAmount};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyPermissions, KeyPurpose};
use entitle::{Catalog, Command, Decision, Event, Grant, KeyRing, LicenseId, SecretKey, Tenant, Units, Zeroizing};
use support::{Scenario, Vendor, admin, beginning, day, forged, user};

/// A tenant of so many users, each with a bronze seat, of `units` bronze units.
fn tenant_of(users: u32, units: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(Grant::paid(
        "bronze".parse().unwrap(),
        Units::limited(units).unwrap(),
        support::days(0, 100),
    ));
    let mut tenant = vendor.tenant("contoso");
    let mut apply = |number, commands| {
        let entry = forged(&tenant, Event::new(number, day(0), admin(), commands));
        tenant.apply(&entry).unwrap();
    };
    apply(1, vec![Command::Install(vendor.seal(&deal))]);
    for thousand in 0..users / 1_000 {
        let ids = (thousand * 1_000)..((thousand + 1) * 1_000);
        let seats = ids.map(|n| Command::assign(name(n), "bronze".parse().unwrap())).collect();
        apply(u64::from(thousand) + 2, seats);
    }
    tenant
}

fn name(n: u32) -> entitle::UserId {
    user(&format!("user-{n:07}@contoso.example"))
}

/// What one more seat, in a clone of the tenant, allocates and copies.
fn clone_and_write(tenant: &Tenant) -> (u64, u64) {
    let commands = vec![Command::assign(user("new@contoso.example"), "bronze".parse().unwrap())];
    let entry = forged(tenant, Event::new(tenant.position() + 1, day(0), admin(), commands));
    let info = measure(|| {
        let mut next = tenant.clone();
        next.apply(&entry).unwrap();
        core::hint::black_box(next);
    });
    (info.count_total, info.bytes_total)
}

#[test]
fn a_clone_with_one_write_copies_a_bounded_amount() {
    let tenant = tenant_of(250_000, 500_000);
    assert_eq!(tenant.user_count(), 250_000);
    let (allocations, bytes) = clone_and_write(&tenant);
    println!("clone and one write at 250,000 users: {allocations} allocations, {bytes} bytes");
    assert!(allocations <= 48, "{allocations} allocations");
    assert!(bytes <= 64 * 1024, "{bytes} bytes");
}

/// What a comparison of two values allocates and copies, and how many changes it finds.
fn compare(before: &Tenant, after: &Tenant) -> (u64, u64, usize) {
    let mut found = 0;
    let info = measure(|| found = after.changes_since(before).unwrap().len());
    (info.count_total, info.bytes_total, found)
}

#[test]
fn a_comparison_looks_only_at_what_two_values_do_not_share() {
    let consume = |number: u32| {
        let (id, bot) = (format!("id-{number}").parse().unwrap(), format!("bot-{number}").parse().unwrap());
        let (plan, month) = ("pages".parse().unwrap(), "2026-03".parse().unwrap());
        Command::Consume(Consumption::new(plan, id, bot, month, Amount::UNIT))
    };
    let mut before = tenant_of(100_000, 200_000);
    for thousand in 0..20 {
        let numbers = (thousand * 1_000)..((thousand + 1) * 1_000);
        before.forge(0, numbers.clone().map(consume));
        before.forge(0, numbers.map(|number| support::assign_group(&format!("group-{number}"), "silver")));
    }
    let (allocations, bytes, found) = compare(&before, &before.clone());
    println!("two equal values: {allocations} allocations, {bytes} bytes");
    assert!(found == 0 && allocations <= 16 && bytes <= 4 * 1024, "{allocations} allocations, {bytes} bytes");

    let mut after = before.clone();
    after.forge(
        0,
        [
            Command::assign(name(7), "silver".parse().unwrap()),
            support::join("new@contoso.example", "group-7"),
            Command::RemoveUser(name(99_999)),
            support::assign_group("group-8", "gold"),
            consume(20_001),
        ],
    );
    let (allocations, bytes, found) = compare(&before, &after);
    println!("five changes at 100,000 users: {allocations} allocations, {bytes} bytes");
    assert_eq!(found, 5);
    assert!(allocations <= 96, "{allocations} allocations");
    assert!(bytes <= 64 * 1024, "{bytes} bytes");
}

/// What commands about a group of so many members allocate, which has bronze already.
fn about_a_group(members: u32, commands: &[Command]) -> u64 {
    let mut tenant = tenant_of(1_000, 2_000);
    let in_group: Vec<Command> = (0..members).map(|n| Command::join(name(n), "staff".parse().unwrap())).collect();
    for commands in in_group.chunks(1_000).chain([&[support::assign_group("staff", "bronze")][..]]) {
        let entry = forged(&tenant, Event::new(tenant.position() + 1, day(0), admin(), commands.to_vec()));
        tenant.apply(&entry).unwrap();
    }
    let entry = forged(&tenant, Event::new(tenant.position() + 1, day(0), admin(), commands.to_vec()));
    let mut next = tenant.clone();
    measure(|| next.apply(&entry).unwrap()).count_total
}

#[test]
fn x8_a_command_that_changes_nothing_touches_nobody() {
    let nothing = [
        support::assign_group("staff", "bronze"),
        support::unassign_group("staff", "silver"),
        Command::assign(name(0), "bronze".parse().unwrap()),
        support::join("user-0000000@contoso.example", "staff"),
        Command::RemoveGroup("nobody".parse().unwrap()),
    ];
    for command in nothing {
        let [few, many] = [10, 1_000].map(|members| about_a_group(members, core::slice::from_ref(&command)));
        assert!(few <= 16 && many <= 16, "{command:?}: {few} and {many} allocations");
    }
    let off = Command::assign_except(
        support::group("staff").into(),
        "bronze".parse().unwrap(),
        vec!["f365/basic".parse().unwrap()],
    );
    assert!(about_a_group(1_000, &[off]) > 1_000, "each member has another list");
}

/// What the search for remedies allocates for a user in so many groups, each of which has the plan, and in as many that do
/// not; and how many it found.
fn about_remedies(groups: usize, find: impl FnOnce(&entitle::Denial<'_>) -> usize) -> (u64, usize) {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([support::paid("bronze", 1, support::days(0, 100))]);
    tenant.run(0, [support::assign("first", "bronze")]).unwrap();
    let group = |kind: &str, number: usize| format!("{kind}-{number:04}");
    let mine = (0..groups).map(|number| support::join("ada", &group("mine", number)));
    let sold = (0..groups).flat_map(|number| {
        [support::join("ada", &group("sold", number)), support::assign_group(&group("sold", number), "bronze")]
    });
    for commands in mine.chain(sold).collect::<Vec<_>>().chunks(1_000) {
        tenant.forge(0, commands.to_vec());
    }
    let mut found = 0;
    let info = tenant.see("ada", "f365/orders", day(0), |decision| match decision {
        Decision::Allow(_) => panic!("no seat is free"),
        Decision::Deny(denial) => measure(|| found = find(&denial)),
    });
    (info.count_total, found)
}

#[test]
fn x8_remedies_are_looked_for_no_longer_than_they_may() {
    // All of one step and two, in a small tenant.
    let (allocations, found) = about_remedies(2, |denial| denial.remedies().count());
    assert!(found > 3 && allocations < 100_000, "{found} with {allocations} allocations");
    // What they would be is work for hours in this one.
    for groups in [100, 450] {
        let (allocations, found) = about_remedies(groups, |denial| denial.remedies().take(5).count());
        println!("{found} remedies with {groups} groups: {allocations} allocations");
        assert!(found > 0 && allocations < 2_000_000, "{found} with {groups} groups: {allocations} allocations");
    }
}

/// The decision is made and looked at; whatever it allocates is counted.
fn allocated_by_check(tenant: &Tenant, who: &str, app: &str, now: DateTime<Utc>) -> (bool, u64) {
    let (who, app) = (user(who), tenant.catalog().app(app).unwrap());
    let mut allowed = false;
    let info = measure(|| {
        let decision = tenant.check(&who, &app, now);
        allowed = decision.is_allowed();
        core::hint::black_box(decision.until());
        if let Decision::Allow(allow) = &decision {
            core::hint::black_box(allow.warnings().count());
        }
    });
    (allowed, info.count_total)
}

#[test]
fn k1_a_check_allocates_nothing() {
    let seated = "user-0000007@contoso.example";
    let last = "user-0001999@contoso.example";
    let roomy = tenant_of(2_000, 3_000);
    let crowded = tenant_of(2_000, 1_000);
    // Active, notice, grace, suspended, ended; seated, waiting, unassigned, unknown; free.
    for now in [0, 50, 80, 110, 140, 300].map(day) {
        for tenant in [&roomy, &crowded] {
            for who in [seated, last, "nobody@contoso.example"] {
                for app in ["f365/basic", "f365/orders", "f365/audit"] {
                    let (_, allocations) = allocated_by_check(tenant, who, app, now);
                    assert_eq!(allocations, 0, "{who} {app} {now}");
                }
            }
        }
    }
    assert!(allocated_by_check(&crowded, seated, "f365/orders", day(1)).0);
    assert!(!allocated_by_check(&crowded, last, "f365/orders", day(1)).0, "waits");
}

/// What a tenant of ten users keeps allocated, each with a seat of the last of so many plans: as its events make it, and once
/// it was read again.
fn kept_by_small(plans: usize) -> [i64; 2] {
    let id = |number: usize| format!("plan-{number:04}").parse().unwrap();
    let mut offer = Offer::new(
        "fabrikam".parse().unwrap(),
        "f365".parse().unwrap(),
        Management::Managed(InstallPolicy::WithLicense),
    );
    offer.apps = vec![AppEntry::licensed("f365/orders".parse().unwrap())];
    for number in 0..plans {
        let mut plan = Plan::new(id(number), Scope::User, "A plan".parse().unwrap());
        plan.apps = vec!["f365/orders".parse().unwrap()];
        offer.plans.push(plan);
    }
    let vendor = Vendor { catalog: Catalog::new(offer).unwrap(), ..Vendor::fabrikam() };
    let paid = Grant::paid(id(plans - 1), Units::limited(10).unwrap(), support::days(0, 100));
    let (ring, token) = (vendor.ring(), vendor.seal(&vendor.deal_for("contoso").with(paid)));
    let make = || {
        // As from a record that was read, whose events nobody keeps.
        let token = token.to_string().parse().unwrap();
        let seats = (0..10).map(|n| Command::assign(name(n), id(plans - 1)));
        let commands = core::iter::once(Command::Install(token)).chain(seats).collect();
        let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
        let entry = forged(&tenant, Event::new(1, day(0), admin(), commands));
        tenant.apply(&entry).unwrap();
        tenant
    };
    let again = || make().rebase(&vendor.catalog, &ring);
    let kept = |make: &dyn Fn() -> Tenant| {
        let mut kept = None;
        let info = measure(|| kept = Some(make()));
        assert!(kept.unwrap().opens("user-0000007@contoso.example", "f365/orders", 1));
        info.bytes_current
    };
    [kept(&make), kept(&again)]
}

/// What a catalog takes for each byte of its text at most, with so many apps, each listed by the last of as many plans.
fn catalog_room(count: usize) -> u64 {
    let apps: Vec<String> = (0..count).map(|app| format!(r#"{{"id":"a{app}","access":"licensed"}}"#)).collect();
    let plan = |plan: usize| {
        let lists: Vec<String> = (0..if plan == count { count } else { 1 }).map(|app| format!(r#""a{app}""#)).collect();
        format!(r#"{{"id":"p{plan}","scope":"user","name":"P","apps":[{}]}}"#, lists.join(","))
    };
    let plans: Vec<String> = (1..=count).map(plan).collect();
    let text = format!(
        r#"{{"publisher":"p","offer":"o","management":{{"managed":"with_license"}},"apps":[{}],"plans":[{}]}}"#,
        apps.join(","),
        plans.join(",")
    );
    let info = measure(|| _ = core::hint::black_box(Catalog::from_json(&text).unwrap()));
    info.bytes_max / u64::try_from(text.len()).unwrap()
}

#[test]
fn x8_a_catalog_takes_room_as_its_text_does() {
    let [few, many] = [1_000, 20_000].map(catalog_room);
    println!("a catalog takes {few} and {many} times its text");
    assert!(few <= 20 && many <= 20, "{few} and {many} times");
}

#[test]
fn a_small_tenant_takes_little_whatever_the_catalog_has() {
    let [few, many] = [1, 1_000].map(kept_by_small);
    println!("a tenant of 10 users: {few:?} bytes with 1 plan in the catalog, {many:?} with 1,000");
    assert!(few.iter().all(|bytes| *bytes <= 1_984), "{few:?} bytes");
    assert_eq!(few, many);
}

#[test]
fn q3_a_check_of_a_quota_allocates_nothing() {
    let catalog = r#"{
      "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
      "quotas": [{ "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "sum" },
                 { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" }],
      "apps": [{ "id": "edit", "access": "free" }],
      "plans": [{ "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "storage", "amount": { "limited": 9 } }] },
                { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]],
                  "quotas": [{ "quota": "projects", "amount": { "limited": 5 } },
                             { "quota": "storage", "amount": { "limited": 1 }, "per": "unit" }] }] }"#;
    let vendor = Vendor::of(catalog);
    let own = support::paid("pro", 2, support::days(0, 100))
        .with_amount("storage".parse().unwrap(), QuotaAmount::limited(7).unwrap());
    let mut tenant = vendor.contoso([support::paid("site", 1, support::days(0, 100)), own]);
    tenant.run(1, [support::assign("ada", "pro")]).unwrap();
    let (ada, projects) = (user("ada"), tenant.catalog().user_quota("projects").unwrap());
    let storage = tenant.catalog().tenant_quota("storage").unwrap();
    let info = measure(|| {
        assert!(tenant.check_quota(&ada, &projects, 5, day(2)).is_within());
        assert!(!tenant.check_quota(&ada, &projects, 6, day(2)).is_within());
        assert!(tenant.check_tenant_quota(&storage, 9 + 14, day(2)).is_within());
        assert!(!tenant.check_tenant_quota(&storage, 9 + 15, day(200)).is_within());
        core::hint::black_box(tenant.quota(&ada, &projects, day(2)).until());
    });
    assert_eq!(info.count_total, 0, "allocations");
}

/// Where a key is certified for lists, a list that ends that key, or no longer ends it, has all documents read again.
#[test]
fn x8_a_list_that_ends_no_key_of_lists_or_tickets_verifies_no_document_again() {
    let (vendor, certified) = (Vendor::fabrikam(), SecretKey::from_seed(&Zeroizing::new([2; 32])));
    let powers = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::Certificates).and(KeyPurpose::Revocations);
    let ring = KeyRing::new().trust(vendor.secret.public(), powers).unwrap();
    let certificate = KeyCertificateDraft::new(
        "fabrikam".parse().unwrap(),
        certified.public(),
        CertifiedPurpose::Revocations(NonZeroU32::MIN),
        support::window(-100, 100),
        day(0),
    );
    let list = |sequence: u32, ends: Option<Revocation>| {
        let list = RevocationListDraft::new("fabrikam".parse().unwrap(), sequence.try_into().unwrap(), day(0));
        let list = ends.into_iter().fold(list, RevocationListDraft::with);
        Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())
    };
    let license = |number: u8| RevokedLicense::all_revisions(LicenseId::from_random([number; 16]), day(0));
    let begun = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
    // The cost of two lists beside so many copies of a license.
    let cost = |copies: usize, ends: Revocation| {
        let mut tenant = begun.clone();
        let token = vendor.seal(&vendor.deal_for("contoso").with(support::paid("gold", 1, support::days(0, 100))));
        tenant.forge(0, core::iter::repeat_n(Command::Install(token), copies));
        tenant.forge(0, [Command::InstallCertificate(vendor.secret.seal_certificate(&certificate).unwrap())]);
        tenant.forge(0, [list(1, None)]);
        let commands = vec![list(2, Some(ends))];
        let entry = forged(&tenant, Event::new(tenant.position() + 1, day(0), admin(), commands));
        measure(|| tenant.apply(&entry).unwrap()).count_total
    };
    let ended = || Revocation::License(license(9));
    let (few, many) = (cost(10, ended()), cost(100, ended()));
    println!("a list beside 100 copies of a license: {many} allocations");
    assert!(many <= few + 16, "{many} allocations, and {few} beside 10");
    let ended = || Revocation::Key(RevokedKey::new(certified.public().id(), day(0)));
    assert!(cost(100, ended()) > cost(10, ended()) + 90, "the list that ends the key has them read again");
}
