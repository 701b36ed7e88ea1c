//! `entitle catalog new`: a catalog from answers about an offer.

use std::io::ErrorKind;
use std::path::Path;

use entitle::catalog::{
    Access, AppEntry, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, QuotaPer, QuotaScope,
    Scope,
};
use entitle::id::Label;
use entitle::quantity::QuotaAmount;
use entitle::{AppId, Catalog, PlanId};
use serde_json::json;

use super::answers::{Choice, amount, listed, new_id, optional, read, some_of, yes_or_no};
use super::draft;
use super::questions::{self, Question};
use super::show::{covers, show};
use crate::answer::{Answer, print_to_stderr};
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::prompt::{ask, left_over};

/// Asks about an offer, or about what a draft lacks, and writes its catalog to a file or to stdout. What was
/// answered before a fault is kept in a draft.
pub(crate) fn new(out: Option<&Path>, from: Option<&Path>) -> Result<Answer, Failure> {
    out.map_or(Ok(()), require_absent)?;
    let mut draft = from.map(draft::read).transpose()?;
    if let Some((path, offer)) = from.zip(draft.as_ref()) {
        print_to_stderr(&draft::summary(path, offer));
    }
    let answer = write_answered(out, &mut draft).map_err(|failure| match &draft {
        Some(offer) => draft::keep(out, offer, failure),
        None => failure,
    })?;
    // What went to stdout may not be kept anywhere.
    let Some(out) = out else { return Ok(answer) };
    Ok(answer.notes(from.and_then(draft::remove).into_iter().chain(draft::left(out)).collect()))
}

fn write_answered(out: Option<&Path>, draft: &mut Option<Offer>) -> Result<Answer, Failure> {
    let offer = ask_offer(draft)?;
    let text = draft::text(offer)?;
    let catalog =
        Catalog::new(offer.clone()).map_err(|error| Failure::usage(error.code(), "").with_lines(&error.to_string()))?;
    let left: Vec<String> = left_over().into_iter().collect();
    let Some(path) = out else {
        return Ok(Answer::new(json!({ "offer": catalog.offer() })).raw(&text).notes(left));
    };
    files::write_new(path, &text, Secrecy::Public)?;
    let name = crate::text::name(path);
    let answer = show(&catalog).note(format_args!(
        "{name}: written. `entitle catalog laws {name}` checks its laws, `entitle deal new --catalog {name}` sells it"
    ));
    Ok(answer.notes(left))
}

/// Fails if there is a file, so that nobody answers what is then not written.
fn require_absent(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(files::cannot_write(path, &ErrorKind::AlreadyExists.into())),
        Err(_) => Ok(()),
    }
}

/// Asks a question about which nothing is answered before.
fn put<T>(question: Question, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    ask(&question.prompt(), parse)
}

/// Asks about an offer. The draft has what is answered from its id on, each app, quota and plan once all
/// about it is. What is in it is not asked again: with an app,
/// a quota or a plan, all that is asked before the first app.
fn ask_offer(draft: &mut Option<Offer>) -> Result<&Offer, Failure> {
    let offer = if let Some(offer) = draft {
        offer
    } else {
        let publisher = put(questions::PUBLISHER, read)?;
        let id = put(questions::OFFER, read)?;
        draft.insert(Offer::new(publisher, id, Management::Unmanaged))
    };
    if offer.apps.is_empty() && offer.quotas.is_empty() && offer.plans.is_empty() {
        ask_about(offer)?;
    }
    let new_app = |text: &str, offer: &Offer| new_id(text, offer.apps.iter().map(|app| &app.id), "app");
    while let Some(app) = put(questions::APP, |text| new_app(text, offer))? {
        offer.apps.push(ask_app(app)?);
    }
    let new_quota = |text: &str, offer: &Offer| new_id(text, offer.quotas.iter().map(|quota| &quota.id), "quota");
    while let Some(quota) = put(questions::QUOTA, |text| new_quota(text, offer))? {
        offer.quotas.push(ask_quota(quota)?);
    }
    let new_plan = |text: &str, offer: &Offer| new_id(text, offer.plans.iter().map(|plan| &plan.id), "plan");
    while let Some(plan) = put(questions::PLAN, |text| new_plan(text, offer))? {
        let plan = ask_plan(plan, offer)?;
        offer.plans.push(plan);
    }
    if let Management::Managed(InstallPolicy::WithLicense) = offer.management {
        offer.management = Management::Managed(ask_install_policy(offer)?);
    }
    Ok(offer)
}

/// Asks what is about the whole offer.
fn ask_about(offer: &mut Offer) -> Result<(), Failure> {
    offer.name = put(questions::OFFER_NAME, optional::<Label>)?;
    offer.management = match put(questions::MANAGEMENT, yes_or_no)? {
        Choice::No => Management::Unmanaged,
        Choice::Yes => Management::Managed(match put(questions::INSTALLATION, yes_or_no)? {
            Choice::Yes => InstallPolicy::WithoutLicense,
            Choice::No => InstallPolicy::WithLicense,
        }),
    };
    Ok(())
}

