//! A server over SQLite, in two processes: an app that only a seat opens, and a client that repeats its request.
//!
//! `cargo run -p entitle-host --example server`

use core::error::Error;
use core::time::Duration;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use entitle::chrono::Days;
use entitle::license::{Customer, Licensee};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, RequestId, Role, SecretKey, Term, Units, Zeroizing,
};
use entitle_host::store::SqliteStore;
use entitle_host::{Host, Pass, clock};

type Failure = Box<dyn Error + Send + Sync>;
const CATALOG: &str = r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
    "apps": [{ "id": "view", "access": "free" }, { "id": "export", "access": "licensed" }],
    "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["export"] }] }"#;

/// What only a pass opens: it names the user, the organisation and the app, and may go to another thread.
fn export(pass: &Pass) -> String {
    format!("exported for {} of {}", pass.user(), pass.tenant())
}

/// `/contoso/export/bo` for users, `/contoso/assign/bo/REQUEST` for administrators; who they are is the sign-in's matter.
fn answer(host: &Host<SqliteStore>, path: &str) -> Result<String, Failure> {
    let mut parts = path.trim_start_matches('/').split('/');
    let mut next = || parts.next().unwrap_or_default();
    let (tenant, action, user) = (host.tenant(&next().parse()?)?, next(), next());
    if action == "export" {
        let (user, app) = (user.parse()?, tenant.now().catalog().app("export")?);
        return Ok(tenant
            .pass(&user, &app, clock::now())
            .map_or_else(|denial| denial.to_string(), |pass| export(&pass)));
    }
    let request: RequestId = next().parse()?;
    let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    let assign = Command::assign(user.parse()?, "pro".parse()?);
    Ok(tenant.submit_once(admin, vec![assign], request, clock::now()).to_string())
}

/// Serves one connection after the other in threads of their own, until the program ends.
fn serve(listener: TcpListener, host: Host<SqliteStore>) {
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let host = host.clone();
            thread::spawn(move || -> Result<(), Failure> {
                let mut line = String::new();
                BufReader::new(&stream).read_line(&mut line)?;
                let body =
                    answer(&host, line.split(' ').nth(1).unwrap_or_default()).unwrap_or_else(|error| error.to_string());
                Ok(write!(stream, "HTTP/1.0 200 OK\r\n\r\n{body}")?)
            });
        }
    });
}

fn main() -> Result<(), Failure> {
    let catalog = Catalog::from_json(CATALOG)?;
    let publisher = SecretKey::from_seed(&Zeroizing::new([7; 32])); // an application has only its public key
    let ring = KeyRing::new().trust(publisher.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let folder = std::env::temp_dir().join(format!("entitle-server-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let start = || -> Result<(Host<SqliteStore>, String), Failure> {
        let store = SqliteStore::open(folder.join("records.db"))?;
        let host = Host::new(store, catalog.clone(), ring.clone()).poll(Duration::from_millis(50)).start();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let started = (host.clone(), listener.local_addr()?.to_string());
        serve(listener, host);
        Ok(started)
    };
    let ((host, one), (_, other)) = (start()?, start()?);
    let (now, customer) = (clock::now(), Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let year = Term::new(now, now.checked_add_days(Days::new(365)).unwrap_or(now))?;
    let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), Licensee::Tenant(customer), now);
    let token = publisher.seal(&deal.with(Grant::paid("pro".parse()?, Units::limited(1)?, year)))?;
    let ada = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    host.begin(&"contoso".parse()?)?.submit(ada, vec![Command::Install(token)], now)?;
    let assign_bo = "/contoso/assign/bo/00112233445566778899aabbccddeeff";
    for (server, path) in [
        (&one, "/contoso/export/bo"),
        (&one, assign_bo),
        (&other, assign_bo), // a client that repeats its request elsewhere
        (&other, "/contoso/export/bo"),
        (&other, "/contoso/assign/eve/ffeeddccbbaa99887766554433221100"),
    ] {
        let (mut stream, mut answer) = (TcpStream::connect(server)?, String::new());
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        stream.read_to_string(&mut answer)?;
        println!("{path}\n    {}", answer.lines().last().unwrap_or_default());
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}
