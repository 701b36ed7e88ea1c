//! `entitle catalog show`: an offer as a matrix of plans, apps and quotas.

use entitle::Catalog;
use entitle::catalog::{
    Access, AppEntry, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, QuotaPer, QuotaScope, Release,
    Scope,
};
use entitle::quantity::QuotaAmount;
use serde_json::json;

use crate::answer::Answer;
use crate::instant;
use crate::table::{Table, table};

/// The columns that the matrix takes at most: those of a narrow terminal.
const WIDTH: usize = 60;
/// The blanks between two columns.
const GAP: usize = 2;

/// Shows an offer: its two check boxes, its plans, and what each opens and gives.
pub(crate) fn show(catalog: &Catalog) -> Answer {
    let offer = catalog.offer();
    let columns: Vec<Column> = offer.plans.iter().map(|plan| Column::of(offer, plan)).collect();
    let everyone = Column::of_everyone(offer);
    let heading = Heading::of(&everyone, &columns, offer);
    let answer = Answer::new(json!({ "offer": offer }));
    let answer = about(offer).into_iter().fold(answer, Answer::escaped_line);
    let answer = if columns.is_empty() { answer } else { answer.line("").table(&plans(offer, heading)) };
    let answer = offer.plans.iter().flat_map(relations).fold(answer, Answer::escaped_line);
    let answer = offer.quotas.iter().map(limits).fold(answer, Answer::escaped_line);
    blocks(&everyone, &columns, offer, heading)
        .into_iter()
        .fold(answer, |answer, block| answer.line("").table(&matrix(offer, &block)))
}

/// Returns what is known of the offer as a whole, in lines.
fn about(offer: &Offer) -> Vec<String> {
    let named = offer.name.as_ref().map_or_else(String::new, |name| format!("{name}: "));
    let mut lines = vec![format!("{named}`{}` of `{}`", offer.offer, offer.publisher)];
    lines.extend(match &offer.management {
        Management::Unmanaged => vec!["[ ] license management: every app is open to everyone".to_string()],
        Management::Managed(install) => {
            let (mark, who) = match install {
                InstallPolicy::WithoutLicense => ("x", "every tenant may install it".to_string()),
                InstallPolicy::WithLicense => (" ", "a tenant with a license of any plan may install it".to_string()),
                InstallPolicy::WithPlan(plans) => {
                    (" ", format!("a tenant with a license of {} may install it", any_of(plans)))
                }
            };
            vec!["[x] license management".to_string(), format!("[{mark}] install without a license: {who}")]
        }
    });
    if let Release::Dated(date) = offer.release {
        lines.push(format!("release of {}", instant::day(date)));
    }
    lines
}

/// What a plan, or everyone, may open and gets, by the rows of the matrix.
struct Column {
    id: String,
    cells: Vec<String>,
}

impl Column {
    /// Returns what everyone may open and gets without a license.
    fn of_everyone(offer: &Offer) -> Self {
        let apps = offer.apps.iter().map(|app| if app.access == Access::Free { "yes" } else { "" }.to_string());
        let quotas = offer
            .quotas
            .iter()
            .map(|quota| if quota.free == QuotaAmount::ZERO { String::new() } else { quota.free.to_string() });
        Self { id: "everyone".to_string(), cells: apps.chain(quotas).collect() }
    }

    fn of(offer: &Offer, plan: &Plan) -> Self {
        let opens = |app: &AppEntry| if plan.apps.contains(&app.id) { "yes" } else { "" };
        let gives = |quota: &QuotaEntry| plan.quotas.iter().find(|given| given.quota == quota.id).map(amount);
        let apps = offer.apps.iter().map(|app| opens(app).to_string());
        Self {
            id: plan.id.to_string(),
            cells: apps.chain(offer.quotas.iter().map(|quota| gives(quota).unwrap_or_default())).collect(),
        }
    }

    /// Returns the columns that it takes under a heading.
    fn width(&self, heading: &str) -> usize {
        let longest = self.cells.iter().map(|cell| length(cell)).max().unwrap_or_default();
        longest.max(length(heading)).saturating_add(GAP)
    }
}

