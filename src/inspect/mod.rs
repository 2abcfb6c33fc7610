//! A store becomes an inspection: facts only, no judgement.

use crate::formats::Store;

/// A file that was looked into.
#[derive(Debug)]
pub struct Inspection {
    /// The file, as the user named it.
    pub target: String,
    /// What is in it.
    pub store: Store,
}
