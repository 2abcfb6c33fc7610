use super::*;
use crate::handshake::Side;
use std::path::PathBuf;

fn words(explanation: &Explanation) -> Vec<&'static str> {
    explanation.codes.iter().map(|c| c.word()).collect()
}

fn first(text: &str) -> Explanation {
    explain(text.as_bytes()).into_iter().next().unwrap_or_else(|| panic!("nothing known in {text}"))
}

/// What a real program said, and what it said it for.
struct Sample {
    name: String,
    side: String,
    cause: String,
    text: String,
}

fn samples() -> Vec<Sample> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/explain");
    let files = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path());
    let mut samples: Vec<Sample> = files
        .filter(|f| f.extension().is_some_and(|e| e == "txt"))
        .map(|file| {
            let content = std::fs::read_to_string(&file).unwrap();
            let (head, text) = content.split_once("\n\n").unwrap();
            let field = |key: &str| head.lines().find_map(|l| l.strip_prefix(&format!("# {key}: "))).unwrap().to_owned();
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            Sample { name, side: field("side"), cause: field("cause"), text: text.to_owned() }
        })
        .collect();
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(samples.len() > 300, "{} samples", samples.len());
    samples
}

#[test]
fn what_real_programs_say_is_explained_by_its_cause() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let found = explain(sample.text.as_bytes());
        let says = match (sample.cause.as_str(), found.first()) {
            ("nothing", None) => continue,
            ("nothing", Some(e)) => format!("says {}", e.matched),
            (_, None) => "nothing is known".to_owned(),
            ("none of ours", Some(_)) => continue,
            (cause, Some(e)) if words(e).contains(&cause) => continue,
            (_, Some(e)) => format!("{} means {:?}", e.matched, words(e)),
        };
        wrong.push(format!("{} ({}): {says}", sample.name, sample.cause));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
