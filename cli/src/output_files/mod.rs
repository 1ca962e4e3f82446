//! Files that a command writes: each of them whole, and all of them or none.

mod folder;

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result};
use joulebook_profiles::printable_whole;
use tempfile::{Builder, NamedTempFile, TempPath};

pub use folder::OutputFolder;

/// The files of a command. A clone has the same ones, so that another thread can clear them away.
#[derive(Clone, Debug, Default)]
pub struct OutputFiles(Arc<Mutex<State>>);

/// What there is of the files that a command writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    #[default]
    Nothing,
    Part,
    All,
}

#[derive(Debug, Default)]
struct State {
    /// Folders that were made for the files, outer ones first.
    made: Vec<PathBuf>,
    drafts: Vec<Draft>,
    kept: Kept,
}

/// A file that is not yet in its place.
#[derive(Debug)]
struct Draft {
    path: TempPath,
    place: PathBuf,
    /// A pipe, a terminal or a link is written through, not replaced.
    is_through: bool,
}

impl OutputFiles {
    /// Writes a file beside its place; [`OutputFiles::publish`] moves it there.
    ///
    /// # Errors
    /// If the file can't be written; then nothing is left of the others either.
    pub fn write(
        &self,
        path: &Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let written = self.draft(path).and_then(|file| {
            let mut out = BufWriter::new(file);
            content(&mut out)?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()
        });
        if written.is_err() {
            self.discard();
        }
        written.with_context(|| cant_be_written(path))
    }

    /// Puts all files in their places, over what is there.
    ///
    /// # Errors
    /// If one can't be put there. Then others may be there, and what is not there is gone.
    pub fn publish(&self) -> Result<()> {
        let published = self.write_through().and_then(|()| self.move_all());
        if published.is_err() {
            self.discard();
        }
        published
    }

    /// Clears away what is not in its place, and the folders that were made for it.
    pub fn discard(&self) {
        self.state().discard();
    }

    /// Likewise; then `end` ends the process, and is told what is left. Nobody writes anything more before that: whoever
    /// tries waits.
    pub fn abandon(&self, end: impl FnOnce(Kept)) {
        let mut state = self.state();
        state.discard();
        end(state.kept);
    }

    /// In one step with being known, so that no draft is overlooked.
    fn draft(&self, path: &Path) -> io::Result<File> {
        let is_through = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
        let beside = match path.parent() {
            // Beside a device there may be no room.
            _ if is_through => std::env::temp_dir(),
            Some(folder) if folder != Path::new("") => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let mut state = self.state();
        let (file, draft) = new_file(&beside).map_err(without_path)?.into_parts();
        state.drafts.push(Draft {
            path: draft,
            place: path.to_path_buf(),
            is_through,
        });
        Ok(file)
    }

    /// Others can read while this waits for whoever takes the content.
    fn write_through(&self) -> Result<()> {
        let mut state = self.state();
        let through = state.drafts.iter().filter(|draft| draft.is_through);
        let paths: Vec<(PathBuf, PathBuf)> = through
            .map(|draft| (draft.path.to_path_buf(), draft.place.clone()))
            .collect();
        if !paths.is_empty() {
            state.kept = Kept::Part;
        }
        drop(state);
        for (draft, place) in paths {
            let copied = File::open(draft)
                .and_then(|mut draft| io::copy(&mut draft, &mut File::create(&place)?));
            copied.with_context(|| cant_be_written(&place))?;
        }
        Ok(())
    }

    fn move_all(&self) -> Result<()> {
        let mut state = self.state();
        for draft in std::mem::take(&mut state.drafts) {
            state.kept = Kept::Part;
            if !draft.is_through {
                let moved = draft.path.persist(&draft.place);
                moved
                    .map_err(|refused| refused.error)
                    .with_context(|| cant_be_written(&draft.place))?;
            }
        }
        if state.kept == Kept::Part {
            state.kept = Kept::All;
        }
        state.made.clear();
        Ok(())
    }

    /// A thread that panicked has left drafts, and they are listed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn discard(&mut self) {
        self.drafts.clear();
        for folder in self.made.drain(..).rev() {
            // Others may have put something into it.
            let _ = fs::remove_dir(folder);
        }
    }
}

