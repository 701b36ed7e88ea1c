//! `entitle tenant errors`.

use clap::Args;
use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::query::{DocumentIssue, DocumentStatus};
use serde_json::json;

use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::number;
use crate::tenant::words::id;

/// List what does not work.
#[derive(Debug, Args)]
pub(crate) struct Errors {
    /// The first line that is shown.
    #[arg(long, value_name = "LINE", default_value_t = 1, value_parser = number::parse::<usize>)]
    from: usize,
    #[command(flatten)]
    limit: Limit,
}

/// Returns the documents that give nothing.
pub(super) fn documents(tenant: &Tenant) -> Vec<&DocumentIssue> {
    let issues = tenant.documents().filter_map(|document| match document.status {
        DocumentStatus::GivesNothing(issue) => Some(issue),
        _ => None,
    });
    issues.collect()
}

impl Errors {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        let total = tenant.claims_in_error(now).count();
        let page = self.limit.page((1_usize..).zip(tenant.claims_in_error(now)).skip(self.from.saturating_sub(1)));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for (_, claim) in &page.entries {
            let (user, error) = (claim.user.to_id(), &claim.error);
            let message = error.to_string();
            rows.push(vec![id(&user), id(claim.plan), message.clone()]);
            json.push(json!({
                "user": user,
                "plan": claim.plan,
                "code": error.code(),
                "error": error,
                "message": message,
            }));
        }
        let documents = documents(tenant);
        let is_sound = total == 0 && documents.is_empty();
        let issues: Vec<_> =
            documents.iter().map(|issue| json!({ "code": issue.code(), "message": issue.to_string() })).collect();
        let table = PageTable {
            what: "claims in error",
            heading: &["USER", "PLAN", "ERROR"],
            rows,
            json,
            total,
            from: self.from.to_string(),
            next: next(page.next.map(|(line, _)| line)),
        };
        let answer = table.into_answer_with(|mut json| {
            if let Some(fields) = json.as_object_mut() {
                let claims = fields.remove("claims in error");
                fields.insert("claims".to_string(), claims.unwrap_or_default());
                fields.insert("documents".to_string(), json!(issues));
            }
            Answer::new(json)
        });
        let answer = documents
            .iter()
            .fold(answer, |answer, issue| answer.escaped_line(format_args!("A document gives nothing: {issue}")));
        if is_sound { answer.line("Every assignment and every document works.") } else { answer }
    }
}
