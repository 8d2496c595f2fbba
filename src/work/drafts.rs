//! Posts what members planned, when its time comes.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::domain::ids::DraftId;
use crate::operations::Operations;
use crate::operations::draft::{PublishDraft, ShelveDraft};
use crate::store::{Res, drafts};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(2);
/// Drafts of one look.
const BATCH: u32 = 50;

/// Looks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        once(operations, stopping).await?;
    }
    Ok(())
}

/// Posts what is due; how many posts that were.
pub(super) async fn once(operations: &Operations, stopping: &Stopping) -> Res<usize> {
    let now = operations.now();
    let due = operations
        .store
        .read(move |db| drafts::list_due(db, now, BATCH))
        .await?;
    Ok(stopping.each(due, |draft| publish(operations, draft)).await)
}

/// Posts one draft; what cannot be posted waits for its author, unless trying again may help.
async fn publish(operations: &Operations, draft: DraftId) -> bool {
    let done = operations.run(Caller::System, PublishDraft { draft }).await;
    let refusal = match done {
        Ok(post) => return post.is_some(),
        Err(refusal) => refusal,
    };
    tracing::warn!(%draft, error = %refusal, "a planned post could not be posted");
    if !refusal.is_passing() {
        let why = refusal.code.into_owned();
        let shelved = operations
            .run(Caller::System, ShelveDraft { draft, why })
            .await;
        if let Err(error) = shelved {
            tracing::warn!(%draft, %error, "a planned post could not be put aside");
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Content;
    use crate::domain::page::PageRequest;
    use crate::domain::post::Sort;
    use crate::operations::draft::SaveDraft;
    use crate::operations::testing::Hall;
    use crate::operations::trial;
    use crate::store::testing::db_test;
    use crate::views::feed::{self, Feed};

    db_test!(
        a_planned_post_goes_out_once_whoever_looks_and_dies,
        |store| {
            let operations = trial::hub(store).await;
            let hall = Hall::over(operations.clone());
            let anna = trial::member(trial::person(&operations, "anna").await);
            let group = hall.group("tea", anna).await;
            let at = operations.now().plus_seconds(60);
            for title in ["In good time", "Also then"] {
                let content = Content {
                    title: title.to_owned(),
                    timezone: "UTC".to_owned(),
                    ..Content::default()
                };
                let save = SaveDraft {
                    draft: None,
                    group: Some(group),
                    content,
                    publish_at: Some(at),
                };
                hall.run(anna, save).await.unwrap();
            }
            let stopping = Stopping::default();
            assert_eq!(once(&operations, &stopping).await.unwrap(), 0, "not yet");
            hall.pass(60);
            // One look dies while it works, and two come at once after it.
            let look = once(&operations, &stopping);
            drop(tokio::time::timeout(Duration::from_millis(1), look).await);
            let (one, two) =
                tokio::join!(once(&operations, &stopping), once(&operations, &stopping));
            assert!(one.unwrap() + two.unwrap() <= 2);
            let posts = move |db: &mut _| {
                let page = PageRequest::first(10);
                feed::page(db, None, Feed::Group(group), Sort::New, page)
            };
            assert_eq!(hall.read(posts).await.items.len(), 2);
            assert_eq!(once(&operations, &stopping).await.unwrap(), 0);
        }
    );
}
