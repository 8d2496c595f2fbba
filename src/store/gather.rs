//! What many ask of the database at the same time, answered by one visit to it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, oneshot};

use super::{Db, Res, Store, StoreError};

/// Answers some questions, in their order.
type Look<K, V> = fn(&mut Db, &[Arc<K>]) -> Res<Vec<V>>;

type Waiting<K, V> = (Arc<K>, oneshot::Sender<Res<V>>);

/// Questions that one visit answers together.
const TOGETHER: usize = 128;
/// How often somebody asks again whose visitor went away.
const TRIES: usize = 3;

/// Questions of one kind. Whoever asks while nobody is on the way goes at once and takes along what
/// waits by then, so the more is asked the less each answer costs.
pub(crate) struct Gathering<K, V> {
    look: Look<K, V>,
    waiting: Mutex<Vec<Waiting<K, V>>>,
    turn: Semaphore,
}

impl<K: Send + Sync + 'static, V: Send + 'static> Gathering<K, V> {
    /// Nobody waits yet.
    pub(crate) fn new(look: Look<K, V>) -> Self {
        Self {
            look,
            waiting: Mutex::default(),
            turn: Semaphore::new(1),
        }
    }

    /// Asks, as [`Store::look_up`] does, and waits for the answer.
    ///
    /// # Errors
    /// If the store cannot answer now.
    pub(crate) async fn ask(&self, store: &Store, question: K) -> Res<V> {
        let question = Arc::new(question);
        for _ in 0..TRIES {
            let (answer, mut answered) = oneshot::channel();
            self.waiting().push((Arc::clone(&question), answer));
            let turn = tokio::select! {
                biased;
                answer = &mut answered => match answer {
                    Ok(answer) => return answer,
                    Err(_gone) => continue,
                },
                turn = self.turn.acquire() => turn,
            };
            let asked = std::mem::take(&mut *self.waiting());
            self.visit(store, asked).await;
            drop(turn);
            if let Ok(answer) = answered.await {
                return answer;
            }
        }
        Err(StoreError::Overloaded)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<K, V>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn visit(&self, store: &Store, asked: Vec<Waiting<K, V>>) {
        let mut asked = asked.into_iter().peekable();
        while asked.peek().is_some() {
            let (questions, answers): (Vec<_>, Vec<_>) = asked.by_ref().take(TOGETHER).unzip();
            match self.look(store, questions.clone()).await {
                Ok(found) => answers.into_iter().zip(found).for_each(|(answer, value)| {
                    // Whoever asked may have gone away.
                    drop(answer.send(Ok(value)));
                }),
                Err(StoreError::Overloaded | StoreError::Pool(_)) => {
                    let refuse = |answer: oneshot::Sender<Res<V>>| {
                        drop(answer.send(Err(StoreError::Overloaded)));
                    };
                    answers.into_iter().for_each(refuse);
                }
                // A question that cannot be answered takes no other with it.
                Err(_) => {
                    for (question, answer) in questions.into_iter().zip(answers) {
                        let found = self.look(store, vec![question]).await;
                        let value = found.map(|mut found| found.pop());
                        let value = value.and_then(|value| value.ok_or(StoreError::Overloaded));
                        drop(answer.send(value));
                    }
                }
            }
        }
    }

    async fn look(&self, store: &Store, questions: Vec<Arc<K>>) -> Res<Vec<V>> {
        let look = self.look;
        store.look_up(move |db| look(db, &questions)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::testing::db_test;

    static VISITS: AtomicUsize = AtomicUsize::new(0);

    /// Doubles, but for what cannot be doubled.
    fn double(_db: &mut Db, numbers: &[Arc<i64>]) -> Res<Vec<i64>> {
        VISITS.fetch_add(1, Ordering::Relaxed);
        let double = |n: &Arc<i64>| n.checked_mul(2).ok_or(StoreError::Panic);
        numbers.iter().map(double).collect()
    }

    db_test!(
        what_is_asked_at_once_is_answered_at_once_and_each_for_itself,
        |store| {
            let gathering = Gathering::new(double);
            let numbers = (0..300).chain([i64::MAX]);
            let asked = numbers.map(|n| gathering.ask(&store, n));
            let mut answers = futures_util::future::join_all(asked).await;
            assert!(matches!(answers.pop(), Some(Err(StoreError::Panic))));
            let answers: Vec<i64> = answers.into_iter().map(Result::unwrap).collect();
            assert_eq!(answers, (0..300).map(|n| 2 * n).collect::<Vec<_>>());
            // One went alone, the others in three visits, and those of the last once more each alone.
            let visits = VISITS.load(Ordering::Relaxed);
            assert!(visits < 2 * 60, "{visits}");
        }
    );

    db_test!(
        who_goes_away_on_the_way_leaves_nobody_without_an_answer,
        |store| {
            let gathering = Gathering::new(double);
            let mut first = Box::pin(gathering.ask(&store, 1));
            let mut second = Box::pin(gathering.ask(&store, 2));
            assert!(futures_util::poll!(&mut first).is_pending());
            assert!(futures_util::poll!(&mut second).is_pending());
            drop(first);
            assert_eq!(second.await.unwrap(), 4);
        }
    );
}
