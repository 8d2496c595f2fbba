//! Rows that a group of writes leaves to its end, where many of one kind go in one statement: on
//! PostgreSQL a statement is a journey, and four in seven of those that a comment needs are spared.
//!
//! Only jobs that say so leave rows ([`super::Turn::Late`]), of kinds that none of them looks
//! for; before any other job of the group, and before the commit, they are put in their places.
//! Everywhere else the same functions write at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::inbox::Received;
use super::tallies::Change;
use super::{Db, Res, StoreError, comments, inbox, notices, outbox, seen, tallies, votes};

/// What is left to the end, by what tells one row from another.
#[derive(Default)]
pub(super) struct Late {
    /// When which digest was noted.
    pub(super) seen: BTreeMap<Vec<u8>, i64>,
    /// Activities that came, by their digest.
    pub(super) inbox: BTreeMap<Vec<u8>, Received>,
    /// Answers.
    pub(super) comments: Vec<comments::CommentRow>,
    /// Entries of the log without targets of their own.
    pub(super) outbox: Vec<outbox::NewRow>,
    /// Notices for members.
    pub(super) notices: Vec<notices::NewNotice>,
    /// The words of which object.
    pub(super) texts: BTreeMap<i64, String>,
    /// The vote on which object by whom.
    pub(super) votes: BTreeMap<(i64, i64), votes::Cast>,
    /// What is added to the numbers of which post.
    pub(super) tallies: BTreeMap<i64, Change>,
}

thread_local! {
    // Of the thread that writes, since all of a group runs there; nothing unless a job leaves rows.
    static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
    static OPEN: Cell<bool> = const { Cell::new(false) };
}

/// From now on the jobs of this thread may leave rows, or not.
pub(super) fn open(may: bool) {
    OPEN.set(may);
}

/// Leaves a row, if this job may; gives it back if it has to be written at once.
pub(super) fn leave<R>(row: R, put: impl FnOnce(&mut Late, R)) -> Option<R> {
    if !OPEN.get() {
        return Some(row);
    }
    LATE.with_borrow_mut(|late| put(late.get_or_insert_default(), row));
    None
}

/// Whether a row that fits was left.
pub(super) fn holds(fits: impl FnOnce(&Late) -> bool) -> bool {
    LATE.with_borrow(|late| late.as_ref().is_some_and(fits))
}

/// Puts all that was left in its place.
///
/// # Errors
/// [`StoreError::Conflict`] if a digest, a comment or a vote was there before: whoever brought it again has to
/// hear of it.
pub(super) fn settle(db: &mut Db) -> Res<()> {
    let Some(late) = LATE.take() else {
        return Ok(());
    };
    let may = OPEN.replace(false);
    let settled = put(db, &late);
    OPEN.set(may);
    settled
}

fn put(db: &mut Db, late: &Late) -> Res<()> {
    inbox::insert_all(db, &late.inbox)?;
    let new = seen::insert_all(db, &late.seen)? == late.seen.len()
        && comments::insert_all(db, &late.comments)? == late.comments.len()
        && votes::insert_all(db, &late.votes)? == late.votes.len();
    if !new {
        return Err(StoreError::Conflict);
    }
    tallies::change_all(db, &late.tallies)?;
    notices::insert_all(db, &late.notices)?;
    notices::set_search_texts(db, &late.texts)?;
    outbox::append_all(db, &late.outbox)
}

/// Forgets what was left, since the group was rolled back.
pub(super) fn forget() {
    open(false);
    LATE.take();
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures_util::FutureExt;

    use super::*;
    use crate::domain::clock::Ts;
    use crate::store::testing::db_test;
    use crate::store::{Address, Store, Turn};

    /// Keeps the writer busy, so that what is asked of it meanwhile becomes one group; what is given
    /// back lets it go on.
    fn hold(store: &Store) -> impl FnOnce() {
        let (go, gone) = channel::<()>();
        let (begin, begun) = channel();
        let mut wait = Some((begin, gone));
        let mut held = Box::pin(store.write(move |_db| {
            if let Some((begin, gone)) = wait.take() {
                begin.send(()).expect("somebody waits");
                gone.recv().expect("somebody goes on");
            }
            Ok::<_, StoreError>(())
        }));
        // The job is the writer's once it was asked for, whether or not anybody waits for its end.
        assert!(held.as_mut().now_or_never().is_none());
        begun.recv().expect("it began");
        move || go.send(()).expect("the writer waits")
    }

    fn note(store: &Store, digest: &'static [u8]) -> impl Future<Output = Res<bool>> + use<> {
        let store = store.clone();
        async move {
            store
                .write_in_turn(Turn::Late, None, move |db| seen::insert(db, digest, Ts(1)))
                .await
        }
    }

    db_test!(what_is_left_is_in_its_place_for_any_other_job, |store| {
        let go_on = hold(&store);
        let mut first = Box::pin(note(&store, b"first"));
        let mut other = Box::pin(store.write(|db| seen::contains(db, b"first")));
        let mut again = Box::pin(note(&store, b"second"));
        assert!(futures_util::poll!(&mut first).is_pending());
        assert!(futures_util::poll!(&mut other).is_pending());
        assert!(futures_util::poll!(&mut again).is_pending());
        go_on();
        assert!(first.await.unwrap());
        assert!(other.await.unwrap());
        assert!(again.await.unwrap());
        assert!(
            store
                .read(|db| seen::contains(db, b"second"))
                .await
                .unwrap()
        );
    });

    db_test!(who_comes_second_hears_of_it_and_harms_no_other, |store| {
        assert!(note(&store, b"before").await.unwrap());
        let go_on = hold(&store);
        let digests: [&[u8]; 4] = [b"new", b"before", b"newer", b"new"];
        let mut asked = Vec::new();
        for digest in digests {
            let mut one = Box::pin(note(&store, digest));
            assert!(futures_util::poll!(&mut one).is_pending());
            asked.push(one);
        }
        go_on();
        let new = futures_util::future::join_all(asked).await;
        let new: Vec<bool> = new.into_iter().map(Result::unwrap).collect();
        assert_eq!(new, [true, false, true, false]);
    });

    db_test!(a_crowd_needs_few_statements, |store| {
        let go_on = hold(&store);
        let before = store.statements();
        let mut asked = Vec::new();
        for n in 0..50_u8 {
            let store = store.clone();
            let mut one = Box::pin(async move {
                store
                    .write_in_turn(Turn::Late, None, move |db| seen::insert(db, &[n], Ts(1)))
                    .await
            });
            assert!(futures_util::poll!(&mut one).is_pending());
            asked.push(one);
        }
        go_on();
        let new = futures_util::future::join_all(asked).await;
        assert!(new.into_iter().all(|new| new.unwrap()));
        let took = store.statements() - before;
        match store.address() {
            // One group, unless the machine was so busy that it became a few.
            Address::Postgres(_) => assert!(took < 50, "{took}"),
            Address::Sqlite(_) => assert!(took >= 50, "{took}"),
        }
    });
}
