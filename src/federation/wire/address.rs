//! Who may see a thing, decided from its recipients alone. Nothing here widens an audience: what
//! is not clearly public is not public (security.md H120).

use super::lenient::PUBLIC;

/// How far a document may travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Visibility {
    /// Only the actors that it names.
    Direct,
    /// The followers of its author or of the group it is for.
    Followers,
    /// Everybody who has the address, but no public listing: the public collection in `cc`.
    Unlisted,
    /// Everybody: the public collection in `to`.
    Public,
}

impl Visibility {
    /// Whether everybody may read it; a group announces nothing else (federation.md 4.3.4).
    pub(crate) fn is_public(self) -> bool {
        matches!(self, Self::Public | Self::Unlisted)
    }
}

/// The visibility that `to` and `cc` give, where `followers` are the follower collections of the
/// author and of the group in question; the collections of anybody else count for nothing.
pub(crate) fn visibility(to: &[String], cc: &[String], followers: &[&str]) -> Visibility {
    let mut everyone = to.iter().chain(cc);
    if to.iter().any(|recipient| is_public(recipient)) {
        Visibility::Public
    } else if cc.iter().any(|recipient| is_public(recipient)) {
        Visibility::Unlisted
    } else if everyone.any(|recipient| followers.contains(&recipient.as_str())) {
        Visibility::Followers
    } else {
        Visibility::Direct
    }
}

/// The stricter of an activity's and its object's visibility: a public activity does not publish
/// a private object, nor the other way round.
pub(crate) fn stricter(one: Visibility, other: Visibility) -> Visibility {
    one.min(other)
}

/// Whether the recipient is the public collection, in any of its spellings.
pub(crate) fn is_public(recipient: &str) -> bool {
    matches!(recipient, PUBLIC | "as:Public" | "Public")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: &str = "https://m/u/a/followers";

    fn seen(to: &[&str], cc: &[&str]) -> Visibility {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        visibility(&owned(to), &owned(cc), &[MINE])
    }

    #[test]
    fn s086_the_public_collection_decides_by_its_place() {
        assert_eq!(seen(&[PUBLIC], &[MINE]), Visibility::Public);
        assert_eq!(seen(&[MINE], &[PUBLIC]), Visibility::Unlisted);
        assert_eq!(seen(&["as:Public"], &[]), Visibility::Public);
        assert_eq!(seen(&[], &["Public"]), Visibility::Unlisted);
        assert!(Visibility::Unlisted.is_public() && !Visibility::Followers.is_public());
    }

    #[test]
    fn s105_followers_and_named_people_are_not_the_public() {
        assert_eq!(seen(&[MINE], &["https://h/c/tea"]), Visibility::Followers);
        assert_eq!(seen(&["https://h/u/b"], &[]), Visibility::Direct);
        assert_eq!(seen(&[], &[]), Visibility::Direct, "H120");
        assert_eq!(
            seen(&["https://h/u/somebody/followers"], &[]),
            Visibility::Direct,
            "H120: another's followers"
        );
    }

    #[test]
    fn the_stricter_of_two_wins() {
        assert_eq!(
            stricter(Visibility::Public, Visibility::Direct),
            Visibility::Direct
        );
        assert_eq!(
            stricter(Visibility::Followers, Visibility::Unlisted),
            Visibility::Followers
        );
    }
}
