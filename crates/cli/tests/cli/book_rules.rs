//! What a revision and the deal book may say, and what they refuse.

use crate::desk::{Desk, SELL};

#[test]
fn s11_a_larger_number_is_never_tolerated_for_longer_than_it_was_promised() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&SELL.replace("gold=2", "gold=10"));
    let mut from = "deal".to_string();
    for (units, at, expected) in [
        (5, "2026-04-01", "gold: tolerated 10 until 2026-06-30"),
        (4, "2026-06-25", "gold: tolerated 5 until 2026-09-23 instead of 10 until 2026-06-30"),
        (3, "2026-09-20", "gold: tolerated 4 until 2026-12-19 instead of 5 until 2026-09-23"),
        (2, "2026-12-15", "gold: tolerated 3 until 2027-03-15 instead of 4 until 2026-12-19"),
    ] {
        let run = desk.done(&format!(
            "revise {from}.json --catalog f365.json --grant gold={units} --at {at} -o next{units}.json"
        ));
        run.ends(0, expected);
        from = format!("next{units}");
    }
}
