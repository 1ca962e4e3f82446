use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

use super::{name_of, without_path, OutputFiles};

/// A folder that files can be written into.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    files: OutputFiles,
}

impl OutputFiles {
    /// Makes the folder if it is not there, and sees whether files of these names can be written into it: a run that takes
    /// minutes should not fail at its end. A folder that was made and stays empty is removed with the drafts.
    ///
    /// # Errors
    /// If one of the files is there and must not be overwritten, or the folder can't be made or written into.
    pub fn folder(&self, path: &Path, names: &[&str], overwrite: bool) -> Result<OutputFolder> {
        let folder = name_of(path);
        self.make(path)?;
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
        let probe = tempfile::tempfile_in(path).map_err(without_path);
        probe.with_context(|| format!("nothing can be written into the folder {folder}"))?;
        Ok(OutputFolder {
            path: path.to_path_buf(),
            files: self.clone(),
        })
    }

    /// Makes a folder, and those that it is to be in.
    fn make(&self, path: &Path) -> Result<()> {
        let named = path.ancestors();
        let mut missing: Vec<&Path> = named
            .take_while(|folder| !folder.as_os_str().is_empty())
            .collect();
        if let Some(there) = missing
            .iter()
            .position(|folder| fs::metadata(folder).is_ok())
        {
            let outer = missing.get(there).copied().unwrap_or(path);
            if !outer.is_dir() {
                bail!("{} is a file; name a folder", name_of(outer));
            }
            missing.truncate(there);
        }
        let mut state = self.state();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => state.made.push(folder.to_path_buf()),
                // Made by another meanwhile, or named in two ways, as by a/../a.
                Err(_) if folder.is_dir() => {}
                Err(error) => {
                    let failed = format!("the folder {} can't be made", name_of(path));
                    return Err(error).context(failed);
                }
            }
        }
        Ok(())
    }
}

impl OutputFolder {
    /// Writes a file, as [`OutputFiles::write`] does.
    ///
    /// # Errors
    /// If the file can't be written; then nothing is left of the others either.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        self.files.write(&self.path.join(name), content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(path: &Path, names: &[&str], overwrite: bool) -> Result<OutputFiles> {
        let files = OutputFiles::default();
        files.folder(path, names, overwrite)?;
        Ok(files)
    }

    fn refusal(path: &Path, names: &[&str]) -> String {
        prepare(path, names, false)
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn a_folder_is_made_and_its_files_are_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("new/out");
        let files = OutputFiles::default();
        let folder = files.folder(&path, &["a.csv"], false).expect("prepared");
        folder
            .write("a.csv", |out| out.write_all(b"1"))
            .expect("written");
        files.publish().expect("moved");
        files.discard();
        assert_eq!(fs::read(path.join("a.csv")).expect("is there"), b"1");
        assert_eq!(fs::read_dir(&path).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_is_there_is_overwritten_on_request_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.csv"), "old").expect("written");
        let error = refusal(dir.path(), &["b.csv", "a.csv"]);
        assert!(
            error.contains("a.csv") && error.contains("--overwrite"),
            "{error}"
        );
        prepare(dir.path(), &["a.csv"], true).expect("may be");
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_called_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        for path in [file.clone(), file.join("in/it")] {
            let error = refusal(&path, &["a.csv"]);
            let expected = format!("{} is a file; name a folder", file.display());
            assert_eq!(error, expected);
        }
        fs::create_dir(dir.path().join("a.csv")).expect("made");
        let error = refusal(dir.path(), &["a.csv"]);
        assert!(error.ends_with("a.csv is a folder"), "{error}");
    }

    #[test]
    fn folders_that_were_made_for_nothing_go_and_others_stay() {
        let dir = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|name| dir.path().join(name));
        fs::create_dir(&old).expect("made");
        for path in [&old, &new, &old.join("new"), &new.join("../new/in")] {
            prepare(path, &["a.csv"], false)
                .expect("prepared")
                .discard();
        }
        assert!(old.is_dir() && !new.exists());
        assert_eq!(fs::read_dir(&old).expect("a folder").count(), 0);
    }
}
