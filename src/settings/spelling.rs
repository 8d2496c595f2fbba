//! What to say about a name that is no section and no setting: the one that was probably meant.

use super::schema::Section;

/// Closer than this a misspelt name is taken for another.
const FAR: usize = 3;

/// What to say about a section that there is none of.
pub(super) fn unknown_section(sections: &[Section], name: &str) -> String {
    let names = sections.iter().map(|section| section.name.as_str());
    let holder = sections
        .iter()
        .find(|section| section.leaves.iter().any(|leaf| leaf.key == name));
    match (nearest(name, names.clone()), holder) {
        (Some(near), _) => format!("{name}: there is no section [{name}]; did you mean [{near}]?"),
        (None, Some(section)) => format!("{name}: this setting belongs into [{}]", section.name),
        (None, None) => {
            let names: Vec<_> = names.collect();
            format!(
                "{name}: there is no section [{name}]; expected one of {}",
                names.join(", ")
            )
        }
    }
}

/// What to say about a setting that there is none of.
pub(super) fn unknown_key(sections: &[Section], section: &str, key: &str) -> String {
    let leaves = |wanted: bool| {
        let chosen = sections
            .iter()
            .filter(move |known| (known.name == section) == wanted);
        chosen.flat_map(|known| &known.leaves)
    };
    let path = format!("{section}.{key}");
    if let Some(near) = nearest(key, leaves(true).map(|leaf| leaf.key.as_str())) {
        return format!("{path}: there is no such setting; did you mean {section}.{near}?");
    }
    if let Some(elsewhere) = leaves(false).find(|leaf| leaf.key == key) {
        return format!(
            "{path}: there is no such setting; did you mean {}?",
            elsewhere.path()
        );
    }
    let keys: Vec<_> = leaves(true).map(|leaf| leaf.key.as_str()).collect();
    format!(
        "{path}: there is no such setting; expected one of {}",
        keys.join(", ")
    )
}

/// The name that this one was probably meant to be.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let reach = FAR.min(name.chars().count().div_ceil(3));
    known
        .map(|known| (distance(name, known), known))
        .filter(|(distance, _)| *distance <= reach)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().take(100).enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (cell, against) in row.iter_mut().skip(1).zip(&other) {
            let replaced = diagonal + usize::from(letter != *against);
            diagonal = *cell;
            *cell = replaced.min(left + 1).min(diagonal + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_changed_letters() {
        assert_eq!(distance("bind", "bind"), 0);
        assert_eq!(distance("bnid", "bind"), 2);
        assert_eq!(distance("", "bind"), 4);
    }
}
