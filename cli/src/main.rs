#![forbid(unsafe_code)]
#![deny(clippy::print_stdout, clippy::print_stderr)]

fn main() -> std::process::ExitCode {
    joulebook_cli::main()
}
