//! Collections of other servers, as far as one job may read them: a few pages of one host
//! (security.md H145).

use std::collections::HashSet;

use serde_json::Value;

use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;

use super::super::wire::{self, Ref};
use super::Resolver;

/// Pages of one collection that are read.
const PAGES: usize = 10;

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
        let (mut items, mut seen) = (Vec::new(), HashSet::new());
        let mut next = Some(uri.to_owned());
        while let Some(page) = next.take() {
            let own = Uri::parse(&page).is_some_and(|page| page.same_host(owner));
            if !own || seen.len() == PAGES || !seen.insert(page.clone()) {
                break;
            }
            let read = wire::Collection::from_value(&self.page(&page).await?);
            let Ok(read) = read else { break };
            items.extend(read.items);
            if items.len() >= most {
                break;
            }
            next = read.next;
        }
        items.truncate(most);
        Ok(items)
    }

    /// A page need not bear the address at which it is asked for.
    async fn page(&self, uri: &str) -> Result<Value, Refusal> {
        self.spend(uri)?;
        Ok(self.federation.fetch_at(uri).await?.value)
    }
}
