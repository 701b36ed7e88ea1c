//! `entitle tenant may-install`.

use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::query::InstallDecision;
use serde_json::json;

use crate::answer::Answer;
use crate::exit::Exit;
use crate::tenant::words::{id, next_change};

pub(super) fn answer(tenant: &Tenant, now: DateTime<Utc>) -> Answer {
    let decision = tenant.may_install(now);
    let (whose, offer, next) = (id(tenant.id()), id(&tenant.catalog().offer().offer), next_change(decision.until()));
    let mut json = json!(decision);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("tenant".to_string(), json!(tenant.id()));
        fields.insert("offer".to_string(), json!(tenant.catalog().offer().offer));
    }
    let answer = Answer::new(json);
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
