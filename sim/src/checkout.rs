//! Where the project's files are: programs, scripts, the web page.

use std::path::{Path, PathBuf};

/// A file that no other project has, seen from the checkout.
const MARK: &str = "toolchain/build-programs";

/// The checkout that one is in, at whatever depth; outside of any, the one that this was compiled in. Compiled code is shared by
/// checkouts, so that one may be gone, or another's.
pub fn checkout() -> PathBuf {
    let around = std::env::current_dir().ok();
    around.as_deref().and_then(above).unwrap_or_else(|| {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        manifest.parent().unwrap_or(manifest).to_owned()
    })
}

fn above(folder: &Path) -> Option<PathBuf> {
    let mut folders = folder.ancestors();
    let found = folders.find(|folder| folder.join(MARK).is_file());
    found.map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_folder_in_a_checkout_when_it_is_looked_for_then_that_one_is_found() {
        let other = tempfile::tempdir().expect("a folder");
        let deep = other.path().join("services/keeper");
        for folder in [&deep, &other.path().join("toolchain")] {
            std::fs::create_dir_all(folder).expect("made");
        }
        assert_eq!(above(&deep), None);
        std::fs::write(other.path().join(MARK), "").expect("written");
        assert_eq!(above(&deep).as_deref(), Some(other.path()));
    }

    #[test]
    fn given_no_checkout_around_when_it_is_looked_for_then_none_is_found() {
        let outside = tempfile::tempdir().expect("a folder");
        assert_eq!(above(outside.path()), None);
    }
}
