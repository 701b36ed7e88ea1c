//! One simulation: events in the order of their times.

use core::cmp::Reverse;
use core::ops::Range;
use core::time::Duration;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use entitle::chrono::TimeDelta;
use entitle::{Command, Entry, RequestId};

use super::checks::{Answers, published};
use super::process::{Process, Waiting};
use super::random::Random;
use super::sim_store::{SimStore, USERS, admin};
use crate::store::{Appended, Page, Position, StoreError};
use crate::writer::planted::Bug;
use crate::writer::{Action, Answer, Submission, Writer, WriterSettings};

/// How long things fail, and when everything is over.
const FAULTS_END: Duration = Duration::from_secs(3);
const END: Duration = Duration::from_secs(12);

/// How many requests clients have.
const REQUESTS: u64 = 14;

enum Event {
    Submit(Waiting, bool),
    /// A call takes effect, and its outcome is noted.
    Effect {
        call: u64,
        request: Request,
    },
    Answer {
        process: usize,
        starts: u64,
        reply: Reply,
    },
    Tick {
        process: usize,
    },
    Kill {
        process: usize,
    },
    Start {
        process: usize,
    },
    /// A notification that the record went on, which may be wrong.
    Hint {
        process: usize,
    },
}

enum Request {
    Append(Position, Arc<[Entry]>),
    Read(Position, usize),
    Find(RequestId),
}

enum Reply {
    /// The outcome that the call had when it took effect.
    OfCall(u64),
    Outcome(Outcome),
}

enum Outcome {
    Appended(Appended),
    Read(Result<Page, StoreError>),
    Found(Result<Option<u64>, StoreError>),
}

struct Simulation {
    random: Random,
    now: Duration,
    store: SimStore,
    processes: Vec<Process>,
    events: BinaryHeap<Reverse<(Duration, u64)>>,
    pending: HashMap<u64, Event>,
    next: u64,
    outcomes: HashMap<u64, Outcome>,
    answers: Answers,
    /// When the store refuses to store anything, and says so.
    outage: Range<Duration>,
    bug: Option<Bug>,
}

/// Runs the simulation of a seed.
pub(super) fn run(seed: u64, bug: Option<Bug>) -> Result<(), String> {
    let mut random = Random::new(seed);
    let processes = 2 + random.index(3);
    let clock = |random: &mut Random| TimeDelta::seconds(random.below(1_200).cast_signed() - 600);
    let mut simulation = Simulation {
        processes: (0..processes).map(|_| Process::new(clock(&mut random))).collect(),
        random,
        now: Duration::ZERO,
        store: SimStore::new(),
        events: BinaryHeap::new(),
        pending: HashMap::new(),
        next: 0,
        outcomes: HashMap::new(),
        answers: Answers::default(),
        outage: Duration::ZERO..Duration::ZERO,
        bug,
    };
    simulation.plan();
    simulation.run()
}

impl Simulation {
    /// Plans what clients and machines do.
    fn plan(&mut self) {
        for process in 0..self.processes.len() {
            self.at(Duration::ZERO, Event::Start { process });
        }
        for _ in 0..REQUESTS {
            let (at, request) = (self.random.millis(2_500), RequestId::from_random(self.random.bytes()));
            let commands = self.commands();
            let deadline = at + Duration::from_millis(200) + self.random.millis(2_000);
            self.at(at, Event::Submit(Waiting { request, commands, deadline, states: 0, sent_to: None }, false));
        }
        for _ in 0..self.random.below(4) {
            let (at, process) = (self.random.millis(2_800), self.random.index(self.processes.len()));
            self.at(at, Event::Kill { process });
        }
    }

    fn commands(&mut self) -> Vec<Command> {
        let user = |random: &mut Random| format!("user-{}", random.below(USERS)).parse().unwrap();
        let plan = "pro".parse().unwrap();
        match self.random.below(5) {
            0 | 1 => vec![Command::assign(user(&mut self.random), plan)],
            2 | 3 => vec![Command::unassign(user(&mut self.random), plan)],
            _ => vec![
                Command::unassign(user(&mut self.random), plan.clone()),
                Command::assign(user(&mut self.random), plan),
            ],
        }
    }

