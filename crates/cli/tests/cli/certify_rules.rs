//! What `key certify` and `ticket` compare and note.

use crate::deal_book::{GOLD, done, sell, with_book};
use crate::desk::Desk;

/// A misspelt publisher, offer or plan gives a certificate that does nothing.
#[test]
fn x10_a_certificate_is_compared_and_says_its_limits() {
    let desk = Desk::selling();
    desk.done("key new reseller.key");
    let certify = "key certify reseller.pub --until 2027-01-01 --key fabrikam.key --at 2026-02-01";
    let run = desk.done(&format!("{certify} --publisher fabrikum -o any.certificate"));
    assert!(
        run.err.contains("compare it by --catalog") && run.err.contains("the certificate has no limits"),
        "{run:#?}"
    );
    let compared = format!("{certify} --catalog f365.json");
    desk.run(&format!("{compared} --publisher fabrikum"))
        .ends(2, "is `fabrikam`, not `fabrikum` [cli.other-publisher]");
    desk.run(&format!("{compared} --publisher fabrikam --offer f356")).ends(2, "[cli.other-offer]");
    desk.run(&format!("{compared} --publisher fabrikam --units godl=5")).ends(2, "did you mean `gold`?");
    let run = desk.done(&format!("{compared} --publisher fabrikam --units gold=5 --terms 400 -o c.certificate"));
    assert!(run.out.contains("`gold` (5)") && run.out.contains("400"), "{run:#?}");
    assert!(!run.err.contains("--catalog") && !run.err.contains("no limits"), "{run:#?}");
}

#[test]
fn x6_a_ticket_says_for_which_record_and_customer_it_counts() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let run = done(&desk, "ticket contosso --catalog f365.json --key fabrikam.key -o t.ticket");
    run.ends(0, "has no license for `contosso`, and a ticket counts for the tenant alone that it names: did you mean `contoso`?");
    run.ends(0, "note: without --anchor the customer can keep the ticket");
    let run = done(&desk, "ticket contoso --catalog f365.json --key fabrikam.key -o u.ticket");
    assert!(!run.err.contains("has no license") && run.err.contains("it counts where it is installed"), "{run:#?}");
}
