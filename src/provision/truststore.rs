//! The truststore of a directory.

use super::held::{self, Slot};
use super::{Action, Plan, Step, StoreAccess};
use crate::bundle::{self, Addition, Indexed};
use crate::error::Result;
use crate::files::Secrecy;
use crate::formats::{Format, Item};
use crate::pki::Cert;
use crate::safe::{all_of, count};
use std::path::Path;
use time::OffsetDateTime;

/// Sees to it that `truststore.p12` in `dir` holds `anchors`; what else is in it stays.
pub(super) fn plan(dir: &Path, anchors: &[Cert], access: &StoreAccess<'_>, now: OffsetDateTime, plan: &mut Plan) -> Result<()> {
    let path = dir.join("truststore.p12");
    let (entries, had, protection) = match held::store(&path, &access.passwords)? {
        Slot::Absent => (Vec::new(), None, None),
        Slot::Broken(e) => return Err(held::in_the_way(&path, e.what)),
        Slot::Present(store) => {
            if store.format != Format::Pkcs12 {
                return Err(held::in_the_way(&path, format!("it is {}, not PKCS#12", store.format)));
            }
            if store.entries.iter().any(|e| !matches!(e.item, Item::Trusted(_) | Item::Certificate(_))) {
                return Err(held::in_the_way(&path, "it holds other things than certificates"));
            }
            (store.entries.clone(), Some(store.entries.len()), held::protection(&store, access))
        }
    };
    let mut all = Indexed::new(entries);
    let mut added = 0;
    for anchor in anchors {
        added += usize::from(matches!(bundle::trust(&mut all, anchor, None, now)?, Addition::Added { .. }));
    }
    let mut entries = all.into_entries();
    let mut why: Vec<&str> = Vec::new();
    if added > 0 {
        why.push("the CA was not in it");
    }
    if bundle::mark_trusted(&mut entries) > 0 {
        why.push("Java did not see all of it, for want of the mark of trust");
    }
    why.extend(protection);
    let holds = count(entries.len(), "CA");
    let (action, says) = match (had, why.is_empty()) {
        (None, _) => (Action::Made, format!("{holds}; give it to both sides")),
        (Some(_), true) => (Action::Kept, format!("{holds} · still good")),
        (Some(_), false) => (Action::Renewed, format!("{holds} · {}", all_of(&why))),
    };
    if action != Action::Kept {
        plan.store(path.clone(), Secrecy::Public, entries);
    }
    plan.steps.push(Step { role: "truststore".to_owned(), action, files: vec![path], says, cert: None, remarks: vec![] });
    Ok(())
}
