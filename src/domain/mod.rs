//! The nouns and rules of a hub: ids, actors, posts, policy, refusals. Pure data and decisions.
