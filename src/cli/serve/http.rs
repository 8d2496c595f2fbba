//! The HTTP server: takes connections, bounds them, and ends them in order.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use crate::faces::shared::client::Peer;

/// What a listener bears.
#[derive(Clone, Copy)]
struct Bounds {
    /// Connections that stand at once; more wait to be taken.
    connections: usize,
    /// How long a client may take to send the head of a request (security.md H43).
    head: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
        }
    }
}

/// The longest head of a request, in bytes (security.md H274, H275).
const LONGEST_HEAD: usize = 32 * 1024;

/// A listener that is served.
pub(super) struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<GracefulShutdown>,
}

impl Server {
    /// Serves a listener with a router of the faces.
    pub(super) fn start<R, B>(listener: TcpListener, router: R) -> Self
    where
        TowerToHyperService<R>:
            Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
        <TowerToHyperService<R> as Service<Request<Incoming>>>::Future: Send,
        R: Clone + Send + Sync + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self::start_within(listener, router, Bounds::default())
    }

    #[expect(clippy::disallowed_methods, reason = "this task is stopped by stop()")]
    fn start_within<R, B>(listener: TcpListener, router: R, bounds: Bounds) -> Self
    where
        TowerToHyperService<R>:
            Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
        <TowerToHyperService<R> as Service<Request<Incoming>>>::Future: Send,
        R: Clone + Send + Sync + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(listener, router, bounds, stopped));
        Self { stop, task }
    }

    /// Takes no more connections, and waits this long for requests that are being answered.
    pub(super) async fn stop(self, patience: Duration) {
        if self.stop.send(()).is_err() {
            tracing::error!("a listener ended before it was told to");
        }
        let Ok(connections) = self.task.await else {
            return;
        };
        let open = connections.count();
        if tokio::time::timeout(patience, connections.shutdown())
            .await
            .is_err()
        {
            tracing::warn!(open, "requests were still being answered and are given up");
        }
    }
}

