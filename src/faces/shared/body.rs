//! Bodies of requests, read whole and within bounds.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use futures_util::StreamExt as _;

/// What is read beyond the limit and thrown away, so that the sender hears the answer before the
/// connection ends.
const DISCARDED: usize = 16 << 20;

/// Why a body could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is longer than the limit.
    TooLong,
    /// It broke off.
    Broken,
    /// It was sent too slowly.
    TooSlow,
}

/// The whole body, if it is no longer than `limit` bytes and arrives within `patience`.
///
/// # Errors
/// If it is not.
pub(crate) async fn read(
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Vec<u8>, Unreadable> {
    let reading = gather(body, limit);
    tokio::time::timeout(patience, reading)
        .await
        .unwrap_or(Err(Unreadable::TooSlow))
}

async fn gather(body: Body, limit: usize) -> Result<Vec<u8>, Unreadable> {
    let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if said > limit.saturating_add(DISCARDED) {
        return Err(Unreadable::TooLong);
    }
    let mut stream = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(piece) = stream.next().await {
        let piece: Bytes = piece.map_err(|_broken| Unreadable::Broken)?;
        length = length.saturating_add(piece.len());
        if length <= limit {
            kept.extend_from_slice(&piece);
        } else if length > limit.saturating_add(DISCARDED) {
            return Err(Unreadable::TooLong);
        } else {
            kept = Vec::new();
        }
    }
    if length > limit {
        Err(Unreadable::TooLong)
    } else {
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn within(limit: usize, length: usize) -> Result<usize, Unreadable> {
        let body = Body::from(vec![b'x'; length]);
        read(body, limit, Duration::from_secs(5))
            .await
            .map(|bytes| bytes.len())
    }

    #[tokio::test]
    async fn a_body_is_whole_or_refused() {
        assert_eq!(within(10, 10).await, Ok(10));
        assert_eq!(within(10, 11).await, Err(Unreadable::TooLong));
        assert_eq!(within(10, DISCARDED * 2).await, Err(Unreadable::TooLong));
    }

    #[tokio::test]
    async fn h43_a_body_that_never_ends_is_given_up() {
        let never = futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>();
        let reading = read(Body::from_stream(never), 10, Duration::from_millis(10));
        assert_eq!(reading.await, Err(Unreadable::TooSlow), "H43");
    }
}
