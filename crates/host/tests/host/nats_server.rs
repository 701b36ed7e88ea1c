//! NATS servers of the tests' own, on loopback, each with a folder of its own.

use core::cell::RefCell;
use core::time::Duration;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use async_nats::jetstream::{self, Context, stream::Info};
use entitle_host::store::{NatsOptions, NatsStore, StoreError};
use tokio::runtime::{Builder, Runtime};

use crate::nats_routes::Route;
use crate::support::Folder;

/// The program, where it is not in a folder of `PATH`.
const PROGRAM: &str = "NATS_SERVER";

/// How servers are started.
#[derive(PartialEq, Eq)]
enum Setting<'a> {
    /// JetStream, with a folder of the server's own.
    JetStream,
    /// Whom the server lets in.
    Authorization(&'a str),
    /// Ways between the servers that can be cut.
    Separable,
}

impl Setting<'_> {
    /// Returns the line for the configuration of a server with this folder.
    fn line(&self, folder: &Path) -> Option<String> {
        match self {
            // A message is on disk before it is acknowledged.
            Self::JetStream => {
                Some(format!("jetstream {{ store_dir: \"{}\", sync_interval: always }}", folder.display()))
            }
            Self::Authorization(whom) => Some(format!("authorization {{ {whom} }}")),
            Self::Separable => None,
        }
    }
}

/// One server, or three that are a cluster.
pub(crate) struct Servers {
    program: PathBuf,
    folder: Folder,
    ports: Vec<u16>,
    nodes: RefCell<Vec<Child>>,
    /// The ways between the servers, where they can be cut.
    ways: Vec<Route>,
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).map(|folder| folder.join("nats-server"));
    std::env::var_os(PROGRAM).map(PathBuf::from).into_iter().chain(folders).find(|path| path.is_file())
}

/// Returns ports that are free now.
fn free_ports(number: usize) -> Vec<u16> {
    let taken: Vec<TcpListener> = (0..number).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    taken.iter().map(|taken| taken.local_addr().unwrap().port()).collect()
}

/// Returns the ways between servers with these ports.
fn ways(ports: &[u16]) -> Vec<Route> {
    let pairs = (0..ports.len()).flat_map(|from| (0..ports.len()).map(move |to| (from, to)));
    pairs.filter(|(from, to)| from != to).map(|(from, to)| Route::start(from, to, ports[to])).collect()
}

impl Servers {
    /// Starts one server with JetStream; `None`, and a line that cannot be overlooked, where there
    /// is no program.
    pub(crate) fn one() -> Option<Self> {
        Self::start(1, &[Setting::JetStream])
    }

    /// Starts one server with JetStream that lets in whom its configuration names.
    pub(crate) fn with_authorization(authorization: &str) -> Option<Self> {
        Self::start(1, &[Setting::JetStream, Setting::Authorization(authorization)])
    }

    /// Starts one server without JetStream.
    pub(crate) fn without_jetstream() -> Option<Self> {
        Self::start(1, &[])
    }

    /// Starts three servers that are a cluster.
    pub(crate) fn three() -> Option<Self> {
        Self::start(3, &[Setting::JetStream])
    }

    /// Starts three servers that are a cluster, and can be cut off from each other.
    pub(crate) fn separable() -> Option<Self> {
        Self::start(3, &[Setting::JetStream, Setting::Separable])
    }