fn amount(given: &PlanQuota) -> String {
    match given.per {
        QuotaPer::Plan => given.amount.to_string(),
        QuotaPer::Unit => format!("{} a unit", given.amount),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Whether the columns of the matrix are named by the ids of plans, or by their numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    Ids,
    Numbers,
}

impl Heading {
    /// Returns ids if the whole matrix fits a narrow terminal with them.
    fn of(everyone: &Column, columns: &[Column], offer: &Offer) -> Self {
        let wide: usize = columns.iter().map(|column| column.width(&column.id)).sum();
        let fits = wide.saturating_add(labels_width(everyone, offer)) <= WIDTH;
        if fits { Self::Ids } else { Self::Numbers }
    }

    /// Returns the text above the plan with this place in the catalog.
    fn text(self, place: usize, column: &Column) -> String {
        match self {
            Self::Ids => column.id.clone(),
            Self::Numbers => place.saturating_add(1).to_string(),
        }
    }
}

/// Returns the columns that the names of rows and what everyone has take.
fn labels_width(everyone: &Column, offer: &Offer) -> usize {
    labels(offer)
        .iter()
        .map(|label| length(label))
        .max()
        .unwrap_or_default()
        .saturating_add(everyone.width(&everyone.id))
}

/// Returns the ids of the rows: apps, then quotas.
fn labels(offer: &Offer) -> Vec<String> {
    let apps = offer.apps.iter().map(|app| app.id.to_string());
    apps.chain(offer.quotas.iter().map(|quota| quota.id.to_string())).collect()
}

/// Returns the plans in a table.
fn plans(offer: &Offer, heading: Heading) -> Table {
    let rows = offer.plans.iter().enumerate().map(|(place, plan)| {
        let row = [plan.id.to_string(), plan.name.to_string(), covers(plan.scope).to_string()];
        let number = place.saturating_add(1).to_string();
        if heading == Heading::Numbers { core::iter::once(number).chain(row).collect() } else { row.to_vec() }
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let words = ["", "plan", "name", "a unit is for"];
    table(words.get(usize::from(heading == Heading::Ids)..).unwrap_or(&words), &rows)
}

/// Returns what a unit of a plan covers.
pub(super) fn covers(scope: Scope) -> &'static str {
    match scope {
        Scope::Tenant => "the tenant",
        Scope::User => "a user",
        Scope::Capacity => "work",
    }
}

/// Returns what a plan needs and excludes, in lines.
fn relations(plan: &Plan) -> Vec<String> {
    let needs = plan.requires.iter().map(|any| format!("`{}` needs {}", plan.id, any_of(any)));
    let excludes = plan.excludes.iter().map(|other| format!("`{}` excludes `{other}`", plan.id));
    let overage = counted(plan);
    needs.chain(excludes).chain(overage).collect()
}

/// Returns what of a plan is counted, and what is not: the units of a capacity plan, and the quotas that it gives.
pub(crate) fn counting(offer: &Offer, plan: &Plan) -> Vec<String> {
    let given = offer.quotas.iter().filter(|quota| plan.quotas.iter().any(|it| it.quota == quota.id));
    counted(plan).into_iter().chain(given.map(limits)).collect()
}

/// Returns how the units of a capacity plan are counted (M2, M3); nothing of another plan.
fn counted(plan: &Plan) -> Option<String> {
    (plan.scope == Scope::Capacity).then(|| {
        let percent = plan.overage().get();
        format!(
            "`{}`: its units are for each calendar month (UTC), and {percent} percent more may be consumed",
            plan.id
        )
    })
}

/// Returns what a quota is a limit of, and that it is not counted (Q1, Q3).
fn limits(quota: &QuotaEntry) -> String {
    let whose = match quota.scope {
        QuotaScope::User => "of each user",
        QuotaScope::Tenant => "of the tenant",
    };
    let (id, unit) = (&quota.id, &quota.unit);
    format!("`{id}`: {unit} {whose}, a limit for the application: entitle does not count them")
}

fn any_of(plans: &[entitle::PlanId]) -> String {
    let plans: Vec<String> = plans.iter().map(|plan| format!("`{plan}`")).collect();
    plans.join(" or ")
}

/// Returns the columns of the matrix in blocks that fit a narrow terminal, each with its headings.
fn blocks<'c>(
    everyone: &'c Column,
    columns: &'c [Column],
    offer: &Offer,
    heading: Heading,
) -> Vec<Vec<(String, &'c Column)>> {
    let first = || vec![(everyone.id.clone(), everyone)];
    let (mut blocks, mut block, mut width) = (Vec::new(), first(), labels_width(everyone, offer));
    for (place, column) in columns.iter().enumerate() {
        let text = heading.text(place, column);
        let wider = width.saturating_add(column.width(&text));
        if wider > WIDTH && block.len() > 1 {
            blocks.push(core::mem::replace(&mut block, first()));
            width = labels_width(everyone, offer).saturating_add(column.width(&text));
        } else {
            width = wider;
        }
        block.push((text, column));
    }
    blocks.push(block);
    blocks
}

/// Returns a block of the matrix. Apps and quotas are rows.
fn matrix(offer: &Offer, block: &[(String, &Column)]) -> Table {
    let headings: Vec<&str> = core::iter::once("").chain(block.iter().map(|(text, _)| text.as_str())).collect();
    let rows = labels(offer).into_iter().enumerate().map(|(row, label)| {
        let cells = block.iter().map(|(_, column)| column.cells.get(row).cloned().unwrap_or_default());
        core::iter::once(label).chain(cells).collect()
    });
    table(&headings, &rows.collect::<Vec<Vec<String>>>())
}
