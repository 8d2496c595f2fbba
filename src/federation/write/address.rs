//! To whom a document is addressed. Every receiver derives visibility and routing from this, and
//! they differ in what they need, so all documents draw it from here (federation.md 4.0.1).

use serde_json::{Value, json};

use super::parts::set;

/// The public collection, spelled out for those who know no alias (pitfall P14).
pub(crate) fn public() -> String {
    activitypub_federation::kinds::public().into()
}

/// The group that a document belongs to, local or remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupRef {
    /// Its id.
    pub(crate) uri: String,
    /// `name@host`
    pub(crate) handle: String,
    /// Its followers collection.
    pub(crate) followers: String,
    /// Its moderators collection.
    pub(crate) moderators: String,
    /// Its featured collection.
    pub(crate) featured: String,
    /// Only for its members: nothing of it may name the public collection (statement 63).
    pub(crate) private: bool,
}

/// `to`, `cc` and `audience` of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Addressing {
    /// Primary recipients.
    pub(crate) to: Vec<String>,
    /// Secondary recipients.
    pub(crate) cc: Vec<String>,
    /// The group, where there is one.
    pub(crate) audience: Option<String>,
}

impl Addressing {
    /// A post or comment, and its Create and Update: group first, then everybody; copies to the
    /// people spoken to and the author's followers. Without a group it is a profile post.
    pub(crate) fn content<'a>(
        group: Option<&GroupRef>,
        author_followers: &str,
        people: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let people = people.into_iter().map(str::to_owned);
        let private = group.is_some_and(|group| group.private);
        let followers = (!private).then(|| author_followers.to_owned());
        let to = match group {
            Some(group) if private => vec![group.uri.clone(), group.followers.clone()],
            Some(group) => vec![group.uri.clone(), public()],
            None => vec![public()],
        };
        Self::new(to, people.chain(followers).collect(), group)
    }

    /// The group's Announce of an activity: the followers collection must be named, Friendica and
    /// Mastodon deliver by it (federation.md 4.6.1).
    pub(crate) fn announce(group: &GroupRef) -> Self {
        if group.private {
            return Self::new(
                vec![group.uri.clone(), group.followers.clone()],
                Vec::new(),
                Some(group),
            );
        }
        Self::new(
            vec![group.uri.clone(), public()],
            vec![group.followers.clone()],
            Some(group),
        )
    }

    /// The group's Announce of a post, as microblogs understand it; the author learns of it.
    pub(crate) fn boost(group: &GroupRef, author: &str) -> Self {
        if group.private {
            return Self::announce(group);
        }
        Self::new(
            vec![public()],
            vec![group.followers.clone(), author.to_owned()],
            Some(group),
        )
    }

    /// Delete, Lock, Add, Remove, Block and their Undo: Lemmy reads visibility of a Delete from
    /// `to` alone (pitfall P16).
    pub(crate) fn governance(group: &GroupRef) -> Self {
        if group.private {
            return Self::announce(group);
        }
        Self::new(vec![public()], vec![group.uri.clone()], Some(group))
    }

    /// A vote: for the group and the author, and nobody else.
    pub(crate) fn vote(group: Option<&GroupRef>, author: &str) -> Self {
        let mut to: Vec<String> = group.map(|group| group.uri.clone()).into_iter().collect();
        to.push(author.to_owned());
        Self::new(to, Vec::new(), group)
    }

    /// Exactly one recipient: Follow, Accept, Reject, and reports with their group.
    pub(crate) fn one(recipient: &str, group: Option<&GroupRef>) -> Self {
        Self::new(vec![recipient.to_owned()], Vec::new(), group)
    }

    /// A group's profile, or its end: for everybody, or for its members if it is private.
    pub(crate) fn of_group(group: &GroupRef) -> Self {
        if group.private {
            return Self::announce(group);
        }
        Self::everybody(Some(&group.followers))
    }

    /// The followers of somebody.
    pub(crate) fn followers(followers: Option<&str>) -> Self {
        let to = followers.map(str::to_owned).into_iter().collect();
        Self::new(to, Vec::new(), None)
    }

    /// Everybody, outside any group: profiles and accounts.
    pub(crate) fn everybody(followers: Option<&str>) -> Self {
        Self::new(
            vec![public()],
            followers.map(str::to_owned).into_iter().collect(),
            None,
        )
    }

    fn new(mut to: Vec<String>, cc: Vec<String>, group: Option<&GroupRef>) -> Self {
        let mut seen = std::collections::HashSet::new();
        to.retain(|recipient| seen.insert(recipient.clone()));
        let cc = cc
            .into_iter()
            .filter(|recipient| seen.insert(recipient.clone()))
            .collect();
        Self {
            to,
            cc,
            audience: group.map(|group| group.uri.clone()),
        }
    }

    /// Writes the fields into a document. `to` and `cc` are always there and always arrays;
    /// `audience` is one string or absent, for arrays break Lemmy's parser.
    pub(super) fn write(&self, document: &mut Value) {
        set(document, "to", json!(self.to));
        set(document, "cc", json!(self.cc));
        if let Some(audience) = &self.audience {
            set(document, "audience", json!(audience));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
    pub(crate) const ANN: &str = "https://hall.example/u/ann";
    pub(crate) const BOB: &str = "https://b.example/u/bob";

    pub(crate) fn tea() -> GroupRef {
        GroupRef {
            uri: "https://hall.example/c/tea".into(),
            handle: "tea@hall.example".into(),
            followers: "https://hall.example/c/tea/followers".into(),
            moderators: "https://hall.example/c/tea/moderators".into(),
            featured: "https://hall.example/c/tea/featured".into(),
            private: false,
        }
    }

    #[test]
    fn s063_the_group_comes_first_and_the_public_is_spelled_out() {
        let address = Addressing::content(
            Some(&tea()),
            "https://hall.example/u/ann/followers",
            [BOB, BOB],
        );
        assert_eq!(address.to, [tea().uri.as_str(), PUBLIC]);
        assert_eq!(address.cc, [BOB, "https://hall.example/u/ann/followers"]);
        assert_eq!(address.audience, Some(tea().uri));
    }

    #[test]
    fn s063_a_private_group_never_names_the_public() {
        let group = GroupRef {
            private: true,
            ..tea()
        };
        for address in [
            Addressing::content(Some(&group), "https://hall.example/u/ann/followers", [BOB]),
            Addressing::announce(&group),
            Addressing::boost(&group, BOB),
            Addressing::governance(&group),
            Addressing::of_group(&group),
            Addressing::vote(Some(&group), BOB),
            Addressing::one(BOB, Some(&group)),
        ] {
            let mut named = address.to.iter().chain(&address.cc);
            assert!(
                !named.any(|one| one.contains("Public") || one.ends_with("/u/ann/followers")),
                "{address:?}"
            );
        }
        assert_eq!(
            Addressing::announce(&group).to,
            [group.uri, group.followers]
        );
    }

    #[test]
    fn s064_a_profile_post_has_no_audience() {
        let address = Addressing::content(None, "https://hall.example/u/ann/followers", []);
        assert_eq!(
            (address.to, address.audience),
            (vec![PUBLIC.to_owned()], None)
        );
    }

    #[test]
    fn announces_name_the_followers_collection() {
        assert_eq!(Addressing::announce(&tea()).cc, [tea().followers]);
        let boost = Addressing::boost(&tea(), BOB);
        assert_eq!(
            (boost.to, boost.cc),
            (
                vec![PUBLIC.to_owned()],
                vec![tea().followers, BOB.to_owned()]
            )
        );
    }

    #[test]
    fn s116_the_public_stands_in_to_of_a_deletion() {
        let address = Addressing::governance(&tea());
        assert_eq!(
            (address.to, address.cc),
            (vec![PUBLIC.to_owned()], vec![tea().uri])
        );
    }
}
