//! Refusals about groups and requirements.

use entitle::Command;

use super::{contoso, refused, why};
use crate::support::{Scenario, Vendor, assign, assign_group, days, join, leave, paid, unassign};
use crate::{Row, row};

/// Groups and requirements.
pub(super) fn sources() -> Vec<Row> {
    let requiring = include_str!("../../../examples/fabrikam.json").replacen(
        r#""name": "F365 Gold","#,
        r#""name": "F365 Gold", "requires": [["bronze", "silver"]],"#,
        1,
    );
    let mut needy = Vendor::of(&requiring).contoso(["bronze", "gold"].map(|plan| paid(plan, 9, days(0, 100))));
    let without = refused(&needy, &[assign("ada", "gold")]);
    needy.run(0, [assign("ada", "bronze"), assign("ada", "gold")]).unwrap();
    let staff = [assign_group("staff", "bronze"), join("ada", "staff")];
    vec![
        row!(
            "refusal.inherited",
            "`ada` has `bronze` from `staff`: unassign the plan from the group, or remove the user from the group",
            why(&staff, [unassign("ada", "bronze")])
        ),
        row!("refusal.no-such-member", "`bo` is not a member of `staff`", why(&staff, [leave("bo", "staff")])),
        row!("refusal.too-many-plans", "`staff` has 1000 plans already: nobody is assigned more", {
            let mut tenant = contoso();
            // Plans of another catalog, which are kept.
            tenant.forge(0, (0..1_000).map(|number| assign_group("staff", &format!("plan-{number}"))));
            refused(&tenant, &[assign_group("staff", "bronze")])
        }),
        row!("refusal.too-many-groups", "`ada` is in 1000 groups already: nobody is in more", {
            let all: Vec<Command> = (0..1_001).map(|number| join("ada", &format!("group-{number}"))).collect();
            why(&all[..1_000], [all[1_000].clone()])
        }),
        row!(
            "refusal.no-such-group",
            "no such group: `night` has neither members nor plans",
            why(&staff, [Command::RemoveGroup("night".parse().unwrap())])
        ),
        row!(
            "refusal.group-has-plans",
            "`staff` still has `bronze`: unassign them first",
            why(&staff, [Command::RemoveGroup("staff".parse().unwrap())])
        ),
        row!("refusal.requirement-not-met", "`gold` requires `bronze` or `silver` for `ada`", without),
        row!(
            "refusal.excluded",
            "`ada` cannot have both `silver` and `bronze` (assigned directly), which exclude each other: remove one first, or leave it out",
            {
                let mut offer = Vendor::fabrikam().catalog.offer().clone();
                offer.plans[0].excludes.push("silver".parse().unwrap());
                let vendor = Vendor { catalog: entitle::Catalog::new(offer).unwrap(), ..Vendor::fabrikam() };
                let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100)), paid("silver", 1, days(0, 100))]);
                tenant.run(0, [assign("ada", "bronze")]).unwrap();
                refused(&tenant, &[assign("ada", "silver")])
            }
        ),
        row!(
            "refusal.still-required",
            "`ada` needs `bronze` for `gold`: unassign `gold` as well",
            refused(&needy, &[unassign("ada", "bronze")])
        ),
    ]
}