    fn at(&mut self, at: Duration, event: Event) {
        self.next += 1;
        self.events.push(Reverse((at, self.next)));
        self.pending.insert(self.next, event);
    }

    fn later(&mut self, millis: u64, event: Event) {
        let at = self.now + self.random.millis(millis);
        self.at(at, event);
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(Reverse((at, number))) = self.events.pop() {
            if at > END {
                break;
            }
            self.now = at;
            let Some(event) = self.pending.remove(&number) else { continue };
            if let Some(process) = self.happen(event) {
                self.act(process)?;
            }
        }
        for (number, process) in self.processes.iter().enumerate() {
            if let Some((_, waiting)) = process.waiting.iter().next() {
                return Err(format!("{} has no answer of process {number}", waiting.request));
            }
            let position = self.store.latest().position();
            if process.published != position {
                return Err(format!("process {number} is at entry {}, the record at {position}", process.published));
            }
        }
        self.answers.compare(&self.store)
    }

    /// Does what an event is about. Returns the process whose writer has something to do.
    fn happen(&mut self, event: Event) -> Option<usize> {
        match event {
            Event::Submit(waiting, is_repeated) => self.submit(waiting, is_repeated),
            Event::Effect { call, request } => {
                let outcome = match request {
                    Request::Append(after, entries) => Outcome::Appended(self.store.append(after, &entries)),
                    Request::Read(after, max) => Outcome::Read(Ok(self.store.read(after, max))),
                    Request::Find(request) => Outcome::Found(Ok(self.store.find(request))),
                };
                self.outcomes.insert(call, outcome);
                None
            }
            Event::Hint { process } => {
                self.processes[process].writer.as_mut()?.hint(self.now);
                Some(process)
            }
            Event::Answer { process, starts, reply } => self.reply(process, starts, reply),
            Event::Tick { process } => {
                self.processes[process].tick = Duration::MAX;
                self.processes[process].writer.as_mut()?.tick(self.now);
                Some(process)
            }
            Event::Kill { process } => {
                for waiting in self.processes[process].kill() {
                    self.client_lost(waiting);
                }
                self.later(400, Event::Start { process });
                None
            }
            Event::Start { process } => {
                // A snapshot of any age.
                let snapshot = self.random.index(self.store.states.len());
                let page = 1 + self.random.index(4);
                let batch = 1 + self.random.index(4);
                let pause = Duration::from_millis(20);
                let settings = WriterSettings { batch, page, poll: Duration::from_millis(700), pause };
                let tenant = self.store.states[snapshot].clone();
                if self.processes[process].writer.is_some() {
                    return None;
                }
                self.processes[process].start(tenant, settings, self.bug, self.now);
                Some(process)
            }
        }
    }

    fn submit(&mut self, mut waiting: Waiting, is_repeated: bool) -> Option<usize> {
        let running: Vec<usize> =
            (0..self.processes.len()).filter(|process| self.processes[*process].writer.is_some()).collect();
        if running.is_empty() {
            self.client_lost(waiting);
            return None;
        }
        let process = running[self.random.index(running.len())];
        waiting.states = self.store.states.len();
        let submission = Submission {
            actor: admin(),
            commands: waiting.commands.clone(),
            request: waiting.request,
            deadline: waiting.deadline,
            is_repeated,
        };
        let to = &mut self.processes[process];
        let sent_to = waiting.sent_to.replace((process, to.starts));
        if sent_to.is_some_and(|before| before != (process, to.starts)) {
            self.answers.repeated.insert(waiting.request);
        }
        let time = to.time(self.now);
        let ticket = to.writer.as_mut()?.submit(submission, time);
        to.waiting.insert(ticket, waiting);
        Some(process)
    }

    /// A client without an answer tries again, or gives up.
    fn client_lost(&mut self, mut waiting: Waiting) {
        if self.random.happens(60) && self.now < FAULTS_END {
            waiting.deadline = self.now + Duration::from_millis(50) + self.random.millis(2_000);
            self.later(300, Event::Submit(waiting, true));
        }
    }