fn name_of(path: &Path) -> String {
    printable_whole(&path.display().to_string())
}

fn cant_be_written(path: &Path) -> String {
    format!("{} can't be written", name_of(path))
}

/// With the rights of any other new file, not of a secret one.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(rights);
    builder.prefix(".joulebook-").tempfile_in(folder)
}

/// What went wrong, without the name of a draft, which means nothing to anybody.
fn without_path(error: io::Error) -> io::Error {
    error.kind().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    /// Writes and publishes a file of its own.
    fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let files = OutputFiles::default();
        files.write(path, content)?;
        files.publish()
    }

    #[test]
    fn nothing_is_in_its_place_before_everything_is_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let [one, other] = ["a.csv", "b.csv"].map(|name| dir.path().join(name));
        fs::write(&one, "old").expect("written");
        let files = OutputFiles::default();
        files.write(&one, |out| out.write_all(b"1")).expect("fits");
        files
            .write(&other, |out| out.write_all(b"2"))
            .expect("fits");
        assert_eq!(fs::read(&one).expect("is there"), b"old");
        assert!(!other.exists());
        files.publish().expect("moved");
        assert_eq!(fs::read(&one).expect("is there"), b"1");
        assert_eq!(fs::read(&other).expect("is there"), b"2");
        assert_eq!(names(dir.path()).len(), 2);
        files.abandon(|kept| assert_eq!(kept, Kept::All));
    }

    #[test]
    fn what_fails_half_way_leaves_what_was_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").expect("written");
        let files = OutputFiles::default();
        files
            .write(&dir.path().join("b.csv"), |out| out.write_all(b"2"))
            .expect("fits");
        let failed = files.write(&path, |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        let error = format!("{:#}", failed.expect_err("fails"));
        assert!(error.contains("a.csv can't be written: "), "{error}");
        assert_eq!(fs::read(&path).expect("is there"), b"old");
        assert_eq!(names(dir.path()), ["a.csv"]);
    }

    #[test]
    fn what_is_abandoned_leaves_neither_drafts_nor_folders() {
        let dir = tempfile::tempdir().expect("a folder");
        let files = OutputFiles::default();
        let folder = files.folder(&dir.path().join("new/out"), &["a.csv"], false);
        let folder = folder.expect("prepared");
        folder
            .write("a.csv", |out| out.write_all(b"1"))
            .expect("fits");
        let other = files.clone();
        other.abandon(|kept| assert_eq!(kept, Kept::Nothing));
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn a_draft_that_can_not_be_moved_is_gone_and_named_by_its_place() {
        let dir = tempfile::tempdir().expect("a folder");
        let [one, other] = ["a.csv", "b.csv"].map(|name| dir.path().join(name));
        let files = OutputFiles::default();
        for path in [&one, &other] {
            files.write(path, |out| out.write_all(b"1")).expect("fits");
        }
        // Made by somebody else meanwhile.
        fs::create_dir_all(other.join("c")).expect("made");
        let error = format!("{:#}", files.publish().expect_err("fails"));
        assert!(error.contains("b.csv can't be written: "), "{error}");
        assert!(!error.contains(".joulebook-"), "{error}");
        assert_eq!(names(dir.path()).len(), 2);
        files.abandon(|kept| assert_eq!(kept, Kept::Part));
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_what_was_written_as_any_new_file() {
        use std::os::unix::fs::MetadataExt;
        let dir = tempfile::tempdir().expect("a folder");
        let [ours, plain] = ["ours", "plain"].map(|name| dir.path().join(name));
        write(&ours, |out| out.write_all(b"1")).expect("written");
        fs::write(&plain, "1").expect("written");
        let [ours, plain] = [ours, plain].map(|path| fs::metadata(path).expect("is there").mode());
        assert_eq!(ours, plain);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named() {
        let failed = write(Path::new("/dev/full"), |out| out.write_all(b"1"));
        let error = format!("{:#}", failed.expect_err("is full"));
        assert!(
            error.starts_with("/dev/full can't be written: No space left"),
            "{error}"
        );
    }
}
