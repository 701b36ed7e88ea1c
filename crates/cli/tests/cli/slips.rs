//! What a person reads who is new here, or mistypes: what is wrong, and what to do.

use crate::desk::{Desk, SELL};

#[test]
fn a_number_is_refused_in_words() {
    let desk = Desk::installed();
    for (line, expected) in [
        ("tenant users --limit 0", "'--limit <LINES>': it is at least 1"),
        ("tenant queue gold --from 0", "'--from <PLACE>': it is at least 1"),
        ("tenant ending --within 99999999999", "'--within <DAYS>': it is too large"),
        ("deal ending --within x", "`x` is not a whole number like 20"),
        ("book log --last x", "`x` is not a whole number like 20"),
        ("book document x", "`x` is not a whole number like 20"),
        ("seal deal.json --key fabrikam.key --wait x", "`x` is not a whole number like 20"),
        (&format!("{SELL} --grace x"), "`x` is not a whole number like 20"),
        (&format!("{SELL} --suspended 2.5"), "`2.5` is not a whole number like 20"),
        ("revise deal.json --catalog f365.json --days x", "`x` is not a whole number like 20"),
    ] {
        desk.run(line).ends(2, expected);
    }
}

#[test]
fn a_folder_that_is_not_there_is_to_be_checked() {
    let desk = Desk::selling();
    for line in ["key new nowhere/x.key", "seal deal.json --key fabrikam.key -o nowhere/x.license"] {
        desk.run(line).ends(5, "help: check the path: relative paths start in the current folder");
    }
    desk.write("empty", "");
    let run = desk.run("catalog check empty");
    assert!(
        run.out.starts_with("error[catalog.not-json]: the text ends where a value is expected\n  --> empty\n"),
        "{run:#?}"
    );
}
