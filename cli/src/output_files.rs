//! Files that a command writes: each of them whole, or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};
use joulebook_profiles::printable_whole;
use tempfile::{Builder, NamedTempFile};

/// A folder that files can be written into.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder if it is not there, and sees whether files of these names can be written into it: a run that takes
    /// minutes should not fail at its end.
    ///
    /// # Errors
    /// If one of the files is there and must not be overwritten, or the folder can't be made or written into.
    pub fn prepare(path: &Path, names: &[&str], overwrite: bool) -> Result<OutputFolder> {
        let folder = name_of(path);
        fs::create_dir_all(path).with_context(|| format!("the folder {folder} can't be made"))?;
        for name in names {
            let file = path.join(name);
            match fs::symlink_metadata(&file) {
                Ok(found) if found.is_dir() => bail!("{} is a folder", name_of(&file)),
                Ok(_) if !overwrite => bail!(
                    "{} is there already; choose another folder, or pass --overwrite",
                    name_of(&file)
                ),
                _ => {}
            }
        }
        let probe = tempfile::tempfile_in(path);
        probe.with_context(|| format!("nothing can be written into the folder {folder}"))?;
        Ok(OutputFolder {
            path: path.to_path_buf(),
        })
    }

    /// Writes a file, in the place of one of that name.
    ///
    /// # Errors
    /// If the file can't be written; then none of it is left, and what was there before still is.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        write(&self.path.join(name), content)
    }
}

/// Writes a file, in the place of one of that name.
///
/// # Errors
/// If the file can't be written; then none of it is left, and what was there before still is.
pub fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let is_device = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
    let written = match is_device {
        // A pipe, a terminal or a link is written through, not replaced.
        true => write_through(path, content),
        false => replace(path, content),
    };
    written.with_context(|| format!("{} can't be written", name_of(path)))
}

fn name_of(path: &Path) -> String {
    printable_whole(&path.display().to_string())
}

fn write_through(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    content(&mut out)?;
    out.flush()
}

fn replace(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut out = BufWriter::new(unfinished_file(folder)?);
    content(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// With the rights of any other new file, not of a secret one.
fn unfinished_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(rights);
    builder.prefix(".joulebook-").tempfile_in(folder)
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

    #[test]
    fn a_folder_is_made_and_its_files_are_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("new/out");
        let folder = OutputFolder::prepare(&path, &["a.csv"], false).expect("prepared");
        assert_eq!(names(&path), Vec::<String>::new());
        folder
            .write("a.csv", |out| out.write_all(b"1"))
            .expect("written");
        assert_eq!(fs::read(path.join("a.csv")).expect("is there"), b"1");
        assert_eq!(names(&path), ["a.csv"]);
    }

    #[test]
    fn a_file_that_is_there_is_overwritten_on_request_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.csv"), "old").expect("written");
        let refused = OutputFolder::prepare(dir.path(), &["b.csv", "a.csv"], false);
        let error = refused.expect_err("is there").to_string();
        assert!(
            error.contains("a.csv") && error.contains("--overwrite"),
            "{error}"
        );
        let folder = OutputFolder::prepare(dir.path(), &["a.csv"], true).expect("prepared");
        folder
            .write("a.csv", |out| out.write_all(b"new"))
            .expect("written");
        assert_eq!(
            fs::read(dir.path().join("a.csv")).expect("is there"),
            b"new"
        );
    }

    #[test]
    fn a_folder_that_can_not_be_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        let error = OutputFolder::prepare(&file, &["a.csv"], true).expect_err("a file");
        assert!(error.to_string().ends_with("file can't be made"), "{error}");
        fs::create_dir(dir.path().join("a.csv")).expect("made");
        let error = OutputFolder::prepare(dir.path(), &["a.csv"], true).expect_err("a folder");
        assert!(error.to_string().ends_with("a.csv is a folder"), "{error}");
    }

    #[test]
    fn what_fails_half_way_leaves_what_was_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").expect("written");
        let failed = write(&path, |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        let error = format!("{:#}", failed.expect_err("fails"));
        assert!(error.contains("a.csv can't be written: "), "{error}");
        assert_eq!(fs::read(&path).expect("is there"), b"old");
        assert_eq!(names(dir.path()), ["a.csv"]);
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
