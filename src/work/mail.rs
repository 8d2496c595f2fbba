//! Sends the letters that wait: each until the mail server has it, it was refused for good, or it is
//! of no use any more.

use std::sync::Arc;
use std::time::Duration;

use super::{Metrics, Stopping};
use crate::domain::clock::Ts;
use crate::domain::letter::Letter;
use crate::mail::{Courier, Sent, Unsent};
use crate::operations::Operations;
use crate::store::{Db, Res, letters};

/// How often it is looked for letters that nobody announced: those that are due again, and those
/// of other processes.
const EVERY: Duration = Duration::from_secs(15);
/// The pause while the mail server cannot be reached.
const AWAY: Duration = Duration::from_secs(30);
/// Letters of one look.
const BATCH: u32 = 50;
/// The pause before the second try, in seconds; it doubles with every other.
const FIRST_PAUSE: i64 = 60;
/// The longest pause between two tries, in seconds.
const LONGEST_PAUSE: i64 = 4 * 3600;
/// How often old files are taken away, in seconds.
const SWEEP: i64 = 3600;

/// How a look at the letters ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// All that were due were dealt with.
    Done,
    /// There may be more.
    More,
    /// The mail server cannot be reached.
    Away,
}

/// Sends letters until the hub stops.
pub(super) async fn run(
    operations: &Operations,
    courier: &Arc<Courier>,
    metrics: &Metrics,
    stopping: &Stopping,
) -> Res<()> {
    let mut posted = operations.posted();
    let mut swept = Ts(0);
    loop {
        posted.mark_unchanged();
        let turn = tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            turn = once(operations, courier, metrics) => turn?,
        };
        let now = operations.now();
        if swept.plus_seconds(SWEEP) < now {
            swept = now;
            let courier = Arc::clone(courier);
            // What was not taken away is taken away in an hour.
            drop(tokio::task::spawn_blocking(move || courier.sweep(now)).await);
        }
        let (pause, wake) = match turn {
            Turn::More => continue,
            Turn::Done => (EVERY, true),
            Turn::Away => (AWAY, false),
        };
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
            Ok(()) = posted.changed(), if wake => {}
        }
    }
}

/// Sends the letters that are due, up to a number of them.
pub(super) async fn once(
    operations: &Operations,
    courier: &Courier,
    metrics: &Metrics,
) -> Res<Turn> {
    let now = operations.now();
    let look = move |db: &mut Db| {
        Res::Ok((
            letters::list_due(db, now, BATCH)?,
            letters::count_waiting(db)?,
        ))
    };
    let (due, waiting) = operations.store.read(look).await?;
    metrics.letters_waiting.set(waiting);
    let more = due.len() >= BATCH as usize;
    for letter in due {
        if !deal_with(operations, courier, metrics, letter).await? {
            return Ok(Turn::Away);
        }
    }
    Ok(if more { Turn::More } else { Turn::Done })
}

/// Sends a letter and notes what came of it; whether the mail server can be spoken with.
async fn deal_with(
    operations: &Operations,
    courier: &Courier,
    metrics: &Metrics,
    letter: Letter,
) -> Res<bool> {
    let (settings, now, id) = (operations.live.get(), operations.now(), letter.id);
    if letter.expires_at <= now {
        metrics.letter("too_late");
        let write =
            move |db: &mut Db| letters::set_dead(db, id, now, "it could not be sent in time");
        operations.store.write(write).await?;
        return Ok(true);
    }
    let outcome = courier
        .send(&settings.mail, &settings.instance.name, &letter)
        .await;
    match outcome {
        Ok(sent) => {
            metrics.letter(if sent == Sent::Handed {
                "sent"
            } else {
                "filed"
            });
            operations
                .store
                .write(move |db| letters::delete(db, id))
                .await?;
            Ok(true)
        }
        Err(Unsent::Refused(why)) => {
            metrics.letter("refused");
            tracing::warn!(letter = id, %why, "a letter was refused");
            let write = move |db: &mut Db| letters::set_dead(db, id, now, &why);
            operations.store.write(write).await?;
            Ok(true)
        }
        Err(unsent @ (Unsent::Later(_) | Unsent::Away(_))) => {
            metrics.letter("put_off");
            tracing::warn!(letter = id, why = %unsent, "a letter was put off");
            let due = now.plus_seconds(pause(letter.attempts));
            let why = unsent.to_string();
            let write = move |db: &mut Db| letters::set_due(db, id, due, &why);
            operations.store.write(write).await?;
            Ok(matches!(unsent, Unsent::Later(_)))
        }
    }
}

/// How long a letter waits after so many tries, in seconds.
fn pause(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(16);
    FIRST_PAUSE
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE)
}
