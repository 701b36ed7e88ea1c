//! The plans and units of `deal new` and `revise`, and what an error of theirs says to do.

use crate::desk::{Desk, SELL};

#[test]
fn a_number_of_units_has_no_sign() {
    let desk = Desk::selling();
    let revise = "revise deal.json --catalog f365.json";
    let new = SELL.replace(" -o deal.json", "");
    for (line, written) in [
        (format!("{revise} --grant gold=+2"), "+2"),
        (format!("{revise} --grant gold=-2"), "-2"),
        (format!("{revise} --trial gold=+2 --days 30 --ends 2027-01-01"), "+2"),
        (new.replace("gold=2", "gold=+2"), "+2"),
    ] {
        desk.run(&line).ends(2, &format!("`{written}` has a sign: write the number in all, as in `gold=7`"));
    }
    desk.write("sale.json", r#"{"grants": ["gold=+5"]}"#);
    desk.run("deal new --catalog f365.json --from sale.json").ends(3, "`+5` has a sign");
    desk.run(&format!("{revise} --amount gold:projects=+50"))
        .ends(2, "`+50` has a sign: write the number in all, as in `gold:projects=50`");
    desk.done(&format!("{revise} --grant gold=7"));
}

#[test]
fn no_units_at_all_are_a_plan_that_is_dropped() {
    let desk = Desk::selling();
    let revise = "revise deal.json --catalog f365.json";
    for option in ["--grant gold=0", "--grant gold=00", "--trial gold=0"] {
        desk.run(&format!("{revise} {option}"))
            .ends(2, "invalid grant of 0 units: leave `gold` out; `entitle revise --drop gold` ends its sale");
    }
    desk.done(&format!("{revise} --drop gold --grant silver=1 --ends 2027-03-01"));
}

/// `revise` has no --from, so no help may name it.
#[test]
fn a_plan_that_is_new_to_a_deal_takes_its_dates() {
    let desk = Desk::selling();
    let revise = "revise deal.json --catalog f365.json";
    for (options, missing, help) in [
        (
            "--grant silver=1",
            "--ends is missing",
            "the deal has no such grant of `silver` yet: a new grant takes --ends\n",
        ),
        (
            "--trial gold=1 --grant silver=1",
            "--ends, --days are missing",
            "the deal has no such grant of `silver` and `gold` yet: a new grant takes --ends, and a trial its length with --days\n",
        ),
    ] {
        let run = desk.run(&format!("{revise} {options}"));
        run.ends(2, missing);
        run.ends(2, &format!("help: {help}"));
        assert!(!run.err.contains("--from"), "{run:#?}");
    }
    desk.done(&format!("{revise} --grant silver=1 --ends 2027-03-01"));
    desk.run("deal new --catalog f365.json").ends(2, "help: give options, or a file with --from");
}

/// Its dates are no matter where there is no such plan.
#[test]
fn c11_a_plan_that_the_catalog_does_not_have_is_named_first() {
    let desk = Desk::selling();
    for line in [
        "revise deal.json --catalog f365.json --grant goldd=7",
        "revise deal.json --catalog f365.json --trial goldd=7",
        "deal new --catalog f365.json --grant goldd=7",
    ] {
        let run = desk.run(line);
        run.ends(2, "no plan of this catalog has the id `goldd`");
        run.ends(2, "did you mean `gold`? its plans are `");
    }
}