    fn start(number: usize, settings: &[Setting]) -> Option<Self> {
        let Some(program) = program() else {
            // Not by a macro, whose output is shown of tests that fail alone.
            let skipped =
                "\n*** SKIPPED: no nats-server in PATH or NATS_SERVER, so nothing is shown of its store ***\n\n";
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        let (folder, ports) = (Folder::new(), free_ports(number * 2));
        let (clients, clusters) = ports.split_at(number);
        let ways = if settings.contains(&Setting::Separable) { ways(clusters) } else { Vec::new() };
        for node in 0..number {
            let data = folder.path(&format!("data-{node}"));
            let mut text = vec![format!("server_name: node-{node}"), format!("listen: 127.0.0.1:{}", clients[node])];
            text.extend(settings.iter().filter_map(|setting| setting.line(&data)));
            if number > 1 {
                let others = (0..number).filter(|other| *other != node);
                let way = |to: &usize| ways.iter().find(|way| (way.from, way.to) == (node, *to)).map(|way| way.port);
                let ports = others.map(|other| way(&other).unwrap_or(clusters[other]));
                let routes: Vec<String> = ports.map(|port| format!("nats://127.0.0.1:{port}")).collect();
                let listen = format!("127.0.0.1:{}", clusters[node]);
                text.push(format!("cluster {{ name: entitle, listen: {listen}, routes: {routes:?}"));
                // Then the others have no way to it but those.
                text.extend((!ways.is_empty()).then(|| "advertise: \"127.0.0.1:9\"".to_string()));
                text.push("}".to_string());
            }
            fs::write(folder.path(&format!("node-{node}.conf")), text.join("\n")).unwrap();
        }
        let servers = Self { program, folder, ports: clients.to_vec(), nodes: RefCell::default(), ways };
        for node in 0..number {
            let child = servers.node(node);
            servers.nodes.borrow_mut().push(child);
        }
        Some(servers)
    }

    fn node(&self, node: usize) -> Child {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(self.path(&format!("node-{node}.conf"))).stdout(Stdio::null()).stderr(log);
        command.spawn().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }

    /// The addresses of all servers.
    pub(crate) fn addresses(&self) -> String {
        let addresses: Vec<String> = (0..self.ports.len()).map(|node| self.address(node)).collect();
        addresses.join(",")
    }

    /// The address of one of them.
    pub(crate) fn address(&self, node: usize) -> String {
        format!("nats://127.0.0.1:{}", self.ports[node])
    }

    /// A client of all servers as another application has it, and what it runs on.
    pub(crate) fn streams(&self) -> (Runtime, Context) {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let addresses: Vec<String> = (0..self.ports.len()).map(|node| self.address(node)).collect();
        let streams = runtime.block_on(async { jetstream::new(async_nats::connect(addresses).await.unwrap()) });
        (runtime, streams)
    }

    /// Publishes a message as another application does.
    pub(crate) fn publish(&self, subject: &str, text: &str) {
        let (runtime, streams) = self.streams();
        runtime.block_on(async {
            streams.publish(subject.to_string(), text.to_string().into()).await.unwrap().await.unwrap();
        });
    }

    fn info(&self, stream: &str) -> Info {
        let (runtime, streams) = self.streams();
        runtime.block_on(async { streams.get_stream(stream).await.unwrap().cached_info().clone() })
    }

    /// How many messages a stream has.
    pub(crate) fn messages(&self, stream: &str) -> u64 {
        self.info(stream).state.messages
    }

    /// The server that leads a stream, as one of them knows.
    #[cfg(unix)]
    pub(crate) fn leader(&self, stream: &str, asked: usize) -> usize {
        let began = Instant::now();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        loop {
            let ask = async {
                // While there is none the question goes to one that is paused.
                let options = async_nats::ConnectOptions::new().request_timeout(Some(Duration::from_millis(300)));
                let streams = jetstream::new(options.connect(self.address(asked)).await.ok()?);
                streams.get_stream(stream).await.ok()?.cached_info().cluster.as_ref()?.leader.clone()
            };
            if let Some(leader) = runtime.block_on(ask) {
                return leader.strip_prefix("node-").unwrap().parse().unwrap();
            }
            assert!(began.elapsed() < Duration::from_secs(60), "nobody leads {stream}:\n{}", self.log());
        }
    }

    /// What the servers say to another client of each of them but one, which separates servers that do
    /// nothing from a store that does nothing.
    pub(crate) fn seen_by_another(&self, but: usize) -> String {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let see = async |node: usize| {
            let options = async_nats::ConnectOptions::new().request_timeout(Some(Duration::from_secs(5)));
            let streams = jetstream::new(options.connect(self.address(node)).await.ok()?);
            let cluster = streams.get_stream("entitle").await.ok().map(|found| found.cached_info().cluster.clone());
            let leader = cluster.flatten().and_then(|cluster| cluster.leader);
            // Nobody reads it.
            let stored = streams.publish("entitle.%", "".into()).await.ok()?.await.map(|stored| stored.sequence);
            Some(format!("node-{node}: the leader is {leader:?}, and a message is stored as {stored:?}"))
        };
        let others = (0..self.ports.len()).filter(|node| *node != but);
        let seen = others.map(|node| runtime.block_on(see(node)).unwrap_or_else(|| format!("node-{node}: no answer")));
        seen.collect::<Vec<_>>().join("\n")
    }

    /// The end of what the servers wrote to their log.
    pub(crate) fn log(&self) -> String {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    /// The options of a stream on all servers.
    pub(crate) fn options(&self) -> NatsOptions {
        NatsOptions::new().replicas(self.ports.len())
    }

    /// Connects as soon as the servers answer.
    pub(crate) fn connect(&self) -> NatsStore {
        until_available(|| self.options().connect(&self.addresses()))
    }

    /// Ends a server as a crash does.
    pub(crate) fn kill(&self, node: usize) {
        let node = &mut self.nodes.borrow_mut()[node];
        node.kill().unwrap();
        node.wait().unwrap();
    }

    /// Stops a server, which keeps its connections and does nothing, or lets it go on.
    pub(crate) fn pause(&self, node: usize, is_paused: bool) {
        let signal = if is_paused { "-STOP" } else { "-CONT" };
        let process = self.nodes.borrow()[node].id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    }

    /// Cuts a server off from the others, not from its clients.
    pub(crate) fn cut_off(&self, node: usize) {
        self.ways.iter().filter(|route| [route.from, route.to].contains(&node)).for_each(Route::cut);
    }

    /// Starts a server again that was killed.
    pub(crate) fn restart(&self, node: usize) {
        self.nodes.borrow_mut()[node] = self.node(node);
    }
}

/// Calls until servers that are starting are there.
pub(crate) fn until_available<T>(call: impl Fn() -> Result<T, StoreError>) -> T {
    let began = Instant::now();
    loop {
        match call() {
            Ok(done) => return done,
            Err(StoreError::Unavailable { .. } | StoreError::Unsuitable { .. })
                if began.elapsed() < Duration::from_secs(60) =>
            {
                thread::sleep(Duration::from_millis(50));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for node in self.nodes.get_mut() {
            _ = node.kill();
            _ = node.wait();
        }
    }
}
