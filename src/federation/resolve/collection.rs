//! Collections of other servers, as far as one job may read them: a few pages of one host
//! (security.md H145).

use std::collections::HashSet;

use serde_json::Value;

use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;

use super::super::wire::{self, Ref};
use super::Resolver;

impl Resolver<'_> {
    /// The first items of a collection of this actor or object, at most `most`, in its order.
    ///
    /// # Errors
    /// If it cannot be had, or lies on another server than its owner.
    pub(in crate::federation) async fn collection(
        &self,
        owner: &Uri,
        uri: &str,
        most: usize,
    ) -> Result<Vec<Ref>, Refusal> {
        let first = Ref::Id(uri.to_owned());
        Ok(self.gather(owner, &first, most).await?.items)
    }

    /// The same of a collection that may have come along with what it belongs to, and whose it says
    /// it is.
    ///
    /// # Errors
    /// If it cannot be had.
    pub(in crate::federation) async fn gather(
        &self,
        owner: &Uri,
        collection: &Ref,
        most: usize,
    ) -> Result<Gathered, Refusal> {
        let mut gathered = Gathered::default();
        let pages = usize::from(self.federation.settings().intake.collection_pages);
        let mut visited = HashSet::new();
        let mut next = match collection {
            Ref::Id(uri) => Some(uri.clone()),
            Ref::Embedded(value) => {
                let read = wire::Collection::from_value(value);
                read.ok().and_then(|read| gathered.take(read))
            }
        };
        while let Some(page) = next.take() {
            let own = Uri::parse(&page).is_some_and(|page| page.same_host(owner));
            // A list that leads back to itself ends there (statement 166).
            let fresh = visited.insert(page.clone());
            if !own || !fresh || visited.len() > pages || gathered.items.len() >= most {
                break;
            }
            let read = wire::Collection::from_value(&self.page(&page).await?);
            next = read.ok().and_then(|read| gathered.take(read));
        }
        gathered.items.truncate(most);
        Ok(gathered)
    }

    /// A page need not bear the address at which it is asked for.
    async fn page(&self, uri: &str) -> Result<Value, Refusal> {
        self.spend(uri)?;
        self.keep_pace(uri).await;
        Ok(self.federation.fetch_at(uri).await?.value)
    }
}

/// What was read of a collection.
#[derive(Debug, Default)]
pub(in crate::federation) struct Gathered {
    /// Its items, in its order.
    pub(in crate::federation) items: Vec<Ref>,
    /// Whose it says it is.
    pub(in crate::federation) owner: Option<String>,
}

impl Gathered {
    /// Takes a part in; gives back where the next is.
    fn take(&mut self, part: wire::Collection) -> Option<String> {
        self.items.extend(part.items);
        self.owner = self.owner.take().or(part.attributed_to);
        part.next
    }
}
