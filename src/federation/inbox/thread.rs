//! What was said in a thread elsewhere and never came here: the answers that its origin lists
//! (federation.md 6.3 and 6.5).

use std::collections::{HashSet, VecDeque};

use crate::domain::actor::Actor;
use crate::domain::ids::{PostId, Uri};
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::store::{Db, StoreError, actors, posts};

use super::super::Federation;
use super::super::resolve::Resolver;
use super::super::wire::{Activity, Object, Ref};
use super::case::{Case, Verdict};
use super::content::{self, Words};

/// A thread that is being fetched.
struct Fetching<'a> {
    federation: &'a Federation,
    resolver: &'a Resolver<'a>,
    /// Answers that are looked at.
    most: usize,
    /// How deep they are followed.
    deepest: u16,
    post: Post,
    group: Actor,
    looked_at: HashSet<String>,
    found: usize,
}

/// Fetches the answers to a post of another server that its origin, or its group's, lists and this
/// hub does not have; each comes from its own origin, and only what everybody may read. Gives back
/// how many came.
///
/// # Errors
/// If the store fails, or the post cannot be had from its origin.
pub(crate) async fn fetch_thread(federation: &Federation, post: PostId) -> Result<usize, Refusal> {
    let find = move |db: &mut Db| {
        let Some(post) = posts::find(db, post)?.filter(|post| !post.local && !post.hidden()) else {
            return Ok(None);
        };
        let group = actors::find(db, post.group)?;
        Ok::<_, StoreError>(group.map(|group| (post, group)))
    };
    let found = federation.operations.store.read(find).await;
    let Some((post, group)) = found.map_err(Refusal::from)? else {
        return Ok(0);
    };
    let resolver = federation.patient_resolver();
    let intake = &federation.settings().intake;
    let mut fetching = Fetching {
        federation,
        resolver: &resolver,
        most: intake.backfill_fetches.into(),
        deepest: intake.answer_depth,
        post,
        group,
        looked_at: HashSet::new(),
        found: 0,
    };
    match tokio::time::timeout(intake.backfill_time.duration(), Box::pin(fetching.all())).await {
        Ok(done) => done?,
        Err(_elapsed) => tracing::debug!(post = fetching.post.id.0, "a thread took too long"),
    }
    Ok(fetching.found)
}

impl Fetching<'_> {
    async fn all(&mut self) -> Result<(), Refusal> {
        let root = self.resolver.object(self.post.uri.as_str()).await?;
        if self.by_context(&root).await {
            return Ok(());
        }
        self.by_replies(root).await;
        Ok(())
    }

    /// The whole thread as one list (FEP-7888), if the server of the group or of the post keeps one.
    async fn by_context(&mut self, root: &Object) -> bool {
        let Some(context) = root.context.clone() else {
            return false;
        };
        let keepers = [self.post.uri.clone(), self.group.uri.clone()];
        let keeps = |uri: &str| {
            Uri::parse(uri).is_some_and(|uri| keepers.iter().any(|keeper| keeper.same_host(&uri)))
        };
        let Some(owner) = Uri::parse(&context).filter(|uri| keeps(uri.as_str())) else {
            return false;
        };
        let list = Ref::Id(context);
        let Ok(gathered) = self.resolver.gather(&owner, &list, self.most).await else {
            return false;
        };
        let vouched = gathered.owner.as_deref().is_some_and(keeps);
        if !vouched || gathered.items.is_empty() {
            return false;
        }
        for item in gathered.items.iter().filter_map(Ref::id) {
            self.take(item).await;
        }
        true
    }

    /// Level by level, as each answer lists its own.
    async fn by_replies(&mut self, root: Object) {
        let mut waiting = VecDeque::from([(root, 0)]);
        while let Some((object, depth)) = waiting.pop_front() {
            let (Some(replies), Some(owner)) = (&object.replies, Uri::parse(&object.id)) else {
                continue;
            };
            let Ok(listed) = self.resolver.gather(&owner, replies, self.most).await else {
                continue;
            };
            if depth >= self.deepest {
                continue;
            }
            for item in listed.items.iter().filter_map(Ref::id) {
                if let Some(answer) = self.take(item).await {
                    waiting.push_back((answer, depth + 1));
                }
            }
        }
    }

    /// One answer, from its own origin; gives it back so that its answers can be asked for.
    async fn take(&mut self, id: &str) -> Option<Object> {
        let fresh = self.looked_at.len() < self.most && self.looked_at.insert(id.to_owned());
        if !fresh || self.federation.names().is_local(id) || id == self.post.uri.as_str() {
            return None;
        }
        let object = self.resolver.object(id).await.ok()?;
        match Box::pin(self.store(&object)).await {
            Ok(Verdict::Applied) => self.found += 1,
            Ok(Verdict::Ignored(why)) => tracing::debug!(object.uri = id, why, "left out"),
            Err(why) => tracing::debug!(object.uri = id, %why, "left out"),
        }
        Some(object)
    }

    /// Only what answers something is taken: a list of answers starts no threads.
    async fn store(&self, object: &Object) -> Result<Verdict, Refusal> {
        if object.in_reply_to.is_none() || object.is_tombstone() {
            return Ok(Verdict::Ignored("it answers nothing"));
        }
        let stub = serde_json::json!({"type": "Announce", "object": object.id});
        let stub = Activity::inner(&stub).map_err(|no| super::unreadable(&no))?;
        let (by, now) = (self.group.clone(), self.federation.now());
        let case = Case::announced(self.federation, self.resolver, &self.group, stub, by, now);
        let author = content::author_of(&case, object).await?;
        let words = Words {
            object: object.clone(),
            author,
            sent: false,
        };
        Box::pin(content::arrive(&case, &words)).await
    }
}
