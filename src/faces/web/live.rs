//! Live threads: readers are told that something came, never what; the page is asked for that.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream::{self, Stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use crate::domain::ids::{ActorId, PostId};
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::State;
use crate::views::thread;

use super::visit::Visit;

/// After so long without a word the reader hears that the line still stands.
const PAUSE: Duration = Duration::from_secs(25);
/// After so long a reader has to come again, so that who is signed out hears nothing more.
const LONGEST: Duration = Duration::from_mins(10);

/// `/post/{id}/live?since=`: an event whenever something came into the thread after a comment.
pub(super) async fn live(visit: Visit) -> Response {
    match line(&visit).await {
        Ok(line) => answer(line.run()),
        Err(refusal) => visit.respond(Err(refusal)),
    }
}

async fn line(visit: &Visit) -> Result<Line, Refusal> {
    let (post, viewer) = (visit.post()?, visit.actor());
    let since = visit.query("since").and_then(|id| id.parse().ok());
    let since = since.unwrap_or(i64::MAX);
    let state = visit.state.clone();
    let place = state.lines.clone().try_acquire_owned().map_err(|_full| {
        let sentence = "Too many people read along right now. The page works without it.";
        Refusal::new(Kind::Unavailable, "live.full", sentence)
    })?;
    // Whatever comes from here on is heard, so nothing falls between the look and the wait.
    let stirred = state.operations().stirred();
    state
        .read(move |db| thread::news(db, viewer, post, since))
        .await?;
    Ok(Line {
        state,
        stirred,
        post,
        viewer,
        since,
        look: true,
        end: Instant::now() + LONGEST,
        _place: place,
    })
}

fn answer(events: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/event-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    let fresh = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, fresh);
    // Proxies that gather answers would hold the events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// One reader who waits for what comes into a thread.
struct Line {
    state: State,
    stirred: Receiver<PostId>,
    post: PostId,
    viewer: Option<ActorId>,
    since: i64,
    look: bool,
    end: Instant,
    _place: OwnedSemaphorePermit,
}

impl Line {
    fn run(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
        stream::unfold(self, |mut line| async move {
            let said = line.next().await?;
            Some((Ok(Bytes::from(said)), line))
        })
    }

    /// What is to be said next; `None`: nothing any more.
    async fn next(&mut self) -> Option<String> {
        loop {
            if std::mem::take(&mut self.look)
                && let Some(event) = self.event().await?
            {
                return Some(event);
            }
            let pause = self.end.min(Instant::now() + PAUSE);
            tokio::select! {
                () = self.state.closing.cancelled() => return None,
                () = tokio::time::sleep_until(pause) => {
                    let over = Instant::now() >= self.end;
                    return (!over).then(|| ":\n\n".to_owned());
                }
                stirred = self.stirred.recv() => match stirred {
                    Ok(post) => self.look = post == self.post,
                    Err(RecvError::Lagged(_)) => self.look = true,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// The signal, if something is there that this reader may see; `None` where the thread is not
    /// theirs to read any more.
    async fn event(&self) -> Option<Option<String>> {
        let (post, viewer, since) = (self.post, self.viewer, self.since);
        let look = self
            .state
            .read(move |db| thread::news(db, viewer, post, since))
            .await;
        match look {
            Ok(news) => Some(news.map(|news| {
                let (first, count) = (news.first, news.count);
                let data = serde_json::json!({"thread": post, "count": count, "first": first});
                format!("event: thread\ndata: {data}\n\n")
            })),
            Err(refusal) if refusal.is_passing() => Some(None),
            Err(_) => None,
        }
    }
}
