//! The truststore of a directory.

use super::held::{self, Slot};
use super::{Action, Plan, Step, StoreAccess};
use crate::bundle::{self, Addition};
use crate::error::Result;
use crate::files::Secrecy;
use crate::formats::{Format, Item};
use crate::pki::Cert;
use crate::safe::count;
use std::path::Path;
use time::OffsetDateTime;

/// Sees to it that `truststore.p12` in `dir` holds `anchors`; what else is in it stays.
pub(super) fn plan(dir: &Path, anchors: &[Cert], access: &StoreAccess<'_>, now: OffsetDateTime, plan: &mut Plan) -> Result<()> {
    let path = dir.join("truststore.p12");
    let (mut entries, had, mut is_changed) = match held::store(&path, &access.passwords)? {
        Slot::Absent => (Vec::new(), None, true),
        Slot::Broken(e) => return Err(held::in_the_way(&path, e.what)),
        Slot::Present(store) => {
            if store.format != Format::Pkcs12 {
                return Err(held::in_the_way(&path, format!("it is {}, not PKCS#12", store.format)));
            }
            if store.entries.iter().any(|e| !matches!(e.item, Item::Trusted(_) | Item::Certificate(_))) {
                return Err(held::in_the_way(&path, "it holds other things than certificates"));
            }
            let has_other_password = access.is_chosen && store.password.as_ref().is_some_and(|p| *p != access.password);
            (store.entries.clone(), Some(store.entries.len()), has_other_password)
        }
    };
    let mut added = 0;
    for anchor in anchors {
        added += usize::from(matches!(bundle::trust(&mut entries, anchor, None, now)?, Addition::Added { .. }));
    }
    is_changed |= added > 0 || bundle::mark_trusted(&mut entries) > 0;
    let holds = count(entries.len(), "CA");
    let (action, says) = match (had, added) {
        (None, _) => (Action::Made, format!("{holds}; give it to both sides")),
        (Some(_), 0) if !is_changed => (Action::Kept, format!("{holds} · still good")),
        (Some(_), 0) => (Action::Renewed, format!("{holds} · its protection was changed")),
        (Some(_), _) => (Action::Renewed, format!("{holds} · the CA was not in it")),
    };
    if is_changed {
        plan.store(path.clone(), Secrecy::Public, entries);
    }
    plan.steps.push(Step { role: "truststore".to_owned(), action, files: vec![path], says, cert: None, remarks: vec![] });
    Ok(())
}
