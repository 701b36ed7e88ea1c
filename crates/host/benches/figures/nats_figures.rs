//! Durable writes to three servers of NATS.

use core::time::Duration;
use std::time::Instant;

use async_nats::HeaderMap;
use async_nats::header::{NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, NATS_MESSAGE_ID};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::{self, Context};
use entitle::TenantId;
use entitle_host::Host;
use entitle_host::store::Store as _;
use tokio::runtime::Runtime;

use crate::nats_server::Servers;
use crate::support::{admin, catalog, join, now, ring};
use crate::{Goal, median_ratio, print, rate_of};

/// A client that publishes alone, one message after the acknowledgement of the one before.
struct Raw {
    runtime: Runtime,
    streams: Context,
}

/// The messages of a record, as they were published.
type Messages = Vec<(HeaderMap, bytes::Bytes)>;

impl Raw {
    fn connect(address: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let streams = runtime.block_on(async { jetstream::new(async_nats::connect(address).await.unwrap()) });
        Self { runtime, streams }
    }

    /// Returns the messages of a record.
    fn messages(&self, tenant: &TenantId) -> Messages {
        let subject = format!("entitle.{tenant}");
        self.runtime.block_on(async {
            let stream = self.streams.get_stream("entitle").await.unwrap();
            let (mut messages, mut next) = (Vec::new(), 0);
            while let Ok(found) = stream.get_first_raw_message_by_subject(&subject, next).await {
                next = found.sequence + 1;
                messages.push((found.headers, found.payload));
            }
            messages
        })
    }

    /// Publishes messages under another subject of the same stream, each after the one before. Returns
    /// the messages a second.
    fn publish(&self, messages: Messages) -> f64 {
        let subject = format!("entitle.{}", entitle_host::random::request_id().unwrap());
        let (began, number) = (Instant::now(), messages.len());
        self.runtime.block_on(async {
            let mut last = 0;
            for (mut headers, payload) in messages {
                // The same length, for a stream that has the message already.
                let id: String = headers.get(NATS_MESSAGE_ID).unwrap().as_str().chars().rev().collect();
                headers.insert(NATS_MESSAGE_ID, format!("{last}{id}").as_str());
                headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, last.to_string().as_str());
                let message = PublishMessage::build().payload(payload).headers(headers);
                // Now and then the servers refuse a message after one that they just acknowledged.
                last = loop {
                    let sent = self.streams.send_publish(subject.clone(), message.clone()).await.unwrap();
                    if let Ok(stored) = sent.await {
                        break stored.sequence;
                    }
                };
            }
        });
        number as f64 / began.elapsed().as_secs_f64()
    }
}

pub(crate) fn figures() {
    let Some(servers) = Servers::three() else { return };
    let (actor, at) = (admin(), now());
    drop(servers.connect());
    // Both by the same server, and in the same stream: one that leads it is nearer than one that does not.
    let store = servers.options().connect(&servers.address(0)).unwrap();
    let host = Host::new(store, catalog(), ring()).clock_tolerance(Duration::MAX).start();
    let raw = Raw::connect(&servers.address(0));
    let ratio = median_ratio(|| {
        let id: TenantId = entitle_host::random::request_id().unwrap().to_string().parse().unwrap();
        let tenant = host.begin(&id).unwrap();
        let submit =
            |client: usize, time| tenant.submit(actor.clone(), vec![join(&format!("user-{client}-{time}"))], at);
        let began = Instant::now();
        let entries = rate_of(8, |client, time| drop(submit(client, time).unwrap()));
        let spent = began.elapsed().as_secs_f64();
        let mut messages = raw.messages(&id);
        // The beginning was published before.
        messages.remove(0);
        let ours = messages.len() as f64 / spent;
        let alone = raw.publish(messages);
        let other = servers.options().connect(&servers.address(0)).unwrap();
        let began = Instant::now();
        other.beginning(&id).unwrap();
        let each = began.elapsed().as_secs_f64() / raw.messages(&id).len() as f64;
        println!("# NATS, the first reading of a record: {:.0} µs a message", each * 1e6);
        println!("# NATS, 8 writers: {entries:.0} entries/s in {ours:.0} messages/s; the messages alone {alone:.0}/s");
        (ours, alone)
    });
    print("NATS, 3 servers, 8 writers: Host / the same messages alone", ratio, &Goal::AtLeast(0.8));
}
