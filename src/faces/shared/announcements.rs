//! What admins tell everybody, remembered until something changes: every page looks at it.

use std::sync::{Arc, Mutex, PoisonError};

use super::State;
use crate::domain::announcement::Announcement;
use crate::views::announcement;

/// What is known.
#[derive(Debug, Default)]
pub(crate) struct Announcements(Mutex<Option<Known>>);

/// What was read when so many operations were done.
#[derive(Clone, Debug)]
struct Known {
    changes: u64,
    list: Arc<[Announcement]>,
}

impl Announcements {
    /// Those that are not over, the newest first. Where the database does not answer, those known
    /// before.
    pub(crate) async fn of(&self, state: &State) -> Arc<[Announcement]> {
        let (changes, now) = (state.operations().changes(), state.now());
        let known = self.known();
        if let Some(known) = known.as_ref().filter(|known| known.changes == changes) {
            return Arc::clone(&known.list);
        }
        match state.read(move |db| announcement::current(db, now)).await {
            Ok(list) => {
                let list: Arc<[Announcement]> = list.into();
                let known = Known {
                    changes,
                    list: Arc::clone(&list),
                };
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
                list
            }
            Err(refusal) => {
                tracing::warn!(why = %refusal, "the announcements cannot be read");
                known.map_or_else(|| Arc::from([]), |known| known.list)
            }
        }
    }

    fn known(&self) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }
}
