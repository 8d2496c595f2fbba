//! What a member writes: drafts, planned posts, the groups to choose from, what is like it already.

use std::collections::HashSet;

use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::draft::{Draft, KeptAnswer};
use crate::domain::ids::{ActorId, DraftId, PostId};
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, drafts, follows, kept_answers, posts, privacy, search};

use super::post::{PostCard, cards};

/// The most drafts that are listed.
const MOST: u32 = 1_000;
/// The most groups to choose from.
const MOST_GROUPS: u32 = 500;
/// Groups into which somebody posted lately.
const LATELY: u32 = 10;
/// Posts that are like something.
const SIMILAR: usize = 5;
/// Words by which such posts are found.
const WORDS: usize = 6;

/// A draft with the group into which it goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DraftCard {
    /// The draft.
    pub(crate) draft: Draft,
    /// Where it goes.
    pub(crate) group: Option<Actor>,
}

/// The drafts of a member: what is planned first. Two queries.
pub(crate) fn list(db: &mut Db, author: ActorId) -> Res<Vec<DraftCard>> {
    let drafts = drafts::list(db, author, MOST)?;
    let ids: Vec<ActorId> = drafts.iter().filter_map(|draft| draft.group).collect();
    let groups = actors::list_by_ids(db, &ids)?;
    let find = |id: ActorId| groups.iter().find(|group| group.id == id).cloned();
    let card = |draft: Draft| DraftCard {
        group: draft.group.and_then(find),
        draft,
    };
    Ok(drafts.into_iter().map(card).collect())
}

/// What a member typed into an answer, with the title of the thread while they can see it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AnswerCard {
    /// The answer.
    pub(crate) answer: KeptAnswer,
    /// The title.
    pub(crate) thread: Option<String>,
}

/// The answers that a member began, the last kept first. Two queries.
pub(crate) fn answers(db: &mut Db, author: ActorId) -> Res<Vec<AnswerCard>> {
    let answers = kept_answers::list(db, author, MOST)?;
    let ids: Vec<PostId> = answers.iter().map(|answer| answer.post).collect();
    let mut threads = posts::list_for(db, Viewer::Person(author), &ids)?;
    threads.retain(|post| !post.hidden());
    let title = |id| {
        let thread = threads.iter().find(|post| post.id == id);
        thread.map(|post| post.title.clone())
    };
    let card = |answer: KeptAnswer| AnswerCard {
        thread: title(answer.post),
        answer,
    };
    Ok(answers.into_iter().map(card).collect())
}

/// A draft of a member.
///
/// # Errors
/// If it is none of theirs.
pub(crate) fn find(db: &mut Db, author: ActorId, id: DraftId) -> Result<DraftCard, Refusal> {
    let draft = drafts::find(db, id)?
        .filter(|draft| draft.author == author)
        .ok_or_else(|| Refusal::not_found("draft.not_found", "There is no such draft."))?;
    let group = match draft.group {
        Some(group) => actors::find(db, group)?,
        None => None,
    };
    Ok(DraftCard { draft, group })
}

/// The time zone in which a member last said a time.
pub(crate) fn time_zone(db: &mut Db, member: ActorId) -> Res<Option<String>> {
    drafts::time_zone_of(db, member)
}

/// The groups into which a member may want to post: those where they did last, then those that they
/// are in, by title, then the others of this hub. Four queries.
pub(crate) fn groups(db: &mut Db, member: ActorId) -> Res<Vec<Actor>> {
    let last = posts::list_groups_of_author(db, member, LATELY)?;
    let mut lately = actors::list_by_ids(db, &last)?;
    lately.sort_by_key(|group| last.iter().position(|id| *id == group.id));
    let joined = follows::list_groups_of(db, member, MOST_GROUPS)?;
    let request = crate::domain::page::PageRequest::first(crate::domain::page::MAX_LIMIT);
    let here = super::directory::groups(db, Some(member), request)?.items;
    let mut seen = HashSet::new();
    let mut groups: Vec<Actor> = lately
        .into_iter()
        .chain(joined)
        .chain(here)
        .filter(|group| group.deleted_at.is_none() && seen.insert(group.id))
        .collect();
    let ids: Vec<ActorId> = groups.iter().map(|group| group.id).collect();
    let hidden = privacy::list_hidden(db, Viewer::Person(member), &ids)?;
    groups.retain(|group| !hidden.contains(&group.id));
    Ok(groups)
}

/// How many servers hear of what is posted into a local group.
pub(crate) fn servers(db: &mut Db, group: &Actor) -> Res<usize> {
    Ok(follows::list_instances(db, group.id)?
        .iter()
        .filter(|row| row.instance != crate::domain::ids::LOCAL_INSTANCE)
        .count())
}

/// Posts that the viewer can see and that are most like a title.
pub(crate) fn similar(db: &mut Db, viewer: Option<ActorId>, title: &str) -> Res<Vec<PostCard>> {
    let found = search::similar(db, &words(title), 20)?;
    let ids: Vec<PostId> = found.iter().map(|number| PostId(*number)).collect();
    let near = posts::list_within_reach(db, &ids)?;
    let mut items = posts::list_for(db, viewer.into(), &ids)?;
    items.retain(|post| !post.hidden() && near.iter().any(|one| one.id == post.id));
    items.sort_by_key(|post| ids.iter().position(|id| *id == post.id));
    items.truncate(SIMILAR);
    let page = Page { items, next: None };
    Ok(cards(db, viewer, page)?.items)
}

/// The words of a title that say most: the longest ones.
pub(super) fn words(title: &str) -> Vec<String> {
    let mut words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.truncate(WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_words_of_a_title_count() {
        assert_eq!(
            words("Why is my grinder so loud?"),
            ["grinder", "loud", "why"]
        );
        assert!(words("a b ?? \"OR\" *").is_empty());
        assert_eq!(words(&"word ".repeat(100)), ["word"]);
    }
}
