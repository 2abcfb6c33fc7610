//! Rules about one store on its own.

use super::{Finding, Place};
use crate::formats::Store;
use time::OffsetDateTime;

/// What is wrong with `store` as of `now`, the root cause first.
pub fn findings(_store: &Store, _now: OffsetDateTime, _place: Place) -> Vec<Finding> {
    Vec::new()
}
