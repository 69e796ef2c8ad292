//! The corpus: bodies that are read again in every run.

use crate::fixtures::exercise;
use std::path::Path;

#[test]
fn every_body_of_the_corpus_is_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/kamar");
    let files = std::fs::read_dir(folder).expect("the corpus is there");
    let (mut read, mut refused) = (0, 0);
    for file in files {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|kind| kind == "md") {
            continue;
        }
        let is_read = exercise(&std::fs::read(&path).expect("it can be read")).is_ok();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        // What a body's name begins with says what is to become of it.
        assert_eq!(name.starts_with("read-"), is_read, "{name}");
        *(if is_read { &mut read } else { &mut refused }) += 1;
    }
    assert!(read > 5 && refused > 5, "{read} read, {refused} refused");
}
