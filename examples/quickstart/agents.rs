//! Virtual Agents: authors need the license of the organisation and a user license, people who chat need none.
use entitle::record::Beginning;

use entitle::capacity::{Consumption, MessageOutcome, SessionMeter};
use entitle::quantity::Amount;
use entitle::time::Month;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Catalog, Command, Deal, GroupId, KeyRing, LicenseId, RecordId, Role, SecretKey, Tenant, Term, Zeroizing,
};

use crate::{Outcome, assign, at, contoso, denied, paid, person, print_table, refused, run, users};

pub(crate) fn show() -> Outcome {
    // `agents` opens the chat to everybody, `agents-user` opens authoring and requires `agents`.
    let catalog = Catalog::from_json(include_str!("../agents.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([9; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let admin = person("uma", Role::GlobalAdministrator)?;
    let now = at("2026-03-02T08:00:00Z")?;
    let term = Term::perpetual(at("2026-03-01T00:00:00Z")?);

    // User licenses without the license of the organisation cannot be assigned.
    let sold = Deal::new(LicenseId::from_random([1; 16]), catalog.offer(), contoso()?, now).with(paid(
        "agents-user",
        2,
        term,
    )?);
    run(&mut tenant, &admin, &[Command::Install(secret.seal(&sold)?)], now)?;
    println!("Contoso bought 2 user licenses and nothing else. One for ada?");
    refused(&tenant, &admin, &[assign("ada", "agents-user")?], now)?;

    // A revision says all that is sold from now on; chat sessions come with the license.
    let whole = sold
        .revise(now)?
        .with(paid("agents", 1, term)?)
        .with(paid("agents-user", 2, term)?)
        .with(paid("sessions", 2000, term)?);
    run(&mut tenant, &admin, &[Command::Install(secret.seal(&whole)?)], now)?;
    let sessions = tenant.pool(&"sessions".parse()?, now).usable;
    println!("\nContoso bought the license of the organisation as well, with {sessions} sessions.");

    // A security group has the user license: who joins claims a seat, and waits if there is none.
    let authors: GroupId = "authors".parse()?;
    let mut commands = vec![Command::assign_group(authors.clone(), "agents-user".parse()?)];
    for name in ["ada", "bo", "cy"] {
        commands.push(Command::join(name.parse()?, authors.clone()));
    }
    run(&mut tenant, &admin, &commands, now)?;
    let users = users(["ada", "bo", "cy", "visitor"])?;
    println!("\n{} · The group of authors has it: ada, bo and cy", now.date_naive());
    print_table(&tenant, &users, now);
    let [ada, _, cy, visitor] = users.as_slice() else { return Err("four users".into()) };
    denied(&tenant, cy, "agents/author", now)?;

    let later = at("2026-06-01T08:00:00Z")?;
    run(&mut tenant, &admin, &[Command::leave(ada.clone(), authors)], later)?;
    println!("\n{} · Ada leaves the group: her seat passes to cy by itself", later.date_naive());
    print_table(&tenant, &users, later);

    let pool = tenant.pool(&"agents-user".parse()?, later);
    println!("\nUser licenses: {} of {} held, {} waiting.", pool.seated, pool.usable, pool.waiting);
    println!("The visitor chats; nobody registered them, Contoso named {} users.", tenant.user_count());
    denied(&tenant, visitor, "agents/author", later)?;

    // The visitor's first message opens a billed session, which draws from the sessions of the month.
    let mut conversation = SessionMeter::new();
    if let MessageOutcome::Opens(session) = conversation.message(later) {
        let (id, bot, month) = ("visitor-1".parse()?, "help-desk".parse()?, Month::of(later));
        let draw = Consumption::new("sessions".parse()?, id, bot, month, Amount::UNIT);
        run(&mut tenant, &person("bot-service", Role::Host)?, &[Command::Consume(draw)], later)?;
        session.consumed();
    }
    let usage = tenant.usage(&"sessions".parse()?, later).ok_or("sessions are a capacity plan")?;
    println!(
        "\nThe visitor chats with the help desk: {} of {} sessions of {}.",
        usage.consumed, usage.allowance, usage.month
    );
    Ok(())
}
