//! What is sent twice is made once.

use crate::domain::ids::{CommentId, PostId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::store::submissions;

use super::{Desk, Operation};

/// Makes something, unless the caller made it before under the same key: then that is it
/// (security.md H187). What was refused can be tried again under its key.
#[derive(Clone, Debug)]
pub(crate) struct Once<O> {
    /// The key, bounded by whoever takes it; `None`: this makes it in any case.
    pub(crate) key: Option<String>,
    /// What makes it.
    pub(crate) make: O,
}

/// The number of something that is made.
pub(crate) trait Number {
    /// Of the number.
    fn of(number: i64) -> Self;
    /// The number.
    fn number(&self) -> i64;
}

impl Number for PostId {
    fn of(number: i64) -> Self {
        Self(number)
    }

    fn number(&self) -> i64 {
        self.0
    }
}

impl Number for CommentId {
    fn of(number: i64) -> Self {
        Self(number)
    }

    fn number(&self) -> i64 {
        self.0
    }
}

impl<O: Operation<Output: Number>> Operation for Once<O> {
    type Output = O::Output;
    const NAME: &'static str = O::NAME;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<O::Output, Refusal> {
        let Some(key) = &self.key else {
            return self.make.perform(desk);
        };
        let caller = policy::require_actor(desk.caller)?;
        let key = &format!("{} {key}", O::NAME);
        if !submissions::claim(desk.db, caller, key, desk.now)?
            && let Some(made) = submissions::find(desk.db, caller, key)?
        {
            return Ok(O::Output::of(made));
        }
        let made = self.make.perform(desk)?;
        submissions::set_object(desk.db, caller, key, made.number())?;
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ObjectId;
    use crate::domain::page::PageRequest;
    use crate::operations::testing::{Hall, answer, text_post};
    use crate::store::testing::db_test;
    use crate::views;

    db_test!(h187_what_is_sent_twice_is_made_once, |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let group = hall.group("tea", anna).await;
        let send = |key: &str, title: &str| Once {
            key: Some(key.to_owned()),
            make: text_post(group, title, "Words."),
        };
        let refused = hall.run(anna, send("k1", "")).await;
        assert!(refused.is_err(), "H187: and its key is free again");
        let first = hall.run(anna, send("k1", "A pot")).await.unwrap();
        for (row, who, key, same) in [
            ("H187 again", anna, "k1", true),
            ("H187 another key", anna, "k2", false),
            ("H187 another person", ben, "k1", false),
        ] {
            let made = hall.run(who, send(key, "A pot")).await.unwrap();
            assert_eq!(made == first, same, "{row}");
        }
        let both = tokio::join!(
            hall.run(ben, send("k3", "Two")),
            hall.run(ben, send("k3", "Two"))
        );
        assert_eq!(both.0.unwrap(), both.1.unwrap(), "H187 at once");
        let reply = Once {
            key: Some("k1".to_owned()),
            make: answer(ObjectId::Post(first), "Mine too"),
        };
        hall.run(ben, reply).await.unwrap();
        let page = PageRequest::first(10);
        let thread = hall
            .operations
            .store
            .read(move |db| views::thread::thread(db, None, first, page))
            .await
            .unwrap();
        let said = thread.comments.items.len();
        assert_eq!(said, 1, "H187: a key of a post is none of a comment");
    });
}
