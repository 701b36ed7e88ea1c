//! `entitle tenant listing`.

use entitle::Tenant;
use entitle::catalog::{InstallPolicy, Management};
use entitle::chrono::{DateTime, Utc};
use entitle::query::ListingAction;
use serde_json::json;

use crate::answer::Answer;
use crate::tenant::words::id;

pub(super) fn answer(tenant: &Tenant, now: DateTime<Utc>) -> Answer {
    let (actions, offer) = (tenant.listing(now), tenant.catalog().offer());
    let (is_managed, is_free) = match &offer.management {
        Management::Unmanaged => (false, false),
        Management::Managed(policy) => (true, *policy == InstallPolicy::WithoutLicense),
    };
    let json = json!({
        "tenant": tenant.id(),
        "offer": offer.offer,
        "name": offer.name,
        "actions": actions,
        "boxes": { "license_management": is_managed, "install_without_a_license": is_free },
        "management": offer.management,
    });
    let buttons: Vec<&str> = actions.iter().copied().map(button).collect();
    let (title, whose) = (offer.name.as_ref().map_or_else(|| id(&offer.offer), ToString::to_string), id(tenant.id()));
    let answer = Answer::new(json)
        .escaped_line(format_args!("{title} in the store, as {whose} sees it:"))
        .line(format_args!("  {}", buttons.join("  ")))
        .line("Check boxes of the offer:")
        .line(format_args!("  {} license management", check_box(is_managed)))
        .line(format_args!("  {} install without a license", check_box(is_free)));
    match &offer.management {
        Management::Managed(InstallPolicy::WithPlan(plans)) => {
            let plans: Vec<String> = plans.iter().map(id).collect();
            answer.escaped_line(format_args!("Installing takes one of these plans: {}", plans.join(", ")))
        }
        _ => answer,
    }
}

fn button(action: ListingAction) -> &'static str {
    match action {
        ListingAction::GetItNow => "[Get it now]",
        ListingAction::ContactMe => "[Contact me]",
        _ => "[…]",
    }
}

fn check_box(is_on: bool) -> &'static str {
    if is_on { "[x]" } else { "[ ]" }
}
