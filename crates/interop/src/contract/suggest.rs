//! What a misspelt word was probably meant to be.

/// The candidate that a word is most like, if any is close: the same but for case, spaces and
/// marks, or at most two letters away.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    if wanted.is_empty() || wanted.len() > 40 {
        return None;
    }
    let near = candidates.into_iter().filter_map(|candidate| {
        let far = distance(&wanted, &plain(candidate));
        let allowed = (wanted.len() / 3).min(2);
        (far <= allowed).then_some((far, candidate))
    });
    near.min_by_key(|&(far, _)| far).map(|(_, candidate)| candidate)
}

fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(60).collect()
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (row, from) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in b.iter().enumerate() {
            let changed = previous[column] + usize::from(from != to);
            current.push(changed.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_recognised_and_a_strange_one_is_not() {
        let columns = ["student_id", "date", "half", "code"];
        assert_eq!(closest("Student ID", columns), Some("student_id"));
        assert_eq!(closest("studnet_id", columns), Some("student_id"));
        assert_eq!(closest("dat", columns), Some("date"));
        assert_eq!(closest("CODE", columns), Some("code"));
        assert_eq!(closest("surname", columns), None);
        assert_eq!(closest("", columns), None);
    }
}
