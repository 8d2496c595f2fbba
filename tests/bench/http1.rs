//! A client that costs next to nothing: keep-alive connections, requests as prepared bytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// The bytes of a request.
pub(crate) fn request(
    method: &str,
    host: &str,
    path: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        text.extend(["host: ", host, "\r\n"]);
    }
    for (name, value) in headers {
        text.extend([name, ": ", value.as_str(), "\r\n"]);
    }
    if method != "GET" {
        text.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

struct Connection {
    host: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// Where the head of an answer ends, and how its body does.
struct Head {
    status: u16,
    length: usize,
    body: Option<usize>,
    close: bool,
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn head(bytes: &[u8]) -> Option<Head> {
    let length = find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    let text = text.to_ascii_lowercase();
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let (mut body, mut close) = (None, false);
    for line in lines {
        if let Some(value) = line.strip_prefix("content-length:") {
            body = value.trim().parse().ok();
        }
        close |= line == "connection: close";
    }
    if matches!(status, 204 | 304) {
        body = Some(0);
    }
    Some(Head {
        status,
        length,
        body,
        close,
    })
}

impl Connection {
    async fn call(&mut self, request: &[u8]) -> io::Result<u16> {
        let answer = self.try_call(request).await;
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    async fn try_call(&mut self, request: &[u8]) -> io::Result<u16> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(&self.host).await?;
                stream.set_nodelay(true)?;
                none.insert(stream)
            }
        };
        stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = head(&self.buffer) {
                break head;
            }
        };
        let whole = |buffer: &[u8]| match head.body {
            Some(length) => buffer.len() >= head.length + length,
            // In chunks: the last one is empty. Nothing that is measured ends so by itself.
            None => buffer.ends_with(b"\r\n0\r\n\r\n"),
        };
        while !whole(&self.buffer) {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if head.close {
            self.stream = None;
        }
        Ok(head.status)
    }
}

/// When requests are sent.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// Each once, as fast as they are answered.
    Once,
    /// In turns until the time is over, as fast as they are answered.
    During(Duration),
    /// Each once, so many a second, whether or not others were answered; latency counts from the
    /// moment at which a request was due.
    PerSecond(f64),
}

/// How it went.
pub(crate) struct Run {
    /// How many were answered with 2xx.
    pub(crate) good: usize,
    /// The others: status and how many; 0 for no answer.
    pub(crate) bad: Vec<(u16, usize)>,
    /// From the first request to the last answer.
    pub(crate) seconds: f64,
    latencies: Vec<u32>,
}

impl Run {
    /// Good answers per second.
    pub(crate) fn rate(&self) -> f64 {
        self.good as f64 / self.seconds
    }

    /// The latency that this share of requests stayed within, in ms.
    pub(crate) fn within(&self, share: f64) -> f64 {
        let at =
            ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().max(1) - 1);
        self.latencies
            .get(at)
            .map_or(0.0, |us| f64::from(*us) / 1e3)
    }

    /// Says so when not all went well.
    pub(crate) fn complain(&self, what: &str) {
        if !self.bad.is_empty() {
            eprintln!("{what}: {} good answers, others: {:?}", self.good, self.bad);
        }
    }
}

/// Sends requests over so many connections.
pub(crate) async fn send(
    host: &str,
    requests: Vec<Vec<u8>>,
    connections: usize,
    pace: Pace,
) -> Run {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let connection = Connection {
            host: host.to_owned(),
            stream: None,
            buffer: Vec::with_capacity(64 << 10),
        };
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        tasks.spawn(one(connection, requests, next, begun, pace));
    }
    let mut run = Run {
        good: 0,
        bad: Vec::new(),
        seconds: 0.0,
        latencies: Vec::new(),
    };
    while let Some(answers) = tasks.join_next().await {
        for (status, latency) in answers.expect("a client does not fail") {
            run.latencies.push(latency);
            if (200..300).contains(&status) {
                run.good += 1;
            } else if let Some((_, times)) = run.bad.iter_mut().find(|(s, _)| *s == status) {
                *times += 1;
            } else {
                run.bad.push((status, 1));
            }
        }
    }
    run.seconds = begun.elapsed().as_secs_f64();
    run.latencies.sort_unstable();
    run
}

async fn one(
    mut connection: Connection,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    begun: Instant,
    pace: Pace,
) -> Vec<(u16, u32)> {
    let mut answers = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let mut due = Instant::now();
        let at = match pace {
            Pace::Once => number,
            Pace::During(time) if begun.elapsed() < time => number % requests.len().max(1),
            Pace::During(_) => return answers,
            Pace::PerSecond(rate) => {
                due = begun + Duration::from_secs_f64(number as f64 / rate);
                if number < requests.len() {
                    tokio::time::sleep_until(due).await;
                }
                number
            }
        };
        let Some(request) = requests.get(at) else {
            return answers;
        };
        let status = connection.call(request).await.unwrap_or(0);
        let latency = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
        answers.push((status, latency));
    }
}