async fn accept<R, B>(
    listener: TcpListener,
    router: R,
    bounds: Bounds,
    mut stopped: oneshot::Receiver<()>,
) -> GracefulShutdown
where
    TowerToHyperService<R>: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    <TowerToHyperService<R> as Service<Request<Incoming>>>::Future: Send,
    R: Clone + Send + Sync + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, taken) = tokio::select! {
            taken = next => taken,
            _ = &mut stopped => break,
        };
        match taken {
            Ok((stream, peer)) => {
                let conversation =
                    converse(stream, peer, router.clone(), bounds, connections.watcher());
                #[expect(clippy::disallowed_methods, reason = "ended by the graceful shutdown")]
                tokio::spawn(async move {
                    conversation.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    connections
}

async fn converse<R, B>(
    stream: TcpStream,
    peer: SocketAddr,
    router: R,
    bounds: Bounds,
    watcher: Watcher,
) where
    TowerToHyperService<R>: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    <TowerToHyperService<R> as Service<Request<Incoming>>>::Future: Send,
    R: Clone + Send + Sync + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // Small answers must not wait for more.
    drop(stream.set_nodelay(true));
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::crypto::digest::Digest;
    use crate::crypto::keypair::PrivateKey;
    use crate::faces;
    use crate::federation::{Federation, sign};
    use crate::net::{Client, Limits};
    use crate::operations::{Operations, trial};
    use crate::store::inbox;
    use crate::store::testing::TestStore;

    /// How long a test waits for what has to happen.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A hub that is served on loopback.
    struct Served {
        address: SocketAddr,
        operations: Operations,
        _server: Server,
        _store: TestStore,
    }

    impl Served {
        async fn new(bounds: Bounds) -> Self {
            let (operations, store) = trial::on_sqlite().await;
            let client = Client::new("hub.test", Limits::default(), true).unwrap();
            let state = faces::state(Federation::new(operations.clone(), client));
            state.set_ready(true);
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = Server::start_within(listener, faces::router(state), bounds);
            Self {
                address,
                operations,
                _server: server,
                _store: store,
            }
        }

        /// A connection on which this was said.
        async fn say(&self, text: &[u8]) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            // The server may have answered and left before it heard everything.
            drop(stream.write_all(text).await);
            stream
        }

        /// What is answered until the server leaves.
        async fn ask(&self, text: &[u8]) -> String {
            heard(&mut self.say(text).await).await
        }

        async fn waiting(&self) -> i64 {
            self.operations.store.read(inbox::count).await.unwrap()
        }

        /// The head of a delivery that says how long its body is, signed so far as can be seen.
        fn head(&self, body: &[u8]) -> String {
            let key = PrivateKey::from_pkcs8(&trial::keys().private_der).unwrap();
            let inbox = url::Url::parse("https://hub.test/inbox").unwrap();
            let (now, digest) = (self.operations.now(), Digest::of(body));
            let id = "https://peer.example/users/mia#main-key";
            let headers = sign::post(&key, id, &inbox, &digest, now).unwrap();
            headers.iter().fold(
                "POST /inbox HTTP/1.1\r\n".to_owned(),
                |head, (name, value)| format!("{head}{name}: {}\r\n", value.to_str().unwrap()),
            )
        }
    }

    async fn heard(stream: &mut TcpStream) -> String {
        let mut answer = Vec::new();
        let reading = stream.read_to_end(&mut answer);
        // A connection that is reset was ended too.
        drop(
            tokio::time::timeout(PATIENCE, reading)
                .await
                .expect("the server leaves"),
        );
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn h4_to_h46_broken_requests_are_refused_on_the_wire() {
        let hub = Served::new(Bounds::default()).await;
        let rows: [(&str, String, &[&str]); 9] = [
            (
                "H4",
                format!("Signature: {}\r\n", "x".repeat(100 * 1024)),
                &["", "HTTP/1.1 431"],
            ),
            (
                "H41 two lengths",
                "Content-Length: 2\r\nContent-Length: 3\r\n".to_owned(),
                &["HTTP/1.1 400"],
            ),
            (
                "H41 no length",
                "Content-Length: x\r\n".to_owned(),
                &["HTTP/1.1 400"],
            ),
            // The length is forgotten where both are given (RFC 9112, 6.3).
            (
                "H41 length and encoding",
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n".to_owned(),
                &["HTTP/1.1 401"],
            ),
            (
                "H45 obs-fold",
                "X-A: 1\r\n 2\r\n".to_owned(),
                &["HTTP/1.1 400"],
            ),
            ("H45 NUL", "X-A: \0\r\n".to_owned(), &["HTTP/1.1 400"]),
            (
                "H45 bare CR",
                "X-A: 1\rX-B: 2\r\n".to_owned(),
                &["HTTP/1.1 400"],
            ),
            (
                "H45 other bytes",
                "Signature: \u{fc}\r\n".to_owned(),
                &["HTTP/1.1 401", "HTTP/1.1 400"],
            ),
            (
                "H46",
                "Content-Length: 9\r\nExpect: 100-continue\r\nSignature: x\r\n".to_owned(),
                &["HTTP/1.1 401"],
            ),
        ];
        for (row, lines, expected) in rows {
            let head = "POST /inbox HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\
                        Content-Type: application/activity+json\r\n";
            let answer = hub.ask(format!("{head}{lines}\r\n").as_bytes()).await;
            let first = answer.get(..12).unwrap_or_default();
            assert!(expected.contains(&first), "{row}: {answer:.200}");
        }
        let two = "POST /inbox HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 6\r\n\
                   Transfer-Encoding: chunked\r\nContent-Type: application/activity+json\r\n\r\n\
                   0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: hub.test\r\n\r\n";
        let answer = hub.ask(two.as_bytes()).await;
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "H41, H212: {answer}"
        );
        assert!(answer.contains("connection: close"), "H41, H212: {answer}");
        let hostless = "POST /inbox HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\
                        Content-Type: application/activity+json\r\n\r\n";
        let answer = hub.ask(hostless.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "H23: {answer}");
        for hosts in ["", "Host: a.test\r\nHost: b.test\r\n"] {
            let get = format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n");
            let answer = hub.ask(get.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{hosts}: {answer}");
        }
        let old = hub.ask(b"GET /healthz HTTP/1.0\r\n\r\n").await;
        assert!(!old.starts_with("HTTP/1.0 400"), "{old}");
        let short = format!(
            "{}content-length: 2\r\n\r\n{{}}garbage\r\n\r\n",
            hub.head(b"{}")
        );
        let answer = hub.ask(short.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "H41 too short: {answer}");
        assert_eq!(hub.waiting().await, 0);
    }

    #[tokio::test]
    async fn h43_h44_slow_and_broken_senders_hold_nobody_up() {
        let head = Duration::from_millis(300);
        let hub = Served::new(Bounds {
            head,
            ..Bounds::default()
        })
        .await;
        let mut idle = Vec::new();
        for _ in 0..200 {
            idle.push(hub.say(b"POST /inbox HTTP/1.1\r\nHo").await);
        }
        let get = b"GET /healthz HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n";
        let answer = hub.ask(get).await;
        assert!(answer.starts_with("HTTP/1.1 "), "H43: others are served");
        for mut stream in idle {
            let answer = heard(&mut stream).await;
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
                "H43: {answer}"
            );
        }
        let body = vec![b' '; 1000];
        let begun = format!("{}content-length: 1000\r\n\r\n   ", hub.head(&body));
        drop(hub.say(begun.as_bytes()).await);
        assert!(hub.ask(get).await.starts_with("HTTP/1.1 "), "H44");
        assert_eq!(hub.waiting().await, 0, "H44");
    }
}
