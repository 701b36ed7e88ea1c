//! Events read from text: forged at will, they are read in one way or not at all, and give nothing (X4, X8).

use crate::mint;
use crate::sample::{SEED, claims, places, splice};
use crate::support::{Scenario, Vendor, day, days, forged, paid};
use entitle::query::DocumentStatus;
use entitle::{Command, Decision, Event, KeyRing, Tenant, Token, UserId};
use serde_json::{Value, json};

fn token() -> String {
    mint::sign(SEED, claims().to_string().as_bytes(), mint::footer(SEED, "entitle.license.v1").as_bytes(), b"")
}

fn event() -> Value {
    json!({
        "number": 1,
        "at": "2026-03-02T08:00:00Z",
        "actor": { "user": "ada", "roles": ["global_administrator", "billing_administrator"] },
        "commands": [
            { "install": token() },
            { "assign": { "to": { "user": "bo" }, "plan": "gold", "except": ["f365/audit"] } },
            { "unassign": { "from": { "group": "staff" }, "plan": "gold" } },
            { "join": { "user": "bo", "group": "staff" } },
            { "leave": { "user": "bo", "group": "staff" } },
            { "remove_user": "bo" },
            { "remove_group": "staff" },
            { "start_trial": { "license": "01010101010101010101010101010101", "plan": "silver" } },
            { "extend_trial": { "license": "01010101010101010101010101010101", "plan": "silver" } },
            "record_time",
        ],
    })
}

fn refused(text: &str) {
    if let Ok(event) = serde_json::from_str::<Event>(text) {
        panic!("accepted: {text}\nas {event:#?}");
    }
}

#[test]
fn the_sample_is_an_event() {
    let read: Event = serde_json::from_str(&event().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), event());
}

#[test]
fn x4_an_event_has_one_reading() {
    let event = event();
    for place in places(&event) {
        for raw in ["null", "true", "1.5", "-1", "[]", "{}", "\"\"", "[[]]", "{\"x\":null}"] {
            // Nobody has to have a role, deny an app or give a command: those lists may be empty.
            let list = ["/actor/roles", "/commands", "/commands/1/assign/except"].contains(&place.as_str());
            if !(raw == "[]" && list) {
                refused(&splice(event.clone(), &place, raw));
            }
        }
        let Value::Object(fields) = event.pointer(&place).unwrap() else { continue };
        let values: Vec<Value> = fields.values().cloned().collect();
        refused(&splice(event.clone(), &place, &Value::from(values).to_string()));
        let written: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        refused(&splice(event.clone(), &place, &format!("{{{},\"by\":\"x\"}}", written.join(","))));
        for index in 0..written.len() {
            refused(&splice(event.clone(), &place, &format!("{{{},{}}}", written.join(","), written[index])));
            let fewer: Vec<_> =
                written.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, f)| f.as_str()).collect();
            refused(&splice(event.clone(), &place, &format!("{{{}}}", fewer.join(","))));
        }
    }
}

#[test]
fn x8_an_event_out_of_turn_changes_nothing() {
    let mut tenant = Vendor::fabrikam().tenant("contoso");
    for number in [0_u64, 2, 3, 9_007_199_254_740_991, u64::MAX] {
        let text = splice(event(), "/number", &number.to_string());
        let entry = forged(&tenant, serde_json::from_str(&text).unwrap());
        let error = tenant.apply(&entry).unwrap_err();
        assert_eq!(error.code(), "apply.out-of-sequence");
        let ends = "the record ends with entry 0";
        assert_eq!(error.to_string(), format!("entry {number} is out of sequence: {ends}"));
        assert_eq!((tenant.position(), tenant.user_count(), tenant.documents().count()), (0, 0, 0));
        assert_eq!(tenant.reading(day(-1_000)), day(-1_000));
    }
}

fn opens(tenant: &Tenant, app: &str) -> bool {
    let (user, app): (UserId, _) = ("bo".parse().unwrap(), tenant.catalog().app(app).unwrap());
    matches!(tenant.check(&user, &app, day(2)), Decision::Allow(_))
}

