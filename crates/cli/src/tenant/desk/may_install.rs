//! `entitle tenant may-install`.

use entitle::Tenant;
use entitle::catalog::Plan;
use entitle::chrono::{DateTime, Utc};
use entitle::query::InstallDecision;
use serde_json::json;

use crate::answer::Answer;
use crate::exit::Exit;
use crate::tenant::next_change::NextChange;
use crate::tenant::words::id;

pub(super) fn answer(tenant: &Tenant, now: DateTime<Utc>) -> Answer {
    let decision = tenant.may_install(now);
    let next = NextChange::first(decision.until(), |at| {
        let later = tenant.may_install(at);
        (difference(&decision, &later), later.until())
    });
    let (whose, offer) = (id(tenant.id()), id(&tenant.catalog().offer().offer));
    let mut json = json!(decision);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("next_change".to_string(), NextChange::json(next.as_ref()));
        fields.insert("tenant".to_string(), json!(tenant.id()));
        fields.insert("offer".to_string(), json!(tenant.catalog().offer().offer));
    }
    let (answer, next) = (Answer::new(json), NextChange::text(next.as_ref()));
    match &decision {
        InstallDecision::Allowed { plan, .. } => {
            let by =
                plan.map_or_else(|| "no license is needed".to_string(), |plan| format!("it owns {}", id(&plan.id)));
            answer
                .escaped_line(format_args!("allowed: {whose} may install {offer} in all its environments, {by}{next}"))
        }
        InstallDecision::Denied { misses, .. } => {
            let answer = answer.with_exit(Exit::Refused);
            let answer = answer.escaped_line(format_args!("denied: {whose} may not install {offer}{next}"));
            misses.iter().fold(answer, |answer, miss| answer.escaped_line(format_args!("  {miss}")))
        }
    }
}

/// Returns what is different in a later decision, in a few words.
fn difference(before: &InstallDecision<'_>, after: &InstallDecision<'_>) -> Option<String> {
    match (before, after) {
        (InstallDecision::Allowed { .. }, InstallDecision::Denied { .. }) => Some("not any more".to_string()),
        (InstallDecision::Denied { .. }, InstallDecision::Allowed { .. }) => Some("allowed".to_string()),
        (InstallDecision::Allowed { plan: before, .. }, InstallDecision::Allowed { plan: after, .. }) => {
            let plan = |plan: Option<&Plan>| plan.map(|plan| plan.id.clone());
            let by = plan(*after).map_or_else(|| "without a license".to_string(), |plan| format!("by {}", id(&plan)));
            (plan(*before) != plan(*after)).then_some(by)
        }
        (InstallDecision::Denied { .. }, InstallDecision::Denied { .. }) => None,
    }
}