    fn reply(&mut self, process: usize, starts: u64, reply: Reply) -> Option<usize> {
        let to = &mut self.processes[process];
        if to.starts != starts {
            return None;
        }
        let (now, writer) = (self.now, to.writer.as_mut()?);
        let outcome = match reply {
            Reply::OfCall(call) => self.outcomes.remove(&call)?,
            Reply::Outcome(outcome) => outcome,
        };
        match outcome {
            Outcome::Appended(outcome) => writer.appended(outcome, now),
            Outcome::Read(outcome) => writer.has_read(outcome, now),
            Outcome::Found(outcome) => writer.found(outcome, now),
        }
        Some(process)
    }

    /// Does what a writer wants done.
    fn act(&mut self, process: usize) -> Result<(), String> {
        while let Some(action) = self.processes[process].writer.as_mut().and_then(Writer::next_action) {
            let time = self.processes[process].time(self.now);
            match action {
                Action::Append { after, entries } => self.append(process, after, entries),
                Action::Read { .. } if self.fails(10) => {
                    self.answer(process, 25, Reply::Outcome(Outcome::Read(Err(unavailable()))));
                }
                Action::Find { .. } if self.fails(10) => {
                    self.answer(process, 25, Reply::Outcome(Outcome::Found(Err(unavailable()))));
                }
                Action::Read { after, max } => self.call(process, Request::Read(after, max)),
                Action::Find { request } => self.call(process, Request::Find(request)),
                Action::Publish(tenant) => {
                    let from = &mut self.processes[process];
                    published(&self.store, &tenant, from.published, time)?;
                    from.published = tenant.position();
                }
                Action::Answer(ticket, answer) => {
                    let waiting = self.processes[process].waiting.remove(&ticket);
                    let waiting = waiting.ok_or_else(|| format!("a second answer: {answer:?}"))?;
                    self.answers.answered(&self.store, &waiting, &answer, time)?;
                    if answer == (Answer::Unknown { request: waiting.request }) {
                        self.client_lost(waiting);
                    }
                }
            }
        }
        let wake_at = self.processes[process].writer.as_ref().and_then(Writer::wake_at);
        let wake_at = wake_at.unwrap_or(Duration::MAX).max(self.now);
        if wake_at < self.processes[process].tick {
            self.processes[process].tick = wake_at;
            self.at(wake_at, Event::Tick { process });
        }
        Ok(())
    }

    fn fails(&mut self, percent: u64) -> bool {
        self.random.happens(percent) && self.now < FAULTS_END
    }

    fn answer(&mut self, process: usize, millis: u64, reply: Reply) {
        let starts = self.processes[process].starts;
        self.later(millis, Event::Answer { process, starts, reply });
    }

    /// Sends a call that takes effect and is answered after that, each at its time.
    fn call(&mut self, process: usize, request: Request) {
        let (call, starts) = (self.next, self.processes[process].starts);
        let effect = self.now + self.random.millis(20);
        let reply = effect + self.random.millis(20);
        self.at(effect, Event::Effect { call, request });
        self.at(reply, Event::Answer { process, starts, reply: Reply::OfCall(call) });
    }

    /// Sends an append, which fails in all ways that a call can.
    fn append(&mut self, process: usize, after: Position, entries: Arc<[Entry]>) {
        for process in 0..self.processes.len() {
            if self.random.happens(40) {
                self.later(60, Event::Hint { process });
            }
        }
        let kind = match self.now {
            now if self.outage.contains(&now) => 0,
            now if now < FAULTS_END => self.random.below(10),
            _ => 9,
        };
        let (call, request) = (self.next, Request::Append(after, entries));
        let unknown = || Reply::Outcome(Outcome::Appended(Appended::Unknown(unavailable())));
        match kind {
            // It never takes effect, and the caller knows it.
            0 => self.answer(process, 30, Reply::Outcome(Outcome::Appended(Appended::NotStored(unavailable())))),
            // It never takes effect, and nobody knows.
            1 => self.answer(process, 30, unknown()),
            // Its answer is lost.
            2 => {
                self.later(20, Event::Effect { call, request });
                self.answer(process, 40, unknown());
            }
            // It takes effect long after the caller gave up.
            3 => {
                // Until then the store may refuse everything else.
                if self.outage.is_empty() && self.random.happens(30) {
                    self.outage = self.now..self.now + self.random.millis(2_500);
                }
                self.later(2_500, Event::Effect { call, request });
                self.answer(process, 30, unknown());
            }
            _ => self.call(process, request),
        }
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable { detail: "simulated".to_string() }
}
