//! Reading a thread: in which order its comments stand, and what a member keeps of it.

use std::collections::HashMap;

use super::ids::CommentId;

/// The order of answers to one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CommentSort {
    /// The best received first; among equals the older one.
    #[default]
    Best,
    /// The newest first.
    New,
    /// As they came.
    Old,
}

impl CommentSort {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::Best, Self::New, Self::Old];

    /// The stable name used in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::New => "new",
            Self::Old => "old",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text)
    }
}

/// What a member does with a thread beyond reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    /// Hears of every answer in it.
    Followed,
    /// Hears of none, not even of those to what they wrote.
    Muted,
}

impl Watch {
    /// The stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::Muted => "muted",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Followed, Self::Muted]
            .into_iter()
            .find(|watch| watch.as_str() == text)
    }
}

/// What a member hears of a group that they follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Level {
    /// Of every thread that begins in it, and of what concerns them.
    All,
    /// Of what concerns them: answers, mentions, threads that they follow.
    #[default]
    Own,
    /// Of nothing in it but threads that they follow; its posts stay off their home page.
    Nothing,
}

impl Level {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::All, Self::Own, Self::Nothing];

    /// The stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Own => "own",
            Self::Nothing => "nothing",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// A comment as far as its place is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Which.
    pub(crate) id: CommentId,
    /// What it answers; `None`: the post.
    pub(crate) parent: Option<CommentId>,
    /// Likes less dislikes.
    pub(crate) score: i64,
}

/// A comment in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Which.
    pub(crate) id: CommentId,
    /// How many comments below it are left out because they are nested too deeply.
    pub(crate) below: usize,
}

/// Puts the comments of a thread into reading order: each before what answers it.
///
/// With a focus, that one is shown below those which it answers, and with what answers it alone.
/// Whatever is nested deeper than `deepest` levels below where the page begins is counted, not shown.
pub(crate) fn outline(
    nodes: &[Node],
    sort: CommentSort,
    focus: Option<CommentId>,
    deepest: usize,
) -> Vec<Placed> {
    let tree = Tree::new(nodes, sort);
    let mut placed = Vec::new();
    let Some(focus) = focus.and_then(|id| tree.nodes.get(&id)) else {
        tree.place(None, deepest, &mut placed);
        return placed;
    };
    let mut above = Vec::new();
    let mut parent = focus.parent;
    while let Some(node) = parent.and_then(|id| tree.nodes.get(&id)) {
        above.push(Placed {
            id: node.id,
            below: 0,
        });
        parent = node.parent;
    }
    placed.extend(above.into_iter().rev());
    placed.push(Placed {
        id: focus.id,
        below: 0,
    });
    tree.place(Some(focus.id), deepest, &mut placed);
    placed
}

struct Tree {
    nodes: HashMap<CommentId, Node>,
    answers: HashMap<Option<CommentId>, Vec<Node>>,
}

impl Tree {
    fn new(nodes: &[Node], sort: CommentSort) -> Self {
        let mut answers: HashMap<Option<CommentId>, Vec<Node>> = HashMap::new();
        for node in nodes {
            answers.entry(node.parent).or_default().push(*node);
        }
        for list in answers.values_mut() {
            match sort {
                CommentSort::Best => {
                    list.sort_by_key(|node| (std::cmp::Reverse(node.score), node.id));
                }
                CommentSort::New => list.sort_by_key(|node| std::cmp::Reverse(node.id)),
                CommentSort::Old => list.sort_by_key(|node| node.id),
            }
        }
        let nodes = nodes.iter().map(|node| (node.id, *node)).collect();
        Self { nodes, answers }
    }

