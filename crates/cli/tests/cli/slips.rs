//! What a person reads who is new here, or mistypes: what is wrong, and what to do.

use crate::desk::Desk;

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
