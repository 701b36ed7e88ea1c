//! The main job from end to end, for three products of three kinds; each has its file, to be read like a recipe.
//!
//! `cargo run --example quickstart`

mod agents;
mod fabrikam;
mod orders;

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::time::End;
use entitle::{Actor, Command, Decision, Grant, RequestId, Role, Tenant, Term, Units, UserId};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    println!("1. Fabrikam F365: seats in bronze, silver and gold, and a free app\n");
    fabrikam::show()?;
    println!("\n\n2. Intelligent Order Management: everybody works, a few publish\n");
    orders::show()?;
    println!("\n\n3. Virtual Agents: authors by security group, and people who chat\n");
    agents::show()
}

// What all three need.

fn at(text: &str) -> Outcome<DateTime<Utc>> {
    Ok(text.parse()?)
}

/// Contoso, to whom all three sell.
fn contoso() -> Outcome<Licensee> {
    Ok(Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?)))
}

fn paid(plan: &str, units: u32, term: Term) -> Outcome<Grant> {
    Ok(Grant::paid(plan.parse()?, Units::limited(units)?, term))
}

fn users<const N: usize>(names: [&str; N]) -> Outcome<Vec<UserId>> {
    names.iter().map(|name| Ok(name.parse()?)).collect()
}

/// Somebody of Contoso's, with the role that the host knows them to have.
fn person(name: &str, role: Role) -> Outcome<Actor> {
    Ok(Actor::new(name.parse()?).with(role))
}

fn assign(name: &str, plan: &str) -> Outcome<Command> {
    Ok(Command::assign(name.parse()?, plan.parse()?))
}

/// Two steps, so that memory and disk never disagree: deciding makes an event and changes nothing, applying changes.
fn run(tenant: &mut Tenant, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Outcome {
    let event = tenant.decide(actor, commands, RequestId::from_random([1; 16]), now)?;
    // Here a host stores the event: the events in their order are the tenant's record.
    Ok(tenant.apply(&event)?)
}

/// Commands that are refused leave no trace; this shows what the administrator reads.
fn refused(tenant: &Tenant, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Outcome {
    let Err(refusal) = tenant.decide(actor, commands, RequestId::from_random([1; 16]), now) else {
        return Err("not refused".into());
    };
    print_wrapped(&refusal.reason.to_string());
    Ok(())
}

/// Shows what a user reads who may not open an app; for their administrator there is one reason a plan.
fn denied(tenant: &Tenant, user: &UserId, app: &str, now: DateTime<Utc>) -> Outcome {
    println!("\n{} · {user} opens {app}, and reads:", now.date_naive());
    let app = tenant.catalog().app(app)?;
    let Decision::Deny(denial) = tenant.check(user, &app, now) else { return Err("not denied".into()) };
    let explanation = denial.explain();
    print_wrapped(&explanation.to_string());
    println!("The administrator reads:");
    explanation.misses().iter().for_each(|miss| print_wrapped(&miss.to_string()));
    Ok(())
}

/// Who may open what, by which plan and on what basis, and until when that holds.
fn print_table(tenant: &Tenant, users: &[UserId], now: DateTime<Utc>) {
    let apps: Vec<_> = tenant.catalog().apps().collect();
    let short = |id: &str| id.rsplit(['/', '-']).next().unwrap_or(id).to_string();
    let heads = apps.iter().map(|app| short(app.id().as_str())).chain(["holds until".to_string()]);
    let mut rows = vec![[String::new()].into_iter().chain(heads).collect::<Vec<_>>()];
    for user in users {
        let decisions: Vec<_> = apps.iter().map(|app| tenant.check(user, app, now)).collect();
        let until = decisions.iter().map(Decision::until).min().and_then(End::instant);
        let until = until.map_or("always".to_string(), |until| until.date_naive().to_string());
        let cells = decisions.iter().map(|decision| match decision {
            Decision::Allow(allow) => match allow.plan() {
                Some(plan) => format!("{}: {}", plan.id, allow.basis()),
                None => allow.basis().to_string(),
            },
            Decision::Deny(_) => "-".to_string(),
        });
        rows.push([user.to_string()].into_iter().chain(cells).chain([until]).collect());
    }
    let width = |column| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| format!("  {cell:<0$}", width(column)));
        println!("{}", cells.collect::<String>().trim_end());
    }
}

/// Lines of at most 80 columns.
fn print_wrapped(text: &str) {
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.len().saturating_add(word.len()) > 75 {
            println!(" {line}");
            line.clear();
        }
        line = format!("{line} {word}");
    }
    println!(" {line}");
}