    fn of(&self, parent: Option<CommentId>) -> &[Node] {
        self.answers.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Places what answers a comment, down to so many levels. What waits stands on a list of its
    /// own, for a thread is nested as deeply as people like.
    fn place(&self, from: Option<CommentId>, levels: usize, placed: &mut Vec<Placed>) {
        let mut waiting: Vec<(Node, usize)> = Vec::new();
        let push = |waiting: &mut Vec<(Node, usize)>, of, level| {
            waiting.extend(self.of(of).iter().rev().map(|node| (*node, level)));
        };
        push(&mut waiting, from, 1);
        while let Some((node, level)) = waiting.pop() {
            let id = node.id;
            if level < levels {
                placed.push(Placed { id, below: 0 });
                push(&mut waiting, Some(id), level + 1);
            } else {
                let below = self.count(id);
                placed.push(Placed { id, below });
            }
        }
    }

    fn count(&self, above: CommentId) -> usize {
        let mut waiting = vec![above];
        let mut count = 0;
        while let Some(id) = waiting.pop() {
            let answers = self.of(Some(id));
            count += answers.len();
            waiting.extend(answers.iter().map(|node| node.id));
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: i64, parent: i64, score: i64) -> Node {
        Node {
            id: CommentId(id),
            parent: (parent > 0).then_some(CommentId(parent)),
            score,
        }
    }

    /// 1 has the answers 3 (below it 5, below that 6) and 4; 2 has none.
    fn thread() -> Vec<Node> {
        vec![
            node(1, 0, 0),
            node(2, 0, 5),
            node(3, 1, 1),
            node(4, 1, 2),
            node(5, 3, 0),
            node(6, 5, 0),
        ]
    }

    fn order(sort: CommentSort, focus: Option<i64>, deepest: usize) -> Vec<(i64, usize)> {
        let placed = outline(&thread(), sort, focus.map(CommentId), deepest);
        placed.iter().map(|one| (one.id.0, one.below)).collect()
    }

    fn ids(placed: &[(i64, usize)]) -> Vec<i64> {
        placed.iter().map(|(id, _)| *id).collect()
    }

    #[test]
    fn every_order_keeps_answers_below_what_they_answer() {
        assert_eq!(ids(&order(CommentSort::Old, None, 9)), [1, 3, 5, 6, 4, 2]);
        assert_eq!(ids(&order(CommentSort::New, None, 9)), [2, 1, 4, 3, 5, 6]);
        assert_eq!(ids(&order(CommentSort::Best, None, 9)), [2, 1, 4, 3, 5, 6]);
    }

    #[test]
    fn what_is_nested_too_deeply_is_counted() {
        assert_eq!(
            order(CommentSort::Old, None, 2),
            [(1, 0), (3, 2), (4, 0), (2, 0)]
        );
    }

    #[test]
    fn a_focus_stands_below_what_it_answers_and_with_its_answers_alone() {
        assert_eq!(ids(&order(CommentSort::Best, Some(5), 9)), [1, 3, 5, 6]);
        assert_eq!(ids(&order(CommentSort::Best, Some(4), 9)), [1, 4]);
        assert_eq!(order(CommentSort::Best, Some(99), 9).len(), 6, "none such");
    }

    #[test]
    fn a_very_deep_thread_is_no_trouble() {
        let chain: Vec<Node> = (1..=20_000).map(|id| node(id, id - 1, 0)).collect();
        let placed = outline(&chain, CommentSort::Best, None, 4);
        assert_eq!(placed.len(), 4);
        assert_eq!(placed[3].below, 19_996);
        assert_eq!(
            outline(&chain, CommentSort::Old, None, 30_000).len(),
            20_000
        );
    }

    #[test]
    fn names_survive() {
        for sort in CommentSort::ALL {
            assert_eq!(CommentSort::parse(sort.as_str()), Some(sort));
        }
        for watch in [Watch::Followed, Watch::Muted] {
            assert_eq!(Watch::parse(watch.as_str()), Some(watch));
        }
        for level in Level::ALL {
            assert_eq!(Level::parse(level.as_str()), Some(level));
        }
    }
}
