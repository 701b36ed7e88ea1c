//! K11: a host words messages, and the values in them, in its own way.

use entitle::Decision;
use entitle::explain::Audience;
use entitle::language::{Language, Value, Wording};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid};

#[test]
fn k11_a_host_has_the_english_template_and_words_values_in_its_own_way() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(0, [assign("bo", "gold")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "gold")]).unwrap();
    let text = tenant.see("ada", "f365/audit", day(0), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(Audience::User),
    });
    let messages: Vec<_> = text.lines().iter().flat_map(|line| &line.messages).collect();
    let contact = messages.last().unwrap();
    assert_eq!(
        (contact.code(), contact.template()),
        (
            "user.contact-waiting",
            "Your turn comes when seats are freed or bought: contact an administrator about {name}."
        )
    );
    assert_eq!(contact.in_words(contact.template()), contact.to_string());
    let wording = |_: &str| None;
    let value = |value: &Value| match value {
        Value::Name(name) => Some(format!("«{name}»")),
        _ => None,
    };
    let quoting = Language::new(&wording).with_values(&value);
    assert_eq!(
        contact.in_language(&quoting),
        "Your turn comes when seats are freed or bought: contact an administrator about «F365 Gold»."
    );
}

#[test]
fn k11_a_wording_names_its_placeholders_in_their_order() {
    let wording = Wording::new("greeting.two", "{one} greets {other}, and {other} greets {one}.");
    assert_eq!(wording.placeholders().collect::<Vec<_>>(), ["one", "other", "other", "one"]);
    assert_eq!(Wording::new("greeting.none", "Nobody greets.").placeholders().count(), 0);
}
