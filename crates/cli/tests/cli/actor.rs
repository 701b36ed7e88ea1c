//! Who gives a command, by options and by environment variables.

use crate::desk::{Desk, Run};

/// Runs a command as somebody of the environment.
fn run(desk: &Desk, (user, roles): (&str, &str), line: &str) -> Run {
    Run::of(&desk.command(line).env("ENTITLE_AS", user).env("ENTITLE_ROLE", roles).output().unwrap())
}

#[test]
fn a1_the_actor_is_taken_from_the_environment() {
    let desk = Desk::installed();
    let ada = ("ada", "license-administrator,user-administrator");
    run(&desk, ada, "tenant assign gold bo").ends(0, "assigned gold to bo");
    run(&desk, ada, "tenant join staff bo").ends(0, "added bo");
    run(&desk, ("eve", "none"), "tenant assign gold cy").ends(1, "`eve` has none");
    // Options take precedence, each over its own variable.
    run(&desk, ("eve", "none"), "tenant assign gold cy --as ada --role license-administrator")
        .ends(0, "assigned gold to cy");
    run(&desk, ("eve", "license-administrator"), "tenant unassign gold cy --as ada").ends(0, "unassigned gold from cy");
    let log = desk.done("tenant log --json").json()["events"].clone();
    let actor = |event: usize| (log[event]["actor"]["user"].clone(), log[event]["actor"]["roles"].clone());
    let license = serde_json::json!(["license_administrator"]);
    assert_eq!(actor(1), ("ada".into(), serde_json::json!(["license_administrator", "user_administrator"])));
    assert_eq!((actor(3), actor(4)), (("ada".into(), license.clone()), ("ada".into(), license)));
    run(&desk, ("ada", "king"), "tenant assign gold cy").ends(2, "invalid value 'king' for '--role <ROLE>'");
    run(&desk, ("k4.secret.AAAA", "none"), "tenant log").ends(2, "[cli.secret-in-the-environment]");
    run(&desk, ("a\nb", "none"), "tenant log").ends(2, "[cli.control-character]");
    // What others set is not shown in the help.
    let quentin = ("quentin", "license-administrator");
    assert!(!run(&desk, quentin, "tenant assign --help").out.contains("quentin"));
}
