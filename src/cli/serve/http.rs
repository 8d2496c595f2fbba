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

/// Connections that stand at once; more wait to be taken.
const MOST_CONNECTIONS: usize = 4096;
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest head of a request, in bytes (security.md H274, H275).
const LONGEST_HEAD: usize = 32 * 1024;

/// A listener that is served.
pub(super) struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<GracefulShutdown>,
}

impl Server {
    /// Serves a listener with a router of the faces.
    #[expect(clippy::disallowed_methods, reason = "this task is stopped by stop()")]
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
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(listener, router, stopped));
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
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
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
                let conversation = converse(stream, peer, router.clone(), connections.watcher());
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

async fn converse<R, B>(stream: TcpStream, peer: SocketAddr, router: R, watcher: Watcher)
where
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
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended");
    }
}