fn ask_app(id: AppId) -> Result<AppEntry, Failure> {
    let name = put(questions::APP_NAME, optional::<Label>)?;
    let access = put(questions::FREE, |text| {
        Ok(match yes_or_no(text)? {
            Choice::Yes => Access::Free,
            Choice::No => Access::Licensed,
        })
    })?;
    let app = match access {
        Access::Free => AppEntry::free(id),
        Access::Licensed => AppEntry::licensed(id),
    };
    Ok(match name {
        Some(name) => app.named(name),
        None => app,
    })
}

fn ask_quota(id: entitle::QuotaId) -> Result<QuotaEntry, Failure> {
    let name = put(questions::QUOTA_NAME, read)?;
    let unit = put(questions::UNIT, read)?;
    let scope = put(questions::WHOSE, |text| match text {
        "user" => Ok(QuotaScope::User),
        "tenant" => Ok(QuotaScope::Tenant),
        _ => Err("answer `user` or `tenant`".to_string()),
    })?;
    let combine = put(questions::COMBINATION, |text| match text {
        "largest" => Ok(Combination::Largest),
        "sum" => Ok(Combination::Sum),
        _ => Err("answer `largest` or `sum`".to_string()),
    })?;
    let mut quota = QuotaEntry::new(id, name, unit, scope, combine);
    quota.free = put(questions::FREE_AMOUNT, amount)?.unwrap_or(QuotaAmount::ZERO);
    Ok(quota)
}

fn ask_plan(id: PlanId, offer: &Offer) -> Result<Plan, Failure> {
    let name = put(questions::PLAN_NAME, read)?;
    let scopes = [Scope::Tenant, Scope::User, Scope::Capacity];
    let scope = put(questions::SCOPE, |text| {
        let named = scopes.into_iter().find(|scope| scope.to_string() == text);
        let known: Vec<String> = scopes.iter().map(|scope| format!("`{scope}` for {}", covers(*scope))).collect();
        named.ok_or_else(|| format!("answer {}", known.join(", ")))
    })?;
    let mut plan = Plan::new(id, scope, name);
    let licensed: Vec<AppId> = match scope {
        // Work consumes it, and opens nothing (C8).
        Scope::Capacity => Vec::new(),
        Scope::Tenant | Scope::User => {
            let apps = offer.apps.iter().filter(|app| app.access == Access::Licensed);
            apps.map(|app| app.id.clone()).collect()
        }
    };
    if !licensed.is_empty() {
        let question = questions::APPS.about(&listed(&licensed));
        plan.apps = ask(&question, |text| some_of(text, &licensed, "app"))?;
    }
    let mut needs = may_need(scope, offer);
    while !needs.is_empty() {
        let question = if plan.requires.is_empty() { questions::NEED } else { questions::FURTHER_NEED };
        let any = ask(&question.about(&listed(&needs)), |text| some_of(text, &needs, "plan"))?;
        if any.is_empty() {
            break;
        }
        needs.retain(|plan| !any.contains(plan));
        plan.requires.push(any);
    }
    for quota in offer.quotas.iter().filter(|quota| scope != Scope::Capacity || quota.scope == QuotaScope::Tenant) {
        let question = questions::AMOUNT.about(quota.unit.as_str());
        if let Some(amount) = ask(&question, amount)? {
            plan.quotas.push(ask_per(scope, quota, amount)?);
        }
    }
    Ok(plan)
}

/// Returns the plans, of those that are answered, that a plan of this scope may need (C4): a tenant plan
/// needs tenant plans only, and a capacity plan neither needs another nor is needed.
fn may_need(scope: Scope, offer: &Offer) -> Vec<PlanId> {
    let may = |plan: &&Plan| match scope {
        Scope::Tenant => plan.scope == Scope::Tenant,
        Scope::User => plan.scope != Scope::Capacity,
        Scope::Capacity => false,
    };
    offer.plans.iter().filter(may).map(|plan| plan.id.clone()).collect()
}

/// Asks whether a plan gives an amount once or a unit, where both are possible.
fn ask_per(scope: Scope, quota: &QuotaEntry, amount: QuotaAmount) -> Result<PlanQuota, Failure> {
    let per = match (scope, quota.scope) {
        (Scope::User | Scope::Capacity, QuotaScope::Tenant) => put(questions::PER, |text| match text {
            "unit" => Ok(QuotaPer::Unit),
            "plan" => Ok(QuotaPer::Plan),
            _ => Err("answer `unit` or `plan`".to_string()),
        })?,
        _ => QuotaPer::Plan,
    };
    Ok(match per {
        QuotaPer::Unit => PlanQuota::per_unit(quota.id.clone(), amount),
        QuotaPer::Plan => PlanQuota::new(quota.id.clone(), amount),
    })
}

fn ask_install_policy(offer: &Offer) -> Result<InstallPolicy, Failure> {
    let plans: Vec<PlanId> = offer.plans.iter().map(|plan| plan.id.clone()).collect();
    if plans.is_empty() {
        return Ok(InstallPolicy::WithLicense);
    }
    let question = questions::WITH_PLAN.about(&listed(&plans));
    let named = ask(&question, |text| some_of(text, &plans, "plan"))?;
    Ok(if named.is_empty() { InstallPolicy::WithLicense } else { InstallPolicy::WithPlan(named) })
}
