//! Laws of Graph's answers: what is enabled agrees with a naive evaluation, and no cut of an answer makes a panic.

use entitle::time::Phase;
use entitle_microsoft::graph::{Details, Skus, Subscriptions, Users, View};
use proptest::prelude::*;

use crate::graph::{DESK, DETAILS, MAIL, SKUS, SUBSCRIPTIONS, USERS, enabled, id, now, skus};

/// Returns an index below `words`; half of them are 0, the one value that grants something.
fn often(words: usize) -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), 0..words]
}

const STATES: [&str; 6] = ["Active", "ActiveWithError", "Disabled", "Error", "Fine", ""];
const PROVISIONED: [&str; 4] = ["Success", "Disabled", "PendingInput", "Fine"];
const CAPABLE: [&str; 5] = ["Enabled", "Warning", "Suspended", "LockedOut", "Fine"];

proptest! {
    /// A service plan is enabled only where a naive evaluation of all input says so too.
    #[test]
    fn a_yes_needs_every_yes(
        capable in often(5), units in 0..4_u32, here in often(4), there in prop::option::of(often(4)),
        sources in prop::option::weighted(0.8, prop::collection::vec((often(6), any::<bool>()), 0..3)),
    ) {
        let text = format!(
            r#"{{ "value": [{{ "skuId": "{DESK}", "appliesTo": "User", "capabilityStatus": "{}", "consumedUnits": 9,
                "prepaidUnits": {{ "enabled": 0, "warning": {units}, "suspended": 4, "lockedOut": 4 }},
                "servicePlans": [{{ "servicePlanId": "{MAIL}", "provisioningStatus": "{}" }}] }}] }}"#,
            CAPABLE[capable], PROVISIONED[here],
        );
        let mut view = skus(&text);
        if let Some(sources) = &sources {
            let source = |&(state, off): &(usize, bool)| format!(
                r#"{{ "skuId": "{DESK}", "state": "{}", "disabledPlans": [{}] }}"#,
                STATES[state], if off { format!("\"{MAIL}\"") } else { String::new() },
            );
            let all: Vec<_> = sources.iter().map(source).collect();
            let one = format!(r#"{{ "id": "ada", "licenseAssignmentStates": [{}] }}"#, all.join(","));
            view = view.with_users(Users::read_one(&one).unwrap());
        }
        if let Some(there) = there {
            let text = format!(
                r#"{{ "value": [{{ "skuId": "{DESK}", "servicePlans": [{{ "servicePlanId": "{MAIL}", "provisioningStatus": "{}" }}] }}] }}"#,
                PROVISIONED[there],
            );
            view = view.with_details("ada", Details::read(&[&text]).unwrap());
        }
        let tenant = capable < 2 && units > 0 && here == 0;
        let details = there.is_none_or(|there| there == 0);
        let assigned = match &sources {
            None => there.is_some(),
            Some(all) => all.iter().any(|&(state, off)| !off && (state == 0 || state == 1 && there.is_some())),
        };
        let verdict = view.may_open("ada", id(MAIL), now());
        prop_assert_eq!(verdict.is_enabled(), tenant && details && assigned, "{}", verdict);
        if verdict.is_enabled() {
            prop_assert_eq!(verdict, enabled([Phase::Active, Phase::Grace][capable]));
        }
    }

    /// Any text is read or refused, whatever is cut out of an answer.
    #[test]
    fn x8_any_cut_of_an_answer_is_read_or_refused(from in 0..2_000_usize, length in 0..200_usize) {
        for text in [SKUS, SUBSCRIPTIONS, USERS, DETAILS] {
            let from = from.min(text.len());
            let to = (from + length).min(text.len());
            let cut = format!("{}{}", &text[..from], &text[to..]);
            let _ = Subscriptions::read(&[&cut]);
            let (skus, users) = (Skus::read(&[&cut]), Users::read(&[&cut]));
            if let (Ok(skus), Ok(users)) = (skus, users) {
                let view = View::new(skus).with_users(users);
                let _ = (view.errors(), view.findings("ada", now()));
            }
        }
    }
}