#[test]
fn x1_a_forged_document_in_a_record_gives_nothing_and_says_why() {
    let vendor = Vendor::fabrikam();
    let genuine = vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 5, days(0, 9)))).to_string();
    let other_tenant = vendor.seal(&vendor.deal_for("adatum").with(paid("gold", 5, days(0, 9)))).to_string();
    let (head, footer) = genuine.rsplit_once('.').unwrap();
    let mut bytes = mint::from_base64url(head.trim_start_matches("v4.public."));
    bytes[0] ^= 1;
    let tampered = format!("v4.public.{}.{footer}", mint::base64url(&bytes));
    let stranger = mint::sign([9; 32], b"{}", mint::footer([9; 32], "entitle.license.v1").as_bytes(), b"");
    let list = mint::sign(SEED, b"{}", mint::footer(SEED, "entitle.revocation-list.v1").as_bytes(), b"");
    for (token, code) in [
        (&tampered, Some("token.bad-signature")),
        (&stranger, Some("token.unknown-key")),
        (&list, Some("token.other-kind")),
        (&other_tenant, Some("install.other-tenant")),
        (&genuine, None),
    ] {
        let mut event = event();
        event["commands"] =
            json!([{ "install": token }, { "assign": { "to": { "user": "bo" }, "plan": "gold", "except": [] } }]);
        let mut tenant = vendor.tenant("contoso");
        let entry = forged(&tenant, serde_json::from_value(event).unwrap());
        tenant.apply(&entry).unwrap();
        let status = tenant.documents().next().unwrap().status;
        match (code, status) {
            (Some(code), DocumentStatus::GivesNothing(unusable)) => assert_eq!(unusable.code(), code),
            (None, DocumentStatus::InForce(_)) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(opens(&tenant, "f365/audit"), code.is_none());
        assert!(opens(&tenant, "f365/basic"));
    }
}

/// Valid licenses that say the same in other bytes, each signed as it stands: the order of the fields, white space, escapes
/// and the footer are whatever the program that sealed them writes.
fn spellings(vendor: &Vendor) -> Vec<String> {
    let mut content = claims();
    content["anchor"] = json!("anywhere");
    let footer = mint::footer(SEED, "entitle.license.v1");
    let sorted = content.to_string();
    let read = vendor.ring().verify(&mint::sign(SEED, sorted.as_bytes(), footer.as_bytes(), b"").parse().unwrap());
    let ours = vendor.seal(read.unwrap().deal()).to_string();
    let (head, _) = ours.rsplit_once('.').unwrap();
    let signed = mint::from_base64url(head.trim_start_matches("v4.public."));
    let payload = String::from_utf8(signed[..signed.len() - 64].to_vec()).unwrap();
    let other_footer = format!(r#"{{"typ":"entitle.license.v1","kid":"{}"}}"#, mint::key_id(&mint::public_text(SEED)));
    let spelled = [
        (payload.clone(), footer.clone()),
        (sorted, footer.clone()),
        (format!(" {payload}"), footer.clone()),
        (format!("{payload}\n"), footer.clone()),
        (payload.replacen("gold", "g\\u006fld", 1), footer.clone()),
        (payload.clone(), other_footer),
        (payload, format!("{footer} ")),
    ];
    let all: Vec<String> =
        spelled.iter().map(|(payload, footer)| mint::sign(SEED, payload.as_bytes(), footer.as_bytes(), b"")).collect();
    assert_eq!(all[0], ours);
    all
}

#[test]
fn x4_a_document_is_handed_back_byte_for_byte() {
    let vendor = Vendor::fabrikam();
    let texts = spellings(&vendor);
    for text in &texts {
        assert_eq!(texts.iter().filter(|other| *other == text).count(), 1, "each is another");
        let token: Token = text.parse().unwrap();
        let mut tenant = vendor.tenant("contoso");
        tenant.run(0, [Command::Install(token.clone())]).unwrap();
        let same = |tenant: &Tenant| {
            let documents: Vec<_> = tenant.documents().collect();
            assert_eq!(documents.len(), 1);
            assert_eq!((documents[0].token(), documents[0].token().to_string()), (token.clone(), text.clone()));
            matches!(documents[0].status, DocumentStatus::InForce(_))
        };
        let back = |tenant: &Tenant, ring: &KeyRing| {
            Tenant::restore(&vendor.catalog, ring, "contoso".parse().unwrap(), &tenant.snapshot().unwrap()).unwrap()
        };
        assert!(same(&tenant) && same(&back(&tenant, &vendor.ring())), "{text}");
        // Without the key it gives nothing, with the key it is what it was.
        let without = tenant.rebase(&vendor.catalog, &KeyRing::new());
        assert!(!same(&without) && !same(&back(&without, &KeyRing::new())), "{text}");
        assert!(same(&without.rebase(&vendor.catalog, &vendor.ring())), "{text}");
        // Again, replaced, and for somebody else: each stays as it was written.
        tenant.forge(0, [Command::Install(token.clone()), Command::InstallRevocationList(token.clone())]);
        let next = vendor.ring().verify(&token).unwrap().deal().revise(day(1)).unwrap();
        tenant.run(1, [Command::Install(vendor.seal(&next))]).unwrap();
        let tokens: Vec<Token> = tenant.documents().map(|document| document.token()).collect();
        assert_eq!(tokens, [token.clone(), token.clone(), token.clone(), vendor.seal(&next)], "{text}");
        assert!(matches!(tenant.documents().next().unwrap().status, DocumentStatus::Replaced(_)), "{text}");
    }
}
